"""What only those who run a service should see of it, as it stands in a header or in the words of an error."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive import Exchange

PROGRAM = {
    "a stack trace": re.compile(
        r"\bat [\w$.<>/]+\([\w$]+\.(?:java|kt|scala|groovy):\d+\)"  # Java
        r"|Traceback \(most recent call last\)|\bFile \"[^\"]+\", line \d+"  # Python
        r"|\bat [\w.<>`]+\(.*\) in .+:line \d+"  # .NET
        r"|\bat [\w.<> ]*\(?(?:file://)?/[\w./-]+\.[cm]?[jt]s:\d+:\d+"  # Node.js
        r"|\b(?:[a-z]\w*\.){2,}\w+(?:Exception|Error)\b"  # a class of any of them, with its package
    ),
    "a statement or an error of a database": re.compile(
        r"\bSELECT\b.{1,400}?\bFROM\b|\bINSERT INTO\b|\bDELETE FROM\b|\bUPDATE\b.{1,200}?\bSET\b"
        r"|\b(?i:select)\s+[\w.*, ]+?\s+(?i:from)\s+[\w.]+\s+(?i:where)\b"
        r"|\bORA-\d{5}\b|\bSQLSTATE\b|\bSQLException\b|\bPG::\w+Error\b",
        re.DOTALL,
    ),
}
"""What shows the program itself, by what it is called."""

OWN_NAMES = r"(?:internal|intranet|local|localdomain|corp|lan|svc\.cluster\.local)"
NETWORK = {
    "an address of a private network": re.compile(
        r"(?<![\d.])(?:10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2})(?![\d.])"
    ),
    "the name of a host that no one outside can reach": re.compile(
        rf"\b[a-z0-9][\w-]*(?:\.[\w-]+)*\.{OWN_NAMES}\b(?!\.\w)", re.IGNORECASE
    ),
    "the path of a file of the server": re.compile(
        r"(?<![\w/:.])/(?:usr|opt|home|var|etc|srv|root|tmp)/[\w.-]+/[\w./-]+|\b[A-Z]:\\[\w\\. -]+"
    ),
}
"""What shows where the program runs."""

VERSIONED = ("Server", "X-Powered-By", "X-AspNet-Version", "X-AspNetMvc-Version", "X-Generator")
VERSION = re.compile(r"(?<!\d)\d++\.\d")


def shown(answer: Exchange, forms: dict[str, re.Pattern[str]]) -> Iterator[tuple[str, str]]:
    """Yield where an answer shows something of these forms, and what it is; what was asked may be repeated.

    Headers are read in every answer, the body of a refusal or a failure only: a message may hold anything.
    """
    asked = unquote(answer.request.url) + answer.request.body.decode("utf-8", "replace")
    for at, text in _texts(answer):
        for what, form in forms.items():
            if any(found[0] not in asked for found in form.finditer(text)):
                yield at, what


def versions(answer: Exchange) -> Iterator[str]:
    """Yield the headers that name the version of a program."""
    for name in VERSIONED:
        if VERSION.search(answer.header(name) or ""):
            yield name


def _texts(answer: Exchange) -> Iterator[tuple[str, str]]:
    for name, value in answer.response.headers:
        yield f"header:{name.title()}", value
    if answer.status < 400:
        return
    body = answer.json_or_none
    if isinstance(body, dict):
        yield from ((f"/{name}", "\n".join(_strings(value))) for name, value in body.items())
    else:
        yield "body", answer.text


def _strings(value: Any) -> Iterator[str]:
    """Yield every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)
