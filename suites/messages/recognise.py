"""By what a message that was sent is found again: the id in its answer, its subject in a list, its text."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from golive import Contract, CouldNotTellError, Exchange, json_of, resolved
from suites.common.lists import identifier, items
from suites.common.texts import composed
from suites.messages.sending import SUBJECT_PREFIX

if TYPE_CHECKING:
    from suites.common.lists import Item

UUID_LENGTH = 36
"""What no other message has in its subject."""


def plain_text(markup: str) -> str:
    """Return the text of a content without its markup, each run of white space as one space."""
    return " ".join(unescape(re.sub(r"<[^<>]*>", " ", markup)).split())


def same_text(before: Item, after: Item) -> bool:
    """Return whether two views of a message have the same text, as far as both show one."""
    texts = [body.get("content") for body in (before, after)]
    shown = [plain_text(text) for text in texts if isinstance(text, str)]
    return len(shown) < len(texts) or shown[0] == shown[1]


def participants(found: object) -> list[tuple[str, str]]:
    """Return id and type of each participant that a message shows, sorted.

    Raises CouldNotTellError where a participant is shown without them (inferred members).
    """
    if not isinstance(found, list) or not all(
        isinstance(one, dict) and {"id", "type"} <= one.keys() for one in found
    ):
        raise CouldNotTellError(
            "participants are shown without id and type (inferred members)", unsettled_shape=True
        )
    return sorted((str(one["id"]), str(one["type"])) for one in found)


def is_of_sending(sent: Exchange, shown: Item) -> bool:
    """Return whether a message that is shown may be the one that was sent: by subject or by content."""
    body = json.loads(sent.request.body)
    subject, content = shown.get("subject"), shown.get("content")
    own = body["content"].rpartition(SUBJECT_PREFIX)[2][:UUID_LENGTH]
    readable = isinstance(subject, str) or isinstance(content, str)
    return not readable or subject == body["subject"] or own in str(content)


def answered_id(sent: Exchange) -> str | None:
    """Return the id that the answer to a sending gives, if it does (inferred)."""
    body = sent.json_or_none
    return identifier(body) if isinstance(body, dict) else None


def located_id(contract: Contract, sent: Exchange) -> str | None:
    """Return the id of the message to which Location leads; None where there is none, or it leads to no message."""
    location = sent.header("Location")
    url = resolved(location or "", sent.request.url)
    operation = contract.operation_of("GET", url)
    if location is None or operation is None or operation.operation_id != "getMessage":
        return None
    return unquote(urlsplit(url).path.rpartition("/")[2])


def is_cut(shown: object, sent: str) -> bool:
    """Return whether a subject is the beginning of one that was sent, with what sets that apart from all others."""
    if not isinstance(shown, str) or len(shown) < len(SUBJECT_PREFIX) + UUID_LENGTH:
        return False
    found, whole = composed(shown), composed(sent)
    return found != whole and whole.startswith(found.rstrip(".\u2026 "))


def with_subjects(listed: Exchange) -> list[Item]:
    """Return the sent items; CouldNotTellError where the answer is no list, or its items are shown without subjects."""
    found = items(listed)
    if found and not any(isinstance(item.get("subject"), str) for item in found):
        raise CouldNotTellError(
            "sent items show no subject to find a message by", unsettled_shape=True
        )
    return found


def listed_as(sent: Exchange, listed: Exchange) -> list[Item]:
    """Return the sent items with the subject of a message that was sent; none where there is no list.

    The subject may be cut or written otherwise: what sets it apart is enough. How it is shown is another question.
    """
    try:
        found = items(listed)
    except CouldNotTellError:
        return []
    shown = ((item, item.get("subject")) for item in found)
    mark = mark_sent(sent) or json.loads(sent.request.body)["subject"]
    return [item for item, text in shown if isinstance(text, str) and mark in text]


def is_listed(sent: Exchange, listed: Exchange) -> bool:
    """Return whether sent items show a message, by the id of its answer or by its subject; there must be a list."""
    shown = {identifier(item) for item in items(listed)}
    return answered_id(sent) in shown or bool(listed_as(sent, listed))


def mark_sent(sent: Exchange) -> str | None:
    """Return what sets the subject of a message apart from all others; None where it is none of golive's."""
    body = json_of(sent.request)
    subject = body.get("subject") if isinstance(body, dict) else None
    _, prefix, rest = str(subject).partition(SUBJECT_PREFIX)
    return prefix + rest[:UUID_LENGTH] if len(rest) >= UUID_LENGTH else None


def listed_id(sent: Exchange, listed: Exchange) -> str | None:
    """Return the id of a message that was sent as the list of sent items has it; None where it has none."""
    return next(filter(None, map(identifier, listed_as(sent, listed))), None)
