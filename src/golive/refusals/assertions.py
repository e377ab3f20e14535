"""Client assertions that no authorization server may take: with a wrong claim, or a signature that proves nothing.

Each is a good assertion of an account with a key, with one change (RFC 7523 §3). One whose signature is not the
client's own, or that names another client, is presented only where `safety.attack_credential` is `allowed`.
"""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from golive.contract.outcomes import CouldNotTellError, NotClaimedError, SuiteError
from golive.environment import KeyCredential, service_root
from golive.exchanges.jwt import read
from golive.redaction import REDACTOR
from golive.refusals.credentials import demand_leave, in_other_case, pair_of
from golive.refusals.forged_tokens import CURVES, degenerate, forged, self_signed
from golive.refusals.request_parts import (
    UNKNOWN_TENANT,
    in_tenant,
    pairs_of,
    set_pairs,
    url_of_another_tenant,
    with_pairs,
)
from golive.transport.credentials import ASSERTION_LIFETIME, assertion, basic, private_key_of

if TYPE_CHECKING:
    from joserfc.jwk import ECKey, RSAKey

    from golive.environment import Account
    from golive.exchanges.model import Request
    from golive.refusals.request_parts import Situation

NAME, OTHER = "private_key_jwt", "private_key_jwt_rsa"
"""The accounts, below `claims.accounts`, whose assertions are changed, and whose key is another client's."""

SAML = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"
DAY = 86_400
LUCK = 20
"""Signatures that are made until one has a character in which base64 and base64url differ."""
BASE64 = str.maketrans("-_", "+/")
FALSE_SIGNATURES = frozenset(
    {"unregistered-key", "unsigned", "hs256-public-key", "own-key", "other-clients-key"}
    | {"own-certificate"}
    | {"for-a-client-with-a-secret", "signature-of-zeros"}
)
OF_ANOTHER_CLIENT = {"subject-is-another-client": "sub", "issuer-is-another-client": "iss"}
"""Changes by which one claim of a good assertion names another client that has registered a key."""
OF_A_GOOD_ONE = frozenset({"sign-behind", "in-another-alphabet", "two-expiries"})
"""Changes of how a good assertion is written: what proves who the client is stands in it."""
BY_SECRET = frozenset({"empty-secret-instead", "other-clients-secret-instead"})
"""Basic in place of the assertion: a client that has registered a key alone has no secret."""


def change_assertion(request: Request, which: str, situation: Situation) -> Request:
    """Replace the signed assertion in a token request, or what stands beside it."""
    account, credential = _account(situation.values.get("account", NAME), situation)
    match which:
        case "replayed":
            return replace(request, body=situation.values["granted"].request.body)
        case "wrong-type":
            return set_pairs(request, {"client_assertion_type": SAML})
        case "beside-basic":
            shown = basic(*pair_of(situation.environment.main_account))
            return replace(request, headers=request.headers.with_("Authorization", shown))
    if which in BY_SECRET:
        demand_leave(situation)
        return _by_secret(request, which, credential, situation)
    if which in OF_A_GOOD_ONE:
        signed = _misspelt(which, account, credential)
    elif which == "at-another-tenant":
        url = url_of_another_tenant(account, situation)
        request = replace(request, url=url)
        signed = assertion(credential, url)
    elif which in FALSE_SIGNATURES:
        demand_leave(situation)
        signed = _falsely_signed(which, account, credential, situation)
    else:
        claims = _wrong_claims(which, account, situation)
        signed = assertion(credential, account.token_url, claims=claims)
    REDACTOR.protect(signed)
    return set_pairs(request, {"client_assertion": signed})


def _account(name: str, situation: Situation) -> tuple[Account, KeyCredential]:
    account = situation.environment.claims.accounts.get(name)
    credential = account.credential if account else None
    if account is None or not isinstance(credential, KeyCredential):
        raise NotClaimedError(f"claims.accounts.{name}")
    return account, credential


def _wrong_claims(which: str, account: Account, situation: Situation) -> dict[str, Any]:
    """Return the claims that stand in place of a good assertion's own; None where one is left out."""
    now = int(time.time())
    if which in OF_ANOTHER_CLIENT:
        demand_leave(situation)
        return {OF_ANOTHER_CLIENT[which]: _another_with_a_key(account, situation).client_id}
    if which == "another-tenant":
        return {"aud": _of_another_tenant(account, situation)}
    if which == "client-id-in-other-case":
        named = in_other_case(account.credential.client_id)  # type: ignore[union-attr]
        return {"iss": named, "sub": named}
    url = account.token_url
    above, _, last = url.rpartition("/")
    claims: dict[str, dict[str, Any]] = {
        "expired": {"iat": now - 600, "exp": now - 600},
        "no-expiry": {"exp": None},
        "valid-for-a-day": {"exp": now + DAY},
        # Beyond any skew of clocks, and still within the assertion's life.
        "not-yet-valid": {"nbf": now + ASSERTION_LIFETIME - 60},
        "wrong-audience": {"aud": "https://audience.invalid/token"},
        "no-audience": {"aud": None},
        # Each differs where a comparison that is not of the whole text does not look (RFC 3986 §6.2.1).
        "audience-with-more-behind": {"aud": f"{url}.audience.invalid/token"},
        "audience-behind-another": {"aud": f"https://audience.invalid/{url}"},
        "audience-cut": {"aud": url[:-1]},
        "audience-in-other-case": {"aud": f"{above}/{last.swapcase()}"},
        "other-subject": {"sub": str(uuid.uuid4())},
        "other-issuer": {"iss": str(uuid.uuid4())},
        "no-id": {"jti": None},
        "subject-in-a-list": {"sub": [account.credential.client_id]},  # type: ignore[union-attr]
    }
    if which not in claims:
        raise SuiteError(f"no assertion change is named {which}")
    return claims[which]


