"""What a client asks for when it lists and reads messages."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from golive import NotSeenError, Steps, Wrong, check, cured_by
from suites.client import seen
from suites.client.citations import FULL, LISTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive import Exchange


INBOX = "contract-facts §2.1"


@check("client-names-the-patient", level="must", basis="documented", source=LISTS)
@cured_by("Write patientId=ID; the parameter is required, and has this name.")
def test_each_list_names_its_patient(lists: Steps) -> Iterator[Wrong]:
    """Each list names the patient whose messages it asks for."""
    for one in lists.values():
        given = [value for name, value in one.request.query if name == "patientId"]
        if len(given) != 1 or not given[0].strip():
            actual = "absent" if not given else "empty" if len(given) == 1 else "several"
            yield Wrong(one, "request:query:patientId", "one patient's id", actual)


@check("client-limit-is-1000", level="must", basis="documented", source=LISTS)
@cured_by("Leave limit out, and narrow the window to get less.")
def test_the_limit_is_1000(lists: Steps) -> Iterator[Wrong]:
    """A list asks for 1000 items or gives no limit: no other one is legal."""
    for one in lists.values():
        limit = seen.query(one).get("limit")
        if limit not in (None, str(FULL)):
            yield Wrong(one, "request:query:limit", str(FULL), limit or "empty")


@check("client-sorts-by-one-known-key", level="must", basis="documented", source=LISTS)
@cured_by("Sort by one of the two here, and by anything else in the client.")
def test_a_list_is_sorted_by_one_known_key(lists: Steps) -> Iterator[Wrong]:
    """A list is sorted by createDateTime or priority, by one of them."""
    for one in lists.values():
        keys = [value for name, value in one.request.query if name == "sortBy"]
        if keys and (len(keys) > 1 or keys[0] not in ("createDateTime", "priority")):
            yield Wrong(
                one, "request:query:sortBy", "createDateTime or priority, once", ", ".join(keys)
            )


@check("client-repeats-the-notification-type", level="must", basis="documented", source=INBOX)
@cured_by("Write notificationType=MESSAGE&notificationType=REMINDER for both.")
def test_notification_types_are_repeated(inboxes: Steps) -> Iterator[Wrong]:
    """NotificationType is MESSAGE or REMINDER, and the parameter is repeated for both."""
    for one in inboxes.values():
        for name, value in one.request.query:
            if name == "notificationType" and value not in ("MESSAGE", "REMINDER"):
                yield Wrong(one, f"request:query:{name}", "MESSAGE or REMINDER", value or "empty")


@check("client-page-comes-from-an-answer", level="must", basis="documented", source=INBOX)
@cured_by("Narrow the dates to get more: the service gives one page of 1,000 items.")
def test_a_page_comes_from_an_answer(lists: Steps) -> Iterator[Wrong]:
    """The value of page is one that an answer gave as the next page, never a number that was counted."""
    asked = [one for one in lists.values() if "page" in seen.query(one)]
    if not asked:
        raise NotSeenError("the client asked for no page")
    names = ("opc-next-page", "opc-prev-page", "oh-next-page", "oh-prev-page")
    given = {one.header(name) for one in lists.values() for name in names}

    for one in asked:
        if seen.query(one)["page"] not in given:
            yield Wrong(one, "request:query:page", "a value of opc-next-page", "another one")


@check(
    "client-reads-one-message-at-a-time",
    level="must",
    basis="documented",
    source="contract-facts §2.3",
)
@cured_by("Send a request for each id; several are answered with 400.")
def test_one_message_is_read_at_a_time(readings: Steps) -> Iterator[Wrong]:
    """A request for a message names one id."""
    for one in readings.values():
        if re.search(r"[,;\s]", seen.message_id(one)):
            yield Wrong(one, "request:line", "one id in the path", "several")


@check(
    "client-takes-ids-as-they-are", level="should", basis="inferred", source="contract-facts §2.3"
)
@cured_by("Keep ids as text, whole: 720564485.1.5.prsnl is no number.")
def test_ids_are_taken_as_they_are(requests_of_client: Steps, readings: Steps) -> Iterator[Wrong]:
    """An id is used as an answer gave it: neither cut, nor made a number, nor in other capitals."""
    given = {
        name
        for one in requests_of_client.values()
        if seen.lists(one)
        for name in seen.listed(one).items
    }

    for one in readings.values():
        named = seen.message_id(one)
        cut = any(whole.lower().startswith(named.lower()) for whole in given)
        if one.status == 404 and named not in given and cut and named:
            yield Wrong(
                one,
                "request:line",
                "an id as the list gave it",
                "a part of one, or one in other capitals",
            )


@check(
    "client-processes-a-message-once", level="should", basis="inferred", source="contract-facts §3"
)
@cured_by("Keep the ids of what was processed, and leave known ones out of an overlapping window.")
def test_a_message_is_processed_once(readings: Steps) -> Iterator[Wrong]:
    """A client that polls does not read the same message again with each poll."""
    read: dict[str, list[Exchange]] = defaultdict(list)
    for one in seen.by_time(readings):
        if one.succeeded:
            read[seen.message_id(one)].append(one)
    for again in read.values():
        if len(again) > OFTEN:
            yield Wrong(
                again[-1],
                "request:line",
                "a message that is new to the client",
                f"read {len(again)} times",
            )


OFTEN = 5

"""Times that one message may be read: by a person who opens it again, or to see its versions."""


@check(
    "client-asks-groups-by-id-or-name",
    level="must",
    basis="documented",
    source="contract-facts §2.7",
)
@cured_by("Send one of the two; both are answered with 400.")
def test_group_inboxes_are_asked_by_id_or_name(group_inboxes_asked: Steps) -> Iterator[Wrong]:
    """Group inboxes are looked up by id or by name, not by both."""
    for one in group_inboxes_asked.values():
        if {"id", "name"} <= set(seen.query(one)):
            yield Wrong(one, "request:query:name", "id or name", "both")
