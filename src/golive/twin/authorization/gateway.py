"""The gateway in front of the API: lets a token in or says why not.

Its refusals have the shape that was seen on the wire: an integer ``code`` and a ``message`` of
quoted pairs (contract-facts §1, rows 11, 12 and 23 of §5), with a challenge as RFC 6750 §3 asks.
It knows the production cloud's keys only, so a token of the sandbox cloud is signed by an
``unknown_kid``. A resource host of the sandbox cloud stands here, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from golive.twin.authorization.presented_tokens import (
    GatewayError,
    check_signature,
    invalid_token,
    read_token,
    unknown_kid,
)
from golive.twin.authorization.tokens import AUTHORIZATION_CLAIM, part
from golive.twin.http import Ask, html_answer, json_answer
from golive.twin.names import (
    API_HOST,
    SANDBOX_CLOUD,
    SANDBOX_RESOURCE_HOST,
    SANDBOX_TENANT,
    SCOPES,
)

if TYPE_CHECKING:
    from golive.twin.world import World


READS = frozenset({"GET", "HEAD"})
"""The methods of this API that only read."""

_CARELESS = {
    "message": ("scope-not-enforced", "granted-scope-not-honoured"),
    "recipient": ("recipient-scope-not-enforced", "recipient-scope-not-honoured"),
    "codeSystem": ("code-system-scope-not-enforced", "code-system-scope-not-honoured"),
}
"""Namespace -> the defects that open it to tokens without its scope, and shut it to those that have it."""


def refusal(error: GatewayError) -> Response:
    """Return the answer that states ``error``."""
    pairs = error.pairs
    message = ", ".join(f'{name}="{value}"' for name, value in pairs.items())
    challenge = f'Bearer realm="{API_HOST}"'
    if "error" in pairs:
        challenge += f', error="{pairs["error"]}"'
    if pairs.get("error") == "insufficient_scope":
        challenge += f', scope="{error.scope}"'
    document = {"message": message, "code": error.status}
    return json_answer(error.status, document, {"WWW-Authenticate": challenge})


def bearer(ask: Ask) -> str | None:
    """Return the token of the Authorization header; None when there is no Bearer credential."""
    scheme, _, token = ask.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def admit(world: World, ask: Ask) -> None:
    """Let a request through to the service, or raise GatewayError.

    Order: a token is there, its signature, expiry, host, tenant, scope.
    """
    text = bearer(ask)
    in_query = any(name == "access_token" for name, _ in ask.query)
    if text is None:  # one in the query counts as none: it would end up in logs (RFC 6750 §5.3)
        raise GatewayError(401, "token-required")
    if in_query:
        raise GatewayError(400, "multiple-tokens", error="invalid_request")
    token = read_token(world, text)
    if world.injects("api-refuses-every-token-as-unknown-kid"):
        raise unknown_kid(token.header.get("kid"))
    if world.refuses_key(token.header.get("kid")):
        raise unknown_kid(token.header.get("kid"))
    writes = ask.method not in READS
    foreign = check_signature(world, token, writes=writes)
    if world.has_expired(text):
        raise invalid_token("token-expired")
    if not (writes and world.injects("expired-token-accepted-for-writes")):
        _check_expiry(world, token.claims)
    if world.resource_hosts.get(str(token.claims.get("jti")), API_HOST) != API_HOST:
        raise invalid_token("resource-host-mismatch")
    let_in = text in world.let_in
    if not (let_in and world.injects("tenant-is-checked-once-for-each-token")):
        _check_tenant(world, ask, token.claims, foreign)
    known = let_in and world.injects("scope-is-checked-once-for-each-token")
    if len(ask.segments) > 1 and ask.segments[1] in SCOPES and not known:
        _check_scope(world, ask, token.claims)
    world.let_in.add(text)
    world.admitted += 1
    if world.admitted % 9 == 0 and world.injects("every-ninth-good-token-is-refused"):
        raise invalid_token("token-expired")


def _check_scope(world: World, ask: Ask, claims: dict[str, Any]) -> None:
    if ask.method not in READS and world.injects("writes-need-no-scope"):
        return
    granted = str(_authorization(claims).get("azs")).split(" ")
    if world.injects("registered-scopes-count"):
        owner = (one for one in world.accounts.values() if one.client_id == claims.get("azp"))
        granted += (scope for one in owner for scope in one.scopes)
    client = next((o for o in world.accounts.values() if o.client_id == claims.get("azp")), None)
    barred = client is not None and client.key_id is not None
    if not _opened_by(world, ask, granted) or (
        barred and world.injects("clients-with-a-key-are-not-let-in")
    ):
        refusal = GatewayError(
            403,
            "insufficient-scopes",
            error="insufficient_scope",
            subcode="no_scope_for_resource_path",
        )
        refusal.scope = SCOPES[ask.segments[1]]
        raise refusal


def _opened_by(world: World, ask: Ask, granted: list[str]) -> bool:
    """Whether a token with these scopes opens what a request to one of the namespaces asks for."""
    namespace = ask.segments[1]
    if ask.segments[0] != SANDBOX_TENANT and world.injects("other-tenants-let-nobody-in"):
        return False
    if world.injects("each-api-wants-all-scopes") and not {*SCOPES.values()} <= {*granted}:
        return False
    careless = _CARELESS.get(namespace)
    opens, shuts = map(world.injects, careless) if careless else (False, False)
    writes = namespace == "message" and ask.method not in READS
    if shuts or (writes and world.injects("scope-opens-reading-only")):
        return False
    if namespace == "recipient" and world.injects("recipient-api-wants-the-message-scope-too"):
        return {SCOPES["message"], SCOPES["recipient"]} <= {*granted}
    if namespace == "message" and world.injects("any-scope-of-the-family-opens"):
        return any(scope in granted for scope in SCOPES.values())
    return SCOPES[namespace] in granted or opens


def _authorization(claims: dict[str, Any]) -> dict[str, Any]:
    # A gateway with a defect in signatures meets claims of any shape.
    claim = claims.get(AUTHORIZATION_CLAIM)
    return claim if isinstance(claim, dict) else {}


def _check_expiry(world: World, claims: dict[str, Any]) -> None:
    expiry = claims.get("exp")
    newest = world.newest.get(str(claims.get("sub")), claims.get("jti"))
    if newest != claims.get("jti") and world.injects("newer-token-ends-earlier-ones"):
        raise invalid_token("token-expired")
    if world.injects("expired-token-accepted"):
        return
    if not isinstance(expiry, int | float) or not expiry > world.now():
        raise invalid_token("token-expired")


def _check_tenant(world: World, ask: Ask, claims: dict[str, Any], foreign: bool) -> None:
    if foreign or world.injects("other-tenants-token-accepted"):
        return
    of_messages = ask.segments[-2:-1] == ("patientMessages",)
    one_message = of_messages and ask.segments[-1] not in {"inboxItems", "sentItems"}
    if one_message and world.injects("messages-open-to-other-tenants"):
        return
    if ask.segments[1:2] != ("message",) and world.injects("neighbours-take-other-tenants-tokens"):
        return
    if ask.segments[0] not in ask.path and world.injects("tenant-in-capitals-is-not-compared"):
        return
    if ask.path.startswith("/%") and world.injects("encoded-tenant-is-not-compared"):
        return
    tenant, path_tenant = _authorization(claims).get("tnt"), ask.segments[0]
    if tenant != path_tenant:
        raise invalid_token("tenant-mismatch")


_ISSUER = f"https://{SANDBOX_CLOUD}/"


def answer_of_sandbox(world: World, ask: Ask) -> Response:  # noqa: ARG001 - an answer like those of the other hosts
    """Answer any request to a resource host of the sandbox cloud: FHIR alone, and its own cloud's tokens alone.

    It stands here for the token that is taken to the wrong cloud in the other direction. The refusal is the one that
    was seen: 401, an empty body, and a challenge that names both issuers (contract-facts §5 row 16). The Messages API
    is documented for no such host, so a caller finds nothing.
    """
    issuer = _issuer(bearer(ask))
    if issuer != _ISSUER:
        received = f", received {issuer}" if issuer else ""
        challenge = (
            f'Bearer realm="{SANDBOX_RESOURCE_HOST}", error="invalid_token", '
            f'error_description="Invalid issuer. Expected {_ISSUER}{received}"'
        )
        return Response(status_code=401, headers={"WWW-Authenticate": challenge})
    return html_answer(404, "Not Found", "There is nothing here.")


def _issuer(token: str | None) -> str | None:
    """Read who issued a token; one that can't be read has no issuer."""
    try:
        issuer = part((token or "").partition(".")[2].partition(".")[0]).get("iss")
    except ValueError:
        return None
    return (
        issuer if isinstance(issuer, str) and issuer.isprintable() and '"' not in issuer else None
    )
