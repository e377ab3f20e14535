"""Undoes what logs, terminals, forums and word processors add to a text, so that its pieces can be found."""

from __future__ import annotations

import html
import re

from golive.diagnosis.paste.phrases import pattern

# Word processors and forums turn quotes, spaces and dashes into these.
SMART = str.maketrans(
    dict.fromkeys("\u201c\u201d\u201e", '"')
    | dict.fromkeys("\u2018\u2019", "'")
    | {"\u00a0": " ", "\u2013": "--", "\u200b": None, "\ufeff": None}
)
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
SERVICE = re.compile(r"^[\w./-]+(?:-\d+)? +\| ?", re.MULTILINE)
"""The name before each line that docker compose prints."""


HOST_BEFORE = re.compile(r"(https?://[\w.-]+)(?::443)? \"([A-Z]{3,6}) (/\S*) HTTP/[\d.]+\"")
"""A host and the request line behind it, as urllib3 logs them."""

ARROW = re.compile(r"%(?=\{)|(?<=[\"'])\s*=>")
"""What maps of Elixir, Ruby and PHP have where JSON has none or a colon."""

ESCAPED = re.compile(r"\\([_*\[\]#`~])")
"""What Markdown escapes, and JSON and shells do not."""


ABOVE, BELOW = r"^(?:[ \t]*\n){0,9}[ \t]*", r"[ \t]*(?:\n[ \t]*){0,9}$"
"""The empty lines around a heading: not any number, as each of them could be the first."""

LABELS = (
    (re.compile(r"^Client (?:request: |response: (?=HTTP))", re.MULTILINE), ""),
    (re.compile(rf"(?im){ABOVE}Request Headers:?{BELOW}\n?"), ""),
    (re.compile(rf"(?im){ABOVE}Response Headers:?{BELOW}"), "HTTP/1.1 000"),
    (re.compile(rf"(?im){ABOVE}(?:Request|Response) Body:?{BELOW}\n?"), "\n"),
    (
        re.compile(
            r'(?im)^[ \t]*(?:(?:request|response) )?(?:body|payload)[ \t]?[:=][ \t]*(?=\{".*\}[ \t]?$)'
        ),
        "",
    ),
    (
        re.compile(r"(?m)^([ \t]*(?:<-{1,2}|-{1,2}>|=>|←|→)[ \t]+\d{3}\b[^\n{]{0,40}+)(?=\{)"),
        r"\1\n",
    ),
)
"""Headings between the parts of an exchange, as consoles show them."""


def cleaned(text: str) -> str:
    """Return the text with the line ends, quotes and marks that it had before it was logged or copied."""
    text = ANSI.sub("", text.replace("\r\n", "\n").translate(SMART))
    text = pattern("moment").sub("", SERVICE.sub("", text))
    text = pattern("host_alone").sub("https://", ESCAPED.sub(r"\1", text))
    text = _with_urls(text)
    text = pattern("wire").sub(r"\1", HOST_BEFORE.sub(r"\2 \1\3", text))
    text = ARROW.sub(lambda match: "" if match[0] == "%" else ":", text)
    if "&quot;" in text or "&#34;" in text:
        text = html.unescape(text)
    for heading, instead in LABELS:
        text = heading.sub(instead, text)
    return text


HOST_APART = re.compile(
    r"(?<![\w.-])(?:[a-z]{2,12}_)?(?:dst|dest|host|upstream|authority|server)[\"']?[=:] ?[\"']?"
    r"((?:api|authorization|fhir[\w-]{0,40})\.(?:sandbox)?cerner(?:millennium)?\.com)(?![\w.-])",
    re.IGNORECASE,
)
PATH_APART = re.compile(
    r"(?<![\w.-])(?:[a-z]{2,12}_)?(?:path|uri|url|request|target)[\"']?[=:] ?[\"']?(?:([A-Z]{3,7}) )?(?=/)",
    re.IGNORECASE,
)
"""Where a line of a log holds host and path as two fields."""

LONGEST_LINE = 4_000


def _with_urls(text: str) -> str:
    """Write the URL of an exchange out where a line of a log holds its host and its path apart."""
    return "\n".join(map(_with_url, text.split("\n")))


def _with_url(line: str) -> str:
    host = HOST_APART.search(line) if "://" not in line and len(line) < LONGEST_LINE else None
    path = PATH_APART.search(line) if host else None
    if host is None or path is None:
        return line
    return f"{line[: path.end()]}https://{host[1].lower()}{line[path.end() :]}"


VARIABLE = re.compile(r"^@(\w+)[ \t]*=[ \t]*(\S+)[ \t]*$", re.MULTILINE)


def with_variables(text: str) -> str:
    """Fill in the variables of an `.http` file, which are set by lines that begin with @."""
    for name, value in VARIABLE.findall(text):
        text = text.replace(f"{{{{{name}}}}}", value)
    return text
