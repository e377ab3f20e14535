"""Compares id and secret as they are sent with what else a paste says of them: labels of ids, names of variables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from golive.diagnosis.spelling import pair_in
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
    for sent in _ids_sent(transcript):
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


def _ids_sent(transcript: Transcript) -> Iterator[str]:
    sent = transcript.token_request
    if sent is None:
        return
    scheme, value = sent.authorization
    pair = pair_in(value) if scheme == "basic" else None
    yield from (
        one.lower() for one in (pair[0] if pair else "", *sent.form.get("client_id", [])) if one
    )
