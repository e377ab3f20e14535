"""Send, reply, forward."""

import pytest

EMAIL = {"id": "someone@clinic.example", "type": "EMAIL"}
NURSE = {"id": "4463007", "type": "PERSONNEL"}
DESK = {"id": "88120", "type": "GROUPINBOX"}
HEAD = "<head><title>x</title></head>"


def page(body, head=HEAD):
    return f'<html xmlns="http://www.w3.org/1999/xhtml">{head}<body>{body}</body></html>'


def test_a_sent_message_is_listed_first_and_can_be_read(writer):
    answer = writer.send(
        priority={"value": "HIGH"},
        carbonCopyRecipients=[DESK],
        attachments=[{"name": "list.pdf"}],
    )
    assert answer.status_code == 201
    assert set(answer.json()) == {"id"}
    item = writer.sent("12700400")[0]
    assert item["id"] == answer.json()["id"]
    assert item["sender"] == {"id": "12700400", "type": "PERSON", "display": "Testpatient, Willa"}
    message = writer.one(item["id"])
    assert message["priority"] == {"value": "HIGH"}
    assert message["subject"] == "A question"
    assert message["content"] == writer.draft()["content"]
    assert message["recipients"][0]["id"] == "4463007"
    assert message["carbonCopyRecipients"][0]["type"] == "GROUPINBOX"
    assert message["attachments"] == [{"name": "list.pdf"}]
    assert message["createDateTime"]["timeZone"] == "UTC"
    assert writer.inbox("12700400")[0]["id"] != item["id"]


def test_of_two_messages_of_one_second_the_later_one_comes_first(writer):
    sent = [writer.send().json()["id"] for _ in range(3)]
    assert [item["id"] for item in writer.sent("12700400")] == sent[::-1]


def test_what_is_optional_may_be_absent(writer):
    answer = writer.send(subject="ABSENT")
    message = writer.one(answer.json()["id"])
    assert message["subject"] == ""
    assert message["priority"] == {"value": "NORMAL"}


def test_the_time_zone_header_is_kept(writer, when):
    answer = writer.send(headers={"oh-content-time-zone": "America/Chicago"})
    created = writer.one(answer.json()["id"])["createDateTime"]
    assert created["timeZone"] == "America/Chicago"
    plain = writer.one(writer.send().json()["id"])["createDateTime"]
    assert abs((when(created) - when(plain)).total_seconds()) < 60


@pytest.mark.parametrize("zone", ["CST6", "Mars/Olympus", "", "../UTC", "America"])
def test_what_is_no_iana_zone_is_refused(refuser, zone):
    assert refuser.send(headers={"oh-content-time-zone": zone}).status_code == 400


@pytest.mark.parametrize("member", ["patientId", "messageSender", "recipients", "content"])
@pytest.mark.parametrize("value", ["ABSENT", None])
def test_a_missing_required_member_is_refused_by_name(refuser, member, value):
    answer = refuser.send(**{member: value})
    assert (answer.status_code, answer.json()["code"]) == (400, "MissingParameter")
    assert member in answer.json()["message"]


@pytest.mark.parametrize(
    "changes",
    [
        {"patientId": 12700400},
        {"patientId": " "},
        {"patientId": "1", "messageSender": {"id": "1", "type": "PERSON"}},
        {"messageSender": "12700400"},
        {"messageSender": {"id": "12700400"}},
        {"messageSender": {"type": "PERSON"}},
        {"messageSender": {"id": "12700400", "type": "PERSONNEL"}},
        {"messageSender": {"id": "12700100", "type": "PERSON"}},
        {"recipients": []},
        {"recipients": NURSE},
        {"recipients": ["4463007"]},
        {"recipients": [{"id": "4463007"}]},
        {"recipients": [{"type": "PERSONNEL"}]},
        {"recipients": [{"id": "4463007", "type": "GROUPINBOX"}]},
        {"recipients": [{"id": "12700100", "type": "PERSON"}]},
        {"recipients": [{"id": "1", "type": "PERSONNEL"}]},
        {"carbonCopyRecipients": [{"id": "1", "type": "PERSONNEL"}]},
        {"carbonCopyRecipients": "none"},
        {"priority": "HIGH"},
        {"priority": {"value": "URGENT"}},
        {"priority": {}},
        {"subject": 7},
        {"content": ""},
        {"content": ["<p/>"]},
        {"attachments": {}},
        {"attachments": ["x"]},
        {"encounter": "1"},
        {"encounter": {}},
        {"responsiblePersonnelId": 7},
        {"previousMessageId": "1.1.5.prsnl"},
        {"previousMessageId": 7},
        {"colour": "blue"},
    ],
)
def test_a_message_that_breaks_a_rule_is_refused_and_not_kept(refuser, changes):
    answer = refuser.send(**changes)
    assert answer.status_code == 400, answer.text
    assert isinstance(answer.json()["code"], str)
    assert refuser.sent("12700400") == []


