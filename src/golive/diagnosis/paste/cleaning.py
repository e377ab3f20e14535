"""Undoes what logs, terminals, forums and word processors add to a text, so that its pieces can be found."""

from __future__ import annotations

import html
import re

# Word processors and forums turn quotes, spaces and dashes into these.
SMART = str.maketrans(
    dict.fromkeys("\u201c\u201d\u201e", '"')
    | dict.fromkeys("\u2018\u2019", "'")
    | {"\u00a0": " ", "\u2013": "--", "\u200b": None, "\ufeff": None}
)
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
SERVICE = re.compile(r"^[\w./-]+(?:-\d+)? +\| ?", re.MULTILINE)
"""The name before each line that docker compose prints."""

MOMENT = re.compile(
    r"^(?:<\d{1,3}>1 )?"
    r"(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]?|\[\d\d:\d\d:\d\d\])[ \t]",
    re.MULTILINE,
)
"""The time before each line of a log; a HAR or a JSON text has none at the beginning of a line."""

HOST_ALONE = re.compile(
    r"(?<![\w/.@%-])(?=(?:api|fhir[\w-]*|authorization)\.(?:sandbox)?cerner(?:millennium)?\.com/[\w{<$])"
    r"(?<!Host: )"
)
"""Where a URL of Oracle's hosts stands without its scheme, as logs write it."""

HOST_BEFORE = re.compile(r"(https?://[\w.-]+)(?::443)? \"([A-Z]{3,6}) (/\S*) HTTP/[\d.]+\"")
"""A host and the request line behind it, as urllib3 logs them."""

ESCAPED = re.compile(r"\\([_*\[\]#`~])")
"""What Markdown escapes, and JSON and shells do not."""

WIRE = re.compile(
    r'^[^\n"]*\bhttp-outgoing-\d+ (?:<<|>>) "(.*?)(?:\[\\r\])?(?:\[\\n\])?"$', re.MULTILINE
)
"""A line of a request or an answer, as the wire log of Apache's HttpClient holds it."""

LABELS = (
    (re.compile(r"^Client (?:request: |response: (?=HTTP))", re.MULTILINE), ""),
    (re.compile(r"(?im)^\s*Request Headers:?\s*$\n?"), ""),
    (re.compile(r"(?im)^\s*Response Headers:?\s*$"), "HTTP/1.1 000"),
    (re.compile(r"(?im)^\s*(?:Request|Response) Body:?\s*$\n?"), "\n"),
)
"""Headings between the parts of an exchange, as consoles show them."""


def cleaned(text: str) -> str:
    """Return the text with the line ends, quotes and marks that it had before it was logged or copied."""
    text = ANSI.sub("", text.replace("\r\n", "\n").translate(SMART))
    text = MOMENT.sub("", SERVICE.sub("", text))
    text = HOST_ALONE.sub("https://", ESCAPED.sub(r"\1", text))
    text = WIRE.sub(r"\1", HOST_BEFORE.sub(r"\2 \1\3", text))
    if "&quot;" in text or "&#34;" in text:
        text = html.unescape(text)
    for heading, instead in LABELS:
        text = heading.sub(instead, text)
    return text
