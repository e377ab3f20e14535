"""What stands in front of the service: is there a token, is it good, and does it reach this path?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .accounts import MESSAGE
from .problems import Refusal
from .tokens import unknown_kid
from .wire import Reply, json_reply, text_reply

if TYPE_CHECKING:
    from .accounts import Tenants
    from .personality import Personality
    from .tokens import Grant, TokenMint
    from .wire import Call

_URN = "urn:cerner:error:oauth2:resource-access:"
_NAMES = {
    400: "InvalidRequest",
    401: "NotAuthenticated",
    403: "NotAuthorized",
    404: "NotFound",
    405: "MethodNotAllowed",
    501: "NotImplemented",
    406: "NotAcceptable",
    415: "UnsupportedMediaType",
    429: "TooManyRequests",
}


class Gateway:
    """Lets a call through or refuses it, in the words of its personality."""

    def __init__(self, mint: TokenMint, tenants: Tenants, personality: Personality) -> None:
        self._mint, self._tenants, self._personality = mint, tenants, personality
        self._cold = personality.cold_requests

    def admit(self, call: Call, tenant: str, scope: str = MESSAGE) -> Grant:
        """The grant of the call's token, if it reaches this tenant's messages."""
        token = _bearer(call)
        grant = self._mint.read(token)
        if self._cold > 0:  # facts 6.3, point 2: a cached key set that heals by itself
            self._cold -= 1
            raise unknown_kid(token)
        known = tenant in self._tenants.of_cloud(0)
        if not known and self._personality.unknown_tenant == "403-text":
            raise Refusal(
                403, "tenant-mismatch", text="Tenant not valid or accessible"
            )  # as row 17
        if not known and self._personality.unknown_tenant == "404":
            raise Refusal(404, "unknown-tenant")
        if grant.tenant != tenant:
            status = self._personality.other_tenant
            error = "invalid_token" if status == 401 else None
            raise Refusal(status, "tenant-mismatch", error, "tenant-mismatch")
        if scope not in grant.scopes:
            code = "no_scope_for_resource_path"
            raise Refusal(
                403, "insufficient-scopes", "insufficient_scope", code, row=11, scope=scope
            )
        return grant

    def refused(self, refusal: Refusal) -> Reply:
        """The answer to a call that was not let through."""
        reply = self._body(refusal)
        if refusal.status == 401 or refusal.error is not None:
            reply.headers += self._challenges(refusal)
        if refusal.allow is not None:
            reply.headers.append(("allow", refusal.allow))
        if refusal.status == 429:
            reply.headers.append(("retry-after", "1"))
        return reply

    def _body(self, refusal: Refusal) -> Reply:
        if refusal.text is not None:
            return text_reply(refusal.status, refusal.text)
        keeps = refusal.row and self._personality.rows_11_and_23
        form = "gateway" if keeps else self._personality.refusal_body
        name = _NAMES[refusal.status]
        match form:
            case "empty":
                return Reply(refusal.status)
            case "named":
                return json_reply(refusal.status, {"code": name, "message": _words(refusal)})
            case "oauth":
                body = {"error": refusal.error or name, "error_description": _words(refusal)}
                return json_reply(refusal.status, body)
            case "text":
                return text_reply(refusal.status, f"{refusal.status} {name}: {_words(refusal)}\n")
            case "html":
                page = f"<!doctype html><title>{name}</title><p>{_words(refusal)}</p>"
                return text_reply(refusal.status, page, "text/html")
            case "problem":  # RFC 9457
                problem = {"type": "about:blank", "title": name, "status": refusal.status}
                return json_reply(refusal.status, problem, "application/problem+json")
            case "outcome":  # as rows 14 and 15 on the FHIR hosts
                issue = {"severity": "error", "code": "login", "diagnostics": _words(refusal)}
                outcome = {"resourceType": "OperationOutcome", "issue": [issue]}
                return json_reply(refusal.status, outcome, "application/fhir+json")
        return json_reply(refusal.status, {"message": _pairs(refusal), "code": refusal.status})

    def _challenges(self, refusal: Refusal) -> list[tuple[str, str]]:
        """RFC 6750 3: the challenge names the error, unless the request said nothing of a token."""
        parts = [f'realm="{self._mint.layout.api_host}"']
        if refusal.error is not None:
            parts.append(f'error="{refusal.error}"')
        if refusal.scope is not None:
            parts.append(f'scope="{refusal.scope}"')
        match self._personality.challenge:
            case "error-first":
                return [("www-authenticate", "Bearer " + ", ".join(reversed(parts)))]
            case "lower-case":  # RFC 9110 11.1: the scheme's case does not matter
                return [("www-authenticate", "bearer " + ",".join(parts))]
            case "two-in-one":  # RFC 9110 11.6.1: one field may hold several challenges
                return [
                    (
                        "www-authenticate",
                        'Negotiate, Bearer {}, DPoP algs="ES256"'.format(", ".join(parts)),
                    )
                ]
            case "two-lines":
                lines = ['Basic realm="operators", charset="UTF-8"', "Bearer " + ", ".join(parts)]
                return [("www-authenticate", line) for line in lines]
            case "described" if refusal.error is not None:
                parts.append(f'error_description="{_words(refusal)}, as the gateway sees it"')
        return [("www-authenticate", "Bearer " + ", ".join(parts))]


def _bearer(call: Call) -> str:
    values = call.header_values("authorization")
    if len(values) > 1:
        raise Refusal(400, "invalid-request", "invalid_request", "several_credentials")
    scheme, _, token = (values[0] if values else "").partition(" ")
    if (
        scheme.lower() != "bearer"
    ):  # RFC 6750 3.1: another scheme is no bearer token, hence no error code
        raise Refusal(401, "token-required")
    token = token.strip()
    if not token or " " in token or "," in token:
        raise Refusal(401, "malformed-token", "invalid_token", "malformed")
    return token


def _pairs(refusal: Refusal) -> str:
    pairs: dict[str, Any] = {"code": _URN + refusal.tail}
    if refusal.error:
        pairs["error"] = refusal.error
    if refusal.subcode:
        pairs["subcode"] = refusal.subcode
    if refusal.kid is not None:
        pairs["kid"] = refusal.kid
    return ", ".join(f'{name}="{value}"' for name, value in pairs.items())


def _words(refusal: Refusal) -> str:
    return refusal.tail.replace("-", " ")
