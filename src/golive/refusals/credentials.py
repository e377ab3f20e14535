"""The changes of an error case to who asks for a token: the client's credential.

A false credential names a random, unknown client; the real client id stands beside a false secret only
where the environment says `safety.attack_credential: allowed`. Every false one is protected like a true
one, so that an answer that echoes what it was sent is detected.
"""

from __future__ import annotations

import base64
import re
import secrets
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from golive.contract.outcomes import CouldNotTellError, NotClaimedError, SuiteError
from golive.environment import SecretCredential, service_root
from golive.redaction import REDACTOR
from golive.refusals.request_parts import demand_own_host, in_query, pairs_of, with_pairs
from golive.transport.credentials import basic
from golive.transport.token import FORM

if TYPE_CHECKING:
    from golive.environment import Account, Environment
    from golive.exchanges.model import Request
    from golive.refusals.request_parts import Situation


WRONG = frozenset(
    {"wrong-secret", "cut-secret", "longer-secret", "empty-secret", "swapped-case-secret"}
    | {"secret-and-blank", "secret-and-nul", "swapped-case-id"}
)
"""Pairs of which one half is the real client's."""


def change_credential(request: Request, which: str, situation: Situation) -> Request:
    """Replace the client's credential in a token request."""
    headers = request.headers.without("Authorization")
    account = situation.environment.main_account
    if account.client_authentication == "private_key_jwt":
        # There the credential stands in the form; beside it a false one would change nothing.
        kept = [(k, v) for k, v in pairs_of(request) if not k.startswith("client_assertion")]
        request = with_pairs(request, kept)
    match which:
        case "none":
            return replace(request, headers=headers)
        case "client-id-alone":
            demand_leave(situation)  # a secret that is left out is an empty one (RFC 6749 §2.3.1)
            named = ("client_id", account.credential.client_id)  # type: ignore[union-attr]
            return with_pairs(replace(request, headers=headers), [*pairs_of(request), named])
        case "malformed-basic":
            value = "Basic " + base64.b64encode(str(uuid.uuid4()).encode()).decode()
        case "unknown-client":
            value = basic(str(uuid.uuid4()), secrets.token_urlsafe(24))
        case _ if which in WRONG:
            demand_leave(situation)
            value = basic(*_wrong(which, situation))
        case "another-tenants-account":
            value = _other_tenants(situation, account)
        case "bearer":
            value = f"Bearer {secrets.token_urlsafe(32)}"
        # The right credential in the wrong place: a false one would be refused for another reason.
        case "in-body":
            return with_pairs(replace(request, headers=headers), pairs_of(request) + _pair(account))
        case "basic-and-body":
            return with_pairs(request, pairs_of(request) + _pair(account))
        case "in-query":
            demand_leave(situation)  # servers write what they are asked into their logs
            demand_own_host(situation.environment)
            return in_query(replace(request, headers=headers), _pair(account))
        case _:
            raise SuiteError(f"no credential change is named {which}")
    REDACTOR.protect(value.partition(" ")[2])
    return replace(request, headers=headers.with_("Authorization", value))


def demand_leave(situation: Situation) -> None:
    """Raise NotClaimedError where the real client may not be presented with what could harm it."""
    if situation.environment.safety.attack_credential != "allowed":
        raise NotClaimedError("safety.attack_credential")


def pair_of(account: Account) -> tuple[str, str]:
    """Return the account's id and secret; raises NotClaimedError where it has none."""
    credential = account.credential
    if not isinstance(credential, SecretCredential):
        raise NotClaimedError("token.credential.client_secret")
    return credential.client_id, credential.client_secret.reveal()


def in_other_case(client_id: str) -> str:
    """Return a client id with its letters in the other case; CouldNotTellError where it has none."""
    other = client_id.swapcase()
    if other == client_id:
        raise CouldNotTellError("the client id has no letter whose case could be changed")
    return other


def _pair(account: Account) -> list[tuple[str, str]]:
    """Return the right id and secret as parameters (RFC 6749 §2.3.1)."""
    client_id, secret = pair_of(account)
    return [("client_id", client_id), ("client_secret", secret)]


def _other_tenants(situation: Situation, account: Account) -> str:
    """Return the Basic credential of another tenant's account; NotClaimedError where that is no other client."""
    name = "other_tenant"
    other = situation.environment.claims.accounts.get(name)
    credential = other.credential if other else None
    mine = account.credential.client_id  # type: ignore[union-attr]
    if (
        other is None
        or not isinstance(credential, SecretCredential)
        or credential.client_id == mine
        or other.tenant == account.tenant
    ):
        raise NotClaimedError(f"claims.accounts.{name}")
    return basic(credential.client_id, credential.client_secret.reveal())


