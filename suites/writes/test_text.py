"""A message's text comes back as it was sent, character by character."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

from golive import CouldNotTellError, Exchange, Steps, check, expect, show
from suites.common.lists import identifier, items
from suites.messages.citations import MESSAGE, SEND, SENT_ITEMS
from suites.messages.sending import ODD_TEXT, answered_id, listed_id


@check("send-keeps-every-character", level="must", basis="documented", source=f"{SEND}; {MESSAGE}")
def test_the_content_keeps_every_character(sending_of_text: Steps) -> None:
    """The content of a message that is read has every character that was sent; its markup may be another."""
    with expect(sending_of_text["sent"]) as it:
        it.status(200, 201, advice=True)
    read = _step(sending_of_text, "read")
    with expect(read) as it:
        it.status(200)
        body = it.json()
        content = body.get("content") if isinstance(body, dict) else None
        if not isinstance(content, str):
            # The schema check has a finding about that.
            raise CouldNotTellError(f"{read.name} shows no content")
        shown = unescape(re.sub(r"<[^<>]*>", " ", content))
        it.that(ODD_TEXT in shown, "/content", "every character that was sent", "others")


@check(
    "send-keeps-every-character-of-a-subject",
    level="must",
    basis="documented",
    source=f"{SENT_ITEMS}; {SEND}",
)
def test_the_subject_keeps_every_character(sending_of_text: Steps) -> None:
    """The subject of a message that is listed has every character that was sent."""
    sent, listed = sending_of_text["sent"], _step(sending_of_text, "listed")
    with expect(listed) as it:
        it.status(200, advice=True)
        found = [item for item in items(listed) if isinstance(item.get("subject"), str)]
        known = answered_id(sent)
        own: list[dict[str, Any]] = [item for item in found if known and identifier(item) == known]
        if not own and listed_id(sent, listed) is None:
            raise CouldNotTellError(
                "the message with odd characters is not among the sent items by its id or its subject",
                unsettled_shape=True,
            )
        wanted = json.loads(sent.request.body)["subject"]
        for item in own:
            same = item["subject"] == wanted
            it.that(
                same, "/items/*/subject", f"as it was sent: {show(wanted)}", show(item["subject"])
            )


def _step(steps: Steps, name: str) -> Exchange:
    """Return a step; CouldNotTellError where the message was refused: no page says which characters may be sent."""
    sent = steps["sent"]
    if not sent.succeeded:
        raise CouldNotTellError(
            f"the message with odd characters was answered {sent.status}, and no page says which may be sent",
            unsettled_shape=True,
        )
    return steps[name]
