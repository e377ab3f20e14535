"""What a token request asks for: its form, its grant, its tenant and its scopes.

Each breach is a refusal of its own, in the words of RFC 6749 §5.2 (contract-facts §4.1, §4.2).
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from golive.twin.names import MESSAGE_SCOPE, RECIPIENT_SCOPE, TENANTS
from golive.twin.token_errors import TokenError, invalid_request

if TYPE_CHECKING:
    from golive.twin.accounts import TwinAccount
    from golive.twin.answers import Ask
    from golive.twin.world import World

_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PARAMETERS = {
    "grant_type",
    "scope",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
}
_OF_THE_FAMILY = re.compile("oraclehealth:millennium:[a-z-]+")


def read_form(world: World, ask: Ask) -> dict[str, str]:
    """Return the form's parameters; one without a value counts as absent (RFC 6749 §3.2)."""
    if ask.method != "POST" and not world.lies("token-by-get-granted"):
        raise TokenError(405, "invalid_request", "oauth2:token:method-not-allowed")
    if ask.media_type() == "application/json" and world.lies("json-token-request-accepted"):
        return {name: str(value) for name, value in json.loads(ask.body).items()}
    if ask.media_type() != "application/x-www-form-urlencoded":
        raise invalid_request("unsupported-media-type")
    try:
        pairs = parse_qsl(ask.body.decode("utf-8"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise invalid_request("malformed-body") from None
    form = dict(pairs)
    if len(form) != len(pairs) and not world.lies("repeated-grant-type-accepted"):
        raise invalid_request("duplicate-parameter")
    if not form.keys() <= _PARAMETERS and world.lies("unknown-token-parameter-refused"):
        raise invalid_request("unknown-parameter")
    return {name: value for name, value in form.items() if value}


def granted_scopes(
    world: World, cloud: str, tenant: str, account: TwinAccount, form: dict[str, str]
) -> tuple[str, ...]:
    """Return the scopes that are both asked for and registered, in the order asked for."""
    client = account.client_id
    _check_grant(world, form, client)
    _check_tenant(world, cloud, tenant, account)
    scopes = _registered(world, account, form.get("scope", ""))
    if not scopes:
        raise TokenError(400, "invalid_scope", "oauth2:token:empty-scopes", client)
    if world.lies("scope-silently-dropped"):
        left = tuple(scope for scope in scopes if scope != MESSAGE_SCOPE)
        return left or (RECIPIENT_SCOPE,)
    if world.lies("scopes-granted-unasked"):
        return account.scopes
    return scopes


def _check_grant(world: World, form: dict[str, str], client: str) -> None:
    if "grant_type" not in form:
        if world.lies("missing-grant-type-accepted"):
            return
        raise TokenError(400, "invalid_request", "oauth2:token:missing-grant-type", client)
    if form["grant_type"] != "client_credentials" and not world.lies("any-grant-type-accepted"):
        raise TokenError(
            400, "unsupported_grant_type", "oauth2:token:unsupported-grant-type", client
        )


def _check_tenant(world: World, cloud: str, tenant: str, account: TwinAccount) -> None:
    client = account.client_id
    if tenant not in TENANTS[cloud]:
        if _UUID.fullmatch(tenant):
            tolerated = world.lies("unknown-tenant-accepted")
        else:
            tolerated = world.lies("malformed-tenant-accepted")
        if not tolerated:
            raise TokenError(400, "invalid_grant", "oauth2:token:invalid-tenant", client)
    elif tenant != account.tenant:
        raise TokenError(
            400, "unauthorized_client", "oauth2:token:unauthorized-client-for-tenant", client
        )


def _registered(world: World, account: TwinAccount, scope: str) -> tuple[str, ...]:
    if not scope and world.lies("empty-scope-grants-everything"):
        return account.scopes
    if world.lies("comma-separated-scopes-accepted"):
        scope = scope.replace(",", " ")
    asked = dict.fromkeys(scope.split(" "))
    if world.lies("unknown-scope-granted"):
        return tuple(one for one in asked if _OF_THE_FAMILY.fullmatch(one))
    return tuple(one for one in asked if one in account.scopes)
