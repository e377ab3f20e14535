"""What a client asks for when it lists and reads messages."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from golive import NotSeenError, Steps, Wrong, check, demand, demand_of_each
from suites.client import seen
from suites.client.citations import FULL, LISTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive import Exchange


INBOX = "contract-facts §2.1"


@check("client-names-the-patient", level="must", basis="documented", source=LISTS)
def test_each_list_names_its_patient(lists: Steps) -> None:
    """Each list names the patient whose messages it asks for."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        given = [value for name, value in one.request.query if name == "patientId"]
        if len(given) != 1 or not given[0].strip():
            actual = "absent" if not given else "empty" if len(given) == 1 else "several"
            yield "request:query:patientId", "one patient's id", actual

    demand_of_each(
        lists.values(), rule, "Write patientId=ID; the parameter is required, and has this name."
    )


@check("client-limit-is-1000", level="must", basis="documented", source=LISTS)
def test_the_limit_is_1000(lists: Steps) -> None:
    """A list asks for 1000 items or gives no limit: no other one is legal."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        limit = seen.query(one).get("limit")
        if limit not in (None, str(FULL)):
            yield "request:query:limit", str(FULL), limit or "empty"

    demand_of_each(lists.values(), rule, "Leave limit out, and narrow the window to get less.")


@check("client-sorts-by-one-known-key", level="must", basis="documented", source=LISTS)
def test_a_list_is_sorted_by_one_known_key(lists: Steps) -> None:
    """A list is sorted by createDateTime or priority, by one of them."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        keys = [value for name, value in one.request.query if name == "sortBy"]
        if keys and (len(keys) > 1 or keys[0] not in ("createDateTime", "priority")):
            yield "request:query:sortBy", "createDateTime or priority, once", ", ".join(keys)

    demand_of_each(
        lists.values(), rule, "Sort by one of the two here, and by anything else in the client."
    )


@check("client-repeats-the-notification-type", level="must", basis="documented", source=INBOX)
def test_notification_types_are_repeated(inboxes: Steps) -> None:
    """NotificationType is MESSAGE or REMINDER, and the parameter is repeated for both."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        for name, value in one.request.query:
            if name == "notificationType" and value not in ("MESSAGE", "REMINDER"):
                yield f"request:query:{name}", "MESSAGE or REMINDER", value or "empty"

    demand_of_each(
        inboxes.values(), rule, "Write notificationType=MESSAGE&notificationType=REMINDER for both."
    )


@check("client-page-comes-from-an-answer", level="must", basis="documented", source=INBOX)
def test_a_page_comes_from_an_answer(lists: Steps) -> None:
    """The value of page is one that an answer gave as the next page, never a number that was counted."""
    asked = [one for one in lists.values() if "page" in seen.query(one)]
    if not asked:
        raise NotSeenError("the client asked for no page")
    names = ("opc-next-page", "opc-prev-page", "oh-next-page", "oh-prev-page")
    given = {one.header(name) for one in lists.values() for name in names}

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        if seen.query(one)["page"] not in given:
            yield "request:query:page", "a value of opc-next-page", "another one"

    demand_of_each(
        asked, rule, "Narrow the dates to get more: the service gives one page of 1,000 items."
    )


@check(
    "client-reads-one-message-at-a-time",
    level="must",
    basis="documented",
    source="contract-facts §2.3",
)
def test_one_message_is_read_at_a_time(readings: Steps) -> None:
    """A request for a message names one id."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        if re.search(r"[,;\s]", seen.message_id(one)):
            yield "request:line", "one id in the path", "several"

    demand_of_each(
        readings.values(), rule, "Send a request for each id; several are answered with 400."
    )


@check(
    "client-takes-ids-as-they-are", level="should", basis="inferred", source="contract-facts §2.3"
)
def test_ids_are_taken_as_they_are(requests_of_client: Steps, readings: Steps) -> None:
    """An id is used as an answer gave it: neither cut, nor made a number, nor in other capitals."""
    given = {
        name
        for one in requests_of_client.values()
        if seen.lists(one)
        for name in seen.listed(one).items
    }

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        named = seen.message_id(one)
        cut = any(whole.lower().startswith(named.lower()) for whole in given)
        if one.status == 404 and named not in given and cut and named:
            yield (
                "request:line",
                "an id as the list gave it",
                "a part of one, or one in other capitals",
            )

    demand_of_each(
        readings.values(), rule, "Keep ids as text, whole: 720564485.1.5.prsnl is no number."
    )


@check(
    "client-processes-a-message-once", level="should", basis="inferred", source="contract-facts §3"
)
def test_a_message_is_processed_once(readings: Steps) -> None:
    """A client that polls does not read the same message again with each poll."""

    def found() -> Iterator[Wrong]:
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

    demand(
        found(),
        "Keep the ids of what was processed, and leave known ones out of an overlapping window.",
    )


OFTEN = 5

"""Times that one message may be read: by a person who opens it again, or to see its versions."""


@check(
    "client-asks-groups-by-id-or-name",
    level="must",
    basis="documented",
    source="contract-facts §2.7",
)
def test_group_inboxes_are_asked_by_id_or_name(group_inboxes_asked: Steps) -> None:
    """Group inboxes are looked up by id or by name, not by both."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        if {"id", "name"} <= set(seen.query(one)):
            yield "request:query:name", "id or name", "both"

    demand_of_each(
        group_inboxes_asked.values(), rule, "Send one of the two; both are answered with 400."
    )
