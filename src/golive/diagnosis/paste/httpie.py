"""Reads a pasted HTTPie command as a request: `http POST URL -a id:secret --form name=value name==query`."""

from __future__ import annotations

import json
import re
import shlex
from urllib.parse import urlencode

from golive.diagnosis.paste.cleaning import SMART
from golive.diagnosis.paste.pieces import PastedRequest, basic

COMMAND = re.compile(
    r"^\s*(?:[$>#%]\s+)?https?\s+(?:-\S+\s+)*(?:(?:GET|POST|PUT|PATCH|DELETE|HEAD)\s+)?(?:-\S+\s+)*[^\s=]*[.:/]",
)
METHOD = re.compile(r"GET|POST|PUT|PATCH|DELETE|HEAD")
ITEM = re.compile(r"([\w.$-]+)(==|:=|=|:)(.*)", re.DOTALL)
TAKING = frozenset(
    {"-a", "--auth", "-A", "--auth-type", "--timeout", "--verify", "--proxy", "-o", "-p"}
)


def parse(command: str) -> PastedRequest | None:
    """Read an HTTPie command; None where its quotes do not close or it names no URL."""
    try:
        words = shlex.split(command.translate(SMART))
    except ValueError:
        return None
    rest = iter(words[next(i for i, word in enumerate(words) if word in ("http", "https")) + 1 :])
    flags: dict[str, str] = {}
    url = method = ""
    items: list[tuple[str, str, str]] = []
    for word in rest:
        if word.startswith("-"):
            name, _, value = word.partition("=")
            flags[name] = value or (next(rest, "") if name in TAKING else "")
        elif not method and METHOD.fullmatch(word):
            method = word
        elif not url:
            url = word if "://" in word else f"https://{word}"
        elif match := ITEM.fullmatch(word):
            items.append((match[1], match[2], match[3]))
    return _request(method, url, flags, items) if url else None


def _request(
    method: str, url: str, flags: dict[str, str], items: list[tuple[str, str, str]]
) -> PastedRequest:
    query = [(name, value) for name, sign, value in items if sign == "=="]
    data = [(name, value) for name, sign, value in items if sign in ("=", ":=")]
    headers = [(name, value) for name, sign, value in items if sign == ":"]
    user = flags.get("-a", flags.get("--auth", ""))
    if user and flags.get("-A", flags.get("--auth-type", "basic")) == "bearer":
        headers.append(("Authorization", f"Bearer {user}"))
    elif user:
        headers.append(basic(user))
    body = ""
    if data:
        form = bool({"-f", "--form"} & set(flags))
        body = urlencode(data) if form else json.dumps(dict(data))
        media = "application/x-www-form-urlencoded" if form else "application/json"
        headers.append(("Content-Type", media))
    if query:
        url = f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"
    return PastedRequest(method or ("POST" if data else "GET"), url, tuple(headers), body)
