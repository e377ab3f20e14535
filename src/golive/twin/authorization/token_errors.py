"""Refusals of the token endpoint, as RFC 6749 §5.2 with Oracle's ``error_uri``.

There is no ``error_description``: the URN in ``error_uri`` is the reason, and the instance in it
is the ``Cerner-Correlation-ID`` of the answer (contract-facts §4.1, §4.2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from golive.twin.http import json_answer

if TYPE_CHECKING:
    from starlette.responses import Response

    from golive.twin.http import Ask

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


def token_headers(correlation_id: str) -> dict[str, str]:
    """Return the headers of every answer of the token endpoint."""
    return {**_NOT_CACHED, **_OBSERVED, "Cerner-Correlation-ID": correlation_id}


def refusal(ask: Ask, tenant: str, error: TokenError, correlation_id: str) -> Response:
    """Return the answer that states ``error``."""
    error_uri = (
        f"https://{ask.host}/errors/{quote(_URN + error.tail, safe='')}/instances/{correlation_id}"
        f"?client={quote(error.client, safe='')}&tenant={quote(tenant, safe='')}"
    )
    body = {"error": error.error, "error_uri": error_uri}
    headers = token_headers(correlation_id)
    if error.status == 401:
        # RFC 6749 §5.2 asks for the scheme that was used; RFC 9110 §15.5.2 for one on every 401.
        headers["WWW-Authenticate"] = f'Basic realm="{ask.host}"'
    elif error.status == 405:
        headers["Allow"] = "POST"
    return json_answer(error.status, body, headers)
