"""Known deviations: failures that an environment tolerates until a day, and when an entry is out of date.

A tolerated failure is shown and does not decide. An entry is stale when its day is past, when its check
passes, or when no check has its id; what came to no verdict in a run says nothing about an entry. Nothing
here writes the environment file: proposals are text for a person, who has to give the reason and the ticket.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from textwrap import indent
from typing import TYPE_CHECKING, Any

import yaml

from golive.checks.verdict import Outcome
from golive.kit.problems import did_you_mean, shown_path
from golive.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from golive.environment import Environment, KnownDeviation

LONGEST_PROPOSAL = timedelta(days=30)
"""How far ahead a proposed entry reaches at most."""


class State(StrEnum):
    """What a run has shown of one entry."""

    LIVE = "live"
    NOT_JUDGED = "not judged"
    EXPIRED = "expired"
    PASSES = "passes now"
    MATCHES_NOTHING = "matches nothing"


STALE = frozenset({State.EXPIRED, State.PASSES, State.MATCHES_NOTHING})


@dataclass(frozen=True)
class Standing:
    """One entry as a run leaves it; `place` is FILE:LINE: KEY, `words` say why it is in this state."""

    entry: KnownDeviation
    place: str
    line: int | None
    state: State
    words: str

    @property
    def stale(self) -> bool:
        """Whether the entry has to be taken out or renewed."""
        return self.state in STALE

    @property
    def yaml(self) -> str:
        """The entry as it stands in the file, for who has to find and delete it."""
        return as_yaml(self.entry)

    def as_dict(self) -> dict[str, object]:
        """Return the standing as it stands in `summary.json`."""
        return {
            "check": self.entry.check,
            "reason": redact(self.entry.reason),
            "ticket": redact(self.entry.ticket),
            "until": self.entry.until.isoformat(),
            "place": self.place,
            "line": self.line,
            "state": str(self.state),
            "stale": self.stale,
            "words": self.words,
            "yaml": redact(self.yaml),
        }


def tolerated(environment: Environment, check_id: str, today: date) -> KnownDeviation | None:
    """Return the entry that tolerates a failure of this check today, if there is one."""
    entries = environment.known_deviations
    return next((one for one in entries if one.check == check_id and today <= one.until), None)


def standings(
    environment: Environment,
    results: Iterable[Mapping[str, Any]],
    today: date,
    known: Collection[str] | None = None,
) -> list[Standing]:
    """Return what the run has shown of each entry, in the order of the file.

    `known` are the ids of all checks, selected or not; None where a run has seen only some of them, so that
    nobody can say that an entry matches nothing.
    """
    outcomes = {result["id"]: Outcome(result["outcome"]) for result in results}
    found: list[Standing] = []
    for index, entry in enumerate(environment.known_deviations):
        key = f"known_deviations[{index}]"
        place, line = f"{environment.shown_place(key)}: {key}", environment.line_of(key)
        state, words = _state(entry, outcomes.get(entry.check), today, known)
        found.append(Standing(entry, place, line, state, words))
    return found


def _state(
    entry: KnownDeviation, outcome: Outcome | None, today: date, known: Collection[str] | None
) -> tuple[State, str]:
    if today > entry.until:
        fails = outcome in (Outcome.FAILED, Outcome.ADVICE)
        also = f", and {entry.check} still fails" if fails else ""
        return State.EXPIRED, f"{entry.until} has passed{also}."
    match outcome:
        case Outcome.PASSED:
            return State.PASSES, f"{entry.check} passes now."
        case Outcome.KNOWN_DEVIATION:
            return State.LIVE, f"{entry.check} fails, tolerated until {entry.until}."
        case None if known is not None and entry.check not in known:
            hint = did_you_mean(entry.check, known)
            return State.MATCHES_NOTHING, f"no check has the id {entry.check}. {hint}".rstrip()
    return State.NOT_JUDGED, f"{entry.check} came to no verdict in this run."


def as_yaml(entry: KnownDeviation) -> str:
    """Write an entry as an item of the environment file's list."""
    item = {name: getattr(entry, name) for name in ("check", "reason", "ticket", "until")}
    text: str = yaml.safe_dump([item], width=10_000, allow_unicode=True, sort_keys=False)
    return indent(text.rstrip("\n"), "  ")


def proposal(
    environment: Environment,
    results: Sequence[Mapping[str, Any]],
    found: Iterable[Standing],
    today: date,
) -> str:
    """Write the section `known_deviations` as it would have to be: YAML with comments, "" where it is right.

    What is not stale is kept. Each failure is proposed without reason and ticket, which golive refuses to
    load, so that a person has to fill them in; none reaches further than `LONGEST_PROPOSAL`.
    """
    found = list(found)
    failed = [result for result in results if result["outcome"] == Outcome.FAILED]
    if not failed and not any(one.stale for one in found):
        return ""
    expired = {one.entry.check: one.entry for one in found if one.state is State.EXPIRED}
    items = [one.yaml for one in found if not one.stale]
    until = today + LONGEST_PROPOSAL
    for result in sorted(failed, key=lambda one: str(one["id"])):
        first = result["findings"][0]
        said = f"{first['at']}: expected {first['expected']}, got {first['actual']}"
        items.append(f"  # {_one_line(said)}")
        old = expired.get(result["id"])
        if old is not None:
            items.append(f"  # expired {old.until}: {_one_line(old.reason)} ({old.ticket})")
        items.append(f"  - check: {result['id']}\n    reason:\n    ticket:\n    until: {until}")
    line = environment.lines.get("known_deviations")
    where = f"in place of line {line} and what belongs to it" if line else "at the end"
    head = [
        f"# For {shown_path(environment.path)}, {where}. Fill in every reason and ticket:",
        "# golive does not load an entry that lacks one. Nothing was changed in the file.",
    ]
    body = ["known_deviations:", *items] if items else ["# (no entry is left: delete the section)"]
    return redact("\n".join([*head, *body])) + "\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())
