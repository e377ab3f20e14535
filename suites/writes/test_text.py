"""A message's text comes back as it was sent, character by character, also in a reply and when it is sent twice."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

from golive import (
    CouldNotTellError,
    Exchange,
    Expect,
    NotRecordedError,
    Steps,
    check,
    expect,
)
from suites.common.answers import succeeds
from suites.common.lists import identifier, items
from suites.common.texts import has_text, is_kept
from suites.messages.citations import MESSAGE, SEND, SENT_ITEMS
from suites.messages.recognise import (
    answered_id,
    is_cut,
    is_of_sending,
    listed_as,
    listed_id,
    plain_text,
)
from suites.messages.sending import LONG_PARAGRAPHS, ODD_TEXT
from suites.writes.accepted import step_of_text

CREATED = 201


@check("send-keeps-every-character", level="must", basis="documented", source=f"{SEND}; {MESSAGE}")
def test_the_content_keeps_every_character(sending_of_text: Steps) -> None:
    """The content of a message that is read has every character that was sent; its markup may be another."""
    with expect(sending_of_text["sent"]) as it:
        succeeds(it)
    read = step_of_text(sending_of_text, "read")
    with expect(read) as it:
        it.status(200)
        body = it.json()
        _keeps_odd(it, _content(read, body))


@check(
    "send-keeps-every-character-of-a-subject",
    level="must",
    basis="documented",
    source=f"{SENT_ITEMS}; {SEND}",
)
def test_the_subject_keeps_every_character(sending_of_text: Steps) -> None:
    """The subject of a message that is listed has every character that was sent."""
    sent, listed = sending_of_text["sent"], step_of_text(sending_of_text, "listed")
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
        for item in own or listed_as(sent, listed):
            shown = item["subject"]
            cut = is_cut(shown, wanted)  # a list may show less; the message decides
            is_kept(it, "/items/*/subject", wanted, shown, advice=cut)


@check("send-keeps-a-long-text", level="must", basis="documented", source=f"{SEND}; {MESSAGE}")
def test_a_long_text_is_kept_to_its_end(sending_of_text: Steps) -> None:
    """A message of 6,000 characters with a subject of 200 is refused, or kept to the end of both."""
    if "long" in sending_of_text:
        refused = sending_of_text["long"].status
        raise CouldNotTellError(
            f"a long message was answered {refused}, and no page says how long one may be",
            unsettled_shape=True,
        )
    read = step_of_text(sending_of_text, "read")
    wanted = json.loads(sending_of_text["sent"].request.body)
    with expect(read) as it:
        it.status(200)
        body = it.json()
        found = " ".join(_content(read, body).split())
        missing = [one for one in LONG_PARAGRAPHS if " ".join(one.split()) not in found]
        expected = f"the {len(LONG_PARAGRAPHS)} paragraphs that were sent"
        it.that(not missing, "/content", expected, f"{len(missing)} of them missing")
        subject = body.get("subject") if isinstance(body, dict) else None
        cut = is_cut(subject, wanted["subject"])
        length = f"all of its {len(wanted['subject'])} characters"
        it.that(not cut, "/subject", length, f"the first {len(str(subject))} of them")


@check(
    "send-keeps-the-order-of-a-text", level="must", basis="documented", source=f"{SEND}; {MESSAGE}"
)
def test_the_paragraphs_of_a_text_keep_their_order(sending_of_text: Steps) -> None:
    """The paragraphs of a long message come in the order in which they were sent, each once."""
    if "long" in sending_of_text:
        raise CouldNotTellError("a message of many paragraphs was refused", unsettled_shape=True)
    read = step_of_text(sending_of_text, "read")
    with expect(read) as it:
        it.status(200)
        shown = " ".join(_content(read, it.json()).split())
        known = [" ".join(one.split()) for one in LONG_PARAGRAPHS]
        places = [shown.find(one) for one in known]
        found = [at for at in places if at >= 0]  # what is missing is another check's finding
        it.that(found == sorted(found), "/content", "the order that was sent", "another order")
        twice = sum(shown.count(one) > 1 for one in known)
        it.that(not twice, "/content", "each paragraph once", f"{twice} of them several times")


@check("send-adds-nothing-to-a-text", level="should", basis="inferred", source=f"{SEND}; {MESSAGE}")
def test_a_text_has_nothing_that_was_not_sent(sending: Steps) -> None:
    """The text of a message that is read is what was sent and nothing besides."""
    read = step_of_text(sending, "read")
    with expect(read) as it:
        it.status(200)
        shown = plain_text(_content(read, it.json()))
        sent = plain_text(json.loads(sending["sent"].request.body)["content"])
        rest = shown.removesuffix(sent) if shown.endswith(sent) else shown.removeprefix(sent)
        title = not rest.strip() or shown in sent  # a title may be shown, or not
        it.that(title, "/content", "nothing but the text that was sent", "more text, or another")


@check("send-answers-with-its-own-id", level="must", basis="standard", source="RFC 9110 §15.3.2")
def test_a_message_that_is_sent_is_answered_with_its_own_id(
    sending: Steps, sending_of_text: Steps
) -> None:
    """An id in the answer to a message does not lead to another message; the answer with 201 describes the new one."""
    for steps in (sending, sending_of_text):
        for step in ("sent", "again"):
            read = steps.get(f"answered {step}")
            shown = read.json_or_none if read and read.succeeded else None
            if isinstance(shown, dict) and not is_of_sending(steps[step], shown):
                with expect(steps[step]) as it:
                    it.violated(
                        "/id",
                        "the id of the message that was sent",
                        "that of another message",
                        advice=it.exchange.status != CREATED,
                    )


@check("reply-keeps-every-character", level="must", basis="documented", source=f"{SEND}; {MESSAGE}")
def test_a_reply_keeps_every_character(replying: Steps) -> None:
    """The content of a reply that is read has every character that was sent."""
    _demand_odd(replying["reply"])
    read = replying["read"]
    with expect(read) as it:
        it.status(200)
        _keeps_odd(it, _content(read, it.json()))


@check("reply-in-utf-8-is-read-as-utf-8", level="must", basis="standard", source="RFC 8259 §8.1")
def test_a_body_in_utf_8_is_read_as_utf_8(replying: Steps, sending_of_text: Steps) -> None:
    """Characters that are kept where JSON escapes them are kept where they are sent as UTF-8: that is its encoding."""
    reply = replying["reply"]
    _demand_odd(reply)
    if reply.request.body.isascii():
        raise NotRecordedError("a message with characters beyond ASCII that JSON does not escape")
    escaped, read = step_of_text(sending_of_text, "read"), replying["read"]
    if not has_text(_content(escaped, escaped.json_or_none), ODD_TEXT):
        raise CouldNotTellError("the message with escaped characters does not keep them either")
    with expect(read) as it:
        it.status(200)
        keeps = has_text(_content(read, it.json()), ODD_TEXT)
        actual = "others, which are not kept as UTF-8"
        it.that(keeps, "/content", f"every character, as in {escaped.name}", actual)


@check("reply-keeps-its-subject", level="must", basis="inferred", source=f"{SEND}; {MESSAGE}")
def test_a_reply_keeps_its_subject(replying: Steps) -> None:
    """The subject of a reply that is read is the one that was sent, from its Re: to its last character."""
    read, wanted = replying["read"], json.loads(replying["reply"].request.body)["subject"]
    with expect(read) as it:
        it.status(200)
        body = it.json()
        subject = body.get("subject") if isinstance(body, dict) else None
        if not isinstance(subject, str):
            raise CouldNotTellError(f"{read.name} shows no subject", unsettled_shape=True)
        is_kept(it, "/subject", wanted, subject)


@check(
    "send-twice-gives-two-messages",
    level="must",
    basis="documented",
    source=f"{SENT_ITEMS}; {SEND}",
)
def test_two_identical_messages_are_two(sending_of_text: Steps) -> None:
    """Of a message that is sent twice and accepted twice, the sent items show two, each by an id of its own."""
    names = ("sent", "again", "listed")
    sent, again, listed = (step_of_text(sending_of_text, name) for name in names)
    with expect(again) as it:
        it.that(again.status < 500, "status", "any 2xx, or a refusal", str(again.status))
    if not again.succeeded:
        raise CouldNotTellError(
            f"the same message once more was answered {again.status}, and no page says that it may be sent",
            unsettled_shape=True,
        )
    found = listed_as(sent, listed)
    one, other = answered_id(sent), answered_id(again)
    if again.status != CREATED and one is not None and one == other:
        raise CouldNotTellError(
            "the same message once more was answered with the id of the first: no page says that two of them are kept",
            unsettled_shape=True,
        )
    if not found:
        raise CouldNotTellError(
            "neither of the two messages is among the sent items by its subject",
            next_step="See the findings about the messages that were sent.",
            unsettled_shape=True,
        )
    with expect(listed) as it:
        ids = {identifier(item) for item in found}
        number = len(found) if None in ids else len(ids)
        expected = "two of the subject that was sent twice"
        it.that(number == 2, "relation:two-messages", expected, str(number))
    with expect(again) as it:
        own = one is None or one != other
        it.that(own, "/id", "an id of its own", "that of the first", advice=True)


def _content(read: Exchange, body: object) -> str:
    """Return the text of a message's content, without its markup."""
    content = body.get("content") if isinstance(body, dict) else None
    if not isinstance(content, str):
        raise CouldNotTellError(f"{read.name} shows no content")  # a finding of the schema check
    return unescape(re.sub(r"<[^<>]*>", " ", content))


def _keeps_odd(it: Expect, content: str) -> None:
    words = "every character that was sent", "others"
    is_kept(it, "/content", ODD_TEXT, content, words, part=True)


def _demand_odd(sent: Exchange) -> None:
    if not sent.succeeded or ODD_TEXT not in json.loads(sent.request.body)["subject"]:
        raise CouldNotTellError(
            "no reply with odd characters was accepted, and no page says which may be sent",
            unsettled_shape=True,
        )
