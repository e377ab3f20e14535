"""Which members of a request are only guessed, and what a refusal of such a request can mean.

Public text does not name every member of a request. The request schemas mark what is inferred, and a valid request
that is refused while it uses such a name may be refused for the name: that is no broken contract. A name that
another request of the run was accepted with is settled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golive.contract.label import Basis
from golive.contract.outcomes import CouldNotTellError
from golive.exchanges.error_body import gateway_pairs
from golive.exchanges.writes import json_of
from golive.redaction.rendering import show, show_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive.contract.document import Contract
    from golive.exchanges.model import Exchange, Request

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
    names = unsettled(contract, exchange.request, *others) if _is_of_the_body(exchange) else []
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


def _is_of_the_body(exchange: Exchange) -> bool:
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
