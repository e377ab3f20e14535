"""The changes of an error case to who asks: client credential, signed assertion, access token.

A false credential names a random, unknown client; the real client id stands beside a false secret only
where the environment says `safety.attack_credential: allowed`. Every false one is protected like a true
one, so that an answer that echoes what it was sent is detected.
"""

from __future__ import annotations

import base64
import secrets
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from golive.contract.outcomes import CouldNotTellError, NotClaimedError, SuiteError
from golive.environment import KeyCredential, SecretCredential
from golive.redaction import REDACTOR, TOKEN
from golive.refusals.forged_tokens import demand_readable, forged, tampered
from golive.refusals.request_parts import pairs_of, set_pairs, with_pairs
from golive.transport.token import ASSERTION_LIFETIME, assertion, basic

if TYPE_CHECKING:
    from golive.exchanges.model import Request
    from golive.refusals.request_parts import Situation


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
        case "malformed-basic":
            value = "Basic " + base64.b64encode(str(uuid.uuid4()).encode()).decode()
        case "unknown-client":
            value = basic(str(uuid.uuid4()), secrets.token_urlsafe(24))
        case "wrong-secret" | "cut-secret" | "swapped-case-secret":
            if situation.environment.safety.attack_credential != "allowed":
                raise NotClaimedError("safety.attack_credential")
            value = basic(account.credential.client_id, _wrong(which, account.credential))  # type: ignore[union-attr]
        case "bearer":
            value = f"Bearer {secrets.token_urlsafe(32)}"
        case "in-body":
            # The right credential in the wrong place: a false one would be refused for another reason.
            if not isinstance(account.credential, SecretCredential):
                raise NotClaimedError("token.credential.client_secret")
            pair = [
                ("client_id", account.credential.client_id),
                ("client_secret", account.credential.client_secret.reveal()),
            ]
            return with_pairs(replace(request, headers=headers), pairs_of(request) + pair)
        case _:
            raise SuiteError(f"no credential change is named {which}")
    REDACTOR.protect(value.partition(" ")[2])
    return replace(request, headers=headers.with_("Authorization", value))


def _wrong(which: str, credential: object) -> str:
    """Return a secret that is wrong: another one, or one that differs where a careless comparison does not look."""
    if which == "wrong-secret":
        return secrets.token_urlsafe(24)
    if not isinstance(credential, SecretCredential):
        raise NotClaimedError("token.credential.client_secret")
    secret = credential.client_secret.reveal()
    if which == "cut-secret":
        return secret[:-1]
    wrong = secret.swapcase()
    if wrong == secret:
        raise CouldNotTellError("the client secret has no letter whose case could be changed")
    return wrong


def change_assertion(request: Request, which: str, situation: Situation) -> Request:
    """Replace the signed assertion in a token request."""
    account = situation.environment.claims.accounts.get("private_key_jwt")
    credential = account.credential if account else None
    if account is None or not isinstance(credential, KeyCredential):
        raise NotClaimedError("claims.accounts.private_key_jwt")
    match which:
        case "unregistered-key":
            if situation.environment.safety.attack_credential != "allowed":
                raise NotClaimedError("safety.attack_credential")
            signed = assertion(credential, account.token_url, private_key=_new_key(credential))
        case "expired":
            signed = assertion(credential, account.token_url, expires_in=-600)
        case "wrong-audience":
            signed = assertion(credential, "https://audience.invalid/token")
        case "other-subject":
            signed = assertion(credential, account.token_url, subject=str(uuid.uuid4()))
        case "not-yet-valid":
            # Beyond any skew of clocks, and still within the assertion's life.
            signed = assertion(credential, account.token_url, not_before_in=ASSERTION_LIFETIME - 60)
        case "replayed":
            return replace(request, body=situation.values["granted"].request.body)
        case "wrong-type":
            kind = {
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"
            }
            return set_pairs(request, kind)
        case _:
            raise SuiteError(f"no assertion change is named {which}")
    return set_pairs(request, {"client_assertion": signed})


def _new_key(credential: KeyCredential) -> object:
    from joserfc.jwk import ECKey, RSAKey

    if credential.algorithm == "ES384":
        return ECKey.generate_key("P-384")
    return RSAKey.generate_key(2048)


def change_token(request: Request, which: str, situation: Situation) -> Request:
    """Replace the access token in a request to the API."""
    environment = situation.environment
    own = (request.headers.get("Authorization") or "").removeprefix("Bearer ")
    match which:
        case "none":
            return replace(request, headers=request.headers.without("Authorization"))
        case "in-query":
            bare = replace(request, headers=request.headers.without("Authorization"))
            return with_pairs(bare, [*pairs_of(bare), ("access_token", own)])
        case "basic-scheme":
            return replace(request, headers=request.headers.with_("Authorization", f"Basic {own}"))
        case "garbage":
            value = secrets.token_urlsafe(48)
        case "expired":
            expired = environment.claims.expired_token
            if expired is None or not hasattr(expired, "reveal"):
                raise NotClaimedError("claims.expired_token")
            value = expired.reveal()
        case "tampered":
            value = tampered(own, opaque=environment.token.form == "opaque")
        case "alg-none" | "alg-none-odd-case" | "no-signature" | "hs256-public-key" | "own-key":
            demand_readable(own, opaque=environment.token.form == "opaque")
            if which == "hs256-public-key" and environment.token.key_set is None:
                raise NotClaimedError("token.key_set_url")
            value = forged(which, own, situation.tokens.published)
        case "other-cloud" | "other-tenant":
            value = _granted(which.replace("-", "_"), situation)
        case "without-scope":
            value = _granted("without_message_scope", situation)
        case _:
            raise SuiteError(f"no token change is named {which}")
    REDACTOR.protect(value, kind=TOKEN)
    return replace(request, headers=request.headers.with_("Authorization", f"Bearer {value}"))


def _granted(name: str, situation: Situation) -> str:
    account = situation.environment.claims.accounts.get(name)
    if account is None:
        raise NotClaimedError(f"claims.accounts.{name}")
    return situation.tokens.grant(account).access_token
