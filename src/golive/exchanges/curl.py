"""A request as the curl command that sends it again, with variables in place of what is secret."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from golive.redaction import VAULT, redact, redact_url

if TYPE_CHECKING:
    from golive.exchanges.model import Request

LONGEST_BODY = 3_000
"""Characters of a body above which a command helps nobody any more."""
LEFT_OUT = frozenset({"user-agent", "host", "accept-encoding", "connection", "content-length"})
SECRET_MEMBER = re.compile(r"\b((?:client_secret|client_assertion|password)=)[^&]*")
"""Secrets of a form, whoever made them up: a wrong one of a check's is nobody's to see either."""
SCHEMES = {
    "basic": '-u "$CLIENT_ID:$CLIENT_SECRET"',
    "bearer": '-H "Authorization: Bearer $TOKEN"',
}


def command(request: Request) -> str:
    """Return the command; the reader sets CLIENT_ID and CLIENT_SECRET, or TOKEN.

    A body that may tell of a person, or that is very long, is left to a file of the reader's own.
    """
    words = ["curl -i"] if request.method == "GET" else ["curl -i", f"-X {request.method}"]
    for name, value in request.headers:
        if name.lower() in LEFT_OUT:
            continue
        scheme = value.split(" ", 1)[0].lower()
        if name.lower() == "authorization":
            words.append(SCHEMES.get(scheme, "-H 'Authorization: ***'"))
        else:
            words.append(f"-H {shlex.quote(f'{name}: {value}')}")
    if request.body:
        text = SECRET_MEMBER.sub(r"\1***", request.body.decode("utf-8", "backslashreplace"))
        is_form = "application/x-www-form-urlencoded" in str(list(request.headers)).lower()
        shown = len(text) <= LONGEST_BODY and (VAULT.shows_data or is_form)
        words.append(f"--data-raw {shlex.quote(text)}" if shown else "--data-binary @body.json")
    return redact(" ".join([*words, shlex.quote(redact_url(request.url))]))
