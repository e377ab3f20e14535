"""The changes of an error case to who asks: client credential, signed assertion, access token.

A false credential names a random, unknown client; the real client id stands beside a false secret only
where the environment says `safety.attack_credential: allowed`. Every false one is protected like a true
one, so that an answer that echoes what it was sent is detected.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import string
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from golive.contract.outcomes import CouldNotTellError, NotClaimedError, SuiteError
from golive.environment import KeyCredential, SecretCredential
from golive.exchanges.jwt import encoded_part, read
from golive.redaction import REDACTOR, TOKEN
from golive.refusals.request_parts import pairs_of, set_pairs, with_pairs
from golive.transport.token import ASSERTION_LIFETIME, assertion, basic

if TYPE_CHECKING:
    from golive.exchanges.model import Request
    from golive.refusals.request_parts import Situation
    from golive.transport.token import TokenClient

ALPHANUMERIC = string.ascii_letters + string.digits
TURNED = dict(zip(ALPHANUMERIC, ALPHANUMERIC[1:] + ALPHANUMERIC[:1], strict=True))
"""Each letter and digit -> the next one, so that a forged token has the characters of a true one."""


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
            value = _tampered(own, opaque=situation.environment.token.form == "opaque")
        case "alg-none" | "alg-none-odd-case" | "no-signature" | "hs256-public-key" | "own-key":
            _demand_readable(own, opaque=situation.environment.token.form == "opaque")
            value = _forged(which, own, situation.tokens)
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


def _parts(token: str) -> list[str]:
    problem = read(token).problem
    if problem:
        raise CouldNotTellError(f"the access token can't be taken apart: {problem}")
    return token.split(".")


def _tampered(token: str, *, opaque: bool) -> str:
    """Forge a token: another subject under the old signature, or other characters where nothing can be read."""
    if opaque or read(token).sealed:
        return _with_other_characters(token)
    header, _, signature = _parts(token)
    claims = {**read(token).claims, "sub": str(uuid.uuid4())}
    return f"{header}.{encoded_part(claims)}.{signature}"


def _with_other_characters(token: str) -> str:
    """Change characters in the middle of the longest part: of a JWE, that is the text under its authentication tag.

    No part ends there, so none of the changed bits is one that base64url leaves unused.
    """
    parts = token.split(".")
    longest = max(range(len(parts)), key=lambda at: len(parts[at]))
    part = parts[longest]
    start, end = len(part) // 3, 2 * len(part) // 3
    changed = "".join(TURNED.get(character, character) for character in part[start:end])
    parts[longest] = part[:start] + changed + part[end:]
    if parts[longest] == part:
        raise CouldNotTellError("the access token is too short to be changed", unsettled_shape=True)
    return ".".join(parts)


def _demand_readable(token: str, *, opaque: bool) -> None:
    sealed = read(token).sealed
    if opaque or sealed:
        why = sealed or "opaque (`token.form`)"
        raise CouldNotTellError(
            f"the access token is {why}, so nobody outside can make an unsigned one of it, or forge its header",
            unsettled_shape=True,
        )


def _forged(which: str, token: str, tokens: TokenClient) -> str:
    """Forge a token with the claims of a good one: without a signature, or with one that proves nothing."""
    _, payload, _ = _parts(token)
    header = read(token).header
    match which:
        case "no-signature":
            return f"{encoded_part(header)}.{payload}."
        case "alg-none":
            return f"{encoded_part({**header, 'alg': 'none'})}.{payload}."
        case "alg-none-odd-case":
            return f"{encoded_part({**header, 'alg': 'NonE'})}.{payload}."
        case "hs256-public-key":
            signed = f"{encoded_part({**header, 'alg': 'HS256'})}.{payload}"
            # No JOSE library lends itself to this: a public key is no secret.
            code = hmac.digest(_public_key(token, tokens), signed.encode(), "sha256")
            return f"{signed}.{base64.urlsafe_b64encode(code).decode().rstrip('=')}"
        case _:
            from joserfc import jws
            from joserfc.jwk import ECKey

            key = ECKey.generate_key("P-256")
            own = {**header, "alg": "ES256", "jwk": key.as_dict(private=False)}
            content = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
            return jws.serialize_compact(own, content, key, algorithms=["ES256"])


def _public_key(token: str, tokens: TokenClient) -> bytes:
    """Return the public key that verifies the token as PEM, which a careless server takes for a secret of HMAC."""
    from joserfc.errors import JoseError
    from joserfc.jwk import JWKRegistry, OctKey

    kid = read(token).kid
    published = next((one for one in tokens.published if one.get("kid") == kid), None)
    if published is None:
        raise CouldNotTellError("the key that signed the access token has not been read")
    try:
        key = JWKRegistry.import_key(published)
        if isinstance(key, OctKey):
            raise TypeError("a symmetric key")
        return key.as_pem(private=False)
    except (JoseError, ValueError, TypeError):
        raise CouldNotTellError(
            "the key that signed the access token can't be used",
            next_step="Fix the findings about the key set first.",
        ) from None
