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


LABELS = (
    (re.compile(r"^Client (?:request: |response: (?=HTTP))", re.MULTILINE), ""),
    (re.compile(r"(?im)^\s*Request Headers:?\s*$\n?"), ""),
    (re.compile(r"(?im)^\s*Response Headers:?\s*$"), "HTTP/1.1 000"),
    (re.compile(r"(?im)^\s*(?:Request|Response) Body:?\s*$\n?"), "\n"),
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
    text = pattern("wire").sub(r"\1", HOST_BEFORE.sub(r"\2 \1\3", text))
    text = ARROW.sub(lambda match: "" if match[0] == "%" else ":", text)
    if "&quot;" in text or "&#34;" in text:
        text = html.unescape(text)
    for heading, instead in LABELS:
        text = heading.sub(instead, text)
    return text


VARIABLE = re.compile(r"^@(\w+)[ \t]*=[ \t]*(\S+)[ \t]*$", re.MULTILINE)


def with_variables(text: str) -> str:
    """Fill in the variables of an `.http` file, which are set by lines that begin with @."""
    for name, value in VARIABLE.findall(text):
        text = text.replace(f"{{{{{name}}}}}", value)
    return text
