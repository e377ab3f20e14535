"""Each lie about lists and single messages has a symptom that an honest twin does not show."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

LOWER = "createDateTimeGreaterThanOrEqualTo"
UPPER = "createDateTimeLessThanOrEqualTo"
LIST = {"inbox": "patientMessages/inboxItems", "sent": "patientMessages/sentItems"}
ORDINARY, EMPTY, CROWDED = "12700100", "12700200", "12700300"
REMINDER = {"notificationType": "REMINDER"}
SUMMARY = {"shouldLoadOrganizationSummary": "true"}


def ago(days):
    moment = datetime.now(UTC) - timedelta(days=days)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def answer(c, patient=ORDINARY, box="inbox", **params):
    return c.get(LIST[box], params={"patientId": patient, **params})


def ids(items):
    return {item["id"] for item in items}


def count(c, box="inbox", **params):
    return len(answer(c, box=box, **params).json()["items"])


def created(items, name="createDateTime"):
    return [item[name]["dateTime"] for item in items]


def of_one_zone(items):
    """Local times can be compared within one zone only."""
    return [item for item in items if item["createDateTime"]["timeZone"] == "UTC"]


def falls(items):
    times = created(of_one_zone(items))
    return times == sorted(times, reverse=True)


def rises(items):
    times = created(of_one_zone(items))
    return times == sorted(times)


def priorities(items):
    return [item["priority"]["value"] for item in items]


def grouped(items):
    values = priorities(items)
    return sum(a != b for a, b in pairwise(values)) == 1


def pair(c, **params):
    """The first inbox item and the message of that id."""
    item = c.inbox(**params)[0]
    return item, c.one(item["id"], **params)


def differ(c, *names):
    item, message = pair(c)
    return {name for name in item if item[name] != message[name]} == set(names)


def organizations(items):
    return sum("organization" in item for item in items)


def between(c, box):
    """Return how many items lie between two bounds that are the times of two items, and the items."""
    listed = of_one_zone(c.inbox() if box == "inbox" else c.sent())
    newest, oldest = created(listed)[1][:19], created(listed)[-2][:19]
    bounds = {LOWER: f"{oldest}Z", UPPER: f"{newest}Z"}
    return created(of_one_zone(answer(c, box=box, **bounds).json()["items"])), newest, oldest


def loses_its_edges(c, box):
    inside, newest, oldest = between(c, box)
    return not {time[:19] for time in inside} & {newest, oldest}


LISTS = {
    "inbox-page-has-no-limit": lambda c: len(c.inbox(CROWDED)) > 1000,
    "inbox-page-ends-at-500": lambda c: (
        len(c.inbox(CROWDED)) == 500 and answer(c, CROWDED).json()["hasMore"]
    ),
    "more-than-1000-without-indicator": lambda c: (
        answer(c, CROWDED).json()["hasMore"] == answer(c).json()["hasMore"]
    ),
    "limit-1000-refused": lambda c: answer(c, limit="1000").status_code == 400,
    "inbox-lists-sent-items-too": lambda c: bool(ids(c.inbox()) & ids(c.sent())),
    "empty-inbox-answers-404": lambda c: answer(c, EMPTY).status_code == 404,
    "empty-inbox-lacks-items": lambda c: (
        "items" not in answer(c, EMPTY).json() and "items" in answer(c).json()
    ),
    "organization-always-listed": lambda c: organizations(c.inbox()) > 0,
    "organization-never-listed": lambda c: (
        organizations(c.inbox(**SUMMARY)) == 0 and "organization" in pair(c, **SUMMARY)[1]
    ),
    "false-read-as-true": lambda c: (
        organizations(c.inbox(shouldLoadOrganizationSummary="false")) > 0
        and organizations(c.inbox()) == 0
    ),
    "organization-option-drops-items": lambda c: len(c.inbox(**SUMMARY)) < len(c.inbox()),
    "notification-type-ignored": lambda c: ids(c.inbox(**REMINDER)) == ids(c.inbox()),
    "reminders-listed-unasked": lambda c: (
        ids(c.inbox()) > ids(c.inbox(**REMINDER))
        and not ids(c.inbox(notificationType="MESSAGE")) & ids(c.inbox(**REMINDER))
    ),
    "only-last-notification-type-read": lambda c: (
        ids(c.inbox(notificationType=["MESSAGE", "REMINDER"])) == ids(c.inbox(**REMINDER))
    ),
    "sent-item-listed-twice": lambda c: len(c.sent()) == len(ids(c.sent())) + 1,
}
DETAILS = {
    "detail-lacks-content": lambda c: "content" not in pair(c)[1],
    "detail-of-another-message": lambda c: pair(c)[0]["id"] != pair(c)[1]["id"],
    "detail-has-another-sender": lambda c: differ(c, "sender"),
    "detail-was-created-later": lambda c: differ(c, "createDateTime"),
    "detail-has-the-other-priority": lambda c: differ(c, "priority"),
    "detail-says-reminder": lambda c: differ(c, "notificationType"),
    "detail-has-another-status": lambda c: differ(c, "status"),
    "detail-has-older-versions": lambda c: differ(
        c, "notificationVersion", "recipientNotificationVersion"
    ),
    "detail-names-another-patient": lambda c: pair(c)[1]["patientId"] != ORDINARY,
    "detail-always-has-organization": lambda c: "organization" in pair(c)[1],
    "detail-never-has-organization": lambda c: "organization" not in pair(c, **SUMMARY)[1],
    "detail-has-another-organization": lambda c: (
        pair(c, **SUMMARY)[0]["organization"] != pair(c, **SUMMARY)[1]["organization"]
    ),
    "content-changes-between-readings": lambda c: pair(c)[1]["content"] != pair(c)[1]["content"],
    "reading-marks-as-opened": lambda c: (
        [pair(c)[1]["status"] for _ in range(2)] == ["UNREAD", "OPENED"]
    ),
    "reading-raises-the-version": lambda c: (
        pair(c)[1]["notificationVersion"] < pair(c)[1]["notificationVersion"]
    ),
    "several-ids-answered": lambda c: (
        c.get(f"patientMessages/{pair(c)[0]['id']},x").status_code == 200
    ),
    "unknown-message-answered": lambda c: c.get("patientMessages/1.1.1.prsnl").status_code == 200,
}
WINDOW = {
    "inbox-window-is-a-year": lambda c: count(c) > 24 and count(c, "sent") == 7,
    "sent-window-is-30-days": lambda c: count(c, "sent") == 3 and count(c) == 24,
    "sent-window-is-a-year": lambda c: count(c, "sent") == 8 and count(c) == 24,
    "default-window-never-ends": lambda c: count(c) == 25 and count(c, **{UPPER: ago(-9)}) == 24,
    "long-windows-are-cut-to-90-days": lambda c: count(c, **{LOWER: ago(900)}) == count(c),
    "window-between-bounds-is-30-days": lambda c: (
        count(c, **{LOWER: ago(89), UPPER: ago(0)}) < count(c, **{LOWER: ago(89)})
    ),
    "future-bound-refused": lambda c: answer(c, **{UPPER: ago(-9)}).status_code == 400,
    "inbox-lower-bound-ignored": lambda c: (
        count(c, **{LOWER: ago(5)}) > count(c) and count(c, "sent", **{LOWER: ago(5)}) == 1
    ),
    "inbox-upper-bound-ignored": lambda c: (
        count(c, **{UPPER: ago(80)}) == count(c) and count(c, "sent", **{UPPER: ago(80)}) == 0
    ),
    "sent-lower-bound-ignored": lambda c: (
        count(c, "sent", **{LOWER: ago(5)}) == 8 and count(c, **{LOWER: ago(5)}) < 5
    ),
    "sent-upper-bound-ignored": lambda c: (
        count(c, "sent", **{UPPER: ago(80)}) == 7 and count(c, **{UPPER: ago(80)}) < 5
    ),
    "inbox-bounds-exclusive": lambda c: loses_its_edges(c, "inbox"),
    "sent-bounds-exclusive": lambda c: loses_its_edges(c, "sent"),
    "reminders-selected-by-creation": lambda c: any(
        item["remindDateTime"]["dateTime"][:10] > ago(-1)[:10] for item in c.inbox(**REMINDER)
    ),
}
SORTING = {
    "inbox-ignores-priority": lambda c: (
        falls(c.inbox(sortBy="priority")) and rises(c.inbox(sortOrder="ASC"))
    ),
    "inbox-comes-oldest-first": lambda c: rises(c.inbox()) and falls(c.inbox(sortOrder="DESC")),
    "inbox-descending-means-ascending": lambda c: (
        rises(c.inbox(sortOrder="DESC")) and falls(c.inbox())
    ),
    "sorting-by-priority-drops-normal": lambda c: (
        set(priorities(c.inbox(sortBy="priority"))) == {"HIGH"}
    ),
    "sent-items-ignore-sort-order": lambda c: falls(c.sent(sortOrder="ASC")),
    "sent-items-ignore-priority": lambda c: not grouped(c.sent(sortBy="priority")),
    "sent-items-come-oldest-first": lambda c: rises(c.sent()) and falls(c.sent(sortOrder="DESC")),
    "sorting-sent-items-drops-the-last": lambda c: (
        len(c.sent(sortOrder="ASC")) == len(c.sent()) - 1
    ),
    "reminders-sorted-by-creation": lambda c: (
        created(c.inbox(**REMINDER), "remindDateTime")
        == sorted(created(c.inbox(**REMINDER), "remindDateTime"))
    ),
}
SYMPTOMS = {**LISTS, **DETAILS, **WINDOW, **SORTING}


@pytest.mark.parametrize("name", SYMPTOMS)
def test_the_lie_shows_and_an_honest_twin_does_not_tell_it(name, shows):
    shows(name, SYMPTOMS[name])


def test_a_message_without_organization_keeps_none(calling):
    caller = calling(defects=["detail-has-another-organization"])
    plain = next(item for item in caller.inbox(**SUMMARY) if "organization" not in item)
    assert "organization" not in caller.one(plain["id"], **SUMMARY)
