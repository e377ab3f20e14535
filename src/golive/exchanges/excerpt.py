"""The part of an exchange that matters to a finding: request line, status, and the header or the lines of the body.

The line at the place is marked, with what was expected beside it.
"""

from __future__ import annotations

import json
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from golive.contract.outcomes import NotRecordedError
from golive.exchanges.model import status_words
from golive.kit.json_text import NotJsonError, read_json
from golive.kit.pointers import escape, steps_of, value_at, written
from golive.redaction import redact, redact_url
from golive.redaction.rendering import show, show_name, show_word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from golive.exchanges.model import Exchange

AROUND = 2
"""Lines of a body that stand before and after the place."""

MARK, PLAIN = "→ ", "  "
LONGEST_LINE = 160
HEADER = "header:"
REQUEST = "request:"
FORM = "form:"
END = "(end)"
"""Stands in place of a member's name where an object or an array ends."""


def excerpt(exchange: Exchange, at: str, expected: str) -> list[str]:
    """Return the lines of an exchange around a place; `at` is as in findings. Nothing in them is secret."""
    request = exchange.request
    status = f"< HTTP {status_words(exchange.status)}"
    if at.startswith(REQUEST):
        return [*_of_request(exchange, at.removeprefix(REQUEST), expected), PLAIN + status]
    lines = [f"{PLAIN}> {request.method} {redact_url(request.url)}"]
    if at == "status":
        return [*lines, marked(status, expected)]
    lines.append(PLAIN + status)
    if at.startswith(HEADER):
        name = at.removeprefix(HEADER)
        values = exchange.response.headers.all(name)
        found = [f"< {show_name(name)}: {show_word(value)}" for value in values]
        return [*lines, *(marked(one, expected) for one in found or [f"< ({name}: absent)"])]
    return [*lines, *_of_body(exchange, at, expected)]


def marked(line: str, expected: str) -> str:
    """Return a line with the mark of a place, and what was expected there."""
    return redact(f"{MARK}{_short(line)}   ← expected {expected}")


def _of_request(exchange: Exchange, at: str, expected: str) -> list[str]:
    """Return the request's line, and the header, the pair of a form or the lines of the body that are meant."""
    request = exchange.request
    line = f"> {request.method} {redact_url(request.url)}"
    if at.startswith(HEADER):
        name = at.removeprefix(HEADER)
        found = [f"> {name}: {_field(name, one)}" for one in request.headers.all(name)]
        return [PLAIN + line, *(marked(one, expected) for one in found or [f"> ({name}: absent)"])]
    if at == "body" or at.startswith("/"):
        return [PLAIN + line, *_around(request.body, at, expected)]
    if at.startswith(FORM):
        name = at.removeprefix(FORM)
        pairs = parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
        found = [f"{name}={show_word(value)}" for key, value in pairs if key == name]
        found = found or [f"({name}: absent)"]
        return [PLAIN + line, *(marked(one, expected) for one in found)]
    return [marked(line, expected)]


def _field(name: str, value: str) -> str:
    """Return a header's value; of a credential the scheme alone."""
    if name.lower() == "authorization":
        scheme, space, _ = value.partition(" ")
        return f"{scheme} [redacted]" if space and scheme.isalpha() else "[redacted]"
    return show_word(value)


def _of_body(exchange: Exchange, at: str, expected: str) -> list[str]:
    if at != "body" and not at.startswith("/"):
        return []
    try:
        return _around(exchange.response.body, at, expected)
    except NotRecordedError as absent:
        return [f"{PLAIN}({absent.cause})"]


def _around(body: bytes, at: str, expected: str) -> list[str]:
    """Return the lines of a body around a place."""
    try:
        value = read_json(body)
    except NotJsonError:
        text = body.decode("utf-8", "replace")
        return [marked(show(text) if text else "(no body)", expected)]
    place = nearest(value, at) if at.startswith("/") else ""
    before: deque[str] = deque(maxlen=AROUND)
    lines = json_lines(value, show_name, lambda one: json.dumps(_shown(one), ensure_ascii=False))
    for pointer, line in lines:
        if pointer == place:
            after = [PLAIN + _short(one) for _, one in islice(lines, AROUND)]
            return [redact(one) for one in (*before, marked(line, expected), *after)]
        before.append(PLAIN + _short(line))
    return []


def _shown(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    text = show_word(value)
    return value if isinstance(value, int | float) and text == str(value) else text


def nearest(value: Any, at: str) -> str:
    """Return the pointer, or the nearest one above it at which something stands."""
    steps = steps_of(at)
    for length in range(len(steps), -1, -1):
        try:
            value_at(value, steps[:length])
        except LookupError:
            continue
        return written(steps[:length])
    return ""


def json_lines(
    value: Any, name: Callable[[str], str], scalar: Callable[[Any], str]
) -> Iterator[tuple[str, str]]:
    """Yield a JSON value as indented lines, each with the pointer of what begins there, "-" where something ends.

    `name` shows a member's name and `scalar` a value without members.
    """
    todo: list[tuple[str, str, Any, str, int]] = [("", "", value, "", 0)]
    while todo:  # a body can be nested more deeply than Python calls
        pointer, label, node, comma, depth = todo.pop()
        indent = "  " * depth
        if label is END:
            yield pointer, f"{indent}{node}"
            continue
        if isinstance(node, dict) and node:
            brackets = "{}"
            below = [
                (f"{pointer}/{escape(key)}", f"{json.dumps(name(key), ensure_ascii=False)}: ", one)
                for key, one in node.items()
            ]
        elif isinstance(node, list) and node:
            brackets = "[]"
            below = [(f"{pointer}/{index}", "", one) for index, one in enumerate(node)]
        else:
            text = scalar(node) if not isinstance(node, dict | list) else json.dumps(node)
            yield pointer, f"{indent}{label}{text}{comma}"
            continue
        yield pointer, f"{indent}{label}{brackets[0]}"
        todo.append(("-", END, brackets[1] + comma, "", depth))
        last = len(below) - 1
        todo += [
            (where, word, one, "," if index < last else "", depth + 1)
            for index, (where, word, one) in reversed(list(enumerate(below)))
        ]


def _short(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…"
