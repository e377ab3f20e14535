"""What was sent is still there when the run ends: the reply as well, and each as it was."""

from __future__ import annotations

import pytest

from golive import CouldNotTellError, Exchange, Steps, check, counted, expect, show
from suites.common.sameness import is_lost
from suites.messages.citations import LISTED_MESSAGE, MESSAGE, SEND, SENT_ITEMS, STATUSES
from suites.messages.lists import message
from suites.messages.moved import GONE
from suites.messages.recognise import listed_as, same_text, with_subjects
from suites.messages.test_message_agrees import agrees
from suites.writes.sent import PUT_TO

KEPT = ("subject", "priority", "createDateTime", "sender", "recipients", "conversationId")


@check("reply-is-listed-once", level="must", basis="documented", source=f"{SENT_ITEMS}; {SEND}")
def test_a_reply_is_among_the_sent_items(sent_items_at_the_end: Steps) -> None:
    """A reply that was accepted is among the patient's sent items when the run ends, once."""
    _is_listed_once(sent_items_at_the_end, "reply")


@check(
    "sent-message-stays-listed", level="must", basis="documented", source=f"{SENT_ITEMS}; {SEND}"
)
def test_a_sent_message_stays_listed(sent_items_at_the_end: Steps) -> None:
    """A message that was sent is among the patient's sent items when the run ends, once."""
    _is_listed_once(sent_items_at_the_end, "sent")


@check("reply-agrees-with-list-on-{part}", level="must", basis="documented", source=LISTED_MESSAGE)
@pytest.mark.parametrize("part", ["id", "subject", "priority", "creation-time", "sender"])
def test_a_reply_agrees_with_its_sent_item(part: str, sent_items_at_the_end: Steps) -> None:
    """A reply that is read by its id and its item among the sent ones have the same {part}."""
    agrees(part, _step(sent_items_at_the_end, "read"), sent_items_at_the_end["listed"])


@check("sent-message-stays-as-it-was", level="must", basis="documented", source=MESSAGE)
def test_a_sent_message_stays_as_it_was(sent_items_at_the_end: Steps) -> None:
    """A message that was sent has the text and the members at the end of the run that it had at first."""
    first, again = (_step(sent_items_at_the_end, name) for name in ("first", "again"))
    before = message(first)
    with expect(again) as it:
        it.status(200)
        after = message(again)
        for name in KEPT:
            if name in before:
                same = not is_lost(name, before, after)
                it.that(same, f"/{name}", f"as in {first.name}", "another value")
        it.that(same_text(before, after), "/content", f"the text of {first.name}", "another one")


@check("sent-message-takes-no-status", level="must", basis="documented", source=STATUSES)
def test_a_sent_message_takes_no_status(
    sent_message_put_to_deleted: Steps, sent_items_at_the_end: Steps
) -> None:
    """A sent message that a change of status names is not deleted: statuses are changed in the inbox alone."""
    if "change" not in sent_message_put_to_deleted:
        raise CouldNotTellError(
            "the message that was sent shows no versions to change its status with",
            unsettled_shape=True,
        )
    change, listed = sent_message_put_to_deleted["change"], sent_items_at_the_end["listed"]
    said = f"after a change to {PUT_TO} that was answered {change.status}"
    read = sent_items_at_the_end.get("again")
    if not change.succeeded and (read is None or read.status in GONE):
        raise CouldNotTellError(
            f"the message that was sent is gone, and the change to {PUT_TO} was refused ({change.status})",
            next_step="See the findings about the messages that were sent.",
        )
    if "again" not in sent_items_at_the_end:
        with_subjects(listed)
        with expect(listed) as it:
            expected = "the message that was sent"
            it.violated("relation:no-item-is-missing", expected, f"not listed {said}")
    first, again = sent_items_at_the_end["first"], sent_items_at_the_end["again"]
    with expect(again) as it:
        it.that(again.status not in GONE, "status", "200", f"{again.status} {said}")
    if not again.succeeded:
        raise CouldNotTellError(f"{again.name} was answered {again.status}")
    old, new = message(first).get("status"), message(again).get("status")
    with expect(again) as it:
        it.that(new != PUT_TO or old == new, "/status", show(old), f"{show(new)} {said}")


def _is_listed_once(steps: Steps, name: str) -> None:
    sent, listed = steps[name], steps["listed"]
    with expect(listed) as it:
        it.that(listed.succeeded, "status", "any 2xx", str(listed.status))
    found = with_subjects(listed)
    own = listed_as(sent, listed)
    with expect(listed) as it:
        expected = f"one item with the subject of {sent.name}"
        actual = f"{len(own)} of {counted(len(found), 'item')}"
        it.that(len(own) == 1, "relation:sent-message-is-listed", expected, actual)


def _step(steps: Steps, name: str) -> Exchange:
    if name not in steps:
        raise CouldNotTellError(
            "no id is known by which to read the message again", unsettled_shape=True
        )
    return steps[name]
