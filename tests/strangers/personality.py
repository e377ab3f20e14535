"""What a personality can choose: only points on which every fact is silent or gives a choice.

The defaults are the baseline, which follows section 9 of the contract facts. Each field says in its
comment which values it knows and, where it is not plain, which clause leaves the choice open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ServiceErrorForm = Literal["message", "code-only", "details", "integer-code"]
RefusalBody = Literal["gateway", "empty", "named", "oauth", "text", "html", "problem", "outcome"]


@dataclass(frozen=True)
class Neighbourly:
    """What is open of group inboxes, of the validation of recipients and of code values (facts 2.7 to 2.10)."""

    code_page: int = 1000
    next_page_header: str = ""
    request_id_of_list_errors: bool = True
    over_maximum: Literal["refused", "answered"] = "refused"
    filter_beside_id: Literal["ignored", "refused"] = "ignored"
    inboxes_called: str = "items"
    values_called: str = "items"
    summary_members: tuple[str, ...] = ()
    inbox_ids_are_numbers: bool = False
    inbox_name: str = "name"
    unknown_recipient: Literal["invalid", "absent"] = "invalid"
    shared_numbers: bool = False
    unknown_value: Literal[404, 400] = 404
    text_order: bool = False


@dataclass(frozen=True)
class Personality:
    """A set of small choices, and a sentence on why they are honest."""

    name: str = "baseline"
    honest: str = "Chooses as section 9 of the facts does."
    doubt: str = ""

    # Where things are, and who signs (a key of layouts.LAYOUTS).
    layout: str = "oracle"

    # Grants.
    token_form: Literal["jws", "jwe", "opaque"] = "jws"
    issuer_with_tenant: bool = False
    azs_as_list: bool = False
    token_jti: bool = True
    extra_profile: bool = False
    long_tokens: bool = False
    opaque_prefix: str = ""
    bound_to_host: bool = False  # the API takes only a token got at /hosts/<its own name>/
    expires_in: int = 570
    lifetime: int = 600
    keeps_tokens: bool = False  # who asks for the same scopes again is granted the same token, with what is left of it
    token_type: str = "Bearer"
    scope_in_grant: bool = True
    grant_extras: bool = False

    # Refusals of the token endpoint.
    error_uri: bool = True
    error_description: bool = False
    correlation_id: bool = True
    token_wrong_media: Literal[400, 415] = 400
    assertion_refused: Literal[401, 400] = (
        401  # RFC 6749 5.2: "MAY" for what came not by the header
    )
    empty_scopes: Literal["invalid_scope", "unauthorized_client"] = "invalid_scope"
    foreign_account: Literal["unauthorized_client", "invalid_client"] = "unauthorized_client"

    # Key sets.
    key_generations: int = 3
    only_signing_keys: bool = False
    set_is_behind: bool = False  # the key in use is not published yet
    cold_requests: int = 0  # so many API requests meet a verifier that has not loaded the key yet
    key_set: Literal["json", "jwk-set", "403", "404", "html"] = "json"
    key_hints: bool = True  # `use` and `alg`, optional by RFC 7517 4.2 and 4.4

    # Refusals in front of the service.
    refusal_body: RefusalBody = "gateway"
    challenge: Literal[
        "plain", "error-first", "lower-case", "two-in-one", "two-lines", "described"
    ] = "plain"
    rows_11_and_23: bool = (
        True  # their bodies were seen on Oracle's gateway; another company has its own
    )
    unknown_tenant: Literal["401", "403-text", "404"] = "401"
    other_tenant: Literal[401, 403, 404] = 401
    path_before_token: bool = False
    ignores_accept: bool = False  # RFC 9110 12.4.1 lets a server disregard Accept
    api_wrong_media: Literal[415, 400] = 415
    refusal_request_id: bool = True  # opc-request-id is documented for 200 and 400 only
    edge_cookie: str = ""  # what an edge in front sets on every answer, the same to everybody
    throttle_every: int = 0  # every n-th API request gets 429 with Retry-After (RFC 6585 4)

    # The service's own errors.
    service_error: ServiceErrorForm = "message"
    unknown_patient: Literal["400", "404", "empty"] = "400"
    unknown_message: Literal["404", "400"] = "404"
    stale_version: Literal[409, 412, 400] = 409
    date_refused: Literal["400", "422", "empty"] = "400"  # "empty": reversed bounds only
    lenient_limit: bool = False
    strict_bodies: bool = False
    strict_queries: bool = False

    # Lists.
    list_body: Literal["items", "inboxItems", "array"] = "items"
    more_mark: Literal["hasMore", "header", "total", "flag"] = "hasMore"
    paging: Literal["opc-next-page", "oh-next-page", "none"] = "opc-next-page"
    sent_over_1000: bool = True
    exclusive_bounds: bool = False
    widest_window: int | None = None  # in days
    bounds_by_second: bool = False
    descending: str = "DESC"
    priority_alphabetical: bool = False
    list_renames: tuple[tuple[str, str], ...] = ()
    list_drops: tuple[str, ...] = ()
    sent_drops: tuple[str, ...] = ()
    plain_priority: bool = False
    plain_dates_in_lists: bool = False

    # One message, and values everywhere.
    detail_keeps: tuple[str, ...] | None = None
    nulls: bool = False
    numeric_ids: bool = False
    first_version: int = 1
    decimal_versions: bool = False  # 3 is written 3.0 (RFC 8259 6)
    patient_form: str = "{}"  # of a number
    due_on_a_day: bool = False  # a date without a time needs no zone (2.3)
    extra_members: bool = False
    zone: str = "America/Chicago"
    hour_twice: bool = False  # some messages are of the hour that comes twice when clocks go back
    zone_member: str = "timeZone"
    zone_as: Literal["name", "offset", "windows"] = "name"  # its form is inferred (2.3)
    date_form: Literal["local", "local-millis", "local-colon-z", "utc-z", "small"] = "local"

    # Writes.
    generation: Literal["new", "mid"] = "new"
    visible_after: float = 0.0
    detail_at_once: bool = (
        False  # one message is read from the writer's copy, lists from a later one
    )
    can_reply: Literal["some", "none"] = "some"
    participant_id: str = "id"
    participant_type: str = "type"
    priority_member: str = "value"
    attachment_member: str = ""  # a member that an attachment must have
    documents_only: bool = False
    content_rewritten: bool = False
    send_answer: Literal[
        "201-id",
        "200-id",
        "201-location",
        "202",
        "201-message",
        "200-other-name",
        "201-items",
        "204",
    ] = "201-id"
    update_body: Literal["none", "object", "items"] = "none"
    same_state: Literal["accepted", "refused", "new-version"] = "accepted"
    partial_batches: bool = False
    both_versions_move: bool = False
    mixed_owners: bool = False
    reply_opens: bool = False

    # The neighbours of Messages.
    neighbours: Neighbourly = Neighbourly()

    # On the wire.
    unimplemented: Literal[405, 501] = 405  # for a method that is known at no path
    request_id: Literal["hex", "echo", "uuid"] = "hex"
    refuses_bad_request_id: bool = False
    header_case: Literal["lower", "title", "upper"] = "lower"
    chunked: bool = False
    gzip: bool = False
    weak_etags: bool = False
    delay: float = 0.0
    cache_control: str = "no-store"
    json_type: str = "application/json"
