"""Cuts a paste into its pieces: requests, and the answers that came back between them.

A piece begins at a line that can begin nothing else: `curl`, `POST https://…`, `HTTP/1.1 401`, `{`, `<html`.
The prose around the pieces is passed over, as are the marks that `curl -v` puts before each line.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from http import HTTPStatus

from golive.diagnosis.paste.bodies import joined
from golive.diagnosis.paste.cleaning import cleaned, with_variables, without_tunnels
from golive.diagnosis.paste.curl import parse, words_of
from golive.diagnosis.paste.embedded import embedded
from golive.diagnosis.paste.exported import HTTPIE, of_httpie, of_session
from golive.diagnosis.paste.phrases import pattern
from golive.diagnosis.paste.pieces import PastedAnswer, PastedFailure, PastedRequest, Segment
from golive.environment import API_HOST

STATUS = re.compile(r"^\s*(?:HTTP/[\d.]+|<-{1,2}|-{1,2}>|=>|←|→)\s+(\d{3})\b")
HEADER = re.compile(r"^([A-Za-z][A-Za-z0-9-]*):\s?(.*)$")
HTML = re.compile(r"^\s*<(?:!doctype html|html)", re.IGNORECASE)
LONGEST_COMMAND = 200
MARKED = re.compile(r"[<>] ?(?:HTTP/|[1-5]\d\d [A-Z]|(?:GET|POST|PUT|PATCH|DELETE) )")
VERBOSE = re.compile(r"^[<>](?: |$|(?=HTTP/|[A-Z]{3,6} /))")


MOST_PIECES = 200
MOST_READ = 50_000_000
"""Characters read in search of JSON texts; each brace that begins no JSON text costs one pass over the paste."""

CURL_ERROR = re.compile(r"^\s*curl: \((\d{1,3})\)\s?(.*)$")
CONNECTED = re.compile(r"^\s*HTTP/[\d.]+\s+(1\d\d\b|200 connection established)", re.IGNORECASE)
"""What a proxy or a server says on the way; the answer itself comes after it."""


def cut(text: str) -> list[Segment]:
    """Return the pieces in the order of the paste; none where nothing has a known form."""
    text = without_tunnels(with_variables(cleaned(text)))
    lines = text.split("\n")
    if any(map(MARKED.match, lines)):
        lines = [
            VERBOSE.sub("", line) for line in lines if not line.startswith(("* ", "{ [", "} ["))
        ]
    pieces: list[Segment] = []
    at = braces = 0
    while at < len(lines) and len(pieces) < MOST_PIECES:
        if (
            braces * len(text) > MOST_READ
            and "{" in lines[at]
            and not pattern("curl").match(lines[at])
        ):
            at += 1
            continue
        piece, after = _piece(lines, at)
        braces += piece is None and "{" in lines[at]
        found = piece if isinstance(piece, list) else [piece]
        pieces += [one for one in found if one is not None]
        at = after
    return joined(pieces)


def _piece(lines: list[str], at: int) -> tuple[Segment | list[Segment] | None, int]:
    line = lines[at]
    if pattern("curl").match(line):
        return _command(lines, at)
    if (found := of_session(lines, at))[0]:
        return found
    if HTTPIE.match(line):
        return of_httpie(line), at + 1
    if match := pattern("request_line").match(line):
        return _raw(lines, at, match)
    if match := CURL_ERROR.match(line):
        return PastedFailure(match[1], match[2]), at + 1
    if (status := _status_of(line, "".join(lines[at + 1 : at + 2]) or " ")) is not None:
        headers, after = _headers(lines, at + 1)
        if CONNECTED.match(line):
            return None, after
        body, after = _plain_body(lines, after, headers)
        return PastedAnswer(status or None, headers, body), after
    if HTML.match(line):
        ends = (i for i in range(at, len(lines)) if "</html>" in lines[i].lower())
        end = next(ends, len(lines) - 1)
        return PastedAnswer(None, (), "\n".join(lines[at : end + 1])), end + 1
    if (header := HEADER.match(line)) and header[1].lower() in LONE_HEADERS:
        headers, after = _headers(lines, at)
        return PastedAnswer(None, headers), after
    return _in_a_log(lines, at)


def _in_a_log(lines: list[str], at: int) -> tuple[Segment | list[Segment] | None, int]:
    """Return what a line of a log holds: a request with its status, a JSON text, a gateway's pairs."""
    line = lines[at]
    if match := pattern("challenge").search(line):
        challenge = match[1].replace('\\"', '"')
        return PastedAnswer(None, (("WWW-Authenticate", challenge),)), at + 1
    before, brace, _ = line.partition("{")
    logged = pattern("logged_exchange").search(before)
    listed = logged and pattern("nothing_listed").search(line, logged.end())
    follows = listed or brace or "".join(lines[at + 1 : at + 2]).startswith("{")
    if logged and logged[3] < "4" and not follows:
        logged = None  # a success counts where its body follows
    asked = [PastedRequest(logged[1], logged[2], (), "", BARE)] if logged else []
    status = int(logged[3]) if logged else None
    if logged and listed:
        return [*asked, PastedAnswer(status, (), '{"items": []}')], at + 1
    if "{" in line:
        found, after = embedded(lines, at)
        if logged and isinstance(found, PastedAnswer):
            return [*asked, replace(found, status=status)], after
        return found, after
    pairs = pattern("gateway_pair").findall(line)
    said = json.dumps({"code": 401, "message": ", ".join(pairs)}) if pairs else ""
    if logged or len(pairs) > 1:
        return [*asked, PastedAnswer(status, (), said)], at + 1
    return None, at + 1


