"""Personalities that differ in how they say no.

Section and row numbers are those of the contract facts. None depends on chance.
"""

from __future__ import annotations

from .personality import Personality

REFUSALS = (
    Personality(
        "other-tenant-403",
        "Row 17: a tenant that is not accessible is refused with 403.",
        "Row 13 reports 401 in words.",
        other_tenant=403,
    ),
    Personality(
        "other-tenant-404",
        "RFC 9110 15.5.4: what is forbidden may be hidden.",
        other_tenant=404,
    ),
    Personality(
        "problem-refusals", "Open bodies (7.6), in the form of RFC 9457.", refusal_body="problem"
    ),
    Personality(
        "outcome-refusals",
        "As before: rows 14 and 15 were OperationOutcomes.",
        refusal_body="outcome",
    ),
    Personality(
        "empty-refusals",
        "RFC 6750 3 puts the error into the challenge; row 16 had an empty body. Rows 11 and 23 are kept.",
        refusal_body="empty",
    ),
    Personality(
        "named-refusals",
        "Other 401 and 403 bodies than rows 11 and 23 are open (7.6): here {code: NotAuthenticated, message}.",
        refusal_body="named",
    ),
    Personality("oauth-refusals", "As before, in the words of OAuth.", refusal_body="oauth"),
    Personality(
        "text-refusals", "As before, in plain text like rows 17 and 24.", refusal_body="text"
    ),
    Personality("html-refusals", "As before, as the page of a proxy.", refusal_body="html"),
    Personality(
        "error-first-challenge",
        "The order of a challenge's parameters is free (RFC 9110 11.2).",
        challenge="error-first",
    ),
    Personality(
        "lower-case-challenge", "A scheme's case is free (RFC 9110 11.1).", challenge="lower-case"
    ),
    Personality(
        "two-challenges",
        "A field may hold several challenges (RFC 9110 11.6.1).",
        challenge="two-in-one",
    ),
    Personality(
        "two-challenge-lines",
        "And there may be several such fields (RFC 9110 5.3).",
        challenge="two-lines",
    ),
    Personality(
        "described-challenge", "error_description is optional (RFC 6750 3).", challenge="described"
    ),
    Personality(
        "unknown-tenant-403",
        "Row 17: plain text 403 on FHIR; here it is open.",
        "Row 13: 401 where the tenants differ.",
        unknown_tenant="403-text",
    ),
    Personality(
        "unknown-tenant-404",
        "No row shows this host's answer (7.6).",
        "Row 13: 401 where the tenants differ.",
        unknown_tenant="404",
    ),
    Personality(
        "path-before-token",
        "404 and 405 may be said before a token is looked at; no standard orders them.",
        path_before_token=True,
    ),
    Personality(
        "any-accept",
        "A server may disregard Accept (RFC 9110 12.4.1); wrong media may be a plain 400 (15.5.1).",
        ignores_accept=True,
        api_wrong_media=400,
    ),
    Personality(
        "throttles", "429 with Retry-After (RFC 6585 4): every 40th request.", throttle_every=40
    ),
    Personality(
        "cookie-of-an-edge",
        "A content delivery network sets the same cookie on each answer (RFC 6265 4.1).",
        edge_cookie="__edge_bm=abc.def-1732000000; Path=/; Secure; HttpOnly",
    ),
    Personality(
        "cold-key-cache",
        "A verifier with a cached set meets a kid it has not loaded, and heals (6.3, point 2).",
        cold_requests=1,
    ),
    Personality(
        "cold-key-cache-without-words",
        "The same behind a gateway whose refusals say invalid_token and no more (RFC 6750 3).",
        cold_requests=2,
        refusal_body="problem",
        rows_11_and_23=False,
        layout="one-host",
        error_uri=False,
        error_description=True,
        correlation_id=False,
    ),
    Personality(
        "refusals-without-request-id",
        "opc-request-id is documented for 200 and 400 (1); here x-request-id, as row 16 had it.",
        refusal_request_id=False,
    ),
)

ERRORS = (
    Personality(
        "strict-queries",
        "If unknown parameters are taken is not said; sentItems has no notificationType (2.2).",
        strict_queries=True,
    ),
    Personality(
        "code-only-errors",
        "The documented minimum of Error is code (1).",
        service_error="code-only",
    ),
    Personality(
        "detailed-errors",
        "details is a documented array, its items are open (1).",
        service_error="details",
    ),
    Personality(
        "integer-codes",
        "The body of a Messages 400 is open, and a client must accept integers (1).",
        "Error's code is a documented string on a sister page.",
        service_error="integer-code",
    ),
    Personality(
        "unknown-patient-404",
        "No page says how an unknown patient is answered.",
        unknown_patient="404",
    ),
    Personality(
        "unknown-patient-empty",
        "The same: nothing is found, so the list is empty.",
        unknown_patient="empty",
    ),
    Personality(
        "unknown-message-400", "Status for an unknown id is open (7.4).", unknown_message="400"
    ),
    Personality("stale-412", "The status of a stale version is open (2.5).", stale_version=412),
    Personality("stale-400", "The same.", stale_version=400),
    Personality(
        "dates-422",
        "The status for bad dates is open (3); 422 is RFC 9110 15.5.21.",
        date_refused="422",
    ),
    Personality(
        "reversed-dates-empty",
        "How reversed bounds are refused is open (3, 9).",
        date_refused="empty",
    ),
    Personality(
        "lenient-limit",
        "What another limit does is open (7.4); here it counts as 1000, never as more or less.",
        "1000 is documented as the only legal value.",
        lenient_limit=True,
    ),
    Personality("strict-bodies", "If unknown members are taken is not said.", strict_bodies=True),
    Personality(
        "strict-request-id",
        "Only certain characters are valid (1), so others get 400.",
        refuses_bad_request_id=True,
    ),
)
