"""What the tour of statuses shows to its checks: the changes, and the statuses that messages had, kept or lost."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from golive import CouldNotTellError, Exchange, Expect, Finding, counted
from suites.common.lists import identifiers, items, member
from suites.messages.status_steps import moves as moves_of

if TYPE_CHECKING:
    from golive import Steps
    from suites.messages.status_steps import Move

NEXT = (
    "Fix the findings about the changes before it, if there are any; else give the patient for writing more messages: "
    "two of one status at least."
)


def reverted(steps: Steps, move: Move, status: str) -> list[Finding]:
    """Return a finding for each message of a change that lost its status later, while others were changed."""
    moves = moves_of(steps)
    found = []
    for later in moves[moves.index(move) + 1 :]:
        kept = [one for one in move.ids if one not in _named_since(moves, move, later)]
        try:
            now = statuses(later.after)
        except CouldNotTellError:
            continue  # the doubt is that of the later change's own check
        lost = [one for one in kept if now.get(one) not in (status, None)]
        if lost and all(statuses(move.after).get(one) == status for one in lost):
            it = Expect(later.after)
            it.violated(
                "relation:status-lasts",
                f"{status} as it was set by {move.name}, until the next change of the message",
                f"{len(lost)} of {counted(len(move.ids), 'message')} with another status after {later.name}",
            )
            found += it.findings
            break
    return found


def _named_since(moves: list[Move], first: Move, last: Move) -> set[str]:
    between = moves[moves.index(first) + 1 : moves.index(last) + 1]
    return {one for move in between for one in move.ids}


def fallen_back(moves: list[Move], move: Move) -> set[str]:
    """Return the messages that show again the status from before the last change that named them."""
    now = statuses(move.after)
    last = {one: earlier for earlier in moves[: moves.index(move)] for one in earlier.ids}
    return {one for one, named in last.items() if statuses(named.before).get(one) == now.get(one)}


def moved_beside(moves: list[Move], move: Move) -> set[str]:
    """Return the messages that have another status after a change which does not name them."""
    before, after = statuses(move.before), statuses(move.after)
    others = (before.keys() & after.keys()) - set(move.ids) - fallen_back(moves, move)
    return {one for one in others if before[one] != after[one]}


def moved_along(moves: list[Move], touched: list[set[str]]) -> set[str]:
    """Return the messages that came with two changes to the status of each; `touched` has a set for each change."""
    found: Counter[str] = Counter()
    for move, beside in zip(moves, touched, strict=True):
        wanted, now = move.name.rpartition("-")[2].upper(), statuses(move.after)
        found.update(one for one in beside if now[one] == wanted)
    return {one for one, times in found.items() if times > 1}


def demand_nobody_else(steps: Steps, what: str = "") -> None:
    """Raise CouldNotTellError where messages moved that no update named, and none of them along with a second change.

    `what` says first what may be owed to somebody else.
    """
    moves = moves_of(steps)
    touched = [moved_beside(moves, move) for move in moves]
    if any(touched) and not moved_along(moves, touched):
        raise CouldNotTellError(
            f"{what}messages that no update named have another status ({len(set().union(*touched))}), and none of them "
            "moved along with a second change: somebody else may have changed them",
            next_step="Run again while nobody else works on the messages of test_data.write_patient.",
        )


def some_moves(steps: Steps) -> list[Move]:
    """Return the changes that were tried, one at least."""
    found = moves_of(steps)
    demand_some(found, "any change")
    return found


def accepted(steps: Steps) -> list[Move]:
    """Return the changes that were accepted; a refusal is the finding of the change's own check."""
    found = [move for move in moves_of(steps) if move.change.succeeded]
    demand_some(found, "any accepted change")
    return found


def move_of(steps: Steps, name: str) -> Move:
    """Return the change of this name."""
    found = [move for move in moves_of(steps) if move.name == name]
    demand_some(found, "every change")
    return found[0]


def step_of(steps: Steps, name: str) -> Exchange:
    """Return a step of the tour."""
    if name not in steps:
        raise CouldNotTellError("the tour of statuses ended early, without every one of its steps")
    return steps[name]


def demand_some(found: list[Move], what: str) -> None:
    """Raise CouldNotTellError where there is none; `what` names what was looked for."""
    if not found:
        raise CouldNotTellError(f"the tour of statuses ended without {what}", next_step=NEXT)


def statuses(inbox: Exchange) -> dict[str, object]:
    """Return the status that an inbox shows of each message, by id."""
    found = items(inbox)
    states = [member(inbox, item, "status") for item in found]
    return dict(zip(identifiers(inbox, found), states, strict=True))
