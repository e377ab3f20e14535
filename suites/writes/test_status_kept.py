"""What a change of status made, and an answer showed, is not undone: of whatever lists and changes a run has made."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from golive import Environment, Exchange, Expect, Steps, check, counted, json_of
from suites.common.alike import lists_of
from suites.common.judging import judge
from suites.common.lists import integer_of
from suites.messages.asked import demand_some, named
from suites.messages.citations import STATUS_UPDATE, STATUSES
from suites.messages.status_choice import VERSIONS
from suites.messages.status_steps import FIRST, named_in

if TYPE_CHECKING:
    from collections.abc import Iterable

CHANGE = "updateMessageStatus"


class Shown(NamedTuple):
    """A message in one list: its status, and its two versions as far as they are whole numbers."""

    where: Exchange
    status: object
    versions: tuple[int | None, ...]


@check(
    "status-change-is-not-undone",
    level="must",
    basis="documented",
    source=f"{STATUSES}; {STATUS_UPDATE}",
)
def test_a_change_of_status_is_not_undone(
    answers: list[Exchange], environment: Environment, status_tour: Steps
) -> None:
    """A status that a change gave and an inbox showed is not the former one later, with the versions from before.

    Greater versions are those of another change, by whomever; smaller ones nobody makes. Where a list may still come
    from a replica that is behind, nothing is judged.
    """
    plain = status_tour[FIRST]
    changes = _changes(answers, plain)
    shown = _shown(answers, plain, {one for _, ids in changes for one in ids})
    late = timedelta(seconds=environment.safety.visible_within)
    undone, seen = Counter[int](), False
    for change, ids in changes:
        for one in ids if change.succeeded else ():
            others = [other for other, also in changes if other is not change and one in also]
            first, later = _afterwards(change, others, shown[one])
            if first is None:
                continue
            seen = True
            undone.update(
                id(found.where)
                for found in later
                if found.where.sent_at > change.ended_at + late and _is_before(found, first)
            )

    def keeps_them(it: Expect) -> None:
        number = undone[id(it.exchange)]
        expected = "each message in the status that a change gave it, until its next change"
        actual = (
            f"{counted(number, 'message')} in another one, with versions from before the change"
        )
        it.that(not number, "relation:status-lasts", expected, actual)

    judge(lists_of(answers, plain), keeps_them)
    demand_some(seen, "no change of status was accepted and shown")


def _changes(answers: Iterable[Exchange], plain: Exchange) -> list[tuple[Exchange, list[str]]]:
    """Return the changes of the tenant that may have been made, each with the ids that it names."""
    above = plain.request.url.partition("/patientMessages/")[0]
    return [
        (one, named_in(json_of(one.request)))
        for one in answers
        if one.request.operation == CHANGE and one.request.url.startswith(f"{above}/")
        if not 400 <= one.status < 500
    ]


def _shown(answers: Iterable[Exchange], plain: Exchange, ids: set[str]) -> dict[str, list[Shown]]:
    """Return how lists show these messages, in the order in which they were asked for; not what one has twice."""
    found: dict[str, list[Shown]] = defaultdict(list)
    for one in sorted(lists_of(answers, plain), key=lambda each: each.sent_at):
        listed = [pair for pair in named(one) if pair[1] in ids]
        times = Counter(key for _, key in listed)
        for item, key in listed:
            versions = tuple(integer_of(item.get(name)) for name in VERSIONS)
            if times[key] == 1:
                found[key].append(Shown(one, item.get("status"), versions))
    return found


def _afterwards(
    change: Exchange, others: list[Exchange], shown: list[Shown]
) -> tuple[Shown | None, list[Shown]]:
    """Return the first list that shows a change made, and those after it that show another status.

    All of them came before any other change of the message; after one at the same time, nothing is known.
    """
    if any(one.sent_at < change.ended_at and one.ended_at > change.sent_at for one in others):
        return None, []
    until = min((one.sent_at for one in others if one.sent_at >= change.sent_at), default=None)
    known = [
        one
        for one in shown
        if one.where.sent_at > change.ended_at and (until is None or one.where.ended_at < until)
    ]
    body = json_of(change.request)
    wanted = body.get("status") if isinstance(body, dict) else None
    first = next((one for one in known if one.status == wanted), None)
    if first is None:
        return None, []
    after = (one for one in known if one.where.sent_at > first.where.ended_at)
    return first, [one for one in after if one.status != wanted]


def _is_before(later: Shown, first: Shown) -> bool:
    """Return whether a version is smaller than it was, and none greater."""
    pairs = [*zip(later.versions, first.versions, strict=True)]
    known = [(now, then) for now, then in pairs if now is not None and then is not None]
    fell = any(now < then for now, then in known)
    return fell and all(now <= then for now, then in known)
