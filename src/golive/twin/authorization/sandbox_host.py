"""A resource host of the sandbox cloud: FHIR alone, and its own cloud's tokens alone.

It stands here for the token that is taken to the wrong cloud in the other direction. The refusal is the one that was
seen: 401, an empty body, and a challenge that names both issuers (contract-facts §5 row 16). The Messages API
is documented for no such host, so a caller finds nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from golive.twin.authorization.gateway import bearer
from golive.twin.authorization.tokens import part
from golive.twin.http import Ask, html_answer
from golive.twin.names import SANDBOX_CLOUD, SANDBOX_RESOURCE_HOST

if TYPE_CHECKING:
    from golive.twin.world import World

_ISSUER = f"https://{SANDBOX_CLOUD}/"


def answer(world: World, ask: Ask) -> Response:  # noqa: ARG001 - an answer like those of the other hosts
    """Answer any request to the sandbox cloud's resource host."""
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
