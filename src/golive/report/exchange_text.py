"""An entry of `exchanges.har` as `curl -v` would print it, with the places of findings marked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from golive.exchanges.excerpt import HEADER, PLAIN, json_lines, marked, nearest
from golive.exchanges.har_entry import body_of
from golive.exchanges.model import status_words
from golive.kit.json_text import NotJsonError, read_json
from golive.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from golive.report.summary import Data

AROUND = 12
"""Lines of a body that are shown before and after a place, and at its beginning."""

LONGEST_LINE = 400


def as_curl_prints(entry: Data, findings: Iterable[Data], *, full: bool = False) -> list[str]:
    """Return the lines of an exchange: `>` what was sent, `<` what came, the body indented if it is JSON.

    `findings` are those about this exchange. Of a long body only what is around their places is shown, unless `full`.
    """
    own, asked, answered = entry.get("_golive", {}), entry["request"], entry["response"]
    parts = urlsplit(asked["url"])
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    milliseconds = round(entry.get("time", 0))
    what = f"* exchange {own.get('number', '')} ({entry.get('comment', '')}), {entry['startedDateTime']}"
    places = list(findings)
    lines = [
        f"{PLAIN}{what}, {milliseconds} ms",
        *(
            f"{PLAIN}* sent before at {one['sentAt']}: {one['happened']}"
            for one in own.get("earlier", ())
        ),
        *(
            f"{PLAIN}* {one['at']}: expected {one['expected']}, got {one['actual']}"
            for one in places
        ),
        f"{PLAIN}> {asked['method']} {target} HTTP/1.1",
        f"{PLAIN}> Host: {parts.netloc}",
        *(f"{PLAIN}> {one['name']}: {one['value']}" for one in asked["headers"]),
        f"{PLAIN}>",
    ]
    if text := asked.get("postData", {}).get("text"):
        lines += [PLAIN + line for _, line in _json_or_text(text)]
    by_place = {one["at"]: one["expected"] for one in places}
    status = f"< HTTP/1.1 {status_words(answered['status'])}"
    lines.append(_line(status, by_place.get("status")))
    lines += _headers(answered["headers"], by_place)
    lines.append(f"{PLAIN}<")
    if broken := own.get("broken"):
        lines.append(f"{PLAIN}* {broken}")
    lines += _body(answered, own, by_place, full=full)
    return [redact(_short(line)) for line in lines]


def _short(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…"


def _line(line: str, expected: str | None) -> str:
    return PLAIN + line if expected is None else marked(line, expected)


def _headers(fields: list[dict[str, str]], by_place: dict[str, str]) -> Iterator[str]:
    wanted = {
        at.removeprefix(HEADER).lower(): expected
        for at, expected in by_place.items()
        if at.startswith(HEADER)
    }
    for one in fields:
        yield _line(f"< {one['name']}: {one['value']}", wanted.pop(one["name"].lower(), None))
    for name, expected in wanted.items():
        yield marked(f"< ({name}: absent)", expected)


def _json_or_text(text: str) -> Iterator[tuple[str, str]]:
    """Yield the lines of a body with the pointers of what begins there; a body that is not JSON has none."""
    try:
        value = read_json(text.encode("utf-8", "surrogatepass"))
    except NotJsonError:
        yield from (("", line) for line in text.splitlines())
        return
    yield from json_lines(value, str, lambda one: json.dumps(one, ensure_ascii=False))


def _body(answered: Data, own: Data, by_place: dict[str, str], *, full: bool) -> Iterator[str]:
    content = answered.get("content", {})
    shown = content.get("text", "") if own.get("shape") else None
    body = body_of(dict(answered), dict(own)) if shown is None else shown.encode()
    if body is None:
        yield f"{PLAIN}* the body is not in the recording"
        return
    text = body.decode("utf-8", "backslashreplace")
    lines = list(_json_or_text(text))
    places = dict(_places(text, by_place))
    if not lines and places:
        yield marked("(no body)", next(iter(places.values())))
    marks = [index for index, (pointer, _) in enumerate(lines) if pointer in places]
    near = [*marks, 0]
    left_out = 0
    for index, (pointer, line) in enumerate(lines):
        if not full and all(abs(index - one) > AROUND for one in near):
            left_out += 1
            continue
        if left_out:
            yield f"{PLAIN}* … {left_out} lines; --full shows them"
            left_out = 0
        # Lines of a text that is not JSON all begin at its beginning: the first is marked.
        yield _line(line, places.pop(pointer, None))
    if left_out:
        yield f"{PLAIN}* … {left_out} lines more; --full shows them"


def _places(text: str, by_place: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the pointers to mark, each with what is expected there."""
    try:
        value: Any = read_json(text.encode("utf-8", "surrogatepass"))
    except NotJsonError:
        value = None
    for at, expected in by_place.items():
        if at == "body":
            yield "", expected
        elif at.startswith("/"):
            yield nearest(value, at), expected
