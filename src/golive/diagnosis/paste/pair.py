"""Compares id and secret as they are sent with what else a paste says of them: labels, names of variables, lengths.

Of a secret nothing is kept but how it differs from another one: a kind, lengths, the sign at which it was cut.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from golive.diagnosis.paste.phrases import pattern
from golive.diagnosis.paste.secrets import encoded_under_string_data
from golive.diagnosis.spelling import decoded, pair_in
from golive.kit.problems import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive.diagnosis.paste.transcript import Transcript

ID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
LABELLED = re.compile(
    r"(?i)\b(client|app(?:lication)?|tenant|account|secret|object|directory|org(?:anization)?)[ _-]?id\b"
    r"[\"'`*]{0,3}[ \t]{0,3}(?:\([^()\n]{1,40}\)[ \t]{0,2})?(?:[:=|]|is\b)[ \t]{0,8}[\"'`*]{0,3}"
    rf"({ID})\b"
)
"""An id behind the name of what it is of."""

READ = re.compile(
    r"(?:process\.env\.|os\.environ(?:\.get)?[(\[]{1,2}[\"']|os\.getenv\([\"']|\bgetenv\([\"']|os\.Getenv\([\"']|System\.getenv\([\"']"
    r"|ENV(?:\.fetch)?[(\[][\"']|GetEnvironmentVariable\([\"']|env::var\([\"']|env\([\"'])"
    r"([A-Z][A-Z0-9_]{2,60})\b"
)
"""The name of a variable of the environment that a program reads."""

SET = re.compile(
    r"(?m)^[ \t]*(?:-[ \t]*)?(?:export |set |ENV |Environment=|- name: |\$env:)?[\"']?([A-Z][A-Z0-9_]{2,60})[\"']?"
    r"(?:[ \t]{0,3}[=:](?![=:])|[ \t]*$)"
    r"|(?:environ|variables?|env)[^\n]{0,60}?[:=] ?((?:[A-Z][A-Z0-9_]{2,60}(?:, ?|$)){2,12})"
)
"""The name of a variable that a file, a shell or a listing sets."""

OF_A_CREDENTIAL = re.compile(r"(?:^|_)(?:CLIENT_?ID|SECRET)$")
OF_OTHERS = re.compile(
    r"TENANT|PATIENT|APP|USER|ACCOUNT|ACCESS|ORG|DB|SESSION|COOKIE|WEBHOOK|JWT|SIGN|AWS|AZURE|ENTRA|GOOGLE|OKTA|EPIC"
)
"""Parts of names of variables that hold another id or another secret."""


def pair_facts(transcript: Transcript, text: str) -> dict[str, str]:
    """Return `sent_id` where another id than the client's is sent, and `variables` where one of another name is set."""
    found: dict[str, str] = {}
    labels: dict[str, set[str]] = {}
    for label, value in LABELLED.findall(text):
        labels.setdefault(value.lower(), set()).add(label.lower())
    clients = {value for value, names in labels.items() if "client" in names}
    for sent in _ids_sent(transcript, text):
        names = labels.get(sent, set()) - {"client"}
        if names and sent not in clients and clients:
            found |= {"sent_id": "another", "sent_as": f"{min(names)} id"}
    set_ones = {name for match in SET.findall(text) for name in re.findall(r"\w+", " ".join(match))}
    wanted = {one for one in READ.findall(text) if OF_A_CREDENTIAL.search(one)}
    for name in sorted(wanted - set_ones):
        ends = {one for one in set_ones - wanted if one.rsplit("_")[-1] == name.rsplit("_")[-1]}
        same_end = {one for one in ends if not OF_OTHERS.search(one) or OF_OTHERS.search(name)}
        if near := nearest(name, same_end) or (min(same_end) if len(same_end) == 1 else ""):
            found |= {"variables": "differ", "variable_read": name, "variable_set": near}
            break
    return found


AS_AN_ID = re.compile(
    rf"(?i)(?:\bauth ?= ?\(|basic_?auth\(?|Credentials\(|-u|--user)[ =]{{0,2}}[\"']?({ID})(?=[\"':])"
)
"""A client id as programs write it beside its secret."""


def _ids_sent(transcript: Transcript, text: str) -> Iterator[str]:
    yield from map(str.lower, AS_AN_ID.findall(text))
    sent = transcript.token_request
    if sent is None:
        return
    scheme, value = sent.authorization
    pair = pair_in(value) if scheme == "basic" else None
    yield from (
        one.lower() for one in (pair[0] if pair else "", *sent.form.get("client_id", [])) if one
    )


PRINTED = re.compile(r"\bBasic ([A-Za-z0-9+/]{12,2000}={0,2})(?![\w+/=])")
TWO = 2
"""Values that are compared; of more it is not known which is which."""


def pairs_printed(text: str) -> list[tuple[str, str]]:
    """Return the pairs of the Basic headers of a text, each once; none where they are of several clients."""
    pairs = dict.fromkeys(
        pair for one in PRINTED.findall(text) if (pair := pair_in(one)) and pair[1]
    )
    return [*pairs] if len({name for name, _ in pairs}) == 1 else []


def pairs_compared(text: str) -> dict[str, str]:
    """Return `pair_fault` and the words for it, where a text shows the secret, or its length, in two ways."""
    if encoded_under_string_data(text):
        seen = "the value stands in base64 under `stringData`"
        return {"pair_fault": "base64", "pair_seen": seen}
    secrets = {secret for _, secret in pairs_printed(text)}
    # The longer one first: what has a sign too many at its end is not what the other one is cut from.
    in_order = sorted(secrets, key=len, reverse=True)
    found = _differ(*in_order) if len(in_order) == TWO else {}
    return found or _lengths(text)


def _differ(one: str, two: str) -> dict[str, str]:
    """Return how two secrets that are sent for the same client differ."""
    for sent, meant in ((one, two), (two, one)):
        lengths = f"one has {len(sent)} characters, the other {len(meant)}"
        seen = {"pair_seen": f"two Basic headers are shown, and of their secrets {lengths}"}
        if "%" in sent and unquote_plus(sent) == meant:
            return seen | {"pair_fault": "percent-encoded"}
        if (decoded(sent) or "").strip() == meant:
            return seen | {"pair_fault": "base64"}
        if sent.strip(" \t\r\n\"'") == meant:
            return seen | {"pair_fault": "surrounded"}
        if meant.startswith(sent):
            return seen | {"pair_fault": "cut", "pair_sign": _named(meant[len(sent)])}
    return {}


CUT_AT = frozenset("$#%!&=:")
"""Signs at which files and shells cut a value: not one of a secret that says anything of it."""


def _named(sign: str) -> str:
    return f"before the sign `{sign}` of it" if sign in CUT_AT else "in the midst of it"


def _lengths(text: str) -> dict[str, str]:
    """Return how two lengths of the same secret differ."""
    found: set[int] = set()
    for line in text.split("\n"):
        if printed := pattern("length_of_a_secret").findall(line):
            found |= {int(one or two) for one, two in printed}
            found |= {*map(int, pattern("length_meant").findall(line))}
    if len(found) != TWO:
        return {}
    short, long = sorted(found)
    seen = {"pair_seen": f"the secret has {long} characters in one place and {short} in the other"}
    if long == 4 * -(-short // 3) and long - short > TWO:
        return seen | {"pair_fault": "base64"}
    if long - short <= TWO:
        return seen | {"pair_fault": "surrounded"}
    return {}
