"""JSON as RFC 8259 has it: what Python reads besides, and what readers may differ on, is no JSON."""

from __future__ import annotations

import json
from typing import Any


class NotJsonError(ValueError):
    """The body is no JSON text; the message says why, without the body."""


class RepeatedMemberError(NotJsonError):
    """An object has two members of the same name, so that readers may differ on it."""

    def __init__(self) -> None:
        super().__init__("an object has two members of the same name (RFC 8259 §4)")


def read_json(body: bytes) -> Any:
    """Return the value of a JSON text in UTF-8; raises NotJsonError."""
    try:
        text = body.decode("utf-8")
        return json.loads(text, parse_constant=_no_constant, object_pairs_hook=unique_members)
    except UnicodeDecodeError:
        raise NotJsonError("the body is not UTF-8 (RFC 8259 §8.1)") from None
    except RecursionError:
        raise NotJsonError("the body is nested too deeply") from None
    except json.JSONDecodeError as error:
        kind = "empty" if not body else f"not JSON at character {error.pos}"
        if body.lstrip()[:1] == b"<":
            kind = "a markup page, not JSON"
        raise NotJsonError(f"the body is {kind}") from None
    except NotJsonError:
        raise
    except ValueError:
        raise NotJsonError("the body holds a number of more digits than can be read") from None


def unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object's members, for `json.loads`; raises RepeatedMemberError."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise RepeatedMemberError
    return members


def _no_constant(text: str) -> Any:
    raise NotJsonError(f"{text} is no JSON value (RFC 8259 §6)")
