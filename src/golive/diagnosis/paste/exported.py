"""Reads one request in the forms in which programs write it: HAR, Postman and newman, axios, a command of HTTPie."""

from __future__ import annotations

import json
import re
import shlex
from argparse import ArgumentError, ArgumentParser
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from golive.diagnosis.paste.cleaning import SMART
from golive.diagnosis.paste.curl import FLAGS, request_made
from golive.diagnosis.paste.pieces import PastedAnswer, PastedRequest, basic
from golive.exchanges.har_others import pairs_of as recorded_pairs
from golive.exchanges.har_others import url_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive.diagnosis.paste.pieces import Segment


Pairs = tuple[tuple[str, str], ...]


def pairs_of(value: object) -> Pairs:
    """Return names and values of an object, or of a list of `name` (or `key`) and `value`."""
    return tuple(recorded_pairs(value) or ())


def request_of(value: dict[str, Any], variables: dict[str, str]) -> PastedRequest:
    """Return the request that an object with `url`, `method`, headers and body describes."""
    headers = pairs_of(value.get("headers", value.get("header")))
    body, kind = _body(value)
    names = {name.lower() for name, _ in headers}
    if kind and "content-type" not in names:
        headers = (*headers, ("Content-Type", kind))
    if isinstance(value.get("auth"), dict) and "authorization" not in names:
        headers = (*headers, *_header_of(value["auth"], variables))
    url = _url(value.get("url", value.get("uri")))
    method = str(value.get("method") or ("POST" if body else "GET")).upper()
    filled = tuple((name, filled_in(each, variables)) for name, each in headers)
    return PastedRequest(method, filled_in(url, variables), filled, filled_in(body, variables))


def _url(value: object) -> str:
    raw = isinstance(value, dict) and value.get("raw")
    return str(raw) if raw else url_of(value)


def _body(value: dict[str, Any]) -> tuple[str, str]:
    """Return the body of a request and the media type that its form means."""
    given = value.get("postData", value.get("body", value.get("data")))
    if isinstance(given, str):
        return given, ""
    if not isinstance(given, dict):
        return "", ""
    for name in ("urlencoded", "params"):
        if given.get(name):
            return urlencode(pairs_of(given[name])), "application/x-www-form-urlencoded"
    if given.get("formdata"):
        return urlencode(pairs_of(given["formdata"])), "multipart/form-data"
    if "mode" in given or "text" in given or "raw" in given:
        media = given.get("mimeType") or ("text/plain" if given.get("raw") else "")
        return str(given.get("text") or given.get("raw") or ""), str(media)
    return json.dumps(given), "application/json"


def _auth(auth: dict[str, Any], variables: dict[str, str]) -> dict[str, str]:
    """Return the members of Postman's `auth`: a list of `key` and `value` in exports, an object in older ones."""
    return {k: filled_in(v, variables) for k, v in pairs_of(auth.get(str(auth.get("type"))))}


def _header_of(auth: dict[str, Any], variables: dict[str, str]) -> Pairs:
    of = _auth(auth, variables)
    if auth.get("type") == "basic":
        return (basic(f"{of.get('username', '')}:{of.get('password', '')}"),)
    bearer = (("Authorization", f"Bearer {of.get('token', '')}"),)
    return bearer if auth.get("type") == "bearer" else ()


def granting(auth: dict[str, Any], variables: dict[str, str]) -> Iterator[Segment]:
    """Return the token request that Postman sends where its `auth` is OAuth 2.0."""
    of = _auth(auth, variables)
    if auth.get("type") != "oauth2" or not of.get("accessTokenUrl"):
        return
    form = {"grant_type": of.get("grant_type", "client_credentials"), "scope": of.get("scope", "")}
    headers: Pairs = (("Content-Type", "application/x-www-form-urlencoded"),)
    if of.get("client_authentication") == "body":
        form |= {"client_id": of.get("clientId", ""), "client_secret": of.get("clientSecret", "")}
    else:
        pair = f"{of.get('clientId', '{id}')}:{of.get('clientSecret', '{secret}')}"
        headers += (basic(pair),)
    body = urlencode({k: v for k, v in form.items() if v})
    yield PastedRequest("POST", of["accessTokenUrl"], headers, body)


CONSOLE = frozenset({"Request Headers", "Response Headers"})
"""Members that only the log of Postman's Console has."""

CONSOLE_LINE = re.compile(r"(GET|POST|PUT|PATCH|DELETE|HEAD)\s+(\S+?):?(?:\s+([1-5]\d\d)\b.*)?\s*$")


def console_pieces(line: str, value: dict[str, Any]) -> list[Segment]:
    """Return request and answer of an entry of Postman's Console; `line` is what stands before its brace."""
    asked = CONSOLE_LINE.search(line)
    pieces: list[Segment] = []
    if asked:
        sent = value.get("Request Body")
        body = sent if isinstance(sent, str) else urlencode(pairs_of(sent))
        pieces.append(
            PastedRequest(asked[1], asked[2], pairs_of(value.get("Request Headers")), body)
        )
    status = int(asked[3]) if asked and asked[3] else None
    got = value.get("Response Body")
    text = got if isinstance(got, str) else json.dumps(got) if got else ""
    pieces.append(PastedAnswer(status, pairs_of(value.get("Response Headers")), text))
    return pieces


