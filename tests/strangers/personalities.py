"""Every personality, each a few lines away from the baseline and with a sentence on why it is honest.

Section and row numbers are those of the contract facts. None depends on chance.
"""

from __future__ import annotations

from .personality import Personality

_BASE = Personality()

_GRANTS = (
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
)

_TOKEN_REFUSALS = (
    Personality(
        "bare-oauth-errors",
        "error_uri is optional, and no RFC knows a correlation id (RFC 6749 5.2).",
        "Oracle's habit is to send both.",
        error_uri=False,
        correlation_id=False,
    ),
    Personality(
        "described-oauth-errors",
        "error_description is optional (RFC 6749 5.2).",
        "Oracle's habit is to send none.",
        error_description=True,
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

_KEY_SETS = (
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
)

_REFUSALS = (
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
        unknown_tenant="403-text",
    ),
    Personality(
        "unknown-tenant-404", "No row shows this host's answer (7.6).", unknown_tenant="404"
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
)

_ERRORS = (
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

_LISTS = (
    Personality(
        "list-inbox-items",
        "The member's name is inferred (2.1).",
        list_body="inboxItems",
        more_mark="none",
    ),
    Personality(
        "list-array",
        "That a list is an object is inferred (2.1); the indicator may be a header.",
        list_body="array",
        more_mark="header",
    ),
    Personality(
        "oh-paging",
        "A sister list names its headers oh-next-page (2.1).",
        paging="oh-next-page",
        more_mark="header",
    ),
    Personality(
        "no-paging",
        "No paging header is promised (2.1); a total says that there is more.",
        paging="none",
        more_mark="total",
    ),
    Personality("sent-capped", "The sentItems page says 1000 at most (2.2).", sent_over_1000=False),
    Personality(
        "exclusive-bounds", "'after' and 'before': the edge is open (3).", exclusive_bounds=True
    ),
    Personality(
        "descending-word", "The descending value is cut in the text (2.2).", descending="DESCENDING"
    ),
    Personality(
        "priority-by-alphabet",
        "What ascending means for priorities is not said.",
        priority_alphabetical=True,
    ),
    Personality(
        "other-item-names",
        "Names in list items are inferred (2.1).",
        list_renames=(
            ("id", "patientMessageId"),
            ("createDateTime", "sentDateTime"),
            ("notificationType", "type"),
            ("notificationVersion", "version"),
            ("recipientNotificationVersion", "recipientVersion"),
            ("sender", "from"),
        ),
    ),
    Personality(
        "lean-lists",
        "The members of list items are open (2.1); the versions are in the detail.",
        list_drops=(
            "notificationVersion",
            "recipientNotificationVersion",
            "sender",
            "priority",
            "notificationType",
        ),
    ),
    Personality(
        "lean-sent-items",
        "Status belongs to the inbox (3).",
        sent_drops=("status", "notificationVersion", "recipientNotificationVersion"),
    ),
    Personality(
        "plain-priority", "priority is an object in sends only (2.4).", plain_priority=True
    ),
    Personality(
        "plain-list-dates",
        "DateTimeWithZone is documented for one message (2.3).",
        plain_dates_in_lists=True,
    ),
)

_VALUES = (
    Personality(
        "zone-id-and-z",
        "The zone's member name is inferred, and Oracle's own pattern ends in Z (2.3): a local time.",
        zone="Australia/Sydney",
        zone_member="zoneId",
        date_form="local-colon-z",
    ),
    Personality(
        "zone-id-and-utc",
        "The same, with a Z that means UTC; the zone is then the one to show it in.",
        "The text says: without an offset.",
        zone="Australia/Sydney",
        zone_member="zoneId",
        date_form="utc-z",
    ),
    Personality(
        "millis",
        "The pattern has milliseconds (2.3).",
        date_form="local-millis",
        zone="Asia/Kolkata",
    ),
    Personality("nulls", "Nothing says that an absent value is an absent member.", nulls=True),
    Personality(
        "number-ids", "The type of an id in answers is not reached (2.1, 2.3).", numeric_ids=True
    ),
    Personality(
        "minimal-message",
        "Only content and createDateTime are required (2.3).",
        detail_keeps=("content", "createDateTime"),
    ),
    Personality("extra-members", "Open objects: nothing forbids more members.", extra_members=True),
)

_WRITES = (
    Personality(
        "mid-generation",
        "An older generation has no EMAIL and no zone header (2.4).",
        generation="mid",
    ),
    Personality(
        "visible-after-500ms",
        "Nothing promises that a write is seen at once (9).",
        visible_after=0.5,
    ),
    Personality("visible-after-2s", "The same.", visible_after=2.0),
    Personality(
        "lists-lag", "The same, for the lists alone.", visible_after=0.7, detail_at_once=True
    ),
    Personality(
        "no-replies", "canReply is documented, and false everywhere here.", can_reply="none"
    ),
    Personality(
        "person-id",
        "The names in participants are a third party's (2.4).",
        participant_id="personId",
    ),
    Personality("participant-type", "The same for the type.", participant_type="participantType"),
    Personality("priority-code", "So is the member of priority (2.4).", priority_member="code"),
    Personality(
        "attachment-documents",
        "The members of an attachment are open (2.4).",
        attachment_member="documentId",
    ),
    Personality(
        "documents-only", "Row 21: it took a whole document to be accepted.", documents_only=True
    ),
    Personality(
        "content-rewritten",
        "The content is turned into RTF (row 21); nothing says it comes back as sent.",
        content_rewritten=True,
    ),
    Personality("sent-200", "200 or 201 is open (1).", send_answer="200-id"),
    Personality(
        "sent-201-location",
        "201 names the new resource in Location, a body is optional (RFC 9110 15.3.2).",
        send_answer="201-location",
    ),
    Personality(
        "sent-202",
        "Any 2xx (9): accepted, and seen a moment later.",
        send_answer="202",
        visible_after=0.3,
    ),
    Personality("sent-204", "Any 2xx (9), without a body.", send_answer="204"),
    Personality("sent-whole-message", "The body is open (2.4).", send_answer="201-message"),
    Personality(
        "sent-other-name",
        "The public client looks for patientMessageId too (2.4).",
        send_answer="200-other-name",
    ),
    Personality("sent-in-items", "And for items[0].id.", send_answer="201-items"),
    Personality(
        "update-with-body",
        "200 has no documented body schema (2.5), so a body may be there.",
        update_body="object",
    ),
    Personality("update-with-items", "The same.", update_body="items"),
    Personality(
        "same-state-refused", "The same-state change is not listed (3).", same_state="refused"
    ),
    Personality("same-state-new-version", "The same: taken as a change.", same_state="new-version"),
    Personality(
        "partial-batches", "If a batch is all or nothing is open (2.5).", partial_batches=True
    ),
    Personality(
        "both-versions", "Which version a change moves is not said.", both_versions_move=True
    ),
    Personality(
        "mixed-owners",
        "One owner in a call (2.5), and no page shows whose a message is.",
        mixed_owners=True,
    ),
)

_WIRE = (
    Personality(
        "title-case-headers",
        "Names of fields have no case (RFC 9110 5.1); echoes opc-request-id.",
        header_case="title",
        request_id="echo",
    ),
    Personality(
        "upper-case-headers",
        "The same, with a uuid for opc-request-id.",
        header_case="upper",
        request_id="uuid",
    ),
    Personality("chunked", "RFC 9112 7.1.", chunked=True),
    Personality(
        "gzip", "RFC 9110 8.4.1 and 12.5.5: only where it was asked for, with Vary.", gzip=True
    ),
    Personality("weak-etags", "RFC 9110 8.8.3 and 15.4.5.", weak_etags=True),
    Personality(
        "wordy-cache-control",
        "Directives may stand together, no-store rules (RFC 9111 5.2.2.5).",
        cache_control="private, no-cache, no-store, max-age=0, must-revalidate",
    ),
    Personality(
        "charset-parameter",
        "A useless parameter, and no harm (RFC 8259 11).",
        json_type="application/json;charset=UTF-8",
    ),
)

_GATEWAYS = (
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

_MIXTURES = (
    Personality(
        "stranger-than-most",
        "Several of these at once.",
        token_form="jwe",
        refusal_body="empty",
        challenge="two-lines",
        service_error="code-only",
        key_set="403",
        zone="Australia/Sydney",
        zone_member="zoneId",
        date_form="local-millis",
        visible_after=0.5,
        send_answer="201-location",
        plain_priority=True,
        nulls=True,
        extra_members=True,
        header_case="title",
    ),
    Personality(
        "guess-nothing",
        "Every guessed name of section 9 is another one.",
        list_body="inboxItems",
        more_mark="header",
        paging="none",
        participant_id="personId",
        priority_member="code",
        zone_member="zone",
        numeric_ids=True,
        send_answer="202",
        stale_version=412,
        same_state="refused",
        exclusive_bounds=True,
    ),
)

PERSONALITIES: dict[str, Personality] = {
    personality.name: personality
    for personality in (
        _BASE,
        *_GRANTS,
        *_TOKEN_REFUSALS,
        *_KEY_SETS,
        *_REFUSALS,
        *_ERRORS,
        *_LISTS,
        *_VALUES,
        *_WRITES,
        *_WIRE,
        *_GATEWAYS,
        *_MIXTURES,
    )
}
