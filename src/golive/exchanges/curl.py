"""A request as the curl command that sends it again, with variables in place of what is secret."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from golive.exchanges.curl_credentials import (
    SCHEMES,
    VARIABLE,
    VARIABLES,
    authorization,
    with_variables,
)
from golive.kit.json_text import NotJsonError, read_json
from golive.redaction import REDACTOR, redact, redact_url
from golive.redaction.rendering import tells_of_nobody

if TYPE_CHECKING:
    from collections.abc import Iterable

    from golive.environment import Environment
    from golive.exchanges.model import Request

LONGEST_BODY = 3_000
"""Characters of a body above which a command helps nobody any more."""
LEFT_OUT = frozenset({"user-agent", "host", "accept-encoding", "connection", "content-length"})
OWN_ID = re.compile(r'("id": ")[^"]*')
WORD_BEGINS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")
EMPTY = "''"

RUN_OF_ONE = re.compile(r"((?:%[0-9A-F]{2}|[A-Za-z0-9<>&;/ ]){1}?)\1{39,}")
"""The same character again and again, as generated requests have it, by itself or percent-encoded."""


def command(request: Request, hidden: Iterable[str] | None = None) -> str:
    """Return the command; the reader sets CLIENT_ID and CLIENT_SECRET, or TOKEN, and what a false credential needs.

    In a JSON body that may identify a person, values are placeholders such as PATIENT_ID for the reader to fill in,
    unless `hidden` holds the ids in it that do. Another one, and a very long one, is left to a file of the reader's
    own. Long runs of one character are written as a substitution of the shell.
    """
    words = ["curl -i"] if request.method == "GET" else ["curl -i", f"-X {request.method}"]
    for name, value in request.headers:
        if name.lower() == "authorization":
            words.append(authorization(value, request))
        elif name.lower() not in LEFT_OUT:
            words.append(f"-H {_in_shell(f'{name}: {value}')}")
    if request.body:
        words.append(_body(request, hidden))
    url = redact_url(with_variables(request.url, request))
    return redact(" ".join([*words, _in_shell(url)]))


def _body(request: Request, hidden: Iterable[str] | None) -> str:
    text = with_variables(request.body.decode("utf-8", "backslashreplace"), request)
    is_form = "application/x-www-form-urlencoded" in str(list(request.headers)).lower()
    may_show = REDACTOR.shows_data or is_form or hidden is not None
    if not REDACTOR.shows_data and hidden is not None:
        for identifier in hidden:
            text = text.replace(identifier, "PATIENT")
        text = OWN_ID.sub(r"\1ID", text)
    shown = _in_shell(text if may_show else _with_placeholders(request.body))
    fits = shown != EMPTY and len(shown) <= LONGEST_BODY
    return f"--data-raw {shown}" if fits else "--data-binary @body.json"


def _with_placeholders(body: bytes) -> str:
    """Return a JSON body with its structure and the contract's words alone, "" for a body that is not JSON."""
    try:
        return json.dumps(_placeholder(read_json(body), "VALUE"), ensure_ascii=False)
    except NotJsonError:
        return ""


def _placeholder(value: Any, name: str) -> Any:
    match value:
        case dict():
            return dict(_member(key, one) for key, one in value.items())
        case list():
            return [_placeholder(one, name) for one in value]
        case bool() | None:
            return value
    if tells_of_nobody(str(value), REDACTOR.public):
        return value
    return WORD_BEGINS.sub("_", name).upper() if isinstance(value, str) else 0


def _member(name: str, value: Any) -> tuple[str, Any]:
    if tells_of_nobody(name, REDACTOR.public):
        return name, _placeholder(value, name)
    return "NAME", _placeholder(value, "VALUE")


def first_commands(environment: Environment, address: str) -> list[str]:
    """Return the commands that set what `command` leaves to variables, in the order in which they are run.

    `address` is that of the twin which was asked, empty where none was: the first command starts one that has the same
    messages and faults at the same port.
    """
    url, scopes = environment.token.url, " ".join(environment.token.scopes)
    lines = []
    if address:
        defects = "".join(f" --defect {name}" for name in environment.twin.defects)
        settings = f"--port {urlsplit(address).port} --seed {environment.twin.seed}{defects}"
        lines.append(
            f"rm -f twin.sh; golive twin {settings} --variables twin.sh & "
            "until [ -s twin.sh ]; do sleep 1; done; . ./twin.sh"
        )
    else:
        lines.append("CLIENT_ID=…; CLIENT_SECRET=…  # of your account")
    if environment.token.client_authentication != "client_secret_basic":
        return [*lines, "TOKEN=…  # of a token request that your account's key has signed"]
    asked = f"-d grant_type=client_credentials --data-urlencode {shlex.quote(f'scope={scopes}')}"
    read = shlex.quote('import json, sys; print(json.load(sys.stdin)["access_token"])')
    token = f"curl -s {SCHEMES['basic']} {asked} {shlex.quote(url)} | python3 -c {read}"
    return [*lines, f"TOKEN=$({token})"]


def short_url(url: str) -> str:
    """Return a URL as a report shows it: long runs of one character are counted."""
    return RUN_OF_ONE.sub(lambda run: f"{run[1]}…{len(run[0]) // len(run[1])} times", url)


def _in_shell(text: str) -> str:
    """Quote a text, without secrets, for a POSIX shell."""
    if VARIABLE.search(text):
        texts = VARIABLE.split(text)  # every second one is a variable's name
        return "".join(
            f'"{VARIABLES[one]}"' if number % 2 else _in_shell(one) if one else ""
            for number, one in enumerate(texts)
        )
    text = redact(text)
    quoted, end = "", 0
    for run in RUN_OF_ONE.finditer(text):
        quoted += shlex.quote(text[end : run.start()]) if run.start() > end else ""
        times, unit = len(run[0]) // len(run[1]), run[1].replace("%", "%%")
        quoted += f"\"$(printf '{unit}%.0s' $(seq {times}))\""
        end = run.end()
    return quoted + (shlex.quote(text[end:]) if end < len(text) or not text else "")
