"""How a curl command names the credential that a request presented: variables, and never a secret.

What the run itself asks with is TOKEN, or CLIENT_ID and CLIENT_SECRET. A false credential that can be made of these is
made of them; of any other one the command says what has to be set, and is not sent without it.
"""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus, unquote_plus

from golive.exchanges.jwt import Form, read
from golive.redaction import redact

if TYPE_CHECKING:
    from golive.exchanges.model import Request

SCHEMES = {"basic": '-u "$CLIENT_ID:$CLIENT_SECRET"', "bearer": '-H "Authorization: Bearer $TOKEN"'}
HIDDEN = "-H 'Authorization: ***'"
OTHER_TOKEN = (
    "${OTHER_TOKEN:?set it to the token that the check describes, which is not the own one}"  # noqa: S105 - words of a shell
)
OTHER_SECRET = "${OTHER_SECRET:?set it to the secret of that client, or to any where there is none}"  # noqa: S105
ASSERTION = "${ASSERTION:?set it to an assertion as the check describes it}"
NO_PAIR = "bm8tY29sb24="
"""base64 of a text that is no pair of client and secret."""

SECRET_MEMBER = re.compile(r"\b((?:client_secret|client_assertion|password)=)([^&]*)")
"""Secrets of a form, the wrong ones that checks make up included."""

VARIABLE = re.compile(r"golive~(\w+)~")
"""Stands in a text for a variable until the text is quoted for the shell."""

VARIABLES = {  # what each is in the shell
    "token": "$TOKEN",
    "client": "$CLIENT_ID",
    "secret": "$CLIENT_SECRET",
    "other": OTHER_SECRET,
    "assertion": ASSERTION,
}


def authorization(value: str, request: Request) -> str:
    """Return the words of a command that present what the request's Authorization header did."""
    scheme, _, shown = value.partition(" ")
    own, kind = request.credential, scheme.lower()
    if own is None or value == own:
        return SCHEMES.get(kind, HIDDEN)
    known = own.partition(" ")[2]
    if kind == "bearer":
        return f'-H "Authorization: Bearer {_token(shown, known)}"'
    if kind != "basic":
        return HIDDEN
    if known and shown == known:  # the right token under the wrong scheme
        return '-H "Authorization: Basic $TOKEN"'
    client, colon, secret = pair_of(shown)
    if not colon:
        return f"-H 'Authorization: Basic {NO_PAIR}'"
    own_client, _, own_secret = pair_of(known)
    if client == own_client:
        return f'-u "$CLIENT_ID:{_secret(secret, own_secret)}"'
    return f'-u "{redact(client)}:{OTHER_SECRET}"'


def pair_of(basic: str) -> tuple[str, str, str]:
    """Return client, colon and secret of HTTP Basic's credential, three times "" where it is no pair."""
    try:
        client, colon, secret = base64.b64decode(basic).decode().partition(":")
    except ValueError:
        return "", "", ""
    return (unquote_plus(client), colon, unquote_plus(secret)) if colon else ("", "", "")


def _secret(shown: str, own: str) -> str:
    """Return a wrong secret in the shell's words: one that is made of the right one, or any other."""
    if not shown or not own:
        return ""
    made = {
        own[:-1]: "${CLIENT_SECRET%?}",
        f"{own}0": "${CLIENT_SECRET}0",
        own.swapcase(): "$(printf %s \"$CLIENT_SECRET\" | tr 'a-zA-Z' 'A-Za-z')",
    }
    return made.get(shown, "not-the-secret")


def _token(shown: str, own: str) -> str:
    """Return a token in the shell's words: the run's own without its signature, or what has to be set."""
    if shown == own:
        return "$TOKEN"
    token, known = read(shown), read(own)
    unsigned = len(token.parts) == 3 and not token.parts[2]
    if known.form is not Form.JWS or not unsigned or token.parts[1] != known.parts[1]:
        return OTHER_TOKEN
    if token.parts[0] == known.parts[0]:
        return "${TOKEN%.*}."
    header = json.dumps(token.header, separators=(",", ":")).replace("'", "")
    encoded = f"$(printf %s '{header}' | base64 | tr -d '=\\n' | tr '+/' '-_')"
    return f'{encoded}.$(printf %s "$TOKEN" | cut -d. -f2).'


def with_variables(text: str, request: Request) -> str:
    """Return a form or a URL in which variables stand for the credentials that a command may not show."""
    own = request.credential
    if own is None:
        return SECRET_MEMBER.sub(r"\1***", text)
    scheme, _, known = own.partition(" ")
    client, _, secret = pair_of(known) if scheme == "Basic" else ("", "", "")

    def stands_for(match: re.Match[str]) -> str:
        if match[1] == "client_assertion=":
            return f"{match[1]}golive~assertion~"
        mine = secret and match[2] in (quote_plus(secret), quote(secret, safe=""), secret)
        return f"{match[1]}golive~{'secret' if mine else 'other'}~"

    text = SECRET_MEMBER.sub(stands_for, text)
    if client:
        text = text.replace(f"client_id={quote_plus(client)}", "client_id=golive~client~")
    if scheme == "Bearer" and known:
        text = text.replace(known, "golive~token~")
    return text
