"""Rules that the lists of messages keep: order, window, ids, and two lists that must hold the same items.

Two lists of one patient are asked for at different moments, and a message may arrive in between. So they are
compared only where nothing can move: away from the window's far edge, and before the earlier request.
Each rule adds its findings to an `Expect`, and raises CouldNotTellError where there is nothing to see.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from golive import (
    Exchange,
    Expect,
    SuiteError,
    ThinDataError,
    counted,
    show,
)
from suites.common import lists
from suites.common.lists import PAGE, identifiers, items, member
from suites.messages.lists import Moments, are_between, disorder, moments, some_items, sure_moments

if TYPE_CHECKING:
    from collections.abc import Collection

    from suites.common.lists import Item

LOWER = "createDateTimeGreaterThanOrEqualTo"
UPPER = "createDateTimeLessThanOrEqualTo"
WINDOW = timedelta(days=90)
"""How far a list reaches back when no lower bound is given (contract-facts §3)."""

EDGE = timedelta(hours=2)
"""How near to the far end of the window nothing is judged: 90 days may hold a change of the clocks."""

SKEW = timedelta(minutes=5)
"""How far the server's clock may be from this machine's, and how long a new message may take to show."""

RECENT = timedelta(days=2)
"""In how many days nobody receives more than a page of messages."""

SHIFT = 37
"""By how many items a long list is shifted to see whether one is lost at a place: a prime beside every batch size."""

SEAM = 101
"""Items of which a list must have more than the batches in which servers read."""

CROWDED = "Choose another patient as test_data.crowded_patient, one with more than 1,000 messages."

FEWER = f"Choose a patient with fewer than {PAGE} messages."
SECOND = timedelta(seconds=1)
"""Bounds come in whole seconds; the server may keep finer times."""


def bound(exchange: Exchange, name: str) -> datetime:
    """Return a date bound that the request carried, in UTC; raises SuiteError where it carried none."""
    value = dict(exchange.request.query).get(name)
    if value is None:
        raise SuiteError(f"{exchange.name} was asked for without {name}")
    return datetime.fromisoformat(value)


def inner_bounds(exchange: Exchange) -> tuple[datetime, datetime]:
    """Choose two bounds, in whole seconds, that leave items of the list outside on both sides.

    Each bound is the time of an item, and at least one item is between them.
    """
    times = (at for _, at in sure_moments(exchange, items(exchange)))
    ordered = sorted({at.replace(microsecond=0) for at in times})
    if len(ordered) < 5:
        raise ThinDataError(
            f"{exchange.name} has fewer than five items of different times to set bounds between",
            next_step="Choose a patient with at least five messages of the last 90 days.",
        )
    return ordered[1], ordered[-2]


def shifted_bound(exchange: Exchange) -> datetime:
    """Return the time of an item near the front of a long list: by a number that no batch of a server has."""
    found = some_items(exchange)
    if len(found) < SEAM:
        raise ThinDataError(f"{exchange.name} has fewer than {SEAM} items", next_step=CROWDED)
    sure = sure_moments(exchange, found[SHIFT:])
    if not sure:
        raise ThinDataError(
            f"{exchange.name} has no time that names one instant", next_step=CROWDED
        )
    return sure[0][1].replace(microsecond=0)


def shown(exchange: Exchange, item: Item) -> Moments:
    """Return the instants by which the lists may select: show-up for a reminder, creation for a message."""
    reminds = item.get("remindDateTime") is not None
    return moments(exchange, item, "remindDateTime" if reminds else "createDateTime")


def whole(exchange: Exchange) -> list[Item]:
    """Return the items of a list that is not cut; raises CouldNotTellError for a full page."""
    return lists.whole(exchange, next_step=FEWER)


def keeps_order(it: Expect, *, descending: bool, name: str = "createDateTime") -> None:
    """The items stand in the order of the member `name`; equals may stand in any order."""
    exchange = it.exchange
    times = [moments(exchange, item, name) for item in some_items(exchange)]
    if len(set(times)) < 2:
        raise ThinDataError(
            f"{exchange.name} has no two items of different times",
            next_step="Choose a patient with several messages.",
        )
    index = disorder(times, descending=descending)
    word = "newer" if descending else "older"
    it.that(
        index is None,
        f"/items/{index}/{name}",
        f"no {word} than the item before it",
        f"{word} than the item before it",
    )


def groups_priorities(it: Expect) -> None:
    """The items of one priority stand together."""
    exchange = it.exchange
    values = [str(member(exchange, item, "priority", "value")) for item in some_items(exchange)]
    if len(set(values)) < 2:
        raise ThinDataError(
            f"{exchange.name} has items of one priority only",
            next_step="Choose a patient with messages of both priorities.",
        )
    seams = sum(before != after for before, after in pairwise(values))
    it.that(
        seams < len(set(values)),
        "relation:items-of-one-priority-stand-together",
        counted(len(set(values)), "group"),
        counted(seams + 1, "group"),
    )


def injects_within(
    it: Expect,
    lower: datetime | None = None,
    upper: datetime | None = None,
    *,
    what: str,
    name: str = "createDateTime",
) -> None:
    """Every item's time `name` is within the bounds, both included; `what` says so in words."""
    exchange = it.exchange
    times = [moments(exchange, item, name) for item in some_items(exchange)]
    outside = [
        index
        for index, readings in enumerate(times)
        if not any(
            (lower is None or at >= lower) and (upper is None or at < upper + SECOND)
            for at in readings
        )
    ]
    if outside:
        first = show(f"{times[outside[0]][0]:%Y-%m-%dT%H:%M:%SZ}")
        it.violated(
            f"/items/{outside[0]}/{name}",
            f"every item {what}",
            f"{len(outside)} of {counted(len(times), 'item')} outside, the first at {first}",
        )


