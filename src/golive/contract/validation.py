"""A place where an instance breaks a schema; and `null` for «no value», which is as good as an absent optional member.

The latter is recorded as advice (contract-facts §9). A required member that is null is as wrong as one that is absent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from golive.contract.label import Basis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(frozen=True)
class Violation:
    """One place where an instance breaks a schema. `at` is a JSON pointer, `""` for the whole.

    `basis` and `source` are those of the nearest marked node; a source is None where no node names one.
    """

    at: str
    expected: str
    actual: str
    basis: Basis
    source: str | None = None


NULL = "null"
"""How a violation shows the value."""


def as_absent(
    found: list[Violation], instance: Any, again: Callable[[Any], Iterable[Violation]]
) -> list[Violation]:
    """Return the violations, those that only say «null» of an optional member as inferred.

    `again` returns the violations of another instance: it is asked what is wrong without the null members.
    """
    if all(one.actual != NULL for one in found):
        return found
    smaller = without_nulls(instance)
    if smaller == instance:  # no null of a member
        return found
    still = {one.at for one in again(smaller)}
    return [
        replace(one, basis=Basis.INFERRED) if one.actual == NULL and one.at not in still else one
        for one in found
    ]


def without_nulls(value: Any) -> Any:
    """Return a copy of a JSON value without the members that are null; arrays keep every item."""
    match value:
        case dict():
            return {k: without_nulls(v) for k, v in value.items() if v is not None}
        case list():
            return [without_nulls(one) for one in value]
    return value
