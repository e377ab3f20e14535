"""What a run has proven of each operation that the environment claims: passes against a real success.

A pass counts once for each operation whose success the check has read. An empty list has an envelope and no
item, so a pass against empty lists alone is counted apart, and meets no demand. An operation of which a
deciding check was selected, and none passed against a success with content, is not proven; nor is one that a whole
run asked and no answer of which was a success, whatever its checks demand.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from golive.checks.verdict import Outcome
from golive.contract.outcomes import CouldNotTellError, NotClaimedError
from golive.exchanges.model import exchanges_in
from golive.kit.pointers import found_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from golive.contract.document import Contract
    from golive.environment import Environment
    from golive.exchanges.model import Exchange
    from golive.exchanges.registry import Key
    from golive.exchanges.schedule import Result


class Strength(StrEnum):
    """How much of an operation's success a check has read."""

    FULL = "full"
    ENVELOPE = "envelope"


@dataclass(frozen=True)
class Proofs:
    """The proofs of one operation: passes against a full success, and against empty lists alone.

    `demanded` is the least number of full ones, None where the environment demands none. `selected` says whether
    a deciding check of the operation was, and `reason` why the first of those without a verdict has none, or what was
    answered. `unread` says that a whole run asked it without any success.
    """

    operation: str
    full: int
    envelope_only: int
    demanded: int | None
    selected: bool = True
    reason: str = ""
    unread: bool = False

    @property
    def lacking(self) -> bool:
        """Whether there are fewer than the environment demands."""
        return self.demanded is not None and self.full < self.demanded

    @property
    def unproven(self) -> bool:
        """Whether the run was to judge the operation, and has read no success with content."""
        return self.unread or (self.selected and not self.full)

    def as_dict(self) -> dict[str, object]:
        """Return the proofs as they stand in `summary.json`."""
        shown = ("operation", "envelope_only", "demanded", "lacking", "selected", "unproven")
        return {"proofs": self.full, **{name: getattr(self, name) for name in shown}}


def proves(values: Iterable[object], contract: Contract) -> dict[str, str]:
    """Return the operations whose success is among these arguments of a check, and how much of it."""
    found: dict[str, Strength] = {}
    for exchange in exchanges_in(values):
        strength = _strength(exchange, contract)
        operation = exchange.request.operation
        if strength and found.get(operation) is not Strength.FULL:
            found[operation] = strength
    return {operation: str(strength) for operation, strength in found.items()}


def never_read(made: Mapping[Key, Result], asked: Mapping[Key, frozenset[str]]) -> dict[str, str]:
    """Return the operations that were asked and never with success, each with the first answer, or why there is none.

    `asked` are the operations of those exchanges that could not be made.
    """
    reasons: dict[str, str] = {}
    succeeded: set[str] = set()
    for key, result in made.items():
        for exchange in exchanges_in([result]):
            reasons.setdefault(exchange.request.operation, f"it answered {exchange.status}")
            if exchange.succeeded:
                succeeded.add(exchange.request.operation)
        if isinstance(result, CouldNotTellError | NotClaimedError):
            absent = "the environment does not say " if isinstance(result, NotClaimedError) else ""
            for operation in asked.get(key, ()):
                reasons.setdefault(operation, f"{absent}{result}")
    return {name: reason for name, reason in reasons.items() if name not in succeeded}


def counted(
    environment: Environment,
    results: Iterable[Mapping[str, Any]],
    unread: Mapping[str, str] | None = None,
) -> list[Proofs]:
    """Count the proofs of each operation that the environment claims, in the order of its claims.

    `unread` are the operations of which a whole run has read no success, see `never_read`.
    """
    unread = unread or {}
    count: Counter[tuple[str, str]] = Counter()
    selected: dict[str, str] = {}
    for result in results:
        if not result["deciding"]:
            continue
        if result["outcome"] == Outcome.PASSED:
            count.update(result.get("proves", {}).items())
        for operation in result.get("operations", ()):
            selected[operation] = selected.get(operation) or _reason(result)
    return [
        Proofs(
            operation=operation,
            full=count[operation, Strength.FULL],
            envelope_only=count[operation, Strength.ENVELOPE],
            demanded=environment.demands.get(operation),
            selected=operation in selected,
            reason=selected.get(operation) or unread.get(operation, ""),
            unread=operation in unread,
        )
        for operation in environment.claims.operations
    ]


def _reason(result: Mapping[str, Any]) -> str:
    """Say why a check has no verdict, empty where it has one."""
    if result["outcome"] not in (Outcome.COULD_NOT_TELL, Outcome.NOT_CLAIMED, Outcome.NOT_SEEN):
        return ""
    return str(result.get("cause") or result.get("reason") or "")


def _strength(exchange: Exchange, contract: Contract) -> Strength | None:
    operation = contract.operations.get(exchange.request.operation)
    if operation is None or not exchange.succeeded:
        return None
    items = operation.items(exchange.status) or operation.items()
    if items is None and (operation.writes or operation.schema(exchange.status) is None):
        return Strength.FULL  # a write may be answered without a body
    body = None if exchange.response.lacks_body else exchange.json_or_none
    if items is None:
        return Strength.FULL if isinstance(body, dict) else None
    listed = found_at(body, items) if isinstance(body, dict) else None
    if not isinstance(listed, list):
        return None  # nobody knows whether a list that stands elsewhere is empty
    return Strength.FULL if listed else Strength.ENVELOPE
