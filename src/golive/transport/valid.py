"""Whether the contract allows a request: a mistake of the suite's must never be taken for one of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.contract.outcomes import CouldNotTellError, InvalidRequestError
from golive.kit.problems import which
from golive.kit.wire import steps_aside
from golive.transport.plain import id_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from golive.contract.document import Contract
    from golive.contract.operations import Operation, Place
    from golive.environment import Environment

    Scalar = str | int | bool
    """What a suite may give as the value of a parameter."""

LONGEST_ID = 2000
"""Characters; servers refuse longer URLs, and the ids that were seen have some dozens."""


def demand_described(
    contract: Contract, operation: Operation, query: set[str], path: set[str], body: object
) -> None:
    """Raise InvalidRequestError where the parameters are not those of the operation, or the body breaks its schema."""
    name = operation.operation_id
    for place, given in (("query", query), ("path", path)):
        known = operation.parameter_names(place)
        if unknown := ", ".join(sorted(given - known)):
            hint = which(unknown, known)
            raise InvalidRequestError(f"{name} has no {place} parameter {unknown}. {hint}")
        if missing := ", ".join(sorted(operation.required(place) - given)):
            raise InvalidRequestError(f"{name} needs the {place} parameter {missing}")
    if operation.body is None and body is not None:
        raise InvalidRequestError(f"{name} takes no body")
    violations = contract.violations(operation.body, body) if operation.body else []
    if violations:
        first = violations[0]
        raise InvalidRequestError(f"{name}: body{first.at} must be {first.expected}")


def demand_allowed(
    contract: Contract,
    environment: Environment,
    operation: Operation,
    values: Iterable[tuple[Place, list[str]]],
) -> None:
    """Raise InvalidRequestError where the contract allows no such value of a parameter.

    Raises CouldNotTellError for one that the environment's test data has: that is the mistake of the environment file.
    """
    for place, texts in values:
        violations = contract.value_violations(operation, place, texts)
        if not violations:
            continue
        name, at, expected = place[1], violations[0].at, violations[0].expected
        key = operation.test_data.get(place)
        data = environment.get(f"test_data.{key}") if key else None
        if data is not None and texts == [id_of(data)]:
            raise CouldNotTellError(
                f"test_data.{key} is no value of {name} ({operation.operation_id}): it must be {expected}",
                next_step="Correct it in the environment file.",
                configuration=True,
            )
        raise InvalidRequestError(
            f"{operation.operation_id}: the value of {name}{at} must be {expected}; a request that is wrong on purpose "
            "is made of a valid one, and sent with api.send"
        )


def texts_of(value: Scalar | Iterable[Scalar]) -> list[str]:
    """Return the texts that stand in a URL for one value, or for several."""
    return [text_of(value)] if isinstance(value, str | int) else [text_of(one) for one in value]


def text_of(value: object) -> str:
    """Write a value as it stands in a URL."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def demand_segment(value: str) -> None:
    """Raise CouldNotTellError for a value, an id that the service gave, that can be no segment of a path."""
    dots = steps_aside(value)
    printable = value.encode("utf-8", "replace") == value.encode("utf-8", "surrogatepass")
    if dots or not printable or not 0 < len(value) <= LONGEST_ID:
        raise CouldNotTellError(
            "the id that was answered can't stand in a URL: it is empty, has dots for a step of the path, more than "
            f"{LONGEST_ID} characters, or half a character",
            next_step="See the findings of the checks of that answer.",
        )
