"""A copy of a reply, to a carbonCopyRecipients: it is accepted, and the message that is read names it."""

from __future__ import annotations

import json
from typing import Any

from golive import Contract, CouldNotTellError, Exchange, NotClaimedError, Steps, check, expect
from suites.messages.citations import MEMBERS, SEND
from suites.messages.recognise import participants
from suites.writes.accepted import reply_is_accepted
from suites.writes.replied import compare, message_of

COPIES = "carbonCopyRecipients"


@check(
    "copy-is-accepted",
    area="reply",
    level="must",
    basis="documented",
    source=f"{SEND} (carbonCopyRecipients)",
)
def test_a_copy_is_accepted(replying: Steps, sent_message: Exchange, contract: Contract) -> None:
    """A reply that also goes to a carbonCopyRecipients is accepted."""
    if "copied" not in replying:
        _copies(replying)
    reply_is_accepted(replying, sent_message, contract)
    if "copied" in replying:
        refused = replying["copied"]
        with expect(refused) as it:
            it.that(refused.succeeded, "status", "any 2xx, as without a copy", str(refused.status))


@check(
    "copy-is-shown",
    area="reply",
    level="must",
    basis="inferred",
    source=f"{SEND} (carbonCopyRecipients); {MEMBERS}",
)
def test_a_copy_is_shown(replying: Steps) -> None:
    """A message that is read has the carbonCopyRecipients that it was sent with."""
    sent = participants(_copies(replying))
    shown = message_of(replying, "read").get(COPIES)
    actual = None if shown is None else participants(shown)
    compare(replying["read"], COPIES, actual, sent)


def _copies(replying: Steps) -> Any:
    copies = json.loads(replying["reply"].request.body).get(COPIES)
    if copies is None and "copied" in replying:
        raise CouldNotTellError(
            "the reply was accepted only without a copy",
            next_step="Fix the finding about the copy first.",
        )
    if copies is None:
        raise NotClaimedError("test_data.copy_recipient")
    return copies
