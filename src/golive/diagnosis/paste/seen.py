"""Compares the body of a pasted write with rules that no schema holds, and with what the paste shows of its values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from golive.diagnosis.paste.phrases import pattern
from golive.diagnosis.paste.pieces import json_in
from golive.diagnosis.paste.transcript import is_of_another_way

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive.diagnosis.paste.pieces import Answered, PastedRequest
    from golive.diagnosis.paste.transcript import Transcript

LONGEST_LINE = 4_000
OF_A_LIST = re.compile(r"patientId[\"']?\s?[=:]\s?[\"']?(\w{1,40})")
MEMBER = re.compile(r": ?\{[^{}]{0,500}\}")
OBJECT = re.compile(r"\{[^{}]{1,2000}\}")
NUMBER = re.compile(r"\d{6,20}")
"""The number that an id of a message begins with; people leave the rest of it out."""

ANOTHER_PATIENT = (
    "message number {at} of `messages` comes from a list of another patientId, as the paste shows, and one change is "
    "for the messages of one patient: send one for each patient"
)
VALID = re.compile(r"\bisValid\\?[\"']?\s{0,3}(?:=>|[:=])\s{0,3}(?i:false)\b")
NOT_VALID = (
    "the recipient {to} has isValid false in an answer that the paste shows (its 200 says only that it was checked): "
    "leave it out, or choose one that is valid"
)
A_REMINDER = (
    "previousMessageId is that of a REMINDER, as the paste shows, and a reminder can't be replied to: send it "
    "without previousMessageId, as a new message"
)


def message_rules(value: dict[str, Any]) -> Iterator[str]:
    """Compare recipients with each other, and the content with what the service can convert."""
    lists = (value.get(name) for name in ("recipients", "carbonCopyRecipients"))
    named = (one for each in lists if isinstance(each, list) for one in each)
    types = [one.get("type") for one in named if isinstance(one, dict)]
    if "EMAIL" in types and {*types} != {"EMAIL"}:
        yield "EMAIL may not be mixed with other recipients, carbonCopyRecipients included: send two messages"
    elif types.count("EMAIL") > 1:
        yield "with EMAIL only one address is allowed, over recipients and carbonCopyRecipients together"
    content = value.get("content")
    if isinstance(content, str) and "<" in content and not re.search(r"(?i)<html", content):
        yield "content is a fragment of HTML, and was seen to be refused: send a whole XHTML document without links"


def shown_rules(value: dict[str, Any], text: str) -> Iterator[str]:
    """Yield the rules that a body breaks by what the paste shows of the messages that it names."""
    lines = [line[:LONGEST_LINE] for line in text.split("\n")]
    before = value.get("previousMessageId")
    if isinstance(before, str) and len(before) > 3:
        whole = re.compile(rf"(?<![\w.-]){re.escape(before)}(?![\w.-])")
        # Of a list on one line the object that has the id counts, and not its neighbours.
        pieces = (one for line in lines for one in OBJECT.findall(MEMBER.sub(":", line)) or [line])
        about = (one for one in pieces if whole.search(one) and "previousMessageId" not in one)
        if any(re.search(r"\bREMINDER\b", line) for line in about):
            yield A_REMINDER
    named = value.get("recipients")
    for one in named if isinstance(named, list) else []:
        to = str(one.get("id")) if isinstance(one, dict) else ""
        checked = (each for line in lines for each in OBJECT.findall(line) if VALID.search(each))
        if to.isalnum() and any(re.search(rf"\b{to}\b", each) for each in checked):
            yield NOT_VALID.format(to=to)
    owners = _owners(lines)
    changed = value.get("messages")
    for at, one in enumerate(changed if isinstance(changed, list) else []):
        given = NUMBER.match(str(one.get("id"))) if isinstance(one, dict) else None
        owned = owners.get(given[0], set()) if given else set()
        if owned and str(value.get("patientId")) not in owned:
            yield ANOTHER_PATIENT.format(at=at + 1)


def _owners(lines: list[str]) -> dict[str, set[str]]:
    """Return the patients in whose lists the lines of a paste show a message, by its number."""
    found: dict[str, set[str]] = {}
    for line in lines:
        if "messages" in line or len(patients := {*OF_A_LIST.findall(line)}) != 1:
            continue
        for number in {*NUMBER.findall(OF_A_LIST.sub("", line))} - patients:
            found.setdefault(number, set()).update(patients)
    return found


def of_number(schema: dict[str, Any], around: str) -> Iterator[str]:
    """Compare how many messages a program says that it changes with the most that one request may hold."""
    limit = schema.get("properties", {}).get("messages", {}).get("maxItems")
    left_out = [int(one) for one in re.findall(r"(?:\.\.\.|…) ?(?:and )?(\d{1,6}) more\b", around)]
    shown = len(re.findall(r"[\"']?notificationVersion[\"']?\s?[:=]", around))
    said = [
        *map(int, pattern("number_changed").findall(around)),
        *(shown + one for one in left_out),
    ]
    most = max(said, default=0)
    if limit and most > limit:
        yield f"{most} messages are named, and one request takes {limit} at most: send them in parts"


STALE = (409, 412)
ANOTHER_WAY = (
    "the refusal after it (invalid-authorization-header) came of a second attempt, by another way."
)


def shown_around(transcript: Transcript, one: Answered, facts: dict[str, Any]) -> dict[str, str]:
    """Return what the exchanges before and after a refused one show of it: `versions`, `other_way`."""
    found = {}
    if any(is_of_another_way(each, transcript) for each in transcript.after(one)):
        found["other_way"] = f"{ANOTHER_WAY} {facts.get('library_hint', '')}".strip()
    before = transcript.answers[: transcript.answers.index(one)]
    if facts.get("status") in STALE and _names_what_was_taken(one.request, before):
        found["versions"] = "taken"
    return found


def _names_what_was_taken(request: PastedRequest | None, before: list[Answered]) -> bool:
    """Return whether a change names messages with the versions that one before it named, which was taken."""
    now = _versions(request)
    taken = (
        _versions(one.request) for one in before if one.taken and request and one.url == request.url
    )
    return bool(now) and any(now & each for each in taken)


def _versions(request: PastedRequest | None) -> set[tuple[str, ...]]:
    """Return id and versions of each message that a change names."""
    body = json_in(request.body) if request else None
    listed = body.get("messages") if isinstance(body, dict) else None
    each = [one for one in (listed if isinstance(listed, list) else []) if isinstance(one, dict)]
    return {tuple(f"{name}={one[name]}" for name in sorted(one)) for one in each}
