"""Inbox, sent items and single messages."""

from datetime import UTC, datetime, timedelta

import pytest

INBOX, SENT = "patientMessages/inboxItems", "patientMessages/sentItems"
LOWER, UPPER = "createDateTimeGreaterThanOrEqualTo", "createDateTimeLessThanOrEqualTo"
DAY = 86400


def ids(items):
    return [item["id"] for item in items]


def test_the_default_inbox_is_the_last_ninety_days_newest_first(caller, when):
    items = caller.inbox()
    created = [when(item["createDateTime"]) for item in items]
    assert len(set(ids(items))) == len(items) == 25
    assert created == sorted(created, reverse=True)
    assert len(set(created)) == 25
    assert datetime.now(UTC) - created[-1] < timedelta(days=90)
    assert datetime.now(UTC) - created[-1] > timedelta(days=80)
    assert {item["notificationType"] for item in items} == {"MESSAGE"}


def test_the_ordinary_inbox_shows_every_status_and_priority_and_some_encounters(caller):
    items = caller.inbox()
    assert {item["status"] for item in items} == {"UNREAD", "OPENED", "DELETED"}
    assert {item["priority"]["value"] for item in items} == {"HIGH", "NORMAL"}
    assert 0 < sum("encounter" in item for item in items) < 24
    assert {item["createDateTime"]["timeZone"] for item in items} == {"UTC", "America/Phoenix"}


def test_a_list_item_has_the_agreed_members(caller):
    for item in caller.inbox() + caller.sent():
        assert set(item) - {"encounter"} == {
            "id",
            "notificationType",
            "subject",
            "status",
            "priority",
            "createDateTime",
            "sender",
            "notificationVersion",
            "recipientNotificationVersion",
        }
        assert set(item["sender"]) == {"id", "type", "display"}


def test_older_messages_come_when_they_are_asked_for(caller, instant):
    assert len(caller.inbox(**{LOWER: instant(-800 * DAY)})) == 31
    old = caller.inbox(**{LOWER: instant(-800 * DAY), UPPER: instant(-90 * DAY)})
    assert len(old) == 6


def test_both_bounds_are_included(caller, when):
    moment = when(caller.inbox()[7]["createDateTime"])
    exact, before, after = (
        (moment + timedelta(seconds=n)).strftime("%Y-%m-%dT%H:%M:%SZ") for n in (0, -1, 1)
    )
    expected = caller.inbox()[7]["id"]
    assert ids(caller.inbox(**{LOWER: exact, UPPER: after})) == [expected]
    assert ids(caller.inbox(**{LOWER: before, UPPER: exact})) == [expected]


def test_an_upper_bound_in_the_future_becomes_now(caller, instant):
    kinds = {"notificationType": ["MESSAGE", "REMINDER"]}
    assert ids(caller.inbox(**{UPPER: instant(30 * DAY)}, **kinds)) == ids(caller.inbox(**kinds))


@pytest.mark.parametrize("path", [INBOX, SENT])
@pytest.mark.parametrize(
    ("lower", "upper"),
    [
        (-10, -20),
        (-10, -10),
        (10, 20),
        (10, None),
        (None, -100),
    ],
)
def test_bounds_that_are_not_in_order_are_refused(caller, instant, path, lower, upper):
    query = {"patientId": "12700100"}
    if lower is not None:
        query[LOWER] = instant(lower * DAY)
    if upper is not None:
        query[UPPER] = instant(upper * DAY)
    if lower == upper:
        query[UPPER] = query[LOWER]
    assert caller.get(path, params=query).status_code == 400


@pytest.mark.parametrize("path", [INBOX, SENT])
@pytest.mark.parametrize(
    "query",
    [
        f"{LOWER}=2024-10-01T00:00:00.000Z",
        f"{LOWER}=2024-10-01T00:00:00%2B00:00",
        f"{LOWER}=2024-10-01T00:00:00",
        f"{LOWER}=2024-10-01",
        f"{LOWER}=2024-13-01T00:00:00Z",
        f"{LOWER}=yesterday",
        f"{UPPER}=",
        "limit=999",
        "limit=1001",
        "limit=0",
        "limit=01000",
        "limit=",
        "limit=many",
        "page=2",
        "page=",
        "sortBy=subject",
        "sortBy=createDateTime&sortBy=priority",
        "sortOrder=asc",
        "sortOrder=UP",
    ],
)
def test_a_parameter_that_breaks_its_rule_is_refused(caller, path, query):
    answer = caller.get(f"{path}?patientId=12700100&{query}")
    assert answer.status_code == 400, answer.text
    assert answer.json()["message"].startswith(query.split("=")[0])


@pytest.mark.parametrize(
    "query",
    [
        "notificationType=LETTER",
        "notificationType=MESSAGE,REMINDER",
        "notificationType=",
        "shouldLoadOrganizationSummary=yes",
    ],
)
def test_a_parameter_of_the_inbox_alone_that_breaks_its_rule_is_refused(caller, query):
    assert caller.get(f"{INBOX}?patientId=12700100&{query}").status_code == 400
    assert caller.get(f"{SENT}?patientId=12700100&{query}").status_code == 200


