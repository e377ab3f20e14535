"""Reads the JSON text, or the text in a notation like it, that a line of a paste begins with or holds."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from golive.diagnosis.paste.exported import CONSOLE, console_pieces
from golive.diagnosis.paste.objects import is_answer, loose, pieces_of
from golive.diagnosis.paste.phrases import status_in
from golive.diagnosis.paste.pieces import PastedAnswer, PastedRequest, unescaped

if TYPE_CHECKING:
    from golive.diagnosis.paste.pieces import Segment


def embedded(lines: list[str], at: int) -> tuple[Segment | list[Segment] | None, int]:
    """Return what the line at `at`, which holds a brace, begins: pieces, or None, and the line after it."""
    text = "\n".join(lines[at:])
    start = text.index("{")
    if RUST.search(lines[at]):
        return None, at + 1
    read, value, end = unescaped(text[start:])
    text = text[:start] + read
    if not end:
        found = loose(text[start:]) if ANSWER_LIKE.search(text[start : start + SEARCHED]) else None
        if found is None:
            return None, at + 1
        within = pieces_of(found)
        return within, at + 1 + _lines_of_object(text[start:])
    if not isinstance(value, dict) or not value:
        return None, at + 1
    after = at + text[: start + end].count("\n") + 1
    sends = SENDS.search(lines[at][:start])
    if sends and not is_answer(value):
        return PastedRequest(sends[1], sends[2], (), json.dumps(value), BARE), after
    if CONSOLE & set(value):
        return console_pieces(lines[at][:start], value), after
    within = pieces_of(value)
    if is_answer(value) or not within:
        before = lines[at][:start]
        if ARGUMENT.search(before) and not is_answer(value):
            return None, after
        printed = PRINTED.fullmatch(before) or (is_answer(value) and REFUSED.search(before[-120:]))
        status = int(printed[1]) if printed else status_in(before).get("status")
        return PastedAnswer(status, (), json.dumps(value)), after
    return within, after


SENDS = re.compile(
    r"(?<![\w\"'])(POST|PUT|PATCH) {1,4}(https?://[^\s\"'`{}]{1,600}) {1,4}"
    r"(?:(?:body|payload|data|json|request)\s?[=:]\s?)?$"
)
"""What a log writes before the body that a program sends."""

BARE = frozenset({"bare"})

PRINTED = re.compile(r"\s*(?:>>> )?([1-5]\d\d)[ ,:]\s*")
"""What a program prints before the body: `print(r.status_code, r.text)`."""

REFUSED = re.compile(r"(?:^|[\s\]|>])([45]\d\d)(?: [A-Z][a-zA-Z-]{1,20}){0,3}[ ,:-]{0,3}$")
"""How a line of a log ends before the body of a refusal: `WARNING 409 {`, `ERR] 400 Bad Request {`."""

ARGUMENT = re.compile(r"(?:params|headers|auth|proxies|json|data|query)\s*[=:]\s*$")
"""What stands before an object that a program sends."""

RUST = re.compile(r"\b[A-Z]\w*(?:::\w+)* ?\{ \w+: (?:[A-Z]\w*\b|Some\()")
"""A value as Rust prints it for debugging, `Error { kind: Request, … }`, whose `error` is no answer's."""

SEARCHED = 4_000
ANSWER_LIKE = re.compile(r"error|access_token|message|\bitems\b|\burl: |\bstatus: [1-5]\d\d\b")


def _lines_of_object(text: str) -> int:
    """Return how many lines after its first one belong to an object that could not be read as JSON."""
    end = re.search(r"\n\}|\n[ \t]*\n(?![ \t]*[\"'}])", text)
    return text[: end.end()].count("\n") - (end[0].count("\n") > 1) if end else 0
