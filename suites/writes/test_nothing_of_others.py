"""A message has nothing that another one was sent with: of whatever this run has sent, and read by its id."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from golive import CouldNotTellError, Exchange, Expect, Steps, check
from suites.common.answers import each_once
from suites.common.judging import advise_success, judge
from suites.common.lists import asked_id
from suites.common.texts import has_text, is_kept
from suites.messages.asked import demand_some
from suites.messages.citations import MESSAGE, SEND
from suites.messages.reading import reads_one
from suites.messages.recognise import answered_id, is_of_sending, participants, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ADDRESSED = ("recipients", "carbonCopyRecipients")
ORDINARY = "NORMAL"


class Sent(NamedTuple):
    """A message that was accepted, and its body."""

    exchange: Exchange
    body: dict[str, Any]


@check(
    "message-has-nothing-of-another", level="must", basis="documented", source=f"{SEND}; {MESSAGE}"
)
def test_a_message_has_nothing_that_another_was_sent_with(
    answers: list[Exchange], sent_after_the_reply: Steps
) -> None:
    """A message that was sent without copies, priority or previousMessageId has none of one that was sent before."""
    made = each_once(sent_after_the_reply.values(), answers)
    sent = {answered_id(one.exchange): one for one in _accepted(made)}
    read = [one for one in made if _is_of(one, sent.get(_read_id(one)))]
    plain = {_priority(one.json) for one in read if "priority" not in sent[asked_id(one)].body}

    def has_its_own(it: Expect) -> None:
        own, shown = sent[asked_id(it.exchange)], it.exchange.json
        before = own.exchange.sent_at
        others = [one.body for one in sent.values() if one.exchange.sent_at < before]
        for name in ADDRESSED:
            foreign = _named(shown, name) - _named(own.body, *ADDRESSED)
            foreign &= {key for other in others for key in _named(other, name)}
            expected = f"the {name} that it was sent with"
            actual = f"{len(foreign)} that a message before it was sent with"
            it.that(not foreign, f"/{name}", expected, actual)
        previous, priority = shown.get("previousMessageId"), _priority(shown)
        if "previousMessageId" not in own.body and previous is not None:
            known = previous in [one.get("previousMessageId") for one in others]
            at, expected = "/previousMessageId", "none, as it is no reply"
            it.that(not known, at, expected, "that of a reply which was sent before")
        # What each message has that names none is a default.
        if "priority" not in own.body and priority not in (None, ORDINARY) and len(plain) > 1:
            known = priority in map(_priority, others)
            expected = "as of other messages that name none"
            it.that(not known, "/priority", expected, "that of a message which was sent before")

    judge(read, has_its_own)
    advise_success(sent_after_the_reply.values())
    demand_some(bool(read), "no message that was sent was read by the id of its answer")


@check(
    "every-message-has-the-text-it-was-sent-with",
    level="must",
    basis="documented",
    source=f"{SEND}; {MESSAGE}",
)
def test_every_message_has_the_text_it_was_sent_with(
    answers: list[Exchange], sent_after_the_reply: Steps
) -> None:
    """Each paragraph of a message is in its content when it is read by the id of its answer, however it was sent."""
    made = each_once(sent_after_the_reply.values(), answers)
    sent = {answered_id(one.exchange): one for one in _accepted(made)}
    read = [one for one in made if _is_of(one, sent.get(_read_id(one)))]

    def has_its_text(it: Expect) -> None:
        content = it.exchange.json.get("content")
        if not isinstance(content, str):
            return  # that is the finding of the schema's checks
        shown, whole = plain_text(content), str(sent[asked_id(it.exchange)].body["content"])
        texts = [plain_text(text) for text in re.findall(r"<p>([^<]*+)</p>", whole)]
        lost = [text for text in texts if not has_text(shown, text)]
        words = f"the {len(texts)} paragraphs", f"without {len(lost)} of them"
        for text in texts:
            is_kept(it, "/content", text, shown, words, part=True)

    judge(read, has_its_text)
    demand_some(bool(read), "no message that was sent was read by the id of its answer")


def _accepted(made: Iterable[Exchange]) -> Iterator[Sent]:
    for one in made:
        if one.request.operation == "sendMessage" and one.succeeded and answered_id(one):
            with suppress(ValueError, RecursionError):
                body = json.loads(one.request.body)
                if isinstance(body, dict) and {"subject", "content"} <= body.keys():
                    yield Sent(one, body)


def _read_id(one: Exchange) -> str | None:
    return asked_id(one) if reads_one(one) and one.succeeded else None


def _is_of(read: Exchange, sent: Sent | None) -> bool:
    """Return whether a reading shows the message that was sent: an id in an answer may be another one's."""
    shown = read.json_or_none
    return sent is not None and isinstance(shown, dict) and is_of_sending(sent.exchange, shown)


def _named(body: dict[str, Any], *names: str) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for name in names:
        with suppress(CouldNotTellError):
            found |= {*participants(body.get(name) or [])}
    return found


def _priority(body: dict[str, Any]) -> str | None:
    found = body.get("priority")
    value = found.get("value") if isinstance(found, dict) else found
    return value if isinstance(value, str) else None
