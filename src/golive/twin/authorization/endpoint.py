"""The authorization server of one cloud: its paths, the token endpoint and the error pages.

Rules are those of contract-facts §4. Where they leave the order of refusals open, the twin reads a
token request from the outside in: method, form, client, grant, tenant, scope.

It reads what a token request asks for: its form, its grant, its tenant and its scopes.
"""

from __future__ import annotations

import html
import re
import uuid
from collections import Counter
from itertools import takewhile
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from starlette.responses import Response

from golive.twin.authorization.clients import authenticate
from golive.twin.authorization.token_errors import (
    TokenError,
    invalid_request,
    refusal,
    token_headers,
)
from golive.twin.authorization.tokens import issue
from golive.twin.http import Ask, html_answer, json_answer
from golive.twin.names import (
    MESSAGE_SCOPE,
    PRODUCTION_CLOUD,
    RECIPIENT_SCOPE,
    SANDBOX_CLOUD,
    SANDBOX_TENANT,
)

if TYPE_CHECKING:
    from golive.twin.accounts import TwinAccount
    from golive.twin.world import World


MEMORY = 5.0
"""Seconds for which a defect remembers that a client was refused."""
_ENDPOINT = ("protocols", "oauth2", "profiles", "smart-v1", "token")


def is_token_request(ask: Ask) -> bool:
    """Whether a request to one of the two authorization hosts is one to a token endpoint."""
    return ask.segments[-len(_ENDPOINT) :] == _ENDPOINT


def answer(world: World, ask: Ask) -> Response:
    """Answer any request to one of the two authorization hosts."""
    match ask.segments:
        case ("tenants", tenant, "hosts", resource_host, *rest) if tuple(rest) == _ENDPOINT:
            return _token(world, ask, tenant, resource_host)
        case ("tenants", tenant, *rest) if tuple(rest) == _ENDPOINT:
            return _token(world, ask, tenant, None)
        case ("jwk",):
            return _read_only(ask, key_set(world, ask))
        case ("errors", urn, "instances", instance):
            return _read_only(ask, _error_page(urn, instance))
    return html_answer(404, "Not Found", "There is nothing here.")


def _read_only(ask: Ask, page: Response) -> Response:
    if ask.method in ("GET", "HEAD"):
        return page
    refused = html_answer(405, "Method Not Allowed", "This can only be read.")
    refused.headers["Allow"] = "GET, HEAD"
    return refused


def _error_page(urn: str, instance: str) -> Response:
    text = (
        f"The request was refused. Reason: <code>{html.escape(urn)}</code>. "
        f"When you ask for help, name the instance <code>{html.escape(instance)}</code>."
    )
    return html_answer(200, "Authorization error", text)


def _token(world: World, ask: Ask, tenant: str, resource_host: str | None) -> Response:
    correlation_id = str(uuid.uuid4())
    try:
        form = read_form(world, ask)
        account = authenticate(world, ask, form)
        _check_memory(world, account)
        scopes = granted_scopes(world, ask.host, tenant, account, form)
    except TokenError as error:
        return refusal(ask, tenant, error, correlation_id)
    world.tokens_granted += 1
    if world.injects("grants-are-kept-by-their-first-scope"):
        scopes = world.kept.setdefault((account.client_id, scopes[0]), scopes)
    token = issue(world, account, scopes, resource_host=resource_host)
    if world.injects("first-token-is-granted-to-all"):
        token = world.first_tokens.setdefault((tenant, scopes), token)
    headers = token_headers(correlation_id)
    cacheable = account.key_id is not None and world.injects("grant-by-assertion-may-be-cached")
    if cacheable or world.injects_at_third_token("every-third-grant-may-be-cached"):
        del headers["Cache-Control"]
    document = _grant(world, scopes, token, form)
    asked = ask.headers.get("accept", "*/*")
    if "application/json" not in asked and world.injects("grant-comes-as-a-form"):
        kind = "application/x-www-form-urlencoded"
        return Response(urlencode(document), 200, headers, kind)
    return json_answer(200, document, headers)


def _check_memory(world: World, account: TwinAccount) -> None:
    """Refuse a client that has a token, or whose scopes were refused lately, where a defect remembers that."""
    client = account.client_id
    if client in world.newest and world.injects("client-is-granted-one-token"):
        raise TokenError(400, "invalid_grant", "oauth2:token:already-granted", client)
    remembers = world.injects("refused-scope-is-remembered-for-the-client")
    if remembers and world.refused.get(client, 0.0) > world.now():
        raise TokenError(400, "invalid_scope", "oauth2:token:empty-scopes", client)


def _grant(
    world: World, scopes: tuple[str, ...], token: str, form: dict[str, str]
) -> dict[str, Any]:
    """Return the body of a success (RFC 6749 §5.1)."""
    third = world.injects_at_third_token("every-third-grant-is-of-another-type")
    document: dict[str, Any] = {
        "access_token": token,
        "scope": " ".join(scopes),
        "token_type": "mac" if third else "Bearer",
        "expires_in": world.settings.token_lifetime,
    }
    asked = form.get("scope", "")
    if set(asked.split(" ")) != set(scopes) and world.injects("lesser-scope-is-not-named"):
        del document["scope"]
    return document


