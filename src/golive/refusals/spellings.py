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
    """Return the token request in another spelling, or in several at once.

    `which` is `basic` or `BASIC` (the scheme, RFC 9110 §11.1), `id` or `secret` (one ordinary character of it
    percent-encoded, RFC 6749 §2.3.1), `empty` (a parameter without a value, RFC 6749 §3.2), or several of them with
    blanks between.
    Raises NotClaimedError where the environment has no secret, or does not allow what the spelling risks.
    """
    words = set(which.split())
    if unknown := words - {"basic", "BASIC", "id", "secret", "empty"}:
        raise SuiteError(f"a token request has no spelling {', '.join(sorted(unknown))}")
    if "empty" in words:
        request = with_pairs(request, [*pairs_of(request), ("client_secret", "")])
    if words == {"empty"}:
        return request
    credential = situation.environment.main_account.credential
    if not isinstance(credential, SecretCredential):
        raise NotClaimedError("token.credential.client_secret")
    pair = {"id": credential.client_id, "secret": credential.client_secret.reveal()}
    pair = {name: quote_plus(text) for name, text in pair.items()}
    if "secret" in words:
        demand_leave(situation)
    for name in pair.keys() & words:
        pair[name] = _with_one_encoded(pair[name])
    scheme = next((one for one in ("basic", "BASIC") if one in words), "Basic")
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
