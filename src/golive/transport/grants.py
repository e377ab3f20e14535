"""Whom a granted token was for, as its own request says: account, tenant, scopes."""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote_plus

from golive.environment import service_root
from golive.exchanges.jwt import read

if TYPE_CHECKING:
    from golive.environment import Account, Environment
    from golive.exchanges.model import Exchange, Request


def asked_scopes(grant: Exchange) -> frozenset[str]:
    """Return the scopes that the token request asked for."""
    return frozenset(_form(grant.request).get("scope", "").split())


def seen_by(grant: Exchange, environment: Environment) -> Environment | None:
    """Return the environment as it would be if the token's account were its own; None for an account it does not name.

    What it says of the authorization server holds for accounts of the same server alone.
    """
    client = _client(grant.request)
    own = environment.main_account
    for account in (own, *environment.claims.accounts.values()):
        if (account.token_url, _id(account)) == (grant.request.url, client):
            break
    else:
        return None
    token = replace(
        environment.token,
        url=account.token_url,
        scopes=account.scopes,
        client_authentication=account.client_authentication,
        credential=account.credential,
        parameters=account.parameters,
    )
    if service_root(account.token_url) != service_root(own.token_url):
        token = replace(token, key_set_url=None, issuer=None)
    return replace(environment, tenant=account.tenant or environment.tenant, token=token)


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
    try:
        pair = base64.b64decode(credential, validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    return unquote_plus(pair.partition(":")[0])