def filled_in(text: str, variables: dict[str, str]) -> str:
    """Return a text with the values of its variables, which may name others."""
    for _ in range(2):
        text = re.sub(r"\{\{(\w+)\}\}", lambda m: variables.get(m[1], m[0]), text)
    return text


HTTPIE = re.compile(
    r"^\s*(?:[$>#%]\s+)?https?\s+(?:-\S+\s+)*(?:(?:GET|POST|PUT|PATCH|DELETE|HEAD)\s+)?(?:-\S+\s+)*[^\s=]*[.:/]"
)
METHOD = re.compile(r"GET|POST|PUT|PATCH|DELETE|HEAD")
ITEM = re.compile(r"([\w.$-]+)(==|:=|=|:)(.*)", re.DOTALL)
OPTIONS = ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
"""HTTPie's options that take a value, and the one for a form."""

OPTIONS.add_argument("-a", "--auth", default="")
OPTIONS.add_argument("-A", "--auth-type")
OPTIONS.add_argument("-f", "--form", action="store_true")
OPTIONS.add_argument("--timeout", "--verify", "--proxy", "-o", "-p")


def of_httpie(command: str) -> PastedRequest | None:
    """Read an HTTPie command; None where its quotes do not close or it names no URL."""
    try:
        words = shlex.split(command.translate(SMART))
        start = next(i for i, word in enumerate(words) if word in ("http", "https")) + 1
        known, others = OPTIONS.parse_known_args(words[start:])
    except (ValueError, ArgumentError):
        return None
    got: dict[str, list[str]] = {name: [] for name in FLAGS}
    data: list[tuple[str, str]] = []
    query: list[tuple[str, str]] = []
    for word in (each for each in others if not each.startswith("-")):
        if not got["method"] and METHOD.fullmatch(word):
            got["method"].append(word)
        elif not got["url"]:
            got["url"].append(word if "://" in word else f"https://{word}")
        elif (match := ITEM.fullmatch(word)) and match[2] == ":":
            got["header"].append(f"{match[1]}:{match[3]}")
        elif match:
            (query if match[2] == "==" else data).append((match[1], match[3]))
    if not got["url"]:
        return None
    got["bearer" if known.auth_type == "bearer" else "user"] = [known.auth] if known.auth else []
    if data:
        form = urlencode(data) if known.form else json.dumps(dict(data))
        got["data" if known.form else "json"] = [form]
    if query:
        got["url"] = [f"{got['url'][0]}{'&' if '?' in got['url'][0] else '?'}{urlencode(query)}"]
    return request_made(got, set())


PAIR = re.compile(r"[\"']([\w-]{1,60})[\"']: ?[\"']([^\"'\n]{0,4000})[\"']")
"""A header or a parameter in a dict, as Python prints one."""

SESSION = {
    "asked": re.compile(
        r"(?<!\w)Requesting url (https?://\S{1,2000}) using method ([A-Z]{3,7})\.$"
    ),
    "sent": re.compile(
        r"(?<!\w)Supplying headers (\{[^{}]{0,4000}\}) and data (\{[^{}]{0,4000}\}|\S{1,4000})$"
    ),
    "form": re.compile(
        r"(?<!\w)(?:Request body was|Prepared fetch token request body) (\S{1,4000})$"
    ),
    "status": re.compile(r"(?<!\w)Request to fetch token completed with status (\d{3})\.$"),
    "came": re.compile(r"(?<!\w)Response headers were (\{[^{}]{0,4000}\}) and content (\S.*)$"),
}
"""What requests-oauthlib logs of a request, line by line; the lines of other loggers may stand between."""

MOST_LINES = 12


def of_session(lines: list[str], at: int) -> tuple[list[Segment], int]:
    """Return request and answer that requests-oauthlib logs from a line on, and the line after it."""
    asked = SESSION["asked"].search(lines[at].rstrip())
    if asked is None:
        return [], at
    headers: Pairs = ()
    form, status, after = "", None, at + 1
    pieces: list[Segment] = []
    for after in range(at + 1, min(at + MOST_LINES, len(lines))):
        line = lines[after].rstrip()
        if SESSION["asked"].search(line):
            break
        if sent := SESSION["sent"].search(line):
            headers = tuple(PAIR.findall(sent[1]))
            form = urlencode(PAIR.findall(sent[2])) if sent[2].startswith("{") else sent[2]
        elif written := SESSION["form"].search(line):
            form = written[1]
        elif said := SESSION["status"].search(line):
            status = int(said[1])
        elif came := SESSION["came"].search(line):
            pieces = [PastedAnswer(status, tuple(PAIR.findall(came[1])), came[2].removesuffix("."))]
            after += 1
            break
    if not form:
        return [], at
    above = "\n".join(lines[max(at - 3, 0) : after])
    if "Basic auth credentials" in above or "HTTPBasicAuth" in above:
        headers += (("Authorization", "Basic {pair}"),)
    return [PastedRequest(asked[2], asked[1], headers, form), *pieces], after
