"""`null` for «no value»: for an optional member it is as good as its absence (contract-facts §9).

It is recorded as advice. A required member that is null is as wrong as one that is absent.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from golive.verdict import Basis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from golive.contract import Violation

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
