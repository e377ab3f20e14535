"""Each lie about sending and status updates has a symptom that an honest twin does not show."""

import json

import pytest

PATIENT, OTHER = "12700400", "12700300"
SENT = "patientMessages/sentItems"
UPDATE = "actions/updatePatientMessageStatus"
ADDRESS = {"id": "nobody@example.org", "type": "EMAIL"}
NURSE = {"id": "4463007", "type": "PERSONNEL"}
SCRIPT = (
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title></head>'
    "<body><p>T</p><script>1</script></body></html>"
)


def sends(**changes):
    return lambda c: c.send(**changes).status_code == 201


COPY = [{"id": "4463008", "type": "PERSONNEL"}]


def sent(c, headers=None, **changes):
    """Send a message and read it by its id."""
    return c.one(c.send(headers, **changes).json()["id"])


def subjects(c):
    c.send(subject="Only once")
    return [item["subject"] for item in c.sent(PATIENT)]


def read_status(c):
    return c.get(f"patientMessages/{c.send().json()['id']}").status_code


def original(c):
    """The message with an encounter and responsible personnel."""
    return c.one(next(item["id"] for item in c.inbox(PATIENT) if "encounter" in item))


def reminder(c):
    return c.inbox(PATIENT, notificationType="REMINDER")[0]


def reply(c):
    before = original(c)
    return before, sent(c, previousMessageId=before["id"], subject="Re: it")


def loses(name):
    def symptom(c):
        before, after = reply(c)
        return after.get(name) != before[name]

    return symptom


def loses_the_message_before(c):
    before, after = reply(c)
    return after["previousMessageId"] != before["id"]


def raw(c, content, kind="application/json"):
    return c.api("POST", SENT, content=content, headers={"Content-Type": kind}).status_code


def in_state(c, status, index=0):
    return [item for item in c.inbox(PATIENT) if item["status"] == status][index]


def statuses(c):
    return {item["id"]: item["status"] for item in c.inbox(PATIENT)}


def versions(c, message_id):
    item = next(item for item in c.inbox(PATIENT) if item["id"] == message_id)
    return item["notificationVersion"], item["recipientNotificationVersion"]


def refuses(old, new):
    """Only this one change of status is refused."""

    def symptom(c):
        others = [
            (before, after)
            for before in ("UNREAD", "OPENED", "DELETED")
            for after in ("UNREAD", "OPENED", "DELETED")
            if (before, after) != (old, new)
        ]
        works = all(c.update(b, in_state(c, a)).status_code == 200 for a, b in others)
        refused = c.update(new, in_state(c, old)).status_code == 409
        return works and refused

    return symptom


def moved(c, *indexes):
    """Open unread messages; return their ids, and the statuses before and after."""
    items = [in_state(c, "UNREAD", index) for index in indexes or (0,)]
    before = statuses(c)
    assert c.update("OPENED", *items).status_code == 200
    return [item["id"] for item in items], before, statuses(c)


def changed(c, *indexes):
    named, before, after = moved(c, *indexes)
    return named, [one for one in before if before[one] != after[one]]


def strays(c):
    named, touched = changed(c, 1)
    return len(touched) == 1 and named != touched


def deletes_elsewhere(c):
    changed(c, 0)
    return {item["status"] for item in c.inbox()} == {"DELETED"}


def raised(c):
    item = in_state(c, "UNREAD")
    c.update("OPENED", item)
    before = item["notificationVersion"], item["recipientNotificationVersion"]
    return tuple(b - a for a, b in zip(before, versions(c, item["id"]), strict=True))


def entry(c, **changes):
    item = in_state(c, "UNREAD")
    named = {
        name: item[name] for name in ("id", "notificationVersion", "recipientNotificationVersion")
    }
    return {name: value for name, value in {**named, **changes}.items() if value is not None}


def updates(**changes):
    """Whether an update with one change of its entry is answered with 200."""
    return lambda c: c.update("OPENED", messages=[entry(c, **changes)]).status_code == 200


def without(name):
    def symptom(c):
        body = {"patientId": PATIENT, "status": "OPENED", "messages": [entry(c)]}
        del body[name]
        return c.api("POST", UPDATE, json=body).status_code == 200

    return symptom


