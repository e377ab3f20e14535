"""Reads requests that nobody wrote down as such: from the URLs that a configuration, a log or a sentence names.

Such as a `.env`, a compose file or a manifest, Spring properties, a Bruno request, an error of one line. What such a
request would carry is known as far as it is named: a client id and a secret, a scope, an Authorization header, a form.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

from golive.diagnosis.paste.links import asked_urls, readable_url, urls_in
from golive.diagnosis.paste.phrases import pattern
from golive.diagnosis.paste.pieces import PastedAnswer, PastedRequest, basic
from golive.diagnosis.paste.secrets import secret_data
from golive.diagnosis.services import service_of
from golive.kit.wire import split_url

if TYPE_CHECKING:
    from golive.diagnosis.paste.pieces import Segment

COMPUTED = re.compile(
    r"[A-Za-z_][\w.]*[(\[{].*|\[\]string\{.*|[A-Za-z_]+(?:\.[A-Za-z_]+)+;?|[\[({].*"
)
"""A value that a program computes or looks up, such as `os.Getenv("ID")`; what it is does not stand there."""

METHOD = re.compile(r"(?i)\bmethod\\?[\"']?\s*[:=]\s*\\?[\"']?(GET|POST|PUT|HEAD)\b")
SECRET = re.compile(r"(?i)(?:^|[_.-])(?:client[_.-]?)?secret$|password$")
CLIENT = re.compile(r"(?i)client[_.-]?id$|account[_.-]?id$|username$")
SCOPE = re.compile(r"(?i)scopes?$")

INLINE = {
    name: re.compile(
        rf"(?i)(?<![\w-]){name}s?[\"']?\]?\s*(?:(?:=>|[:=,])\s*(?:\[\]string)?|(?=\())(?:(?P<list>[\[({{]+)|\s*)\s*"
        r"[\"'](?P<one>[\w:./* -]+)[\"'](?(list)(?P<more>(?:\s*,\s*[\"'][\w:./* -]+[\"']){0,30}))"
    )
    for name in ("scope", "grant_type")
}
"""A parameter of a token request in a program: in a dict, an object, a hash, a call, with the rest of a list."""

LISTED = re.compile(
    r"(?m)^[ \t]*scopes?:[ \t]*\n((?:[ \t]*-[ \t]*[\w:./*\"'-]+[ \t]*(?:\n|\Z)){1,30})"
)
"""Scopes as YAML lists them, one on a line."""


FORM_OF_BRUNO = re.compile(r"body:form-urlencoded \{[^}]*\bclient_secret:")


PLAIN = re.compile(r"[\w.:/-]+")
VARIABLE = re.compile(r"\$?\{{1,2}([A-Za-z_][\w.]*)\}{1,2}")
"""A variable in a URL that another line of the same settings gives."""


def redirect_of(text: str) -> list[Segment]:
    """Return the answer that a redirect of the authorize endpoint carries in its query or fragment."""
    for url in urls_in(text):
        parts = split_url(url)
        for query in (parts.query, parts.fragment):
            found = parse_qs(query)
            if "error" in found and ("error_uri" in found or "state" in found):
                body = {name: found[name][0] for name in ("error", "error_uri") if name in found}
                return [PastedAnswer(None, (), json.dumps(body))]
    return []


NO_CALLS = ("key-set", "introspection", "filter")
"""Services whose URL is that of no request for a token or of an API."""


def requests_of(text: str) -> list[Segment]:
    """Return the token request and the call of an API that a text names, each once, in this order."""
    asking = _without_grants(text)
    said = dict(pattern("setting").findall(asking) + pattern("named_value").findall(asking))
    pairs = {
        name: f"{{{name}}}" if COMPUTED.fullmatch(value) else value.strip("\"'")
        for name, value in said.items()
    }
    data = secret_data(text)
    pairs |= data
    known = {name: value for name, value in said.items() if PLAIN.fullmatch(value)}
    text = VARIABLE.sub(lambda match: known.get(match[1], match[0]), text)
    text = "\n".join([text, *(f"{name}={value}" for name, value in data.items() if "://" in value)])
    found: dict[bool, PastedRequest] = {}
    refusals = [*pattern("refusal").finditer(text)]
    refused = (text + "\n").find("\n", refusals[-1].end()) if refusals else 0
    for match in asked_urls(text):
        url, is_before = match[0].rstrip(".:"), match.end() <= refused
        served = service_of(readable_url(url))
        path = split_url(readable_url(url)).path
        asks = _grants(url, path)
        if path.startswith("/errors/") or "/.well-known/" in path or (served is None and not asks):
            continue
        if served and (served.service in NO_CALLS or not path.strip("/")):
            continue
        before = found.get(asks)
        if before is None or (
            not asks and (is_before or url.startswith((f"{before.url}?", f"{before.url}/")))
        ):
            found[asks] = _request(text, url, pairs, asks=asks)
    if len(found) > 1 and (found[True].header("Authorization") or "").lower().startswith("bearer"):
        found[True] = replace(found[True], headers=())  # it is that of the API's call
    return [found[asks] for asks in (True, False) if asks in found]


OF_A_GRANT = re.compile(r"(?<![\w-])(?:token_type|expires_in)\\{0,4}[\"']?\s*(?:=>|[:=])")
OBJECT = re.compile(r"\{[^{}]*\}")
MOST = 6
"""Members of a token response on either side of such a one."""

MEMBER = re.compile(r"\s*(?:[$%]\s*)?[\"']?\w+[\"']?\s*(?:=>|[:=])")
"""A line that holds a member of an object, as languages print one."""


def _without_grants(text: str) -> str:
    """Return a text without its token responses: their `scope` is what was granted, and not what was asked for."""
    text = OBJECT.sub(lambda match: "" if OF_A_GRANT.search(match[0]) else match[0], text)
    lines = text.split("\n")
    granted: set[int] = set()
    for at in (i for i, line in enumerate(lines) if OF_A_GRANT.search(line)):
        both = (range(at + 1, len(lines)), range(at - 1, -1, -1))
        near = [i for way in both for i in takewhile(lambda i: MEMBER.match(lines[i]), way[:MOST])]
        # A file of settings may hold such a name as well, and no token.
        granted.update([at, *near] if any("access_token" in lines[i] for i in near) else [at])
    return "\n".join(line for i, line in enumerate(lines) if i not in granted)


SCOPE_NAME = re.compile(r"oraclehealth:[a-z]+:[\w-]+|\b(?:system|user|patient)/[A-Z]\w+\.\w+")


def scopes_asked_in(text: str) -> list[str]:
    """Return the scopes that a log or a person says to be asked for, none where the text names others as well."""
    logged = pattern("logged_scope").search(_without_grants(text))
    found = re.split("[ +,]+", logged[1].strip(" +,")) if logged else []
    line = logged[0].rpartition("\n")[2] if logged else ""
    said = re.search(r"(?i)\b(?:request(?:ing|ed)?|ask(?:ing|ed)?)\b", line)
    return found if said or {*SCOPE_NAME.findall(text)} <= {*found} else []


def in_the_body(text: str) -> bool:
    """Return whether a setting of an OAuth library puts the client id and the secret into the form."""
    return any(
        pattern("in_the_body").fullmatch(value) for value in pattern("auth_setting").findall(text)
    )


def kept_quotes(text: str) -> bool:
    """Return whether a file of variables has quotes around its values and is read by `docker run --env-file`."""
    quoted = any(
        value[:1] in "\"'" and value[-1:] == value[:1]
        for _, value in pattern("setting").findall(text)
    )
    return quoted and "--env-file" in text and re.search(r"\bdocker\b", text) is not None


def _grants(url: str, path: str) -> bool:
    served = service_of(readable_url(url))
    if served and served.service in ("authorization", "authorize"):
        return path.strip("/") != ""
    return re.search(r"/token/?$", path) is not None


def _request(text: str, url: str, pairs: dict[str, str], *, asks: bool) -> PastedRequest:
    schemes = {m.split()[0].lower(): m for m in pattern("authorization").findall(text)}
    verb = r"\b(GET|POST|PUT|PATCH|DELETE|HEAD)\b[\s\"'`:(]{1,3}"
    call = r"(?i:\.(get|post|put|delete)(?:Async|ForEntity|ForObject)?\(\s*[frb]?[\"'`])"
    before = (re.search(f"{one}{re.escape(url)}", text) for one in (verb, call))
    named = next((one for one in before if one), None) or METHOD.search(text)
    method, flags = named[1].upper() if named else "", frozenset({"named"})
    if not asks:
        bearer = [("Authorization", schemes["bearer"])] if "bearer" in schemes else []
        flags |= frozenset() if method else {"unknown-method"}
        return PastedRequest(method or "GET", url, tuple(bearer), "", flags)
    headers: list[tuple[str, str]] = []
    form = pattern("form").search(text)
    body = parse_qs(form[1]) if form else {}
    asking = _without_grants(text)
    for name, inline in INLINE.items():
        if name not in body and (match := inline.search(asking)):
            body[name] = [" ".join([match["one"], *re.findall(r"[\w:./*-]+", match["more"] or "")])]
    if "scope" not in body and (listed := LISTED.search(text)):
        body["scope"] = [" ".join(re.findall(r"[\w:./*]+(?:-[\w:./*]+)*+", listed[1]))]
    for name, value in pairs.items():
        if SCOPE.search(name) and "scope" not in body and not value.startswith("{"):
            body["scope"] = [value]
    if "scope" not in body and (scopes := scopes_asked_in(text)):
        body["scope"] = [" ".join(scopes)]
    client, secret = (
        next((v for n, v in pairs.items() if wanted.search(n) and "://" not in v), "")
        for wanted in (CLIENT, SECRET)
    )
    chosen = any(
        pattern("way_setting").search(n) and pattern("in_the_body").fullmatch(v)
        for n, v in pairs.items()
    )
    if chosen or in_the_body(text) or FORM_OF_BRUNO.search(text):
        body |= {"client_id": [client or "{id}"], "client_secret": [secret or "{secret}"]}
    elif schemes:
        headers.append(("Authorization", schemes.get("basic") or next(iter(schemes.values()))))
    elif client and secret:
        headers.append(basic(f"{client}:{secret}"))
    as_json = (
        json.dumps({k: v[0] for k, v in body.items()})
        if pattern("form_as_json").search(text)
        else ""
    )
    whole = as_json or urlencode(body, doseq=True)
    return PastedRequest(method or "POST", url, tuple(headers), whole, flags)
