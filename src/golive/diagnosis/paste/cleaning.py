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

SYMBOL = re.compile(
    r"(?<=[{,\[ ]):(\w{1,40})(\s?=>)|(?<=[>:, \[])(?<!::):(?!\d)(\w{1,40})(?=[,}\]])"
)
"""A symbol of Ruby as the name of a member (`:url=>`) or as a value (`=>:post`)."""

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


BOXED = re.compile(
    r"(?m)^[ \t]{0,20}(GET|POST|PUT|PATCH|DELETE) (https?://[^\s\[]{1,2000}) "
    r"\[(\d{3} [A-Za-z ]{1,40}), [^\]\n]{0,80}\][ \t]*\n"
    r"((?:[ \t]{0,20}[┌│└][^\n]{0,4000}\n){2,400})"
)
BOX = re.compile(r"(?m)^[ \t]{0,20}(?:┌ ([↑↓])[^\n]*|[┌└][^\n]*|│ ?)")


def _boxed(match: re.Match[str]) -> str:
    """Write an exchange as HTTP has it that newman shows in boxes: what was sent (↑), and what came (↓)."""
    method, url, status, boxes = match.groups()
    parts = BOX.sub(lambda one: f"\0{one[1]}" if one[1] else "", boxes).split("\0")[1:]
    sent = "".join(one[1:].strip() for one in parts if one[0] == "↑")
    came = "".join(one[1:].strip() for one in parts if one[0] == "↓")
    return f"{method} {url}\n\n{sent}\n\nHTTP/1.1 {status}\n\n{came}\n\n"


def cleaned(text: str) -> str:
    """Return the text with the line ends, quotes and marks that it had before it was logged or copied."""
    text = ANSI.sub("", text.replace("\r\n", "\n").translate(SMART))
    text = _without_sources(pattern("moment").sub("", SERVICE.sub("", text)))
    text = pattern("host_alone").sub("https://", ESCAPED.sub(r"\1", text))
    text = _with_urls(text)
    text = pattern("wire").sub(r"\1", HOST_BEFORE.sub(r"\2 \1\3", text))
    text = SYMBOL.sub(lambda match: f'"{match[1] or match[3]}"{match[2] or ""}', text)
    text = ARROW.sub(lambda match: "" if match[0] == "%" else ":", text)
    if "&quot;" in text or "&#34;" in text:
        text = html.unescape(text)
    text = BOXED.sub(_boxed, text)
    for heading, instead in LABELS:
        text = heading.sub(instead, text)
    return with_bases(GOES_ON.sub("", text))


LINE_OF_SOURCE = re.compile(r"[ \t]*+(?:(-*+>|➜)[ \t]*+)?(\d{1,5})[▕|│ \t]")
"""A line of a program as a traceback prints it: its number, and perhaps an arrow before it."""

SUFFIXES = "py|[cm]?js|[jt]sx?|java|kts?|scala|groovy|cs|vb|go|rb|php|rs|swift|cc?|cpp|h|exs?|erl|clj|pl|ps1|sh|dart"
NAMED_LINE = re.compile(
    rf"\w\.(?:{SUFFIXES})(?::|#L|\()([1-5]\d\d)\b|(?i:\bline[: ]{{1,2}})([1-5]\d\d)\b"
)
"""How a text names a line of a file: `session.py:406`, `line 406`."""

NEIGHBOURS = 3
"""Lines that two lines of a program which a traceback prints under each other are apart: it leaves empty ones out."""


def _without_sources(text: str) -> str:
    """Return a text without the numbers that tracebacks print before lines of programs: they are no statuses."""
    lines = text.split("\n")
    numbered = {i: match for i, line in enumerate(lines) if (match := LINE_OF_SOURCE.match(line))}
    named = {number for found in NAMED_LINE.findall(text) for number in found if number}
    for at, match in numbered.items():
        near = (numbered.get(i) for i in (at - 1, at + 1))
        beside = (
            abs(int(one[2]) - int(match[2])) for one in near if one and not (one[1] and match[1])
        )
        if match[2] in named or any(0 < apart <= NEIGHBOURS for apart in beside):
            lines[at] = lines[at][match.end() :]
    return NAMED_LINE.sub(lambda match: match[0].rstrip("0123456789"), "\n".join(lines))


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


GOES_ON = re.compile(r"(?m)^\.\.\. (?=.*\S)")
"""What an interactive Python shows before each line that goes on with a statement."""

BASE = re.compile(
    r"(?m)^[^\S\n]*(?:export |set |const |let |var |val |final |\$env:|>>> |[\w.]{1,40} )?[$@]?"
    r"([A-Za-z_]\w{1,40})(?:: ?\w+)?(?:[ \t]*:?=[ \t]*|\n)"
    r"[frb]?[\"'`]?(https?://[\w.:/-]{4,300})[\"'`]?[;,]?[ \t]*(?:[#/].*)?$"
)
"""A line that gives a URL to a variable, or shows what an interactive Python has in one."""


def with_bases(text: str) -> str:
    """Write the URL out where a request is made with a variable whose URL the text gives elsewhere, once."""
    given: dict[str, set[str]] = {}
    for name, url in BASE.findall(text):
        given.setdefault(name, set()).add(url.rstrip("/"))
    for name, urls in given.items():
        if len(urls) == 1:
            text = _filled_in(text, name, urls.pop())
    return text


def _filled_in(text: str, name: str, url: str) -> str:
    written = (
        rf"\$\{{{name}\}}",
        rf"\{{{{1,2}}{name}\}}{{1,2}}",
        rf"\$(?:env:)?{name}\b",
        f"%{name}%",
    )
    text = re.sub(rf"(?<![\w/])(?:{'|'.join(written)})(?![=\w])", lambda _: url, text)
    return re.sub(rf"(?<![\w.$]){name} ?\+ ?[frb]?[\"'`](?=/)", lambda _: f'"{url}', text)


VARIABLE = re.compile(r"^@(\w+)[ \t]*=[ \t]*(\S+)[ \t]*$", re.MULTILINE)


def with_variables(text: str) -> str:
    """Fill in the variables of an `.http` file, which are set by lines that begin with @."""
    for name, value in VARIABLE.findall(text):
        text = text.replace(f"{{{{{name}}}}}", value)
    return text


TUNNEL = re.compile(
    r"(?m)^(?:> ?)?CONNECT [\w.:-]{1,200} HTTP/[\d.]{1,3}[ \t]*\n(?:(?!(?:< ?)?HTTP/)[^\n]*\n){0,30}?"
    r"(?:< ?)?HTTP/[\d.]{1,3} [^\n]*\n(?:(?:< ?)?[A-Za-z][\w-]*:[^\n]*\n){0,40}"
)
"""What a client asks of a proxy for a tunnel, and the proxy's answer: none of the host behind it."""


def without_tunnels(text: str) -> str:
    """Return a text without the exchanges with a proxy that come before those with the host."""
    return TUNNEL.sub("", text)