def applied_though_refused(c):
    item = in_state(c, "UNREAD")
    refused = c.update("OPENED", {**item, "notificationVersion": 99}).status_code == 409
    return refused and statuses(c)[item["id"]] == "OPENED"


def late(c):
    first = in_state(c, "UNREAD")
    c.update("OPENED", first)
    soon = statuses(c)[first["id"]]
    c.update("OPENED", in_state(c, "DELETED"))
    return (soon, statuses(c)[first["id"]]) == ("UNREAD", "OPENED")


SEND = {
    "send-answered-202": lambda c: c.send().status_code == 202,
    "send-answer-lacks-id": lambda c: "id" not in c.send().json(),
    "sent-message-kept-twice": lambda c: subjects(c).count("Only once") == 2,
    "sent-message-cannot-be-read": lambda c: (
        read_status(c) == 404 and len(c.sent(PATIENT)) == 1 and bool(c.one(c.inbox()[0]["id"]))
    ),
    "sent-content-is-cut": lambda c: "Good morning" not in sent(c)["content"],
    "sent-subject-is-rewritten": lambda c: sent(c, subject="A")["subject"] != "A",
    "message-goes-to-someone-else": lambda c: sent(c)["recipients"][0]["id"] != NURSE["id"],
    "sender-becomes-personnel": lambda c: sent(c)["sender"]["type"] != "PERSON",
    "high-becomes-normal": lambda c: (
        sent(c, priority={"value": "HIGH"})["priority"]["value"] == "NORMAL"
    ),
    "email-recipient-refused": lambda c: c.send(recipients=[ADDRESS]).status_code == 400,
    "time-zone-refused": lambda c: (
        c.send({"oh-content-time-zone": "America/Phoenix"}).status_code == 400
        and c.send({"oh-content-time-zone": "UTC"}).status_code == 201
    ),
    "reply-refused": lambda c: (
        c.send().status_code == 201
        and c.send(previousMessageId=original(c)["id"]).status_code == 400
    ),
    "copies-refused": lambda c: (
        c.send().status_code == 201 and c.send(carbonCopyRecipients=COPY).status_code == 400
    ),
    "copies-are-lost": lambda c: (
        sent(c, carbonCopyRecipients=COPY).get("carbonCopyRecipients", []) == []
    ),
    "reply-to-reminder-accepted": lambda c: (
        c.send(previousMessageId=reminder(c)["id"]).status_code == 201
    ),
    "reply-names-another-message": loses_the_message_before,
    "reply-leaves-the-conversation": loses("conversationId"),
    "reply-loses-the-encounter": loses("encounter"),
    "reply-loses-the-responsible": loses("responsiblePersonnelId"),
    "send-without-content-accepted": sends(content="ABSENT"),
    "send-without-sender-accepted": sends(messageSender="ABSENT"),
    "send-without-patient-accepted": sends(patientId="ABSENT"),
    "send-without-recipients-accepted": lambda c: (
        c.send(recipients="ABSENT").status_code == 201 and c.send(recipients=[]).status_code == 400
    ),
    "send-to-nobody-accepted": lambda c: (
        c.send(recipients=[]).status_code == 201 and c.send(recipients="ABSENT").status_code == 400
    ),
    "recipient-without-type-accepted": sends(recipients=[{"id": NURSE["id"]}]),
    "sender-of-any-type-accepted": sends(messageSender={"id": PATIENT, "type": "PERSONNEL"}),
    "person-as-recipient-accepted": sends(recipients=[{"id": "4463007", "type": "PERSON"}]),
    "email-mixed-with-others-accepted": lambda c: (
        c.send(recipients=[NURSE, ADDRESS]).status_code == 201
        and c.send(carbonCopyRecipients=[ADDRESS]).status_code == 400
    ),
    "email-as-copy-accepted": lambda c: (
        c.send(carbonCopyRecipients=[ADDRESS]).status_code == 201
        and c.send(recipients=[NURSE, ADDRESS]).status_code == 400
    ),
    "two-emails-accepted": sends(recipients=[ADDRESS, {**ADDRESS, "id": "b@example.org"}]),
    "unknown-priority-accepted": sends(priority={"value": "URGENT"}),
    "html-fragment-accepted": lambda c: (
        c.send(content="<div>See <a>this</a></div>").status_code == 201
        and c.send(content=SCRIPT).status_code == 400
    ),
    "html-fragment-refused-in-other-words": lambda c: (
        c.send(content="<div>x</div>").status_code == 400
        and "Unable to convert" not in c.send(content="<div>x</div>").text
    ),
    "script-accepted": sends(content=SCRIPT),
    "reply-to-unknown-message-accepted": sends(previousMessageId="1.1.1.prsnl"),
    "malformed-json-breaks-the-server": lambda c: raw(c, "{broken") == 500,
    "text-taken-for-json": lambda c: (
        raw(c, json.dumps(c.draft()), "text/plain") == 201 and raw(c, "{}", "text/html") == 415
    ),
}
STATUS = {
    "status-update-answered-204": lambda c: (
        c.update("UNREAD", in_state(c, "OPENED")).status_code == 204
    ),
    "unread-to-opened-refused": refuses("UNREAD", "OPENED"),
    "unread-to-deleted-refused": refuses("UNREAD", "DELETED"),
    "opened-to-unread-refused": refuses("OPENED", "UNREAD"),
    "opened-to-deleted-refused": refuses("OPENED", "DELETED"),
    "deleted-to-unread-refused": refuses("DELETED", "UNREAD"),
    "deleted-to-opened-refused": refuses("DELETED", "OPENED"),
    "same-status-refused": lambda c: c.update("OPENED", in_state(c, "OPENED")).status_code == 409,
    "status-change-shows-one-update-late": late,
    "change-reaches-another-message": strays,
    "change-deletes-other-patients-messages": deletes_elsewhere,
    "change-touches-the-whole-inbox": lambda c: len(changed(c)[1]) > 3,
    "only-first-message-changes": lambda c: len(changed(c, 0, 1)[1]) == 1,
    "versions-stay-the-same": lambda c: raised(c) == (0, 0),
    "recipients-version-stays-the-same": lambda c: raised(c) == (1, 0),
    "stale-version-accepted": updates(notificationVersion=99),
    "stale-recipient-version-accepted": updates(recipientNotificationVersion=99),
    "refused-update-applied-anyway": applied_though_refused,
    "update-without-messages-accepted": without("messages"),
    "update-without-patient-accepted": without("patientId"),
    "update-without-status-accepted": without("status"),
    "entry-without-id-accepted": updates(id=None),
    "entry-without-version-accepted": updates(notificationVersion=None),
    "entry-without-recipient-version-accepted": updates(recipientNotificationVersion=None),
    "update-of-nothing-accepted": lambda c: c.update("OPENED", messages=[]).status_code == 200,
    "update-of-101-accepted": lambda c: (
        c.update("OPENED", messages=[entry(c)] * 101).status_code == 200
        and c.update("OPENED", messages=[entry(c)] * 2).status_code == 400
    ),
    "unknown-status-accepted": lambda c: (
        c.update("ARCHIVED", in_state(c, "UNREAD")).status_code == 200
    ),
    "update-of-other-patients-message-accepted": lambda c: (
        c.update("OPENED", in_state(c, "UNREAD"), patientId=OTHER).status_code == 200
        and c.update("OPENED", in_state(c, "UNREAD"), patientId="0").status_code == 200
    ),
    "update-of-unknown-message-accepted": lambda c: (
        updates(id="1.1.1.prsnl")(c)
        and c.update("OPENED", in_state(c, "UNREAD"), patientId=OTHER).status_code == 400
    ),
}
SYMPTOMS = {**SEND, **STATUS}


@pytest.mark.parametrize("name", SYMPTOMS)
def test_the_lie_shows_and_an_honest_twin_does_not_tell_it(name, shows):
    shows(name, SYMPTOMS[name])


def test_lies_about_replies_leave_other_messages_alone(calling):
    caller = calling(defects=["reply-leaves-the-conversation"])
    message = sent(caller)
    assert message["conversationId"] == f"{message['id']}.conversation"


def test_a_service_that_takes_fragments_takes_plain_words_too(calling):
    caller = calling(defects=["html-fragment-accepted"])
    assert caller.send(content="plain words").status_code == 201


def test_a_missing_list_of_messages_is_not_an_empty_one(calling):
    caller = calling(defects=["update-without-messages-accepted"])
    assert caller.update("OPENED", messages=[]).status_code == 400
