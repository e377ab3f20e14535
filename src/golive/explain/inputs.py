"""Takes any input: a single word is looked up, anything longer is read as a paste."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from golive.explain.answer import unknown
from golive.explain.answering import of_paste
from golive.explain.cutting import cut
from golive.explain.protecting import JWT, protect
from golive.explain.reading import story_of
from golive.explain.words import look_up

if TYPE_CHECKING:
    from golive.explain.answer import Answer
    from golive.explain.words import Checks

URN_IN_TEXT = re.compile(r"urn(?::|%3[Aa])cerner(?::|%3[Aa])error[A-Za-z0-9_:%-]+")
STATUS_IN_TEXT = re.compile(
    r"\s*(?:status|error|HTTP)?:?\s*([1-5]\d\d)\s*[A-Za-z ]{0,40}", re.IGNORECASE
)


def explain(text: str, checks: Checks = tuple) -> list[Answer]:
    """Explain an input, secrets protected first; the last resort is an answer that is not `known`.

    `checks` collects the checks; it is called only for a word that nothing else knows.
    """
    protect(text)
    word = text.strip().strip("\"'")
    if not re.search(r"\s", word) and not word.startswith(("{", "<")):
        return look_up(word, checks)
    pieces = cut(text)
    if pieces:
        return of_paste(story_of(pieces))
    found = [
        answer for match in URN_IN_TEXT.findall(text) for answer in look_up(match) if answer.known
    ]
    found += [answer for match in JWT.findall(text) for answer in look_up(match) if answer.known]
    if not found and (match := STATUS_IN_TEXT.fullmatch(text)):
        found = look_up(match[1])
    return list(dict.fromkeys(found)) or [unknown(f"{len(text)} characters of text")]