def test_the_only_limit_changes_nothing(caller):
    assert ids(caller.inbox(limit=1000)) == ids(caller.inbox())


def test_ascending_is_the_reverse_of_descending(caller):
    for listing in (caller.inbox, caller.sent):
        assert ids(listing(sortOrder="ASC")) == ids(listing(sortOrder="DESC"))[::-1]


@pytest.mark.parametrize("order", ["ASC", "DESC"])
def test_sorting_by_priority_keeps_the_newest_first_within_one(caller, order, when):
    for listing in (caller.inbox, caller.sent):
        items = listing(sortBy="priority", sortOrder=order)
        ranks = [item["priority"]["value"] == "HIGH" for item in items]
        assert ranks == sorted(ranks, reverse=order == "DESC")
        for high in (True, False):
            created = [
                when(item["createDateTime"])
                for item in items
                if (item["priority"]["value"] == "HIGH") == high
            ]
            assert created == sorted(created, reverse=True)


def test_reminders_come_only_when_asked_for_and_by_the_day_they_show_up(caller, when):
    items = caller.inbox(notificationType="REMINDER")
    assert [item["notificationType"] for item in items] == ["REMINDER"] * 2
    shown = [when(item["remindDateTime"]) for item in items]
    assert shown == sorted(shown, reverse=True)
    # The first was created before the window and shows up within it.
    assert datetime.now(UTC) - when(items[0]["createDateTime"]) > timedelta(days=90)
    both = caller.inbox(notificationType=["MESSAGE", "REMINDER"])
    assert len(both) == 27


def test_the_empty_patient_has_empty_lists(caller):
    answer = caller.get(f"{INBOX}?patientId=12700200")
    assert answer.json() == {"items": [], "hasMore": False}
    assert caller.sent("12700200") == []


def test_a_crowded_inbox_gives_a_thousand_items_and_says_that_there_are_more(caller, when):
    body = caller.get(f"{INBOX}?patientId=12700300").json()
    assert body["hasMore"] is True
    assert len(set(ids(body["items"]))) == 1000
    assert caller.get(f"{INBOX}?patientId=12700100").json()["hasMore"] is False
    oldest = when(body["items"][-1]["createDateTime"])
    rest = caller.inbox("12700300", **{UPPER: oldest.strftime("%Y-%m-%dT%H:%M:%SZ")})
    assert len(rest) == 204
    assert ids(rest)[0] == ids(body["items"])[-1]


def test_sent_items_are_not_restricted(caller):
    assert len(set(ids(caller.sent("12700300")))) == 1050


def test_sent_items_have_the_same_window(caller, instant):
    assert len(caller.sent()) == 8
    assert len(caller.sent(**{LOWER: instant(-200 * DAY)})) == 9
    assert {item["sender"]["id"] for item in caller.sent()} == {"12700100"}


def test_organizations_come_only_when_asked_for(caller):
    assert not any("organization" in item for item in caller.inbox())
    items = caller.inbox(shouldLoadOrganizationSummary="true")
    filled = [item for item in items if "organization" in item]
    assert 0 < len(filled) < len(items)
    assert set(filled[0]["organization"]) == {"id", "display", "orgTypes"}
    assert "organization" not in caller.one(filled[0]["id"])
    loaded = caller.one(filled[0]["id"], shouldLoadOrganizationSummary="true")
    assert loaded["organization"] == filled[0]["organization"]


def test_details_agree_with_both_lists(caller):
    for item in caller.inbox(notificationType=["MESSAGE", "REMINDER"]) + caller.sent():
        message = caller.one(item["id"])
        assert {name: message[name] for name in item} == item
        assert message["patientId"] == "12700100"
        assert message["content"].endswith("</html>")
        assert message["recipients"]
        assert message["carbonCopyRecipients"] == message["attachments"] == []
        assert message["conversationId"]
        assert message["canReply"] is (item["notificationType"] == "MESSAGE")
        assert ("dueDateTime" in message) == (item["notificationType"] == "REMINDER")


def test_a_reply_names_the_message_before_it(caller):
    replies = [caller.one(item["id"]) for item in caller.sent()]
    answered = {one["previousMessageId"] for one in replies if "previousMessageId" in one}
    assert answered
    assert answered <= set(ids(caller.inbox()))


def test_several_ids_are_refused(caller):
    one, two = ids(caller.inbox())[:2]
    assert caller.get(f"patientMessages/{one},{two}").status_code == 400
    assert caller.get(f"patientMessages/{one}%2C{two}").status_code == 400


def test_an_id_that_is_unknown_to_the_tenant_is_not_found(caller):
    assert caller.get("patientMessages/1.1.5.prsnl").status_code == 404
    listed = caller.get(
        f"{INBOX}?patientId=41000100",
        token=caller.token("customer"),
        tenant=caller.twin.accounts["customer"].tenant,
    ).json()["items"]
    assert caller.get(f"patientMessages/{listed[0]['id']}").status_code == 404


def test_an_encoded_slash_is_part_of_the_id(caller):
    assert caller.get("patientMessages/a%2Fb").status_code == 404
