"""Reads an answer of an EHR API beside the contract: what an answered list shows, which member a refusal names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from golive.diagnosis.paste.breaks import LOWER, contract, operation_at
from golive.diagnosis.paste.phrases import pattern

if TYPE_CHECKING:
    from golive.diagnosis.paste.pieces import PastedAnswer, PastedRequest

OF_THE_RECEIVED = "notificationType"
"""The parameter that the list of what a patient received has, and that of what a patient sent has not."""

REMINDER = re.compile(r"(?i)\breminders?\b")
MOST_ITEMS = 1000
"""Items of one answered list (contract-facts §2.1)."""


def listing(request: PastedRequest | None, answer: PastedAnswer, text: str) -> str | None:
    """Return what an answered list of messages has: a value of `listing`; `text` may hold more parameters."""
    operation = operation_at(request.method, request.url) if request else None
    if request is None or operation is None:
        return None
    names = operation.parameter_names("query")
    items = answer.members.get("items")
    bound = LOWER in f"{request.url} {text}"
    if LOWER in names and items != [] and not bound and pattern("older_missed").search(text):
        return "older-missed"
    if not isinstance(items, list):
        return None
    if pattern("put_to_trash").search(text) and any(
        isinstance(one, dict) and one.get("status") == "DELETED" for one in items
    ):
        return "deleted-stays"
    if LOWER not in names:
        return "empty-group-inboxes" if not items and {"id", "name"} <= names else None
    if not items:
        received = OF_THE_RECEIVED in names
        if received and pattern("message_sent").search(text):
            return "sent-sought-in-inbox"
        if received and OF_THE_RECEIVED not in request.query and REMINDER.search(text):
            return "reminders-not-asked"
        return "empty" if bound else "empty-by-default"
    return "full" if len(items) >= MOST_ITEMS else None


RULES = {
    "type": "{}",
    "enum": "one of {}",
    "minItems": "at least {}",
    "maxItems": "at most {} items",
    "maxLength": "at most {} characters",
}
"""What the contract may hold of a member, and how it is said."""


def member_rules(request: PastedRequest | None, said: str) -> dict[str, str]:
    """Return what the contract says of the one member or parameter of a request that the API's words name."""
    operation = operation_at(request.method, request.url) if request else None
    if operation is None:
        return {}
    known = {one["name"]: one.get("schema", {}) for one in operation.parameters}
    known |= contract().schema(operation.body).get("properties", {}) if operation.body else {}
    before = r"(?:field|parameter|property|member|attribute|body|query)s? [\"'`]?|[\"'`]"
    named = [
        one
        for one in known
        if re.search(rf"(?:{before if one.islower() else ''})(?<![\w-]){one}(?![\w-])", said)
    ]
    if len(named) != 1:
        return {}
    rules = known[named[0]]
    words = [text.format(rules[rule]) for rule, text in RULES.items() if rule in rules]
    if len(words) < 2:
        return {}
    return {"members_named": "known", "member_rules": f"{named[0]}, {', '.join(words)}"}
