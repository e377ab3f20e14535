"""Personalities that differ in lists, in values and on the wire.

Section and row numbers are those of the contract facts. None depends on chance.
"""

from __future__ import annotations

from .personality import Personality

LISTS = (
    Personality(
        "list-inbox-items",
        "The member's name is inferred (2.1).",
        list_body="inboxItems",
        more_mark="flag",
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
        "half-a-year-at-most", "The maximum width of a window is open (3).", widest_window=183
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
    Personality(
        "more-flag",
        "The indicator's name is open, and it may be always there (2.1).",
        more_mark="flag",
    ),
)

VALUES = (
    Personality(
        "hour-twice",
        "When clocks go back, an hour of local times comes twice; a zone's name says no more (2.3).",
        hour_twice=True,
    ),
    Personality(
        "zone-as-offset",
        "The form of the zone's value is inferred (2.3); an offset names the instant.",
        zone_as="offset",
    ),
    Personality(
        "zone-of-windows",
        "The same; what is read through an unknown zone can't be judged (9).",
        zone_as="windows",
    ),
    Personality(
        "decimal-versions",
        "3.0 is the whole number 3 (RFC 8259 6, JSON Schema 4.2.3).",
        decimal_versions=True,
    ),
    Personality(
        "odd-patient-ids",
        "An id is a string (2.1); a URL encodes what it has to (RFC 3986 2.1).",
        patient_form="urn:pat/{} +é",
    ),
    Personality(
        "versions-from-zero",
        "A version is an integer (2.5); no page says where it begins.",
        first_version=0,
    ),
    Personality(
        "due-on-a-day", "A zone is required with a time part only (2.3).", due_on_a_day=True
    ),
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
    Personality(
        "small-t",
        "RFC 3339 5.6: T may be small; the pattern's case is no rule (2.3).",
        date_form="small",
    ),
    Personality(
        "millis-by-the-second",
        "Bounds have no milliseconds; how they compare with times that have some is open (3, 9).",
        date_form="local-millis",
        zone="America/New_York",
        bounds_by_second=True,
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

WIRE = (
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
    Personality("slow-answers", "The sandbox is slow (row 20); no fact names a time.", delay=0.1),
)