def test_one_email_address_is_accepted(writer):
    assert writer.send(recipients=[EMAIL]).status_code == 201


@pytest.mark.parametrize(
    ("recipients", "copies"),
    [
        ([EMAIL, NURSE], []),
        ([EMAIL], [DESK]),
        ([NURSE], [EMAIL]),
        ([EMAIL, {"id": "b@clinic.example", "type": "EMAIL"}], []),
        ([EMAIL], [EMAIL]),
        ([{"id": "not an address", "type": "EMAIL"}], []),
        ([], [EMAIL]),
    ],
)
def test_email_is_alone_and_single(refuser, recipients, copies):
    assert refuser.send(recipients=recipients, carbonCopyRecipients=copies).status_code == 400


def test_several_recipients_that_are_no_email_are_accepted(writer):
    assert writer.send(recipients=[NURSE, DESK]).status_code == 201


@pytest.mark.parametrize(
    "content",
    [
        page("<p>Hello&nbsp;you<br/>there<hr></p>"),
        "<!DOCTYPE html>\n" + page("<ul><li>one</li></ul>"),
        '<?xml version="1.0"?>' + page("<p>&lt;script&gt;</p>"),
        page("", '<head><meta charset="utf-8"/><title>x</title><style>p {}</style></head>'),
    ],
)
def test_a_complete_document_is_accepted(writer, content):
    assert writer.send(content=content).status_code == 201


@pytest.mark.parametrize(
    "content",
    [
        "Hello",
        "<div><p>Hello</p><a href='x'>y</a></div>",
        "<p>Hello</p>",
        page("<p>Hello"),
        page("<p>Hello</b></p>"),
        page("</br></p>"),
        page("x") + "more",
        page("x") + page("y"),
        "<html><body>no head</body></html>",
        page("x", "<head></head>"),
        f"<html>{HEAD}</html>",
        f"<html>{HEAD}<body>open",
    ],
)
def test_what_is_no_complete_document_cannot_be_converted(refuser, content):
    answer = refuser.send(content=content)
    assert answer.status_code == 400
    assert "Unable to convert HTML to RTF" in answer.text


@pytest.mark.parametrize("tag", ["a", "script", "iframe", "form", "img", "style", "svg"])
def test_a_disallowed_tag_is_refused_by_name(refuser, tag):
    content = page(f"<p>x</p><{tag}>y</{tag}>" if tag != "img" else "<img src='x'/>")
    answer = refuser.send(content=content)
    assert answer.status_code == 400
    assert answer.json()["message"].endswith(f"not allowed: {tag}.")


def test_a_script_in_the_head_is_refused(refuser):
    head = "<head><title>x</title><script>1</script></head>"
    assert refuser.send(content=page("x", head)).status_code == 400


def original(writer):
    """The message of the writing patient that has an encounter and a responsible person."""
    return next(item for item in writer.inbox("12700400") if "encounter" in item)


def test_a_reply_carries_encounter_responsible_personnel_and_conversation(writer):
    before = writer.one(original(writer)["id"])
    after = writer.one(writer.send(previousMessageId=before["id"]).json()["id"])
    for name in ("encounter", "responsiblePersonnelId", "conversationId"):
        assert after[name] == before[name]
    assert after["previousMessageId"] == before["id"]
    again = writer.send(previousMessageId=after["id"])
    assert writer.one(again.json()["id"])["conversationId"] == before["conversationId"]


def test_a_reply_may_repeat_what_it_carries_but_not_change_it(writer):
    before = writer.one(original(writer)["id"])
    same = {"encounter": before["encounter"], "responsiblePersonnelId": "4463008"}
    assert writer.send(previousMessageId=before["id"], **same).status_code == 201
    for other in ({"encounter": {"id": "1"}}, {"responsiblePersonnelId": "4463007"}):
        assert writer.send(previousMessageId=before["id"], **other).status_code == 400


def test_a_first_message_may_name_them_itself(writer):
    answer = writer.send(encounter={"id": "97953999"}, responsiblePersonnelId="4463007")
    message = writer.one(answer.json()["id"])
    assert message["encounter"] == {"id": "97953999"}
    assert message["responsiblePersonnelId"] == "4463007"


def test_a_reminder_cannot_be_replied_to(refuser):
    reminder = refuser.inbox("12700400", notificationType="REMINDER")[0]
    answer = refuser.send(previousMessageId=reminder["id"])
    assert answer.status_code == 400
    assert "reminder" in answer.json()["message"]


def test_another_patients_message_cannot_be_replied_to(refuser):
    other = refuser.inbox("12700100")[0]
    assert refuser.send(previousMessageId=other["id"]).status_code == 400
