"""What a message has beside its text, it has after every change of the run, too."""

from __future__ import annotations

from golive import Steps, ThinDataError, check, expect
from suites.common.judging import advise_success
from suites.common.lists import asked_id
from suites.messages.citations import MESSAGE, STATUS_UPDATE
from suites.messages.lists import message
from suites.writes.full import collections_of, full


@check(
    "status-change-keeps-copies-and-attachments",
    level="must",
    basis="documented",
    source=f"{MESSAGE}; {STATUS_UPDATE}",
)
def test_a_message_keeps_its_copies_and_attachments(
    messages_at_first: Steps, full_messages_at_the_end: Steps
) -> None:
    """A message that had copies or attachments before statuses were changed has them when the run ends."""
    had = full(messages_at_first.values())
    if not had:
        advise_success(messages_at_first.values())
        raise ThinDataError(
            "none of the messages that were read before their status changed has copies or attachments",
            next_step="Give the patient for writing messages that have both.",
        )
    for before in had if full_messages_at_the_end else ():
        after = full_messages_at_the_end[asked_id(before)]
        with expect(after) as it:
            it.status(200)
            shown = message(after)
            for name in collections_of(before):
                it.that(bool(shown.get(name)), f"/{name}", f"as in {before.name}", "none")
    advise_success(messages_at_first.values())
