"""Words and values as Markdown leaves them: whatever they look like, they stay text.

What an API answered could hold markup, a mention that notifies a team, a link, a table's bar, or signs that turn the
reading direction. Values go between backticks, in which nothing is markup; words go through `plain`.
"""

from __future__ import annotations

import re

from golive.kit.invisible import visible

LONGEST_VALUE = 300
LONGEST_WORDS = 900
"""Characters that are shown; the rest is in `summary.json`."""

SPECIAL = re.compile(r"[\\`*\[\]|~#]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
AT_THE_BEGINNING = re.compile(r"^(?:[-+=]|\d+[.)](?=\s|$))")
LINKING = re.compile(r":(?=//)|(?<=www)\.", re.IGNORECASE)


def plain(text: str) -> str:
    """Return words that Markdown leaves as they are: no markup, no link, no mention of anybody."""
    text = AT_THE_BEGINNING.sub(_escaped_mark, SPECIAL.sub(r"\\\g<0>", one_line(text)))
    text = LINKING.sub(r"\\\g<0>", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("@", "@&#8203;")  # an invisible sign: a mention ends before it begins


def _escaped_mark(match: re.Match[str]) -> str:
    return f"{match[0][:-1]}\\{match[0][-1]}"


def code(text: str) -> str:
    """Return a value between as many backticks as it takes; nothing in it is markup."""
    text = one_line(text, LONGEST_VALUE) or " "
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def cell(text: str) -> str:
    """Return text that is Markdown already so that it can stand in a table."""
    return re.sub(r"(?<!\\)\|", r"\\|", text)


def one_line(text: str, longest: int = LONGEST_WORDS) -> str:
    """Return text on one line, of bearable length, with a name for each sign that can't be seen."""
    text = visible(" ".join(text.split()))
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text)} characters)"


def plain_with_keys(text: str) -> str:
    """Return words in which what stands between backticks is a value."""
    parts = enumerate(text.split("`"))
    said = [code(part) if index % 2 else plain(part) for index, part in parts]
    return " ".join(filter(None, said)).replace(" ,", ",")