def holds(it: Expect, wanted: Collection[str], what: str) -> None:
    """The list has these ids; `what` names them for a person."""
    lists.holds(it, wanted, what, next_step=FEWER)


def settled(
    exchange: Exchange, since: datetime, until: datetime, *, status: str | None = None
) -> set[str]:
    """Return the ids of the items, or of those in one status, strictly between two instants, however read."""
    found = [item for item in whole(exchange) if are_between(since, shown(exchange, item), until)]
    if status is not None:
        found = [item for item in found if member(exchange, item, "status") == status]
    return set(identifiers(exchange, found))


def is_settled_between(*exchanges: Exchange) -> tuple[datetime, datetime]:
    """Return the instants between which lists with the default window can't differ by their times."""
    times = [exchange.sent_at.astimezone(UTC) for exchange in exchanges]
    return max(times) - WINDOW + EDGE, min(times) - SKEW


def same_items(it: Expect, *others: Exchange) -> None:
    """The list holds what the others hold together, as far as time can't have made the difference."""
    exchange = it.exchange
    since, until = is_settled_between(exchange, *others)
    wanted = set[str]().union(*(settled(other, since, until) for other in others))
    mine = settled(exchange, since, until)
    if not wanted and not mine:
        raise ThinDataError(
            f"{exchange.name} and {others[0].name} have no items to compare",
            next_step="Choose a patient who has had messages for longer than a few minutes.",
        )
    names = " and ".join(other.name for other in others)
    holds(it, wanted, f"every item of {names}")
    known = {one for other in others for one in identifiers(other, items(other))}
    extra = sorted(mine - known)
    it.that(
        not extra, "relation:no-item-is-added", f"only items of {names}", f"added: {show(extra)}"
    )


def shares_nothing(it: Expect, other: Exchange) -> None:
    """The two lists have no id in common; both must have items."""
    mine = set(identifiers(it.exchange, some_items(it.exchange)))
    common = sorted(mine & set(identifiers(other, some_items(other))))
    it.that(
        not common, "relation:no-common-item", f"none of {other.name}", f"common: {show(common)}"
    )


def reaches_back(it: Expect, usual: Exchange, before: Exchange) -> None:
    """The list holds what the usual one holds, and the items of the time before its window."""
    since, until = is_settled_between(it.exchange, usual)
    old = identifiers(before, whole(before))
    wanted = settled(usual, since, until).union(old)
    holds(it, wanted, f"every item of {usual.name} and of {before.name}")
    if not old:
        raise ThinDataError(
            f"{before.name} is empty, so nothing shows that a list can reach further back",
            next_step="Choose a patient who also has messages older than 90 days.",
        )


def reaches_back_from(it: Expect, usual: Exchange) -> None:
    """The list, asked for with an upper bound alone, holds what the usual one has from before that bound."""
    since, _ = is_settled_between(it.exchange, usual)
    upper = bound(it.exchange, UPPER) - SECOND
    wanted = settled(usual, since, upper)
    if not wanted:
        raise ThinDataError(
            f"{usual.name} has no item from before the bound of {it.exchange.name}",
            next_step="Choose a patient with at least five messages of the last 90 days.",
        )
    holds(it, wanted, f"every item of {usual.name} from before the bound")
