"""Personalities that differ in tokens, key sets and who grants.

Section and row numbers are those of the contract facts. None depends on chance.
"""

from __future__ import annotations

from .personality import Personality

GRANTS = (
    Personality("jwe-tokens", "Five-part tokens were seen in 2025 (4.1).", token_form="jwe"),
    Personality(
        "opaque-tokens",
        "A token is opaque to its client (RFC 6749 1.4); which form this grant gets is open (4.1).",
        token_form="opaque",
    ),
    Personality(
        "tenant-issuer",
        "Discovery names the tenants form as issuer (4.4).",
        issuer_with_tenant=True,
    ),
    Personality(
        "azs-list", "No fact says how azs is spelled; an array is as good (9).", azs_as_list=True
    ),
    Personality(
        "no-jti", "jti is optional (RFC 7519 4.1.7).", "Oracle's samples have one.", token_jti=False
    ),
    Personality(
        "kept-tokens",
        "The same token again for the same client and scopes, and expires_in is what is left (RFC 6749 5.1).",
        keeps_tokens=True,
    ),
    Personality(
        "two-profiles", "millennium-v1 was seen beside smart-v1 (4.1).", extra_profile=True
    ),
    Personality(
        "host-bound-tokens",
        "What /hosts/ changes, and if the API takes a host-less token, is open (7.7).",
        bound_to_host=True,
    ),
    Personality(
        "expires-599",
        "0 < expires_in <= exp - iat; the two numbers are habits (9).",
        "570 was seen on Oracle's clouds.",
        expires_in=599,
    ),
    Personality(
        "grant-extras",
        "Unknown members of a grant must be ignored (RFC 6749 5.1).",
        grant_extras=True,
    ),
    Personality(
        "long-tokens",
        "A token's size is not limited; many scopes can make it too big (4.1).",
        long_tokens=True,
    ),
    Personality(
        "three-part-opaque",
        "Two dots make no JWS: a token is any b64token (RFC 6750 2.1).",
        token_form="opaque",
        opaque_prefix="v4.local.",
    ),
)

TOKEN_REFUSALS = (
    Personality(
        "bare-oauth-errors",
        "error_uri is optional, and no RFC knows a correlation id (RFC 6749 5.2).",
        "Oracle's habit is to send both.",
        error_uri=False,
        correlation_id=False,
    ),
    Personality(
        "token-media-415",
        "RFC 9110 15.5.16: another media type may be refused as such.",
        token_wrong_media=415,
    ),
    Personality(
        "assertion-refused-400",
        "401 is a MUST only where the Authorization header was used (RFC 6749 5.2).",
        assertion_refused=400,
    ),
    Personality(
        "unregistered-scope-unauthorized",
        "Row 4: a single unregistered scope got unauthorized_client.",
        empty_scopes="unauthorized_client",
    ),
    Personality(
        "foreign-account-unknown",
        "An account of another tenant may simply be no client here (RFC 6749 5.2); no row shows the case.",
        foreign_account="invalid_client",
    ),
)

KEY_SETS = (
    Personality(
        "jwks-403", "A key set can be out of reach; then nothing is known of it.", key_set="403"
    ),
    Personality(
        "jwks-404", "The same; where another host has its keys is not said (9).", key_set="404"
    ),
    Personality(
        "jwks-html", "The same: a sign-in page of a proxy, with status 200.", key_set="html"
    ),
    Personality(
        "jwks-one-key",
        "How many keys there are is advice (9); one that verifies is enough (RFC 7517 5).",
        key_generations=1,
        only_signing_keys=True,
    ),
    Personality(
        "jwks-two-generations",
        "Nine keys are one capture (4.4); the coming one is no must.",
        key_generations=2,
    ),
    Personality(
        "jwks-bare-keys",
        "use and alg are optional (RFC 7517 4.2, 4.4), application/jwk-set+json is its media type (8.5.2).",
        key_hints=False,
        key_set="jwk-set",
    ),
    Personality(
        "jwks-behind",
        "A token was signed with a kid not yet visible in the set (4.4, forum 3574).",
        "Seen on the sandbox cloud; RFC 7517 promises no time.",
        set_is_behind=True,
    ),
)

GATEWAYS = (
    Personality(
        "one-host-gateway",
        "A company's gateway: one host, no tenant in the token URL, its own keys and refusals.",
        layout="one-host",
        refusal_body="empty",
        rows_11_and_23=False,
        error_uri=False,
        error_description=True,
        correlation_id=False,
        expires_in=3600,
        lifetime=3600,
        token_type="bearer",
    ),
    Personality(
        "entra-like",
        "Another authorization server that wants `resource`; scope is omitted when it is what was asked for.",
        layout="entra-like",
        refusal_body="named",
        rows_11_and_23=False,
        error_uri=False,
        error_description=True,
        correlation_id=False,
        expires_in=3599,
        lifetime=3600,
        scope_in_grant=False,
        grant_extras=True,
        key_hints=False,
    ),
    Personality(
        "issuer-of-each-tenant",
        "Another authorization server whose issuer names the tenant (4.4), as its operator says in the file.",
        layout="entra-like",
        issuer_with_tenant=True,
        refusal_body="named",
        rows_11_and_23=False,
        error_uri=False,
        correlation_id=False,
    ),
    Personality(
        "auth0-like",
        "Another authorization server that wants `audience`, with its keys under /.well-known.",
        layout="auth0-like",
        refusal_body="oauth",
        rows_11_and_23=False,
        error_uri=False,
        error_description=True,
        correlation_id=False,
        expires_in=86_400,
        lifetime=86_400,
    ),
    Personality(
        "opaque-gateway",
        "A gateway whose tokens are random and whose keys nobody may see.",
        layout="one-host",
        token_form="opaque",
        key_set="404",
        refusal_body="named",
        service_error="code-only",
        rows_11_and_23=False,
        error_uri=False,
        correlation_id=False,
    ),
)
