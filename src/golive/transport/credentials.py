"""A credential as a token request presents it: HTTP Basic of a secret, or an assertion that a key signs.

And whom a granted token was for, as its own request says: account, tenant, scopes.
"""

from __future__ import annotations

import base64
import json
import re
import time
import uuid
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qs, quote, quote_plus

from golive.contract.outcomes import SuiteError
from golive.environment import service_root
from golive.exchanges.curl_credentials import pair_of
from golive.exchanges.jwt import read
from golive.redaction import REDACTOR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from golive.environment import Account, Environment, KeyCredential
    from golive.exchanges.model import Exchange, Request


ASSERTION_LIFETIME = 300
"""Seconds; SMART Backend Services allows no more than five minutes."""


def basic(client_id: str, secret: str) -> str:
    """Return the value of an HTTP Basic `Authorization` header (RFC 6749 §2.3.1)."""
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    REDACTOR.protect_pair(client_id, secret)
    value = base64.b64encode(pair.encode()).decode()
    REDACTOR.protect(value)
    return f"Basic {value}"


def assertion(
    credential: KeyCredential,
    audience: str,
    *,
    private_key: object | None = None,
    header: Mapping[str, Any] | None = None,
    claims: Mapping[str, Any] | None = None,
) -> str:
    """Sign a client assertion (RFC 7523 §3) for the token URL `audience`.

    The options make assertions that must be refused: `private_key` replaces the credential's own key, and the members
    of `header` and `claims` stand in place of the assertion's own; a claim that is None is left out.
    """
    from joserfc import jwt  # a run with client_secret_basic needs no signing
    from joserfc.errors import JoseError

    now = int(time.time())
    stated = {
        "iss": credential.client_id,
        "sub": credential.client_id,
        "aud": audience,
        "jti": str(uuid.uuid4()),
        "iat": now,
        "exp": now + ASSERTION_LIFETIME,
        **(claims or {}),
    }
    named = {name: value for name, value in stated.items() if value is not None}
    known = {"alg": credential.algorithm, "kid": credential.key_id, "typ": "JWT", **(header or {})}
    key = private_key or private_key_of(credential)
    try:
        signed = jwt.encode(known, named, key, algorithms=[credential.algorithm])  # type: ignore[arg-type]
    except (JoseError, ValueError, TypeError) as error:
        raise UnusableKeyError(credential.algorithm, error) from None
    REDACTOR.protect(signed)
    return signed


def private_key_of(credential: KeyCredential) -> object:
    """Import the credential's private key; raises UnusableKeyError where it is none of its kind."""
    from joserfc.errors import JoseError

    kind: Literal["EC", "RSA"] = "EC" if credential.algorithm.startswith("ES") else "RSA"
    try:
        return _imported(credential.private_key.reveal(), kind)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise UnusableKeyError(credential.algorithm, error) from None


@lru_cache(maxsize=32)
def _imported(text: str, kind: Literal["EC", "RSA"]) -> object:
    """Import a key, once: to find out that an RSA key is sound takes longer than to sign with it."""
    from joserfc.jwk import import_key

    is_jwk = text.lstrip().startswith("{")
    return import_key(json.loads(text)) if is_jwk else import_key(text, kind)


class UnusableKeyError(SuiteError):
    """The credential's private key can't sign with the algorithm that the environment names."""

    def __init__(self, algorithm: str, error: Exception) -> None:
        super().__init__(f"the private key can't sign with {algorithm} ({type(error).__name__})")


def asked_scopes(grant: Exchange) -> frozenset[str]:
    """Return the scopes that the token request asked for."""
    return frozenset(_form(grant.request).get("scope", "").split())


def seen_by(grant: Exchange, environment: Environment) -> Environment | None:
    """Return the environment as it would be if the token's account were its own; None for an account it does not name.

    What it says of the authorization server holds for accounts of the same server alone, and what it says of it with
    the tenant in it, for another tenant's account with that one's.
    """
    account = _account_of(grant, environment)
    if account is None:
        return None
    own, tenant = environment.token, account.tenant or environment.tenant
    token = replace(
        own,
        url=account.token_url,
        key_set_url=_for_tenant(own.key_set_url, environment.tenant, tenant),
        issuer=_for_tenant(own.issuer, environment.tenant, tenant),
        scopes=account.scopes,
        client_authentication=account.client_authentication,
        credential=account.credential,
        parameters=account.parameters,
    )
    if not _is_at_its_server(account, environment):
        token = replace(token, key_set_url=None, issuer=None, server=None)
    return replace(environment, tenant=tenant, token=token)


def _for_tenant(url: str | None, own: str, tenant: str) -> str | None:
    """Return a URL with another tenant wherever it names this one as a whole word, in path, host or query."""
    named = re.compile(rf"(?<![A-Za-z0-9_-]){re.escape(own)}(?![A-Za-z0-9_-])")
    return None if url is None else named.sub(lambda _: tenant, url)


def is_of_another_server(grant: Exchange, environment: Environment) -> bool:
    """Return whether the account that asked for a token has another authorization server than the environment."""
    account = _account_of(grant, environment)
    return account is not None and not _is_at_its_server(account, environment)


def _account_of(grant: Exchange, environment: Environment) -> Account | None:
    """Return the account that asked for a token; None for one that the environment does not name."""
    asked = grant.request.url, _client(grant.request)
    accounts = (environment.main_account, *environment.claims.accounts.values())
    return next((one for one in accounts if (one.token_url, _id(one)) == asked), None)


def _is_at_its_server(account: Account, environment: Environment) -> bool:
    """Return whether an account asks the environment's own authorization server.

    At Oracle's hosts each host is one. Elsewhere a host may serve several below paths of their own, and only URLs that
    differ in nothing but the tenant are known to be of one.
    """
    own = environment.main_account
    if environment.token.is_at_oracles_host:
        return service_root(account.token_url) == service_root(own.token_url)
    return _without_tenant(account, environment) == _without_tenant(own, environment)


def _without_tenant(account: Account, environment: Environment) -> str:
    tenant = quote(account.tenant or environment.tenant, safe="")
    return "/".join("" if part == tenant else part for part in account.token_url.split("/"))


def _id(account: Account) -> str | None:
    return getattr(account.credential, "client_id", None)


def _form(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(request.body.decode()).items()}


def _client(request: Request) -> str | None:
    """Return the client that a token request authenticates."""
    assertion = _form(request).get("client_assertion")
    if assertion:
        issuer = read(assertion).claims.get("iss")
        return issuer if isinstance(issuer, str) else None
    credential = (request.headers.get("Authorization") or "").partition(" ")[2]
    return pair_of(credential)[0] or None
