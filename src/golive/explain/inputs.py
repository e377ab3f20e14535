"""Takes any input: a single word is looked up, anything longer is read as a paste."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from golive.explain.answer import unknown
from golive.explain.answering import of_paste
from golive.explain.cutting import cut
from golive.explain.protecting import jwts, protect
from golive.explain.reading import story_of
from golive.explain.words import look_up
from golive.verdict import TITLES

if TYPE_CHECKING:
    from golive.explain.answer import Answer
    from golive.explain.words import Checks

URN_IN_TEXT = re.compile(r"urn(?::|%3[Aa])cerner(?::|%3[Aa])error[A-Za-z0-9_:%-]+")
STATUS_IN_TEXT = re.compile(
    r"\s*+(?:status|error|HTTP)?+:?+\s*+([1-5]\d\d)\s*+[A-Za-z ]{0,40}", re.IGNORECASE
)
EXIT_IN_TEXT = re.compile(
    r"(?:[\w.]++\s++){0,3}?(?:exit(?:ed|s)?|rc|returned)\s*+(?:(?:code|status|with)\s*+)?"
    r"(?:(?:code|status)\s*+)?(?:[:=]\s*+)?(\d{1,3})[.!]?",
    re.IGNORECASE,
)
"""«exit 6», «golive exited with code 4», «rc=130»."""


def exit_code_in(text: str) -> str | None:
    """Return the exit code that a few words name: by its number, or by the verdict as a run prints it."""
    if match := EXIT_IN_TEXT.fullmatch(text):
        return match[1]
    said = text.rstrip(".:").upper()
    return next((str(int(code)) for code, title in TITLES.items() if title == said), None)


def explain(text: str, checks: Checks = tuple) -> list[Answer]:
    """Explain an input, secrets protected first; the last resort is an answer that is not `known`.

    `checks` collects the checks; it is called only for a word that nothing else knows.
    """
    protect(text)
    word = text.strip().strip("\"'")
    code = exit_code_in(word)
    if code is not None:
        return look_up(code)
    if not re.search(r"\s", word) and not word.startswith(("{", "<")):
        return look_up(word, checks)
    pieces = cut(text)
    if pieces:
        return of_paste(story_of(pieces))
    found = [
        answer for match in URN_IN_TEXT.findall(text) for answer in look_up(match) if answer.known
    ]
    found += [
        answer for match in jwts(text) for answer in look_up(match.rstrip(".")) if answer.known
    ]
    if not found and (match := STATUS_IN_TEXT.fullmatch(text)):
        found = look_up(match[1])
    return list(dict.fromkeys(found)) or [unknown(f"{len(text)} characters of text")]
