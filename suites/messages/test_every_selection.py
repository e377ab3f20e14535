"""What each list of messages holds, whatever was asked for at once: computed from all other lists of the patient.

Every list of a run is a question to the same messages. What one of them shows must be in each other one whose bounds
and types select it, in the order that was asked for; so options are tried together as they are alone.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from golive import CouldNotTellError, Exchange, Expect, FindingsError, Steps, check, counted, show
from suites.common.judging import judge
from suites.common.lists import identifiers, items, same_json, why_cut
from suites.messages.asked import KINDS, OPTION, asked, demand_some, instant, named, sending_times
from suites.messages.citations import DATES, INBOX, ORGANIZATION, SENT_ITEMS
from suites.messages.list_rules import EDGE, LOWER, SECOND, SKEW, UPPER, WINDOW
from suites.messages.lists import are_between, disorder, moments
from suites.messages.steadiness import unless_unsteady

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from suites.common.lists import Item
    from suites.messages.lists import Moments

ORDER = frozenset({"sortBy", "sortOrder"})
ASCENDING = ({"sortOrder": "ASC"}, {"sortOrder": "ASC", "sortBy": "createDateTime"})


class Known(NamedTuple):
    """A message as lists show it since the first was asked for: its type, and the instants that may select it."""

    kind: str
    at: Moments
    where: Exchange
    subject: str
    since: datetime


@check("every-inbox-is-complete", level="must", basis="documented", source=f"{DATES}; {INBOX}")
def test_every_inbox_is_complete(answers: list[Exchange], inbox_askings: Steps) -> None:
    """Each inbox has every message and reminder of the patient's other inboxes that its bounds and types select."""
    with unless_unsteady(inbox_askings):
        _is_complete(answers, inbox_askings["first"], sure_of_orders=False)


@check(
    "every-list-of-sent-items-is-complete",
    level="must",
    basis="documented",
    source=f"{DATES}; {SENT_ITEMS}",
)
def test_all_sent_items_are_complete(answers: list[Exchange], sent_askings: Steps) -> None:
    """Each list of sent items has every message of the patient's other ones that its bounds select."""
    with unless_unsteady(sent_askings):
        _is_complete(answers, sent_askings["first"], sure_of_orders=True)


@check("every-inbox-has-the-types-asked-for", level="must", basis="documented", source=INBOX)
def test_every_inbox_has_the_types_asked_for(
    answers: list[Exchange], inbox_items: Exchange
) -> None:
    """With notificationType, no inbox lists an item of a type that is not among the values, whatever else is asked."""

    def has_these(it: Expect) -> None:
        others = [one for one in KINDS if one not in _kinds(it.exchange)]
        found = sum(item.get("notificationType") in others for item in items(it.exchange))
        expected = f"{' or '.join(sorted(_kinds(it.exchange)))}, as it was asked for"
        actual = f"{counted(found, 'item')} of another type"
        it.that(not found, "/items/*/notificationType", expected, actual)

    judge((one for one in asked(answers, inbox_items) if _types(one)), has_these)


@check(
    "every-inbox-has-organizations-as-asked", level="must", basis="documented", source=ORGANIZATION
)
def test_every_inbox_has_organizations_as_asked(
    answers: list[Exchange], inbox_items: Exchange
) -> None:
    """An item has its organization in each inbox that was asked for with the option, and in no other."""
    lists = [*asked(answers, inbox_items)]
    with_them = [one for one in lists if dict(one.request.query).get(OPTION) == "true"]
    shown = {
        key: item["organization"]
        for one in with_them
        for item, key in named(one)
        if item.get("organization")
    }

    def has_them(it: Expect) -> None:
        at, wanted = "/items/*/organization", it.exchange in with_them
        found = named(it.exchange)
        if not wanted:
            extra = sum(item.get("organization") is not None for item, _ in found)
            present = f"present in {counted(extra, 'item')}"
            it.that(not extra, at, "absent, as it was not asked for", present)
            return
        other = sum(not same_json(item.get("organization"), shown.get(key)) for item, key in found)
        expected = "as in each other inbox with this option"
        actual = f"absent or otherwise in {other} of {counted(len(found), 'item')}"
        it.that(not other, at, expected, actual)

    judge(lists, has_them)


@check(
    "every-list-of-sent-items-keeps-its-order",
    level="must",
    basis="documented",
    source=SENT_ITEMS,
)
def test_all_sent_items_keep_the_order_asked_for(
    answers: list[Exchange], sent_items: Exchange
) -> None:
    """With sortOrder=ASC or sortBy=priority, sent items come in that order, whatever else is asked for."""
    _keeps_its_order(answers, sent_items)


