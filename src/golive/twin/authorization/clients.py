"""Who is asking for a token: Basic, or a signed assertion (private_key_jwt), and never both (RFC 6749 §2.3)."""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from golive.twin.authorization.assertions import by_assertion
from golive.twin.authorization.token_errors import (
    BAD_CREDENTIALS,
    TokenError,
    invalid_client,
    invalid_request,
)

if TYPE_CHECKING:
    from golive.twin.accounts import TwinAccount
    from golive.twin.http import Ask
    from golive.twin.world import World

_BAD_HEADER = "oauth2:token:invalid-authorization-header"


def authenticate(world: World, ask: Ask, form: dict[str, str]) -> TwinAccount:
    """Return the account behind a token request; raise TokenError when there is none."""
    header = ask.headers.get("authorization")
    asserted = "client_assertion" in form or "client_assertion_type" in form
    if header is not None and (asserted or "client_secret" in form):
        raise invalid_request("multiple-client-authentication-methods")
    account = by_assertion(world, ask, form) if asserted else _by_basic(world, ask, header)
    if form.get("client_id", account.client_id) != account.client_id:
        if world.injects("token-is-for-the-client-of-the-form"):
            return world.account_of(ask.host, form["client_id"]) or account
        raise invalid_request("client-id-mismatch")
    return account


def _by_basic(world: World, ask: Ask, header: str | None) -> TwinAccount:
    scheme, _, encoded = (header or "").partition(" ")
    if scheme.lower() != "basic":
        raise invalid_client(_BAD_HEADER)
    try:
        pair = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise invalid_client(_BAD_HEADER) from None
    client_id, colon, secret = pair.partition(":")
    if not colon or not client_id:
        if world.injects("malformed-basic-breaks-the-server"):
            raise TokenError(500, "server_error", "server-error")
        raise invalid_client(_BAD_HEADER)
    # RFC 6749 §2.3.1: both halves are form-encoded before they are joined.
    if not world.injects("client-id-is-not-decoded"):
        client_id = unquote_plus(client_id)
    account = _known(world, ask.host, client_id)
    if account is None and world.injects("unknown-client-accepted"):
        return world.anyone(ask.host, ask.segments[1]) or world.accounts["system"]
    if account is None and world.injects("unknown-client-told-from-wrong-secret"):
        raise invalid_client("oauth2:token:unknown-client")
    if (
        account
        and not account.client_secret
        and world.injects("client-with-a-key-takes-any-secret")
    ):
        return account
    if account is None or account.client_secret is None:
        raise invalid_client(BAD_CREDENTIALS)
    if not world.injects("client-secret-is-not-decoded"):
        secret = unquote_plus(secret)
    given = secret.encode("utf-8", "replace")
    right = hmac.compare_digest(given, account.client_secret.encode("utf-8"))
    if not right and not _is_near_enough(world, given, account):
        raise invalid_client(BAD_CREDENTIALS)
    return account


def _known(world: World, cloud: str, client_id: str) -> TwinAccount | None:
    in_any_case = world.injects("client-id-compared-without-case")
    return world.account_of(cloud, client_id.lower() if in_any_case else client_id)


def _is_near_enough(world: World, given: bytes, account: TwinAccount) -> bool:
    """Whether a defect accepts this wrong secret."""
    secret = (account.client_secret or "").encode()
    return world.injects_any(
        {
            "wrong-secret-accepted": True,
            "any-clients-secret-accepted": given in _secrets(world, account.tenant),
            "secret-compared-by-its-beginning": given[:16] == secret[:16],
            "secret-compared-without-case": given.lower() == secret.lower(),
            "secret-may-be-followed-by-more": given.startswith(secret),
            "empty-secret-accepted": not given,
            "blanks-around-secret-ignored": given.strip() == secret,
            "nul-cuts-the-secret": given.partition(b"\0")[0] == secret,
        }
    )


def _secrets(world: World, tenant: str) -> set[bytes]:
    known = (one.client_secret for one in world.accounts.values() if one.tenant == tenant)
    return {secret.encode() for secret in known if secret is not None}
