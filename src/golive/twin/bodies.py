"""Reading JSON bodies: an object whose members have their documented types."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from golive.twin.service_errors import ServiceError, bad_request

if TYPE_CHECKING:
    from golive.twin.answers import Ask
    from golive.twin.world import World


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _finite(number: str) -> float:
    value = float(number)
    if value in (float("inf"), float("-inf")):
        raise ValueError("a number that no double can hold")
    return value


def _parsed(body: bytes) -> Any:
    """Return a JSON document that can be written again; raise ValueError or RecursionError."""
    text = body.decode("utf-8")
    document = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
    # Half a surrogate pair can be escaped in JSON (RFC 8259 §8.2) and be written to nothing.
    json.dumps(document, ensure_ascii=False).encode("utf-8")
    return document


def read_object(world: World, ask: Ask, members: frozenset[str]) -> dict[str, Any]:
    """Return the body as an object that has no other members than these; raise a 400 otherwise."""
    try:
        document = _parsed(ask.body)
    except (ValueError, RecursionError) as error:
        if isinstance(error, RecursionError) and world.lies("deep-json-breaks-the-server"):
            raise ServiceError(500, "InternalServerError", "Something went wrong.") from None
        if world.lies("malformed-json-breaks-the-server"):
            raise ServiceError(500, "InternalServerError", "Something went wrong.") from None
        raise bad_request("The body is not JSON.", "MalformedBody") from None
    if not isinstance(document, dict):
        raise bad_request("The body must be a JSON object.", "MalformedBody")
    unknown = sorted(document.keys() - members)
    if unknown:
        raise bad_request(f"The body has members that are not known: {', '.join(unknown)}.")
    return document


def text(document: dict[str, Any], name: str, *, required: bool = False) -> str | None:
    """Return a string member; a required one must be there and not be blank."""
    value = document.get(name)
    if name not in document and not required:  # null is a value, and of no documented type
        return None
    if not isinstance(value, str) or not value.strip():
        raise bad_request(f"{name} must be a string that is not blank.", "MissingParameter")
    return value


def required_text(document: dict[str, Any], name: str) -> str:
    """Return a string member that must be there."""
    return text(document, name, required=True) or ""


def objects(document: dict[str, Any], name: str, *, required: bool = False) -> list[dict[str, Any]]:
    """Return a member that is an array of objects; empty when it is absent and not required."""
    value = document.get(name)
    if name not in document and not required:  # null is a value, and of no documented type
        return []
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise bad_request(f"{name} must be an array of objects.")
    return value