@check("every-inbox-keeps-its-order", level="must", basis="inferred", source=INBOX)
def test_every_inbox_keeps_the_order_asked_for(
    answers: list[Exchange], inbox_items: Exchange
) -> None:
    """With sortOrder=ASC or sortBy=priority, messages of the inbox come in that order, whatever else is asked for."""
    _keeps_its_order(answers, inbox_items)


def _is_complete(answers: list[Exchange], plain: Exchange, *, sure_of_orders: bool) -> None:
    lists = [*asked(answers, plain)]
    known, sent = _known(lists), sending_times(answers)

    def has_all(it: Expect) -> None:
        one, query = it.exchange, dict(it.exchange.request.query)
        if why_cut(one) is not None:
            return
        lower, upper = (instant(query.get(name)) for name in (LOWER, UPPER))
        since = lower + SECOND if lower else one.sent_at - WINDOW + EDGE
        until = min(upper - SECOND if upper else one.sent_at, one.sent_at - SKEW)
        kinds = _kinds(one)
        wanted = {
            key: each
            for key, each in known[query["patientId"]].items()
            if each.kind in kinds
            and are_between(since, each.at, until)
            # What was sent later, or is in no earlier list, was not there yet, whatever time of creation it has.
            and sent.get(each.subject, one.sent_at) <= one.sent_at
            and each.since <= one.sent_at
        }
        missing = sorted(wanted.keys() - set(identifiers(one, items(one))))
        it.that(
            not missing,
            "relation:no-item-is-missing",
            "every item of the other lists that its bounds and options select",
            f"{len(missing)} of {len(wanted)} missing, such as {show(missing[0])} of {wanted[missing[0]].where.name}"
            if missing
            else "",
            # What a word of an order means is inferred for the inbox; that it is sorted by a key is documented.
            advice=not sure_of_orders and "sortOrder" in query,
        )

    judge(lists, has_all)
    demand_some(
        any(known.values()), "no item of a list shows an id and a time that names an instant"
    )


def _known(lists: Iterable[Exchange]) -> dict[str, dict[str, Known]]:
    """Return, by patient and id, the messages that lists show, without those that two lists show otherwise."""
    found: dict[str, dict[str, Known]] = defaultdict(dict)
    torn: set[str] = set()
    for one in lists:
        of_patient = found[dict(one.request.query)["patientId"]]
        for item, key in named(one):
            each = _read(one, item)
            if each is None:
                continue
            before = of_patient.setdefault(key, each)
            if each.since < before.since:
                of_patient[key] = before._replace(since=each.since)
            if before.kind != each.kind or not {*before.at} & {*each.at}:
                torn.add(key)
    return {
        patient: {key: each for key, each in of_patient.items() if key not in torn}
        for patient, of_patient in found.items()
    }


def _read(one: Exchange, item: Item) -> Known | None:
    """Return an item with its type and instant; None where either can't be read without doubt."""
    kinds = _kinds(one)
    kind = item.get("notificationType", next(iter(kinds)) if len(kinds) == 1 else None)
    name = "remindDateTime" if kind == "REMINDER" else "createDateTime"
    doubtful = kind not in KINDS or (kind == "MESSAGE" and item.get("remindDateTime") is not None)
    if doubtful or item.get(name) is None:
        return None
    try:
        return Known(
            str(kind), moments(one, item, name), one, str(item.get("subject")), one.sent_at
        )
    except (CouldNotTellError, FindingsError):
        return None  # what is wrong with a time is the finding of the checks that read this list


def _keeps_its_order(answers: list[Exchange], plain: Exchange) -> None:
    def is_so(it: Expect) -> None:
        order = {k: v for k, v in it.exchange.request.query if k in ORDER}
        read = [_read(it.exchange, item) for item in items(it.exchange)]
        times = [one.at for one in read if one is not None and one.kind == "MESSAGE"]
        if len(times) < len(read):
            return
        if order in ASCENDING:
            index = disorder(times, descending=False)
            expected, actual = "no older than the item before it", "older than the item before it"
            it.that(index is None, "/items/*/createDateTime", expected, actual)
        if order.get("sortBy") == "priority":
            found = [_priority(item) for item in items(it.exchange)]
            seams = sum(before != after for before, after in pairwise(found))
            groups = len(set(found))
            at = "relation:items-of-one-priority-stand-together"
            sure = None not in found
            together = not sure or seams < max(groups, 1)
            it.that(together, at, counted(groups, "group"), counted(seams + 1, "group"))

    judge(asked(answers, plain), is_so)


def _priority(item: Item) -> Any:
    value = item.get("priority")
    found = value.get("value") if isinstance(value, dict) else value
    return found if isinstance(found, str) else None


def _types(one: Exchange) -> set[str]:
    return {value for name, value in one.request.query if name == "notificationType"}


def _kinds(one: Exchange) -> set[str]:
    """Return the types that were asked for, or that come by default."""
    return _types(one) or {"MESSAGE"}
