"""What a message was sent with is what it is read with, member by member.

How a message shows its members is in no public text. So one that is shown otherwise than it was sent says nothing where
all are; where another message, or another participant of the kind, is shown as it was sent, it is another value.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from golive import CouldNotTellError, Exchange, Expect, FindingsError, Steps, check, counted, show
from suites.common.texts import is_kept
from suites.messages.citations import MESSAGE, SEND
from suites.messages.recognise import is_cut, participants

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTICIPANTS = {"recipients": "recipients", "copies": "carbonCopyRecipients"}
OTHERS = {"sender": ("messageSender", "sender"), "subject": ("subject", "subject")}
OTHERS |= {"patient": ("patientId", "patientId")}
"""Name of a part -> the member with which it is sent, and that with which it is read."""
PRIORITIES = ("HIGH", "NORMAL")
"""Both values of a priority (contract-facts §2.4)."""


class Kept(NamedTuple):
    """A message that was sent, and the same as it was read: the bodies of both."""

    sent: dict[str, Any]
    shown: dict[str, Any]
    read: Exchange


@check(
    "message-keeps-its-{part}", level="must", basis="documented", source=f"{SEND}; {MESSAGE}; §9"
)
@pytest.mark.parametrize("part", [*PARTICIPANTS, *OTHERS, "priority"])
def test_a_message_keeps_what_it_was_sent_with(
    part: str, sending: Steps, sending_of_text: Steps, replying: Steps
) -> None:
    """A message, and a reply, that is read has the {part} with which it was sent, wherever others show theirs so."""
    kept = [*_kept(sending, "sent"), *_kept(sending_of_text, "sent"), *_kept(replying, "reply")]
    if part in PARTICIPANTS:
        judged = _participants_kept(PARTICIPANTS[part], kept)
    elif part == "priority":
        judged = _priorities_kept(kept)
    else:
        judged = _others_kept(part, kept)
    collected = list(judged)
    if not collected:
        raise CouldNotTellError(
            f"no message that was sent shows its {part} as it was sent", unsettled_shape=True
        )
    findings = [finding for it in collected for finding in it.findings]
    if findings:
        raise FindingsError(findings)


def _kept(steps: Steps, name: str) -> Iterator[Kept]:
    if name in steps and steps[name].succeeded and "read" in steps:
        shown = steps["read"].json_or_none
        if steps["read"].succeeded and isinstance(shown, dict):
            yield Kept(json.loads(steps[name].request.body), shown, steps["read"])


def _participants_kept(member: str, kept: list[Kept]) -> Iterator[Expect]:
    """Yield what is found of each message; participants of a type are judged where one is shown as it was sent."""
    known: set[str] = set()
    for one in kept:
        for name in PARTICIPANTS.values():
            same = _named(one.sent, name) & _named(one.shown, name)
            known |= {kind for _, kind in same}
    for one in kept if known else ():
        it = Expect(one.read)
        sent, shown = _named(one.sent, member), _named(one.shown, member)
        other = [pair for pair in sent ^ shown if pair[1] in known]
        lost, more = len(sent & {*other}), len(shown & {*other})
        expected = f"the {len(sent)} that it was sent with"
        it.that(
            not other,
            f"/{member}",
            expected,
            f"{lost} of them missing, and {counted(more, 'other')}",
        )
        yield it


def _named(body: dict[str, Any], member: str) -> set[tuple[str, str]]:
    with suppress(CouldNotTellError):
        return set(participants(body.get(member) or []))
    return set()


def _others_kept(part: str, kept: list[Kept]) -> Iterator[Expect]:
    pairs = [(one, _value(one, part, 0), _value(one, part, 1)) for one in kept]
    known = any(sent == shown for _, sent, shown in pairs)
    for one, sent, shown in pairs if known else ():
        it = Expect(one.read)
        # One that is cut is the finding of the check of long texts.
        at, cut = f"/{OTHERS[part][1]}", part == "subject" and is_cut(shown, str(sent))
        if isinstance(sent, str) and isinstance(shown, str):
            is_kept(it, at, sent, sent if cut else shown)
        else:
            it.that(
                shown is None or sent == shown, at, f"as it was sent: {show(sent)}", show(shown)
            )
        yield it


def _value(one: Kept, part: str, at: int) -> object:
    body = one.shown if at else one.sent
    found = body.get(OTHERS[part][at])
    if part != "sender":
        return found if isinstance(found, str) else None
    with suppress(CouldNotTellError):
        return participants([found])
    return None


def _priorities_kept(kept: list[Kept]) -> Iterator[Expect]:
    """Yield what is found of each message that names a priority, and shows one of the two that there are."""
    for one in kept:
        sent, shown = (_priority(body) for body in (one.sent, one.shown))
        if sent in PRIORITIES and shown in PRIORITIES:
            it = Expect(one.read)
            it.that(sent == shown, "/priority/value", f"{sent}, as it was sent", str(shown))
            yield it


def _priority(body: dict[str, Any]) -> object:
    found = body.get("priority")
    return found.get("value") if isinstance(found, dict) else found
