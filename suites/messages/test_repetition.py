"""The same question gets the same answer, at the beginning of a run, in its middle and at its end."""

from __future__ import annotations

import pytest

from golive import CouldNotTellError, Exchange, Expect, FindingsError, Steps, check, expect
from suites.common.judging import advise_success
from suites.common.lists import identifiers, items, same_json
from suites.messages.citations import INBOX, MESSAGE, ORGANIZATION, SENT_ITEMS
from suites.messages.in_turn import PLAIN, WITH
from suites.messages.lists import disorder, message, moments
from suites.messages.steadiness import gone_and_added, pairs

MAY_CHANGE = frozenset(
    {"status", "notificationVersion", "recipientNotificationVersion", "organization"}
)
"""Members that somebody may change while a run goes on, or that depend on an option."""

OF_A_MESSAGE = ("id", "subject", "priority", "createDateTime", "notificationType", "sender")
"""Members of a message that no operation changes."""


@check("inbox-is-the-same-again", level="must", basis="documented", source=INBOX)
def test_the_inbox_is_the_same_each_time(inbox_askings: Steps) -> None:
    """The inbox that is asked for three times lists the same messages, each with the same members."""
    _agree(inbox_askings)


@check("sent-items-are-the-same-again", level="must", basis="documented", source=SENT_ITEMS)
def test_sent_items_are_the_same_each_time(sent_askings: Steps) -> None:
    """Sent items that are asked for three times are the same messages, each with the same members."""
    _agree(sent_askings)


@check("message-is-the-same-again", level="must", basis="documented", source=MESSAGE)
def test_a_message_is_the_same_each_time(message_askings: Steps) -> None:
    """A message that is read several times has the same members each time; its content is advice."""
    first, *others = _answered(message_askings)
    before, found = message(first), list[Expect]()
    for one in others:
        it, after = Expect(one), message(one)
        for name in (*OF_A_MESSAGE, "content"):
            same = same_json(before.get(name), after.get(name))
            expected, actual = f"as in {first.name}, asked the same", "another value"
            it.that(same, f"/{name}", expected, actual, advice=name == "content")
        found.append(it)
    _raise(found)


@check(
    "{part}-are-the-same-after-other-questions",
    level="must",
    basis="documented",
    source=f"{INBOX}; {SENT_ITEMS}",
)
@pytest.mark.parametrize("part", ["inbox-items", "sent-items"])
def test_a_list_depends_on_its_own_question(
    part: str,
    inbox_items: Exchange,
    sent_items: Exchange,
    inbox_in_turn: Steps,
    sent_in_turn: Steps,
) -> None:
    """The {part} without options are the same ones in the same order right after they were asked for with some."""
    first, turns = {
        "inbox-items": (inbox_items, inbox_in_turn),
        "sent-items": (sent_items, sent_in_turn),
    }[part]
    last = turns[PLAIN]
    _agree(Steps(first=first, last=last))
    before, after = (_is_newest_first(one) for one in (first, last))
    with expect(last) as it:
        actual = "not newest first" if before else "newest first"
        expected = f"the order of {first.name}, which was asked the same"
        it.that(before == after, "relation:same-answer", expected, actual)
    advise_success(turns.values())


@check(
    "message-is-the-same-after-another-question",
    level="must",
    basis="documented",
    source=ORGANIZATION,
)
def test_a_message_depends_on_its_own_question(message_in_turn: Steps) -> None:
    """A message that is read without, with and again without its organization shows it when that was asked for."""
    for step, one in message_in_turn.items():
        with expect(one) as it:
            it.that(one.succeeded, "status", "2xx", str(one.status))
            shown = message(one).get("organization") is not None
            wanted = step == WITH
            words = "present, as it was asked for", "absent, as it was not asked for"
            at = "/organization"
            it.that(shown == wanted, at, words[not wanted], "absent" if wanted else "present")


def _is_newest_first(listed: Exchange) -> bool:
    times = [moments(listed, item) for item in items(listed)]
    return disorder(times, descending=True) is None


def _agree(askings: Steps) -> None:
    """Raise a finding for each answer that lists other items than an earlier one to the same question."""
    _answered(askings)
    found = list[Expect]()
    for first, one in pairs(askings):
        it = Expect(one)
        gone, added = gone_and_added(first, one)
        it.that(
            not gone and not added,
            "relation:same-answer",
            f"the items of {first.name}, which was asked the same",
            f"without {len(gone)} of them, and with {len(added)} others",
        )
        before, after = (
            dict(zip(identifiers(e, items(e)), items(e), strict=True)) for e in (first, one)
        )
        both = before.keys() & after.keys()
        for name in sorted({n for key in both for n in before[key]} - MAY_CHANGE):
            same = all(same_json(before[k].get(name), after[k].get(name)) for k in both)
            it.that(
                same, f"/items/*/{name}", f"as in {first.name}, asked the same", "another value"
            )
        found.append(it)
    _raise(found)


def _answered(askings: Steps) -> list[Exchange]:
    """Return the answers that came with success; what is wrong with the others is found where they are read."""
    found = [one for one in askings.values() if one.succeeded]
    failed = [one for one in askings.values() if not one.succeeded]
    if found and failed:
        it = Expect(failed[0])
        it.violated("status", f"{found[0].status}, as {found[0].name}", str(failed[0].status))
        raise FindingsError(it.findings)
    if not found:
        raise CouldNotTellError(
            "a list was asked for several times and never answered with success",
            next_step="Fix the findings about its first answer.",
        )
    return found


def _raise(found: list[Expect]) -> None:
    if findings := [one for it in found for one in it.findings]:
        raise FindingsError(findings)
