"""The authorization server of one cloud: token endpoint, key set and error pages.

Rules are those of contract-facts §4. Where they leave the order of refusals open, the twin reads a
token request from the outside in: method, form, client, grant, tenant, scope.
"""

from __future__ import annotations

import html
import secrets
import uuid
from typing import TYPE_CHECKING, Any

from golive.twin.access_tokens import issue
from golive.twin.answers import Ask, html_answer, json_answer
from golive.twin.clients import authenticate
from golive.twin.token_errors import TokenError, refusal, token_headers
from golive.twin.token_requests import granted_scopes, read_form

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
            return _read_only(ask, _key_set(world, ask))
        case ("errors", urn, "instances", instance):
            return _read_only(ask, _error_page(urn, instance))
    return html_answer(404, "Not Found", "There is nothing here.")


def _read_only(ask: Ask, page: Response) -> Response:
    if ask.method in ("GET", "HEAD"):
        return page
    refused = html_answer(405, "Method Not Allowed", "This can only be read.")
    refused.headers["Allow"] = "GET, HEAD"
    return refused


def _key_set(world: World, ask: Ask) -> Response:
    """Publish the JSON Web Key Set of the cloud (RFC 7517 §5)."""
    if world.lies("key-set-needs-a-credential") and "authorization" not in ask.headers:
        return html_answer(401, "Unauthorized", "Sign in first.")
    ring = world.keys[ask.host]
    one_generation = world.lies("key-set-holds-one-generation")
    keys = ring.in_use() if one_generation else ring.published()
    if world.lies("signing-key-missing-from-key-set"):
        keys = [key for key in keys if key is not ring.signing]
    if world.lies("key-set-holds-another-key-of-that-id"):
        keys = [ring.impostor if key is ring.signing else key for key in keys]
    private = world.lies("private-key-in-key-set")
    entries: list[dict[str, Any]] = [dict(key.as_dict(private=private)) for key in keys]
    if world.lies("two-keys-share-a-kid"):
        entries[-1]["kid"] = entries[-2]["kid"]
    return json_answer(200, {"keys": entries}, {"Cerner-Correlation-ID": str(uuid.uuid4())})


def _error_page(urn: str, instance: str) -> Response:
    text = (
        f"The request was refused. Reason: <code>{html.escape(urn)}</code>. "
        f"When you ask for help, name the instance <code>{html.escape(instance)}</code>."
    )
    return html_answer(200, "Authorization error", text)


def _token(world: World, ask: Ask, tenant: str, resource_host: str | None) -> Response:
    repeated = world.lies("correlation-id-repeats")
    correlation_id = world.one_id if repeated else str(uuid.uuid4())
    if world.lies("token-endpoint-answers-503"):
        return html_answer(503, "Service Unavailable", "Please try again later.")
    try:
        form = read_form(world, ask)
        account = authenticate(world, ask, form)
        scopes = granted_scopes(world, ask.host, tenant, account, form)
    except TokenError as error:
        return refusal(world, ask, tenant, error, correlation_id)
    token = issue(world, account, scopes, resource_host=resource_host)
    if world.lies("token-response-is-not-json"):
        return html_answer(200, "Signed in", "Your token was granted.")
    headers = token_headers(world, correlation_id)
    if world.lies("token-response-lacks-correlation-id"):
        del headers["Cerner-Correlation-ID"]
    status = 201 if world.lies("token-granted-with-201") else 200
    return json_answer(status, _grant(world, account, scopes, token), headers)


def _grant(
    world: World, account: TwinAccount, scopes: tuple[str, ...], token: str
) -> dict[str, Any]:
    """Return the body of a success (RFC 6749 §5.1)."""
    lifetime = world.settings.token_lifetime
    document: dict[str, Any] = {
        "access_token": token,
        "scope": " ".join(scopes),
        "token_type": "mac" if world.lies("token-type-is-mac") else "Bearer",
        "expires_in": str(lifetime) if world.lies("expires-in-is-text") else lifetime,
    }
    if world.lies("refresh-token-issued"):
        document["refresh_token"] = secrets.token_urlsafe(24)
    if world.lies("id-token-issued"):
        document["id_token"] = token
    if world.lies("token-response-repeats-the-secret"):
        document["client"] = {"id": account.client_id, "secret": account.client_secret}
    return document
