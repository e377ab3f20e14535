"""What is wrong with a request, by the contract's own description of it.

Read off the request as it was sent, so that a check needs nothing but the exchange. What the contract leaves
open (the meaning of a blank patient id, an unknown parameter, a member of a newer generation) is no flaw.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from golive.contract.harm import JSON_TEXT
from golive.contract.label import Basis

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive.contract.document import Contract
    from golive.contract.operations import Operation
    from golive.exchanges.model import Exchange, Request

INTEGER = re.compile("-?[0-9]+")
LONGEST_INTEGER = 18
"""Digits; longer ones are out of every documented range anyway."""

UNDER_A_MARK = "no other members"
"""The contract's words for a member that is not listed: newer generations may have more (§2.4)."""


@dataclass(frozen=True)
class Flaw:
    """One documented rule that a request breaks: where, what would have been right, how that is known."""

    at: str
    expected: str
    basis: Basis


def flaws(exchange: Exchange, contract: Contract) -> list[Flaw]:
    """Return the flaws of the exchange's request; none for one that no operation fits."""
    operation = contract.operation_of(exchange.request.method, exchange.request.url)
    if operation is None:
        return []
    return [
        *_of_query(exchange.request, operation),
        *_of_path(exchange.request, operation),
        *_of_headers(exchange.request, operation),
        *_of_body(exchange.request, operation, contract),
    ]


def _basis(node: dict[str, Any], fallback: Basis = Basis.DOCUMENTED) -> Basis:
    return Basis(node["x-basis"]) if "x-basis" in node else fallback


def _of_query(request: Request, operation: Operation) -> Iterator[Flaw]:
    given: dict[str, list[str]] = {}
    for name, value in request.query:
        given.setdefault(name, []).append(value)
    for parameter in operation.parameters:
        if parameter["in"] != "query":
            continue
        name, schema = parameter["name"], parameter.get("schema", {})
        values, basis = given.get(name, []), _basis(parameter)
        if not values:
            if parameter.get("required"):
                yield Flaw(f"query:{name}", "present", basis)
            continue
        if schema.get("type") == "array":
            schema = schema["items"]
        elif len(values) > 1:
            yield Flaw(f"query:{name}", "given once", Basis.INFERRED)
        for value in dict.fromkeys(values):
            yield from (
                Flaw(f"query:{name}", expected, weaker)
                for expected, weaker in _of_text(value, schema, basis)
            )


def _of_text(value: str, schema: dict[str, Any], basis: Basis) -> Iterator[tuple[str, Basis]]:
    """Say what a text that stands for a parameter's value breaks, and how firmly that is known."""
    match schema.get("type"):
        case "integer":
            low, high = int(schema["minimum"]), int(schema["maximum"])
            fits = INTEGER.fullmatch(value) and len(value) <= LONGEST_INTEGER
            if not fits or not low <= int(value) <= high:
                yield f"an integer from {low} to {high}", basis
        case "boolean":
            if value not in ("true", "false"):
                yield "true or false", basis
        case _:
            yield from _of_string(value, schema, basis)


def _of_string(value: str, schema: dict[str, Any], basis: Basis) -> Iterator[tuple[str, Basis]]:
    allowed = allowed_words(schema)
    if allowed and value not in allowed:
        yield f"one of {', '.join(allowed)}", _weakest(schema, basis)
    if len(value) < schema.get("minLength", 0):
        yield f"at least {schema['minLength']} character", basis
    if schema.get("format") == "date-time" and not _is_instant(value):
        yield "an ISO 8601 instant in UTC, without milliseconds", basis
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"a string that matches {schema['pattern']}", basis


def allowed_words(schema: dict[str, Any]) -> list[str]:
    """Return every word that an enumerated parameter may be; none for another one."""
    words = list(schema.get("enum", []))
    words += [schema["const"]] if "const" in schema else []
    for part in (*schema.get("anyOf", []), *schema.get("allOf", [])):
        words += allowed_words(part)
    return words


def _weakest(schema: dict[str, Any], basis: Basis) -> Basis:
    inner = [part for key in ("anyOf", "allOf") for part in schema.get(key, [])]
    marked = {_basis(part, basis) for part in (schema, *inner)}
    return Basis.INFERRED if Basis.INFERRED in marked else basis


INSTANT = re.compile(
    "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T"
    "([01][0-9]|2[0-4]):[0-5][0-9]:([0-5][0-9]|60)Z"
)
DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _is_instant(value: str) -> bool:
    """Whether ISO 8601 knows such an instant; a leap second and the midnight of 24:00:00 are known."""
    if not INSTANT.fullmatch(value):
        return False
    month, day = int(value[5:7]), int(value[8:10])
    return day <= DAYS[month - 1]


def _of_path(request: Request, operation: Operation) -> Iterator[Flaw]:
    last = operation.path.rpartition("/")[2]
    if last.startswith("{"):
        identifier = unquote(urlsplit(request.url).path.rsplit("/", 1)[-1])
        if "," in identifier.strip(","):
            yield Flaw(f"path:{last.strip('{}')}", "one id", Basis.DOCUMENTED)


def _of_headers(request: Request, operation: Operation) -> Iterator[Flaw]:
    for parameter in operation.parameters:
        value = request.headers.get(parameter["name"]) if parameter["in"] == "header" else None
        if value:
            for expected, basis in _of_string(
                value, parameter.get("schema", {}), _basis(parameter)
            ):
                yield Flaw(f"header:{parameter['name']}", expected, basis)


def _of_body(request: Request, operation: Operation, contract: Contract) -> Iterator[Flaw]:
    schema = operation.body
    if schema is None:
        return
    try:
        document = json.loads(request.body.decode("utf-8"))
    except (ValueError, RecursionError):
        yield Flaw("body", JSON_TEXT, Basis.STANDARD)
        return
    for violation in contract.violations(schema, document):
        if violation.expected != UNDER_A_MARK:
            yield Flaw(f"body:{violation.at or '/'}", violation.expected, violation.basis)