WRAPPED = re.compile(r"[A-Za-z0-9+/]{2,76}={0,2}")
"""The rest of a Basic value that was wrapped: base64, and nothing else on the line."""

BARE = frozenset({"bare"})
"""The mark of a request of which only method and URL stand there."""

ASSUMED, SCHEMELESS = frozenset({"host-assumed"}), frozenset({"scheme-assumed"})
"""The marks of a request whose path is one of the EHR APIs, and whose host, or the scheme, does not stand there."""

OF_AN_API = re.compile(r"/[^/\s]+/[a-zA-Z-]+/20\d{6}/")

BODY = re.compile(r"\s*(?:[\w.%+-]+=|[\[{<])")
"""How the body of a request begins: a form, JSON, XML; prose is none."""

PARAMETER = re.compile(r"\s*[\w.-]+=[^&\n]*")
"""A parameter of a form that stands on a line of its own."""

LONE_HEADERS = frozenset(
    {"www-authenticate", "cerner-correlation-id", "opc-request-id", "x-request-id"}
)
"""Headers that make a block an answer even without its status line."""


PROMPT = re.compile(r"^> (?=\S)")
"""What a shell shows before each line that goes on with a command."""


def _command(lines: list[str], at: int) -> tuple[Segment | None, int]:
    taken = [re.sub(r"^.*?(?=curl)", "", lines[at], count=1, flags=re.IGNORECASE)]
    after = at + 1
    while (
        after < len(lines)
        and len(taken) < LONGEST_COMMAND
        and not pattern("curl").match(lines[after])
    ):
        flag = lines[after].lstrip().startswith("-")  # a continuation that lost its mark
        goes_on = re.search(r"[\\^`][ \t]*$", taken[-1]) or _is_open("\n".join(taken))
        if not (goes_on or flag):
            break
        taken[-1] += "" if goes_on else " \\"
        taken.append(PROMPT.sub("", lines[after]))
        after += 1
    return parse("\n".join(taken)), after


def _is_open(command: str) -> bool:
    try:
        words_of(command)
    except ValueError:
        return True
    return False


def _raw(lines: list[str], at: int, match: re.Match[str]) -> tuple[Segment, int]:
    headers, after = _headers(lines, at + 1)
    body: list[str] = []
    start = after
    first = next((line for line in lines[after : after + 2] if line.strip()), "")
    while BODY.match(first) and after < len(lines) and not _begins(lines[after]):
        if (body and not lines[after].strip()) or pattern("ruled").fullmatch(lines[after].strip()):
            break
        body.append(lines[after].strip() and lines[after])
        after += 1
    url, assumed = match[2], frozenset[str]()
    host = next((value for name, value in headers if name.lower() == "host"), "")
    if url.startswith("/"):
        assumed = SCHEMELESS if host else ASSUMED if OF_AN_API.match(url) else frozenset()
        url = f"https://{host.strip() or (API_HOST if assumed else '')}{url}"
    bare = frozenset() if headers or body else BARE
    between = "&" if all(map(PARAMETER.fullmatch, body)) else ""
    whole = between.join(line.strip() if between else line for line in body)
    unbroken = frozenset({"no-empty-line"} if headers and body and first == lines[start] else ())
    return PastedRequest(match[1], url, headers, whole, bare | assumed | unbroken), after


def _begins(line: str) -> bool:
    return (
        any(
            p.match(line)
            for p in (pattern("curl"), CURL_ERROR, pattern("request_line"), HTML, HTTPIE)
        )
        or line.lstrip().startswith("{")
        or _status_of(line) is not None
    )


def _headers(lines: list[str], at: int) -> tuple[tuple[tuple[str, str], ...], int]:
    found: list[tuple[str, str]] = []
    while at < len(lines) and (match := HEADER.match(lines[at].strip())):
        found.append((match[1], match[2].strip()))
        at += 1
        if match[1].lower() == "authorization":
            while at < len(lines) and WRAPPED.fullmatch(lines[at]):
                found[-1] = (match[1], f"{found[-1][1]}\n{lines[at].strip()}")
                at += 1
    return tuple(found), at


def _plain_body(lines: list[str], at: int, headers: tuple[tuple[str, str], ...]) -> tuple[str, int]:
    """Take the paragraph below a header block that announces plain text."""
    media = next((value for name, value in headers if name.lower() == "content-type"), "")
    plain = media.lower().startswith(("text/plain", "application/x-www-form-urlencoded"))
    if not plain or lines[at : at + 1] not in ([""], ["\r"]):
        return "", at
    after = at + 1
    while after < len(lines) and lines[after].strip() and not _begins(lines[after]):
        if after > at + 1 and pattern("logged_exchange").search(lines[after]):
            break
        after += 1
    return "\n".join(lines[at + 1 : after]), after


PHRASES = {str(int(each)): each.phrase.lower() for each in HTTPStatus}


def _status_of(line: str, below: str = " ") -> int | None:
    """Return the status that a line begins an answer with: `HTTP/1.1 401`, `Status: 403`, `401 Unauthorized`.

    A number alone is one where the line below it begins a body.
    """
    if match := STATUS.match(line):
        return int(match[1])
    match = pattern("status_line").fullmatch(line.strip())
    if match is None:
        return None
    known = (match["phrase"] or "").lower() == PHRASES.get(match["status"], "-")
    bare = match["phrase"] is None and match["status"] >= "4" and below.lstrip()[:1] in ("{", "<")
    return int(match["status"]) if match["said"] or known or bare else None