_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OF_THE_FAMILY = re.compile("oraclehealth:millennium:[a-z-]+")


def read_form(world: World, ask: Ask) -> dict[str, str]:
    """Return the form's parameters; one without a value counts as absent (RFC 6749 §3.2)."""
    if ask.method != "POST":
        raise TokenError(405, "invalid_request", "oauth2:token:method-not-allowed")
    if ask.media_type() != "application/x-www-form-urlencoded":
        raise invalid_request("unsupported-media-type")
    try:
        pairs = parse_qsl(ask.body.decode("utf-8"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise invalid_request("malformed-body") from None
    if world.injects("parameter-names-in-any-case-accepted"):
        pairs = [(name.lower(), value) for name, value in pairs]
    form = dict(pairs)
    repeats = Counter(name for name, _ in pairs)
    if max(repeats.values(), default=0) > 1:
        raise invalid_request("duplicate-parameter")
    if world.injects("empty-token-parameter-counts"):
        return form
    return {name: value for name, value in form.items() if value}


def granted_scopes(
    world: World, cloud: str, tenant: str, account: TwinAccount, form: dict[str, str]
) -> tuple[str, ...]:
    """Return the scopes that are both asked for and registered, in the order asked for."""
    client = account.client_id
    _check_grant(form, client)
    _check_tenant(world, cloud, tenant, account)
    scopes = _registered(world, account, form.get("scope", ""))
    if not scopes:
        world.refused[client] = world.now() + MEMORY
        raise TokenError(400, "invalid_scope", "oauth2:token:empty-scopes", client)
    if world.injects("scope-silently-dropped"):
        left = tuple(scope for scope in scopes if scope != MESSAGE_SCOPE)
        return left or (RECIPIENT_SCOPE,)
    return scopes


def _check_grant(form: dict[str, str], client: str) -> None:
    if "grant_type" not in form:
        raise TokenError(400, "invalid_request", "oauth2:token:missing-grant-type", client)
    if form["grant_type"] != "client_credentials":
        raise TokenError(
            400, "unsupported_grant_type", "oauth2:token:unsupported-grant-type", client
        )


def _check_tenant(world: World, cloud: str, tenant: str, account: TwinAccount) -> None:
    client = account.client_id
    if tenant not in world.tenants[cloud]:
        if _UUID.fullmatch(tenant):
            tolerated = world.injects("unknown-tenant-accepted")
        else:
            tolerated = world.injects("malformed-tenant-accepted")
        if not tolerated:
            raise TokenError(400, "invalid_grant", "oauth2:token:invalid-tenant", client)
    elif tenant != account.tenant and not world.injects_any(
        {
            "token-for-any-tenant-granted": True,
            "client-with-a-key-gets-any-tenant": account.key_id is not None,
            "other-tenants-take-any-client": tenant != SANDBOX_TENANT,
        }
    ):
        raise TokenError(
            400, "unauthorized_client", "oauth2:token:unauthorized-client-for-tenant", client
        )


def _registered(world: World, account: TwinAccount, scope: str) -> tuple[str, ...]:
    asked = dict.fromkeys(scope.split(" "))
    if any("/" in one for one in asked) and world.injects("smart-scope-spoils-the-others"):
        return ()
    if world.injects("unknown-scope-granted"):
        return tuple(one for one in asked if _OF_THE_FAMILY.fullmatch(one))
    if world.injects("scopes-behind-an-unknown-one-are-lost"):
        return tuple(takewhile(account.scopes.__contains__, asked))
    return tuple(one for one in asked if one in account.scopes)


def key_set(world: World, ask: Ask) -> Response:
    """Publish the JSON Web Key Set of the cloud (RFC 7517 §5)."""
    ring = world.keys[ask.host]
    if ask.host == PRODUCTION_CLOUD:
        world.key_sets_read += 1
    second = world.key_sets_read % 2 == 0
    one_generation = world.injects("key-set-holds-one-generation")
    keys = ring.in_use() if one_generation else ring.published()
    third = world.key_sets_read % 3 == 0
    if (
        world.injects("signing-key-missing-from-key-set")
        or (second and world.injects("every-second-key-set-lacks-the-signing-key"))
        or (third and world.injects("every-third-key-set-lacks-the-signing-key"))
    ):
        keys = [key for key in keys if key is not ring.signing]
    if world.injects("key-set-holds-another-key-of-that-id"):
        keys = [ring.impostor if key is ring.signing else key for key in keys]
    if second and world.injects("key-set-changes-a-key-under-its-kid"):
        keys = [ring.stranger if key is ring.outgoing else key for key in keys]
    if world.injects("other-clouds-keys-in-key-set"):
        keys = [*keys, *world.keys[SANDBOX_CLOUD].in_use()]
    private = world.injects("private-key-in-key-set")
    entries: list[dict[str, Any]] = [dict(key.as_dict(private=private)) for key in keys]
    return json_answer(200, {"keys": entries}, {"Cerner-Correlation-ID": str(uuid.uuid4())})
