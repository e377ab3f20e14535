"""Reading the JSON body of a write."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .problems import Refusal, bad_request

if TYPE_CHECKING:
    from .personality import Personality
    from .wire import Call

Json = dict[str, Any]


def json_object(call: Call, personality: Personality) -> Json:
    """The object in the body of a call."""
    if call.media_type != "application/json":
        raise Refusal(personality.api_wrong_media, "unsupported-media-type")
    if call.header("content-encoding") not in {None, "identity"}:
        raise Refusal(personality.api_wrong_media, "unsupported-media-type")
    try:
        value = json.loads(call.body.decode())
    except (ValueError, RecursionError) as reason:
        raise bad_request("MalformedBody", "The body is not JSON.") from reason
    return an_object(value, "the body")


def an_object(value: object, what: str) -> Json:
    """The value, if it is an object."""
    if not isinstance(value, dict):
        raise bad_request("InvalidParameter", f"{what} must be an object.")
    return value


def a_list(value: object, what: str) -> list[Any]:
    """The value, if it is an array; an absent one is empty."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise bad_request("InvalidParameter", f"{what} must be an array.")
    return value


def text(body: Json, name: str, *, where: str = "", required: bool = True) -> str | None:
    """A text member, not blank."""
    value = body.get(name)
    if value is None and not required:
        return None
    if value is None:
        raise bad_request("MissingParameter", f"{where}{name} is required.")
    if not isinstance(value, str) or not value.strip():
        raise bad_request("InvalidParameter", f"{where}{name} must be a text.")
    return value


def needed(body: Json, name: str, *, where: str = "") -> str:
    """A text member that must be there."""
    return text(body, name, where=where) or ""


def whole_number(body: Json, name: str, *, where: str) -> int:
    """An integer member; true and 1.0 are none."""
    value = body.get(name)
    if value is None:
        raise bad_request("MissingParameter", f"{where}{name} is required.")
    if not isinstance(value, int) or isinstance(value, bool):
        raise bad_request("InvalidParameter", f"{where}{name} must be an integer.")
    return value


def only(body: Json, names: set[str], *, strict: bool) -> None:
    """Refuse members that the page does not name, where the personality does so."""
    unknown = sorted(set(body) - names)
    if strict and unknown:
        raise bad_request("UnrecognizedField", f"Unrecognized field: {unknown[0]}.")