def _of_another_tenant(account: Account, situation: Situation) -> str:
    """Return the token URL of a tenant that the account is not for: one that the server knows, where one is claimed."""
    known = situation.environment.claims.accounts.get("other_tenant")
    other = known.tenant if known else UNKNOWN_TENANT
    url = in_tenant(account.token_url, account.tenant, other)
    if url is None:
        raise NotClaimedError("token.url")
    return url


def _falsely_signed(
    which: str, account: Account, credential: KeyCredential, situation: Situation
) -> str:
    """Return an assertion with the claims of a good one, and a signature that does not prove who the client is."""
    url = account.token_url
    match which:
        case "unregistered-key":
            return assertion(credential, url, private_key=_new_key(credential))
        case "own-key":
            key = _new_key(credential)
            header: dict[str, object] = {"jwk": key.as_dict(private=False)}
            return assertion(credential, url, private_key=key, header=header)
        case "own-certificate":
            key = _new_key(credential)
            header = {"x5c": [self_signed(key.as_pem(private=True))]}
            return assertion(credential, url, private_key=key, header=header)
        case "other-clients-key":
            other = _another_with_a_key(account, situation)
            return assertion(replace(other, client_id=credential.client_id), url)
        case "for-a-client-with-a-secret":
            named = _another_client_with_a_secret(account, situation)[0]
            return assertion(replace(credential, client_id=named), url)
        case "signature-of-zeros":
            if credential.algorithm not in CURVES:
                raise NotClaimedError(f"claims.accounts.{account.name}")
            return degenerate(which, assertion(credential, url))
        case "unsigned":
            return forged("alg-none", assertion(credential, url), ())
    public = private_key_of(credential).as_dict(private=False)  # type: ignore[attr-defined]
    known = {**public, "kid": credential.key_id}
    return forged("hs256-public-key", assertion(credential, url), [known])


def _misspelt(which: str, account: Account, credential: KeyCredential) -> str:
    """Return a good assertion whose form RFC 7515 §5.2 or RFC 7519 §4 forbids, which a lenient reader takes.

    It has a sign behind it that is none of base64url, its signature in base64 (some have the same characters in both),
    or, after the right `exp`, one in the past, which is the one that counts where both are not refused.
    """
    if which == "two-expiries":
        from joserfc import jws

        made = read(assertion(credential, account.token_url))
        twice = f'{json.dumps(made.claims)[:-1]},"exp":{int(time.time()) - 600}}}'
        algorithms = [credential.algorithm]
        key = private_key_of(credential)
        return jws.serialize_compact(made.header, twice, key, algorithms=algorithms)  # type: ignore[arg-type]
    for _ in range(LUCK):
        good = assertion(credential, account.token_url)
        signed, _, signature = good.rpartition(".")
        written = f"{signature}~" if which == "sign-behind" else signature.translate(BASE64)
        if written != signature:
            return f"{signed}.{written}"
    raise CouldNotTellError("every signature is the same in base64 and base64url")


def _another_with_a_key(account: Account, situation: Situation) -> KeyCredential:
    """Return the credential of the other account with a key; NotClaimedError where it is no other client."""
    name = NAME if account.name == OTHER else OTHER
    other, credential = _account(name, situation)
    same_server = service_root(other.token_url) == service_root(account.token_url)
    if credential.client_id == account.credential.client_id or not same_server:  # type: ignore[union-attr]
        raise NotClaimedError(f"claims.accounts.{name}")
    return credential


def _another_client_with_a_secret(account: Account, situation: Situation) -> tuple[str, str]:
    """Return the id and secret of the run's own client; NotClaimedError where it is this one, or of another server."""
    main = situation.environment.main_account
    same_server = service_root(main.token_url) == service_root(account.token_url)
    client_id, secret = pair_of(main)
    if client_id == account.credential.client_id or not same_server:  # type: ignore[union-attr]
        raise NotClaimedError("token.credential.client_secret")
    return client_id, secret


def _by_secret(
    request: Request, which: str, credential: KeyCredential, situation: Situation
) -> Request:
    """Return the request with Basic in place of its assertion: the client's id, and a secret that is not its own."""
    account = situation.environment.claims.accounts[situation.values.get("account", NAME)]
    _, others = _another_client_with_a_secret(account, situation)
    secret = "" if which == "empty-secret-instead" else others
    kept = [(k, v) for k, v in pairs_of(request) if not k.startswith("client_")]
    shown = basic(credential.client_id, secret)
    REDACTOR.protect(shown.partition(" ")[2])
    bare = with_pairs(request, kept)
    return replace(bare, headers=bare.headers.with_("Authorization", shown))


def _new_key(credential: KeyCredential) -> ECKey | RSAKey:
    from joserfc.jwk import ECKey, RSAKey

    if credential.algorithm == "ES384":
        return ECKey.generate_key("P-384")
    return RSAKey.generate_key(2048)
