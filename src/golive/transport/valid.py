"""Whether the contract allows a request, and which of its members are only guessed.

A mistake of the suite's must never be taken for one of the API. And public text does not name every member of a
request: the request schemas mark what is inferred, and a valid request that is refused while it uses such a name may
be refused for the name, which is no broken contract. A name that another request of the run was accepted with is
settled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golive.contract.label import Basis
from golive.contract.outcomes import CouldNotTellError, InvalidRequestError
from golive.exchanges.error_body import gateway_pairs
from golive.exchanges.writes import json_of
from golive.kit.problems import which
from golive.kit.wire import steps_aside
from golive.redaction.rendering import show, show_word
from golive.transport.plain import id_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from golive.contract.document import Contract
    from golive.contract.operations import Operation, Place
    from golive.environment import Environment

    Scalar = str | int | bool
    """What a suite may give as the value of a parameter."""
    from collections.abc import Iterator

    from golive.exchanges.model import Exchange, Request


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


NOT_OF_THE_BODY = frozenset({401, 405, 406, 411, 414, 415, 417, 426, 431})
"""Refusals that speak of the token, the method, the URL or the headers (RFC 9110 §15.5; RFC 6585 §5)."""


def guessed_members(contract: Contract, request: Request) -> dict[str, str]:
    """Return the guessed members that a request's body uses: where they are defined, by their paths.

    A path is such as `recipients/id`, without the indices of arrays; a definition is a schema and a name.
    """
    known = contract.operations.get(request.operation)
    name = known.body if known else None
    if name is None:
        return {}
    base, schema = contract.address(name), contract.schema(name)
    return dict(_guessed(contract, base, schema, json_of(request), "", inferred=False))


def _guessed(
    contract: Contract, base: str, node: Any, value: Any, path: str, *, inferred: bool
) -> Iterator[tuple[str, str]]:
    if not isinstance(node, dict):
        return
    inferred = _is_inferred(node, inferred)
    if "$ref" in node:
        target, resolved = contract.resolve(base, node["$ref"])
        yield from _guessed(contract, target, resolved, value, path, inferred=inferred)
    for part in node.get("allOf", ()):
        yield from _guessed(contract, base, part, value, path, inferred=inferred)
    if isinstance(value, list):
        for item in value:
            yield from _guessed(contract, base, node.get("items"), item, path, inferred=inferred)
    if not isinstance(value, dict):
        return
    properties = node.get("properties", {})
    for name, member in value.items():
        sub = properties.get(name)
        here = f"{path}/{name}" if path else name
        named = isinstance(sub, dict) and _is_inferred(sub, inferred)
        if named or (inferred and name in node.get("required", ())):
            yield here, f"{base}#{name}"
        yield from _guessed(contract, base, sub, member, here, inferred=inferred)


def _is_inferred(node: dict[str, Any], above: bool) -> bool:
    return Basis(node["x-basis"]) is Basis.INFERRED if "x-basis" in node else above


def unsettled(contract: Contract, request: Request, *others: Exchange) -> list[str]:
    """Return the paths of guessed members that none of the other requests was accepted with."""
    accepted = [guessed_members(contract, one.request) for one in others if one.succeeded]
    known = {definition for names in accepted for definition in names.values()}
    guessed = guessed_members(contract, request)
    return [path for path, definition in guessed.items() if definition not in known]


def guess_to_blame(
    contract: Contract, exchange: Exchange, *others: Exchange
) -> CouldNotTellError | None:
    """Return what to say of a refusal that a guessed name may have caused; None where none can have.

    `others` are exchanges of the same run that settle the names which they were accepted with.
    """
    names = unsettled(contract, exchange.request, *others) if is_of_the_body(exchange) else []
    if not names:
        return None
    return CouldNotTellError(
        f"{exchange.request.operation}: a message was answered {exchange.status}, and the names "
        f"of its members {', '.join(names)} are only inferred, so they may be to blame; {own_words(exchange)}",
        next_step="Read the service's own words: where it names these members otherwise, correct the "
        "schemas of the request; else correct the test data that they name.",
        unsettled_shape=True,
    )


def demand_accepted(contract: Contract, exchange: Exchange, *others: Exchange) -> None:
    """Raise CouldNotTellError unless a message was accepted: nothing can be said of what was not sent."""
    if exchange.succeeded:
        return
    raise guess_to_blame(contract, exchange, *others) or CouldNotTellError(
        f"{exchange.name} was answered {exchange.status}, so nothing was sent that could be looked at",
        next_step="Fix the finding about the sending first.",
    )


def is_of_the_body(exchange: Exchange) -> bool:
    """Return whether a refusal can be owed to the body: not one of the token, nor of the server's own failing."""
    if not 400 <= exchange.status < 500 or exchange.status in NOT_OF_THE_BODY:
        return False
    return "error" not in gateway_pairs(exchange)


def own_words(exchange: Exchange) -> str:
    """Return what an error's body says in `code` and `message`, as far as that may be shown."""
    if not isinstance(body := exchange.json_or_none, dict):
        return "its body says nothing that can be read"
    code, message = body.get("code"), body.get("message")
    said = [f"code {show_word(code)}"] if isinstance(code, str) or type(code) is int else []
    said += [f"message {show(message)}"] if isinstance(message, str) else []
    return f"it says: {', '.join(said)}" if said else "its body has neither code nor message"
