"""Other spellings of a valid token request, to which the standards give the same meaning.

A server that reads one of them as another credential sees a random unknown client; only where
`safety.attack_credential` is allowed can it be the real client with what looks like a false secret.
"""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from golive.contract.outcomes import CouldNotTellError, NotClaimedError, SuiteError
from golive.environment import SecretCredential
from golive.redaction import REDACTOR
from golive.refusals.credentials import demand_leave
from golive.refusals.request_parts import pairs_of, with_pairs

if TYPE_CHECKING:
    from golive.exchanges.model import Request
    from golive.refusals.request_parts import Situation


PLAIN = re.compile(r"(?<!%)(?<!%[0-9A-F])[A-Za-z0-9]")
"""A letter or digit that stands for itself in a form-encoded text."""


def respelled(request: Request, which: str, situation: Situation) -> Request:
    """Return the token request in another spelling.

    `which` is `basic` or `BASIC` (the scheme, RFC 9110 §11.1), `id` or `secret` (one ordinary character of it
    percent-encoded, RFC 6749 §2.3.1), or `empty` (a parameter without a value, RFC 6749 §3.2).
    Raises NotClaimedError where the environment has no secret, or does not allow what the spelling risks.
    """
    if which == "empty":
        return with_pairs(request, [*pairs_of(request), ("client_secret", "")])
    credential = situation.environment.main_account.credential
    if not isinstance(credential, SecretCredential):
        raise NotClaimedError("token.credential.client_secret")
    pair = {"id": credential.client_id, "secret": credential.client_secret.reveal()}
    pair = {name: quote_plus(text) for name, text in pair.items()}
    scheme = "Basic"
    match which:
        case "basic" | "BASIC":
            scheme = which
        case "secret" | "id":
            if which == "secret":
                demand_leave(situation)
            pair[which] = _with_one_encoded(pair[which])
        case _:
            raise SuiteError(f"a token request has no spelling {which}")
    value = base64.b64encode(":".join(pair.values()).encode()).decode()
    REDACTOR.protect(pair["secret"], value)
    return replace(request, headers=request.headers.with_("Authorization", f"{scheme} {value}"))


def _with_one_encoded(text: str) -> str:
    """Percent-encode the first letter or digit of a form-encoded text that is not part of an encoded one."""
    found = PLAIN.search(text)
    if found is None:
        raise CouldNotTellError(
            "the credential has no letter or digit that could be percent-encoded"
        )
    return f"{text[: found.start()]}%{ord(found[0]):02X}{text[found.end() :]}"
