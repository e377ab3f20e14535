"""What was refused has not been done: read again, in one reading for many refusals."""

from __future__ import annotations

import json
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from golive import CouldNotTellError, Exchange, Expect, Steps, ThinDataError, check, counted, expect
from suites.common.lists import identifier, items
from suites.errors.writes import DISALLOWED
from suites.messages.lists import message
from suites.messages.sending import SUBJECT_PREFIX
from suites.messages.status_choice import VERSIONS, kept_aside
from suites.messages.status_steps import item_of, named_in
from suites.writes.around import SEVERAL, moved_statuses, read_along

if TYPE_CHECKING:
    from collections.abc import Callable

    from suites.common.lists import Item

IN_OTHER_CASE = "send-script-in-other-case"
"""The error case of a message whose disallowed tag is written in other letters."""

NOT_APPLIED = "RFC 9110 §15.5.1, §15.5.2, §15.5.4"
"""400 will not be processed, 401 has not been applied, 403 is not fulfilled."""

pytestmark = [pytest.mark.errors, pytest.mark.messages, pytest.mark.writes]


@check("refused-message-is-not-sent", level="must", basis="standard", source=NOT_APPLIED)
def test_no_refused_message_is_among_the_sent_items(sent_items_after_refusals: Steps) -> None:
    """A message that was refused is not among the sent items."""
    with expect(sent_items_after_refusals["listed"]) as it:
        it.status(200, advice=True)
        found = items(it.exchange)
        if found and not any("subject" in item for item in found):
            raise CouldNotTellError(
                "no sent item shows a subject to find a message by", unsettled_shape=True
            )
        # Only a subject of golive's own sets one message apart from all others; None would be that of any without one.
        texts = [item["subject"] for item in found if isinstance(item.get("subject"), str)]
        subjects = {text for text in texts if text.startswith(SUBJECT_PREFIX)}
        _judge(it, sent_items_after_refusals, lambda body: body.get("subject") in subjects, "done")


@check(
    "disallowed-tag-is-not-cut-out",
    level="must",
    basis="documented",
    source="contract-facts §2.3, §2.4 (a disallowed tag: a detailed 400)",
)
def test_a_disallowed_tag_is_refused_and_not_cut_out(sent_items_after_refusals: Steps) -> None:
    """A message with a script is refused, or kept with it: it is not accepted and kept without."""
    sent = sent_items_after_refusals.get(DISALLOWED)
    if sent is None or not sent.succeeded:
        return
    if "kept" not in sent_items_after_refusals:
        raise CouldNotTellError(
            "the message with a script was accepted, and can't be read by an id"
        )
    with expect(sent_items_after_refusals["kept"]) as it:
        content = message(it.exchange).get("content")
        if not isinstance(content, str) or "<script" in unescape(content).lower():
            raise CouldNotTellError("which tags are disallowed is in no public text")
        expected = "a detailed 400, or the content as it was sent"
        it.violated("/content", expected, "accepted, and kept without the tag")


@check(
    "disallowed-tag-in-any-case-is-refused",
    level="must",
    basis="documented",
    source="contract-facts §2.3, §2.4 (HTML5, whose tags have no case, without the disallowed ones)",
)
def test_a_tag_that_is_disallowed_is_so_in_any_case(sent_items_after_refusals: Steps) -> None:
    """Where a script is refused, it is refused with its tag in upper and lower case and after a long text as well."""
    plain, other = (sent_items_after_refusals.get(row) for row in (DISALLOWED, IN_OTHER_CASE))
    if plain is None or other is None or not 400 <= plain.status < 500:
        return
    with expect(other) as it:
        it.that(not other.succeeded, "status", "400, as for script", str(other.status))


@check("refused-status-is-not-changed", level="must", basis="standard", source=NOT_APPLIED)
def test_no_refused_change_of_status_is_made(inbox_after_refusals: Steps) -> None:
    """A message whose change of status was refused is as it was before."""
    before, listed = inbox_after_refusals["before"], inbox_after_refusals["listed"]

    def is_changed(body: dict[str, Any]) -> bool:
        wanted = body.get("status")
        pairs = [(item_of(before, one), item_of(listed, one)) for one in {*named_in(body)}]
        if len(pairs) > 1 and not all(old for old, _ in pairs):
            return False  # refused for a message of somebody else; whether the others are then moved is open
        done = [old and new and _is_done(wanted, old, new) for old, new in pairs]
        return bool(pairs) and sum(map(bool, done)) >= min(len(pairs), SEVERAL)

    steps = inbox_after_refusals.items()
    accepted = [one for one, made in steps if made.request.method == "POST" and made.succeeded]
    if accepted:
        raise ThinDataError(
            f"{', '.join(accepted)} was accepted, so what changed may be owed to that",
            next_step="Fix the findings about it first.",
        )
    with expect(listed) as it:
        it.status(200, advice=True)
        items(listed)
        done = {name for name, made in steps if made.status >= 400 and is_changed(_body(made))}
        if done and _moved_by_others(inbox_after_refusals, done):
            raise CouldNotTellError(
                "a message that refused updates name was changed, and so were others that none of them names: "
                "somebody else may have changed them",
                next_step="Run again while nobody else works on the messages of test_data.write_patient.",
            )
        _judge(it, inbox_after_refusals, is_changed, "done by one of")
        raised = [one for one in _named(inbox_after_refusals) if _is_raised(before, listed, one)]
        at, actual = (
            "relation:refused-and-not-done",
            f"other versions of {counted(len(raised), 'message')}",
        )
        it.that(not raised, at, "the versions as before", actual, advice=True)


def _judge(it: Expect, steps: Steps, is_done: Callable[[dict[str, Any]], bool], words: str) -> None:
    """Add a finding where what was refused has been done, with the rows that may have done it."""
    refused = {name: made for name, made in steps.items() if 400 <= made.status < 500}
    if not refused:
        raise CouldNotTellError("nothing was refused, so nothing can be said of what was")
    done = [name for name, made in refused.items() if is_done(_body(made))]
    it.that(
        not done, "relation:refused-and-not-done", "nothing of it", f"{words}: {', '.join(done)}"
    )


def _moved_by_others(steps: Steps, done: set[str]) -> bool:
    """Return whether messages moved that no update names which was done; those that name nearly all do not count."""
    before, listed = steps["before"], steps["listed"]
    own = {one for name in done for one in named_in(_body(steps[name]))}
    # The run itself moves one of these meanwhile.
    own |= {str(identifier(one)) for one in kept_aside(items(before))}
    moved = moved_statuses(before, listed)
    return not read_along({one: pair for one, pair in moved.items() if one not in own})


def _named(steps: Steps) -> set[str]:
    """Return the ids of the messages that the refused updates name."""
    refused = (made for made in steps.values() if 400 <= made.status < 500)
    return {one for made in refused for one in named_in(_body(made))}


def _is_raised(before: Exchange, after: Exchange, one: str) -> bool:
    """Whether a message has its status of before, and another version."""
    old, new = item_of(before, one), item_of(after, one)
    if old is None or new is None or old.get("status") != new.get("status"):
        return False
    return any(old.get(name) != new.get(name) for name in VERSIONS)


def _is_done(wanted: object, old: Item, new: Item) -> bool:
    """Whether a message went to the wanted status, or came to have it once more, which raises its versions."""
    if new.get("status") != wanted or wanted == "OPENED":  # which it may be because it was read
        return False
    return old.get("status") != wanted or any(old.get(name) != new.get(name) for name in VERSIONS)


def _body(made: Exchange) -> dict[str, Any]:
    try:
        body = json.loads(made.request.body)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
