"""JSON as RFC 8259 has it: what Python reads besides, and what readers may differ on, is not JSON.

Besides, how times are written in it.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime


DEEPEST = 100
"""Levels of nesting that are read; Python's own functions give up at some hundreds, each at another depth."""

MOST_VALUES = 200_000
"""Values (commas, more exactly) of a body that is read: 200 for each of the 1,000 messages of a full list."""

MOST_DIGITS = 308
"""Digits of a whole number that are read: with more it has no double (RFC 8259 §6)."""


TOO_DEEP = "the body is nested too deeply"
TOO_LARGE = "the body holds a number beyond the range of a double (RFC 8259 §6)"


class NotJsonError(ValueError):
    """The body is not JSON; the message says why, without the body."""


class RepeatedMemberError(NotJsonError):
    """An object has two members of the same name, so that readers may differ on it."""

    def __init__(self) -> None:
        super().__init__("an object has two members of the same name (RFC 8259 §4)")


def read_json(body: bytes) -> Any:
    """Return the value of a JSON text in UTF-8; raises NotJsonError."""
    if body.count(b",") > MOST_VALUES:
        raise NotJsonError(f"the body holds more than the {MOST_VALUES} values that are read")
    try:
        text = body.decode("utf-8")
        value = json.loads(
            text,
            parse_constant=_no_constant,
            parse_float=_number,
            parse_int=_whole_number,
            object_pairs_hook=unique_members,
        )
    except UnicodeDecodeError:
        raise NotJsonError("the body is not UTF-8 (RFC 8259 §8.1)") from None
    except RecursionError:
        raise NotJsonError(TOO_DEEP) from None
    except json.JSONDecodeError as error:
        kind = "empty" if not body else f"not JSON at character {error.pos}"
        if (start := body.lstrip()[:15].lower()).startswith(b"<"):
            is_html = start.startswith((b"<html", b"<!doctype html"))
            kind = f"{'an HTML page' if is_html else 'markup'}, not JSON"
        raise NotJsonError(f"the body is {kind}") from None
    # Most bodies have fewer brackets than levels are allowed.
    if body.count(b"[") + body.count(b"{") > DEEPEST and _is_deeper(value, DEEPEST):
        raise NotJsonError(TOO_DEEP)
    return value


def unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object's members, for `json.loads`; raises RepeatedMemberError."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise RepeatedMemberError
    return members


def _is_deeper(value: Any, levels: int) -> bool:
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(levels):
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def _whole_number(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise NotJsonError(TOO_LARGE)
    return int(text)


def _number(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise NotJsonError(TOO_LARGE)
    return number


def _no_constant(text: str) -> Any:
    raise NotJsonError(f"{text} is not a JSON value (RFC 8259 §6)")


def utc(moment: datetime) -> str:
    """Write a moment in UTC as golive's files have it: by RFC 3339, to the millisecond."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def leading_members(text: str, wanted: Collection[str] = ()) -> dict[str, Any]:
    """Return the members of an object that the beginning of its text holds whole; empty where it is no object.

    Where some are `wanted`, no more is read once these are there.
    """
    decoder, blank = json.JSONDecoder(), re.compile(r"[ \t\r\n]*")
    found: dict[str, Any] = {}

    def after(at: int) -> int:
        match = blank.match(text, at)
        return match.end() if match else at

    at = after(0)
    sign = "{"
    while text[at : at + 1] == sign:
        try:
            name, at = decoder.raw_decode(text, after(at + 1))
            value, at = decoder.raw_decode(text, after(after(at) + 1))
        except (ValueError, RecursionError):
            break
        at = after(at)
        if not isinstance(name, str) or text[at : at + 1] not in (",", "}"):
            break  # a number may go on
        found[name], sign = value, ","
        if name in wanted and found.keys() >= set(wanted):
            break
    return found
