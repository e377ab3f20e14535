"""Personalities that differ in writes, and mixtures of everything.

Section and row numbers are those of the contract facts. None depends on chance.
"""

from __future__ import annotations

from .personality import Personality

WRITES = (
    Personality(
        "reply-opens", "What a reply does to the message it answers is not said.", reply_opens=True
    ),
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

MIXTURES = (
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
