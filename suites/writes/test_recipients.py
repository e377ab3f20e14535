"""Whom a message is sent to: a recipient who was valid before, a group inbox, and several at once."""

from __future__ import annotations

import json

from golive import CouldNotTellError, Exchange, NotClaimedError, Steps, check, counted, expect, show
from suites.common.lists import identifiers, items
from suites.messages.citations import MEMBERS, SEND, SENT_ITEMS
from suites.messages.recognise import is_listed, participants
from suites.writes.accepted import step_of_text


@check(
    "send-recipient-was-valid",
    area="send",
    level="should",
    basis="documented",
    source="contract-facts §2.6, §2.8; api-messages.html",
)
def test_the_recipient_was_valid_before_a_message_was_sent(
    recipient_validation: Steps, sent_message: Exchange
) -> None:
    """The recipient of a message was valid when it was asked about before the sending."""
    validated = recipient_validation.get("validated")
    if validated is None:
        raise NotClaimedError("claims.operations", operation="validateRecipients")
    with expect(validated) as it:
        (recipient,) = json.loads(sent_message.request.body)["recipients"]
        found = items(validated)
        verdicts = dict(zip(identifiers(validated, found), found, strict=True))
        verdict = verdicts.get(recipient["id"], {}).get("isValid", False)
        it.that(
            verdict is True,
            "/items",
            "true for the recipient (isValid)",
            show(verdict),
            next_step="Choose a recipient who has a configuration of the Message Center (test_data.recipient).",
        )


@check(
    "send-to-a-group-inbox-is-kept",
    area="text",
    level="must",
    basis="documented",
    source=f"{SEND} (recipients); {SENT_ITEMS}",
)
def test_a_message_to_a_group_inbox_is_kept(sending_of_text: Steps) -> None:
    """A message that has a group inbox among its recipients is listed with the sent items, and can be read."""
    sent = step_of_text(sending_of_text, "sent")
    to = json.loads(sent.request.body)["recipients"]
    if not any(one["type"] == "GROUPINBOX" for one in to):
        raise NotClaimedError("test_data.copy_recipient")
    listed = step_of_text(sending_of_text, "listed")
    with expect(listed) as it:
        found = items(listed)
        if found and not any("subject" in item for item in found):
            raise CouldNotTellError(
                "no sent item shows a subject to find it by", unsettled_shape=True
            )
        there = is_listed(sent, listed)
        expected = "the message that was sent to a group inbox"
        it.that(there, "relation:no-item-is-missing", expected, counted(len(found), "other"))
    if "read" in sending_of_text:
        with expect(sending_of_text["read"]) as it:
            it.status(200)


@check(
    "send-goes-to-all-recipients",
    area="text",
    level="must",
    basis="inferred",
    source=f"{SEND} (recipients); {MEMBERS}",
)
def test_a_message_goes_to_all_its_recipients(sending_of_text: Steps) -> None:
    """A message to two recipients that is read has both, and no other; so has a reply that goes to a copy as well."""
    wanted = json.loads(step_of_text(sending_of_text, "sent").request.body)["recipients"]
    if len(wanted) < 2 and "shared" not in sending_of_text:
        raise NotClaimedError("test_data.copy_recipient")
    read = step_of_text(sending_of_text, "read")
    shown = read.json_or_none
    actual = participants(shown.get("recipients") if isinstance(shown, dict) else None)
    with expect(read) as it:
        same = actual == participants(wanted)
        it.that(
            same,
            "/recipients",
            f"the {len(wanted)} that it was sent to",
            f"{len(actual)}, or others",
        )
    if "shared" in sending_of_text:
        raise CouldNotTellError(
            f"a message to two recipients was answered {sending_of_text['shared'].status}, and was sent to one",
            next_step="See whether test_data.recipient and test_data.copy_recipient may get one message.",
            unsettled_shape=True,
        )
