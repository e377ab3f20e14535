"""What a message has beside its text, it has after every change of the run, too."""

from __future__ import annotations

from golive import Expect, Steps, ThinDataError, check, expect
from suites.common.judging import advise_success, judge
from suites.common.lists import asked_id
from suites.common.sameness import OF_A_MESSAGE, SHOWN_ONCE, is_lost
from suites.messages.citations import MESSAGE, STATUS_UPDATE
from suites.messages.lists import message
from suites.messages.recognise import same_text
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


@check(
    "every-changed-message-is-left-as-it-was",
    level="must",
    basis="documented",
    source=f"{MESSAGE}; {STATUS_UPDATE}",
)
def test_every_changed_message_is_left_as_it_was(
    messages_at_first: Steps, full_messages_at_the_end: Steps
) -> None:
    """A message has the text and the other members at the end that it had before its status was changed, and back."""
    read = [
        one
        for one in full_messages_at_the_end.values()
        if one.succeeded and messages_at_first[asked_id(one)].succeeded
    ]

    def is_as_it_was(it: Expect) -> None:
        before, after = message(messages_at_first[asked_id(it.exchange)]), message(it.exchange)
        for name in (*OF_A_MESSAGE, *SHOWN_ONCE):
            known = None not in (before.get(name), after.get(name))
            same = not known or not is_lost(name, before, after)
            it.that(same, f"/{name}", "as before its status was changed", "another value")
        it.that(same_text(before, after), "/content", "the text from before", "another one")

    advise_success(full_messages_at_the_end.values())
    judge(read, is_as_it_was, some="a message that was read before and after its status changed")
