"""What was accepted in a run is among the sent items when it ends, each message as it was sent, however that was."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from golive import (
    CouldNotTellError,
    Expect,
    FindingsError,
    Steps,
    ThinDataError,
    check,
)
from suites.common.judging import advise_success, judge
from suites.common.lists import identifier, why_cut
from suites.common.texts import is_kept
from suites.messages.citations import SEND, SENT_ITEMS
from suites.messages.lists import moments
from suites.messages.recognise import answered_id, is_cut, listed_as, mark_sent, with_subjects
from suites.writes.accepted import was_created_when_sent
from suites.writes.sent import messages_of

if TYPE_CHECKING:
    from suites.common.lists import Item

PRIORITIES = ("HIGH", "NORMAL")
"""Both values of a priority (contract-facts §2.4)."""


@check(
    "every-accepted-message-is-listed",
    level="must",
    basis="documented",
    source=f"{SENT_ITEMS}; {SEND}",
)
def test_every_message_that_was_accepted_is_listed(sent_items_at_the_end: Steps) -> None:
    """Each message of the run that was accepted is among the patient's sent items when the run ends, once."""
    listed = sent_items_at_the_end["listed"]
    found = with_subjects(listed)
    why = why_cut(listed)
    if why is not None:
        raise CouldNotTellError(f"{listed.name} {why}, so messages may be missing from it")
    # One that shows a subject is found by that: an id in an answer may be another message's.
    unnamed = {identifier(item) for item in found if not isinstance(item.get("subject"), str)}

    accepted = messages_of(sent_items_at_the_end)
    same = Counter(map(mark_sent, accepted))

    def is_listed(it: Expect) -> None:
        there = listed_as(it.exchange, listed) or answered_id(it.exchange) in unnamed
        expected = f"listed by {listed.name}"
        it.that(bool(there), "relation:no-item-is-missing", expected, "not listed")
        own = {identifier(item) for item in listed_as(it.exchange, listed)}
        times = same[mark_sent(it.exchange)]
        it.that(len(own) <= times, "relation:no-item-is-added", f"{times} of them", f"{len(own)}")

    judge(accepted, is_listed)
    advise_success(sent_items_at_the_end.values())


@check(
    "every-sent-item-is-listed-as-it-was-sent",
    level="must",
    basis="documented",
    source=f"{SENT_ITEMS}; {SEND}",
)
def test_every_sent_item_is_listed_as_it_was_sent(sent_items_at_the_end: Steps) -> None:
    """Each message of the run is listed with its subject, its priority and the time at which it was sent."""
    listed = sent_items_at_the_end["listed"]
    found = with_subjects(listed)
    judged: list[Item] = []

    def is_as_it_was_sent(it: Expect) -> None:
        body = json.loads(it.exchange.request.body)
        for item in listed_as(it.exchange, listed):
            judged.append(item)
            wanted, subject = body["subject"], item.get("subject")
            cut = is_cut(subject, wanted)  # a list may show less
            is_kept(it, "/items/*/subject", wanted, str(subject), advice=cut)
            sent, kept = _priority(body), _priority(item)
            if sent in PRIORITIES and kept in PRIORITIES:
                it.that(sent == kept, "/items/*/priority/value", str(sent), str(kept))
            # What is wrong with a time is the finding of the checks that read lists.
            with suppress(CouldNotTellError, FindingsError):
                was_created_when_sent(it, it.exchange, moments(listed, item), "/items/*")

    judge(messages_of(sent_items_at_the_end), is_as_it_was_sent)
    if not judged:
        raise ThinDataError(f"none of {len(found)} sent items is one of the run's")


def _priority(body: dict[str, Any]) -> object:
    found = body.get("priority")
    return found.get("value") if isinstance(found, dict) else found
