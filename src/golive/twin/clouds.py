"""The authorization server of one cloud: token endpoint, key set and error pages.

Rules are those of contract-facts §4. Where they leave the order of refusals open, the twin reads a
token request from the outside in: method, form, client, grant, tenant, scope.
"""

from __future__ import annotations

import html
import uuid
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from golive.twin.access_tokens import issue
from golive.twin.answers import Ask, html_answer, json_answer
from golive.twin.clients import authenticate
from golive.twin.names import MESSAGE_SCOPE, RECIPIENT_SCOPE, TENANTS
from golive.twin.token_errors import TokenError, invalid_request, refusal, token_headers

if TYPE_CHECKING:
    from starlette.responses import Response

    from golive.twin.accounts import TwinAccount
    from golive.twin.world import World

_ENDPOINT = ("protocols", "oauth2", "profiles", "smart-v1", "token")


def answer(world: World, ask: Ask) -> Response:
    """Answer any request to one of the two authorization hosts."""
    match ask.segments:
        case ("tenants", tenant, "hosts", resource_host, *rest) if tuple(rest) == _ENDPOINT:
            return _token(world, ask, tenant, resource_host)
        case ("tenants", tenant, *rest) if tuple(rest) == _ENDPOINT:
            return _token(world, ask, tenant, None)
        case ("jwk",):
            return _read_only(ask, _key_set(world, ask.host))
        case ("errors", urn, "instances", instance):
            return _read_only(ask, _error_page(urn, instance))
    return html_answer(404, "Not Found", "There is nothing here.")


def _read_only(ask: Ask, page: Response) -> Response:
    if ask.method in ("GET", "HEAD"):
        return page
    refused = html_answer(405, "Method Not Allowed", "This can only be read.")
    refused.headers["Allow"] = "GET, HEAD"
    return refused


def _key_set(world: World, cloud: str) -> Response:
    keys = world.keys[cloud].key_set(
        private=world.lies("private-key-in-key-set"),
        signing=not world.lies("signing-key-missing-from-key-set"),
    )
    return json_answer(200, keys, {"Cerner-Correlation-ID": str(uuid.uuid4())})


def _error_page(urn: str, instance: str) -> Response:
    text = (
        f"The request was refused. Reason: <code>{html.escape(urn)}</code>. "
        f"When you ask for help, name the instance <code>{html.escape(instance)}</code>."
    )
    return html_answer(200, "Authorization error", text)


def _token(world: World, ask: Ask, tenant: str, resource_host: str | None) -> Response:
    correlation_id = str(uuid.uuid4())
    if world.lies("token-endpoint-answers-503"):
        return html_answer(503, "Service Unavailable", "Please try again later.")
    try:
        form = _form(ask)
        account = authenticate(world, ask, form)
        scopes = _granted(world, ask.host, tenant, account, form)
    except TokenError as error:
        return refusal(world, ask.host, tenant, error, correlation_id)
    token = issue(world, account, scopes, resource_host=resource_host)
    if world.lies("token-response-is-not-json"):
        return html_answer(200, "Signed in", "Your token was granted.")
    document = {
        "access_token": token,
        "scope": " ".join(scopes),
        "token_type": "Bearer",
        "expires_in": world.settings.token_lifetime,
    }
    return json_answer(200, document, token_headers(world, correlation_id))


def _form(ask: Ask) -> dict[str, str]:
    """Return the form's parameters; one without a value counts as absent (RFC 6749 §3.2)."""
    if ask.method != "POST":
        raise TokenError(405, "invalid_request", "oauth2:token:method-not-allowed")
    if ask.media_type() != "application/x-www-form-urlencoded":
        raise invalid_request("unsupported-media-type")
    try:
        pairs = parse_qsl(ask.body.decode("utf-8"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise invalid_request("malformed-body") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise invalid_request("duplicate-parameter")
    return {name: value for name, value in form.items() if value}


def _granted(
    world: World, cloud: str, tenant: str, account: TwinAccount, form: dict[str, str]
) -> tuple[str, ...]:
    """Return the scopes that are both asked for and registered, in the order asked for."""
    client = account.client_id
    if "grant_type" not in form:
        raise TokenError(400, "invalid_request", "oauth2:token:missing-grant-type", client)
    if form["grant_type"] != "client_credentials":
        raise TokenError(
            400, "unsupported_grant_type", "oauth2:token:unsupported-grant-type", client
        )
    if tenant not in TENANTS[cloud]:
        raise TokenError(400, "invalid_grant", "oauth2:token:invalid-tenant", client)
    if tenant != account.tenant:
        raise TokenError(
            400, "unauthorized_client", "oauth2:token:unauthorized-client-for-tenant", client
        )
    asked = dict.fromkeys(form.get("scope", "").split(" "))
    scopes = tuple(scope for scope in asked if scope in account.scopes)
    if not scopes:
        raise TokenError(400, "invalid_scope", "oauth2:token:empty-scopes", client)
    if world.lies("scope-silently-dropped"):
        left = tuple(scope for scope in scopes if scope != MESSAGE_SCOPE)
        return left or (RECIPIENT_SCOPE,)
    return scopes
