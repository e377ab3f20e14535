"""The same question gets the same answer, at the beginning of a run, in its middle and at its end."""

from __future__ import annotations

import pytest

from golive import CouldNotTellError, Exchange, Expect, FindingsError, Steps, check, counted, expect
from suites.common.answers import each_once
from suites.common.judging import advise_success
from suites.common.lists import identifiers, items, same_json
from suites.common.sameness import OF_A_MESSAGE, is_lost, substance
from suites.messages.citations import INBOX, MESSAGE, ORGANIZATION, SENT_ITEMS
from suites.messages.in_turn import PLAIN, WITH
from suites.messages.lists import disorder, message, moments
from suites.messages.moved import MISSING, brought, taken_away
from suites.messages.steadiness import gone_and_added, pairs

MAY_CHANGE = frozenset(
    {"status", "notificationVersion", "recipientNotificationVersion", "organization"}
)
"""Members that somebody may change while a run goes on, or that depend on an option."""


@check("inbox-is-the-same-again", level="must", basis="documented", source=INBOX)
def test_the_inbox_is_the_same_each_time(answers: list[Exchange], inbox_askings: Steps) -> None:
    """The inbox that is asked for three times lists the same messages; what it adds to known members is advice."""
    _agree(inbox_askings, answers)


@check("sent-items-are-the-same-again", level="must", basis="documented", source=SENT_ITEMS)
def test_sent_items_are_the_same_each_time(answers: list[Exchange], sent_askings: Steps) -> None:
    """Sent items that are asked for three times are the same messages; what is added to known members is advice."""
    _agree(sent_askings, answers)


@check("message-is-the-same-again", level="must", basis="documented", source=MESSAGE)
def test_a_message_is_the_same_each_time(message_askings: Steps) -> None:
    """A message that is read several times has the same members each time; its content is advice."""
    first, *others = _answered(message_askings)
    before, found = message(first), list[Expect]()
    for one in others:
        it, after = Expect(one), message(one)
        for name in (*OF_A_MESSAGE, "content"):
            same = same_json(substance(before.get(name)), substance(after.get(name)))
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
    answers: list[Exchange],
) -> None:
    """The {part} without options are the same ones in the same order right after they were asked for with some."""
    first, turns = {
        "inbox-items": (inbox_items, inbox_in_turn),
        "sent-items": (sent_items, sent_in_turn),
    }[part]
    last = turns[PLAIN]
    _agree(Steps(first=first, last=last), answers)
    before, after = (_is_newest_first(one) for one in (first, last))
    with expect(last) as it:
        actual = "not newest first" if before else "newest first"
        expected = f"the order of {first.name}, which was asked the same"
        it.that(before == after, "relation:same-answer", expected, actual)
    advise_success(one for step, one in turns.items() if not step.startswith(MISSING))


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


def _agree(askings: Steps, answers: list[Exchange]) -> None:
    """Raise a finding for each answer that lists other items than an earlier one to the same question.

    What others took away meanwhile, or brought, is advice.
    """
    made = each_once(answers, askings.values())
    _answered(askings)
    found = list[Expect]()
    for first, one in pairs(askings):
        it = Expect(one)
        gone, added = gone_and_added(first, one)
        left, came = taken_away(made, one, gone), brought(made, first, added)
        at = "relation:same-answer"
        expected = f"the items of {first.name}, which was asked the same"
        actual = f"{len(gone - left)} of them missing, and {counted(len(added - came), 'other')}"
        it.that(gone == left and added == came, at, expected, actual)
        moved = f"{len(left)} taken away by others, and {len(came)} brought by them"
        it.that(not left and not came, at, expected, moved, advice=True)
        before, after = (
            dict(zip(identifiers(e, items(e)), items(e), strict=True)) for e in (first, one)
        )
        both = before.keys() & after.keys()
        for name in sorted({n for key in both for n in before[key]} - MAY_CHANGE):
            same = all(same_json(before[k].get(name), after[k].get(name)) for k in both)
            sure = any(is_lost(name, before[k], after[k]) for k in both)
            expected = f"as in {first.name}, asked the same"
            it.that(same, f"/items/*/{name}", expected, "another value", advice=not sure)
        found.append(it)
    _raise(found)


def _answered(askings: Steps) -> list[Exchange]:
    """Return the answers that came with success.

    That another one failed is found here where the very same request succeeded; one with more headers, which may have
    been refused for them, is judged by the checks of those.
    """
    found = [one for one in askings.values() if one.succeeded]
    asked = [_asked(one) for one in found]
    failed = [one for one in askings.values() if not one.succeeded and _asked(one) in asked]
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


def _asked(one: Exchange) -> tuple[str, object]:
    return one.request.url, one.request.headers.without("Authorization")


def _raise(found: list[Expect]) -> None:
    if findings := [one for it in found for one in it.findings]:
        raise FindingsError(findings)