def _wrong(which: str, situation: Situation) -> tuple[str, str]:
    """Return an id and a secret of which one is another, or differs where a careless comparison does not look."""
    account = situation.environment.main_account
    if which == "wrong-secret":
        other = _other_clients_secret(situation.environment) or secrets.token_urlsafe(24)
        return account.credential.client_id, other  # type: ignore[union-attr]
    client_id, secret = pair_of(account)
    if which == "swapped-case-id":
        return in_other_case(client_id), secret
    made = {"empty-secret": "", "cut-secret": secret[:-1], "longer-secret": f"{secret}0"}
    made |= {"secret-and-blank": f"{secret} ", "secret-and-nul": f"{secret}\0golive"}
    wrong = made.get(which, secret.swapcase())
    if wrong == secret:
        raise CouldNotTellError("the client secret has no letter whose case could be changed")
    return client_id, wrong


def _other_clients_secret(environment: Environment) -> str | None:
    """Return the secret of another client of the same server, one of its tenant first; None where none is claimed.

    It is not this client's, and a server that looks up secrets without their clients takes it.
    """
    main = environment.main_account
    others = environment.claims.accounts.values()
    for other in sorted(others, key=lambda one: one.tenant not in {"", main.tenant}):
        same_server = service_root(other.token_url) == service_root(main.token_url)
        if same_server and isinstance(other.credential, SecretCredential):
            named, secret = pair_of(other)
            if named != main.credential.client_id and secret != _own_secret(main):  # type: ignore[union-attr]
                return secret
    return None


def _own_secret(account: Account) -> str | None:
    credential = account.credential
    return credential.client_secret.reveal() if isinstance(credential, SecretCredential) else None


OF_THE_FORM = frozenset({"empty", "charset", "order", "encoded", "blank", "capitals", "any"})
"""Spellings of a token request that say nothing else of who asks."""
PLAIN = re.compile(r"(?<!%)(?<!%[0-9A-F])[A-Za-z0-9]")
"""A letter or digit that stands for itself in a form-encoded text."""


def respelled(request: Request, which: str, situation: Situation) -> Request:
    """Return the token request in another spelling, or in several at once, to which the standards give one meaning.

    `which` is `basic` or `BASIC` (the scheme, RFC 9110 §11.1), `id` or `secret` (one ordinary character of it
    percent-encoded, RFC 6749 §2.3.1), `empty` (a parameter without a value, RFC 6749 §3.2), `charset` (the parameter of
    the form's media type, RFC 9110 §8.3.1), `capitals` (in that type, the same), `any` (the media type that is
    accepted, RFC 9110 §12.5.1), `order` (of the parameters), `encoded` (a sign that needs no encoding) or `blank` (%20
    for the + between scopes, RFC 6749 appendix B), or several of them with blanks between.
    A server that reads one of them as another credential sees a random unknown client; only where
    `safety.attack_credential` is allowed can it be the real client with what looks like a false secret.
    Raises NotClaimedError where the environment has no secret, or does not allow what the spelling risks.
    """
    words = set(which.split())
    if unknown := words - OF_THE_FORM - {"basic", "BASIC", "id", "secret"}:
        raise SuiteError(f"a token request has no spelling {', '.join(sorted(unknown))}")
    if "empty" in words:
        request = with_pairs(request, [*pairs_of(request), ("client_secret", "")])
    if "charset" in words:
        named = f"{FORM}; charset=UTF-8"
        request = replace(request, headers=request.headers.with_("Content-Type", named))
    if "any" in words:
        request = replace(request, headers=request.headers.with_("Accept", "*/*"))
    if "capitals" in words:
        kind, mark, rest = (request.headers.get("Content-Type") or "").partition(";")
        capitals = f"{kind.title()}{mark}{rest}"
        request = replace(request, headers=request.headers.with_("Content-Type", capitals))
    request = replace(request, body=_form_respelled(request, words))
    if words <= OF_THE_FORM:
        return request
    known = zip(("id", "secret"), pair_of(situation.environment.main_account), strict=True)
    pair = {name: quote_plus(text) for name, text in known}
    if "secret" in words:
        demand_leave(situation)
    for name in pair.keys() & words:
        pair[name] = _with_one_encoded(pair[name])
    scheme = next((one for one in ("basic", "BASIC") if one in words), "Basic")
    value = base64.b64encode(":".join(pair.values()).encode()).decode()
    REDACTOR.protect(pair["secret"], value)
    return replace(request, headers=request.headers.with_("Authorization", f"{scheme} {value}"))


def _form_respelled(request: Request, words: set[str]) -> bytes:
    """Return the form in other bytes that mean the same; CouldNotTellError where none of it has two spellings."""
    body = request.body
    if "order" in words:
        body = b"&".join(reversed(body.split(b"&")))
    if "encoded" in words:
        body = body.replace(b"=client_credentials", b"=client%5fcredentials")
    if "blank" in words:
        if b"+" not in body:
            raise NotClaimedError("token.scopes")  # one alone has no blank
        body = body.replace(b"+", b"%20")
    return body


def _with_one_encoded(text: str) -> str:
    """Percent-encode the first letter or digit of a form-encoded text that is not part of an encoded one."""
    found = PLAIN.search(text)
    if found is None:
        raise CouldNotTellError(
            "the credential has no letter or digit that could be percent-encoded"
        )
    return f"{text[: found.start()]}%{ord(found[0]):02X}{text[found.end() :]}"
