"""Refusals of the token endpoint, as RFC 6749 §5.2 with Oracle's ``error_uri``.

There is no ``error_description``: the URN in ``error_uri`` is the reason, and the instance in it
is the ``Cerner-Correlation-ID`` of the answer (contract-facts §4.1, §4.2).
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING
from urllib.parse import quote

from golive.twin.http import json_answer

if TYPE_CHECKING:
    from starlette.responses import Response

    from golive.twin.http import Ask
    from golive.twin.world import World

BAD_CREDENTIALS = "oauth2:token:invalid-client-credentials"
_URN = "urn:cerner:error:authorization-server:"
# The header set of a real success and of a real refusal (contract-facts §4.1, row 1 of §5).
_OBSERVED = {
    "Access-Control-Allow-Origin": "*",
    "Expect-CT": "max-age=86400, enforce",
    "Server": "cloud_authorization_server1",
}
_NOT_CACHED = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class TokenError(Exception):
    """A refusal: status, RFC 6749 error code, the URN's tail, and the client if it is known."""

    def __init__(self, status: int, error: str, tail: str, client: str = "unknown") -> None:
        super().__init__(tail)
        self.status = status
        self.error = error
        self.tail = tail
        self.client = client


def invalid_request(tail: str) -> TokenError:
    """Make the refusal of a request that can't be read or contradicts itself."""
    return TokenError(400, "invalid_request", f"oauth2:token:{tail}")


def invalid_client(tail: str) -> TokenError:
    """Make the refusal of a client that could not be authenticated."""
    return TokenError(401, "invalid_client", tail)


def token_headers(world: World, correlation_id: str) -> dict[str, str]:
    """Return the headers of every answer of the token endpoint."""
    caching = {} if world.injects("token-response-may-be-cached") else _NOT_CACHED
    return {**caching, **_OBSERVED, "Cerner-Correlation-ID": correlation_id}


def refusal(
    world: World, ask: Ask, tenant: str, error: TokenError, correlation_id: str
) -> Response:
    """Return the answer that states ``error``."""
    status = _status(world, error)
    body = {
        "error": _code(world, error),
        "error_uri": _error_uri(world, ask.host, tenant, error, correlation_id),
    }
    if world.injects("token-error-repeats-the-credential"):
        body["credential"] = ask.headers.get("authorization", "")
    return json_answer(status, body, _headers(world, ask.host, error, correlation_id))


def _headers(world: World, cloud: str, error: TokenError, correlation_id: str) -> dict[str, str]:
    headers = token_headers(world, correlation_id)
    if error.status == 401 and not world.injects("token-refusals-lack-challenge"):
        # RFC 6749 §5.2 asks for the scheme that was used; RFC 9110 §15.5.2 for one on every 401.
        headers["WWW-Authenticate"] = f'Basic realm="{cloud}"'
    elif error.status == 405:
        headers["Allow"] = "POST"
    if world.injects("correlation-id-differs-from-error-uri"):
        headers["Cerner-Correlation-ID"] = str(uuid.uuid4())
    if world.injects("token-errors-lack-correlation-id"):
        del headers["Cerner-Correlation-ID"]
    if world.injects("token-errors-may-be-cached"):
        headers["Cache-Control"] = "max-age=3600"
    return headers


def _status(world: World, error: TokenError) -> int:
    if world.injects("token-errors-come-with-200"):
        return 200
    if error.error == "invalid_client" and world.injects("invalid-client-answered-400"):
        return 400
    return error.status


def _code(world: World, error: TokenError) -> str:
    """Return the error code, or the one that a server which mixes them up would give."""
    mistaken = {
        "invalid_client": {"invalid-client-called-unauthorized-client": "unauthorized_client"},
        "unsupported_grant_type": {"unsupported-grant-called-invalid-grant": "invalid_grant"},
        "invalid_scope": {"invalid-scope-called-invalid-request": "invalid_request"},
        "invalid_grant": {"unknown-tenant-called-invalid-client": "invalid_client"},
        "invalid_request": {"invalid-request-called-invalid-grant": "invalid_grant"},
    }
    for defect, code in mistaken.get(error.error, {}).items():
        if world.injects(defect):
            return code
    return error.error


def _error_uri(
    world: World, cloud: str, tenant: str, error: TokenError, correlation_id: str
) -> str:
    if world.injects("error-uri-leads-to-the-manual"):
        return f"https://{cloud}/documentation/errors.html#{error.error}"
    tail = "server-error" if world.injects("error-uri-hides-the-reason") else error.tail
    return (
        f"https://{cloud}/errors/{quote(_URN + tail, safe='')}/instances/{correlation_id}"
        f"?client={quote(error.client, safe='')}&tenant={quote(tenant, safe='')}"
    )
