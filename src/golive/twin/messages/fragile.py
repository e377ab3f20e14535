"""Where a careless server fails: on input that nobody typed while it was tested.

Each branch is one defect. Without a defect nothing here has an effect; what a defect makes of a request is
an unhandled failure (500), an answer of whatever stands in front of the service, or a way round a rule.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from golive.twin.http import broken, html_answer, json_answer

if TYPE_CHECKING:
    from starlette.responses import Response

    from golive.twin.http import Ask
    from golive.twin.store import Message
    from golive.twin.world import World

_ASTRAL = 0xFFFF
_FOREIGN_DIGIT = re.compile("[\u0660-\u0669]")
_NAMED_ENTITY = re.compile("&[a-z]+;")
_XML_ENTITIES = frozenset({"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"})
_LOWER, _UPPER = "createDateTimeGreaterThanOrEqualTo", "createDateTimeLessThanOrEqualTo"


def _is_astral(text: str) -> bool:
    """Whether the text has a character that UTF-16 writes in two units."""
    return any(ord(character) > _ASTRAL for character in text)


def in_front(world: World, ask: Ask) -> Response | None:
    """Return what stands in front of the service says to an odd request; None lets it through."""
    query = "&".join(f"{name}={value}" for name, value in ask.query)
    if len(query) > 4000 and world.injects("long-query-answered-with-html"):
        return html_answer(400, "Bad Request", "Your browser sent a request that is too long.")
    last = ask.segments[-1]
    if _is_astral(last) and world.injects("emoji-message-id-answered-as-text"):
        response = json_answer(404, {"code": "NotFound", "message": "No such message."})
        response.headers["Content-Type"] = "text/plain"
        return response
    if "\0" in last and world.injects("nul-in-message-id-shows-the-token"):
        token = ask.headers.get("authorization", "").removeprefix("Bearer ")
        return json_answer(400, {"code": "InvalidParameter", "message": f"dump: {token}"})
    if "'" in last and world.injects("quote-in-message-id-refused-without-code"):
        return json_answer(400, {"message": "There is a quotation mark in it."})
    return None


def lets_in(world: World, ask: Ask) -> bool:
    """Whether a defect lets a request in without looking at its credential."""
    if any(name == "x" and len(value) > 8000 for name, value in ask.query):
        return world.injects("long-query-opens-without-token")
    if len(ask.headers.get("opc-request-id", "")) > 2000:
        return world.injects("long-request-id-opens-without-token")
    return "x-original-url" in ask.headers and world.injects("proxy-header-opens-without-token")


def trip_over_request(world: World, ask: Ask) -> None:
    """Fail on an odd header, path or query."""
    values: dict[str, list[str]] = {}
    for name, value in ask.query:
        values.setdefault(name, []).append(value)
    if ask.method == "HEAD" and world.injects("head-breaks-the-server"):
        raise broken()
    patients, limits, kinds = (
        values.get(name, []) for name in ("patientId", "limit", "notificationType")
    )
    numbers = [int(one) for one in limits if re.fullmatch("-?[0-9]{1,30}", one)]
    bounds = [values.get(name, []) for name in (_LOWER, _UPPER)]
    dates = [date for bound in bounds for date in bound]
    last, zone = ask.segments[-1], ask.headers.get("oh-content-time-zone", "")
    _trip(
        world,
        {
            "long-request-id-breaks-the-server": len(ask.headers.get("opc-request-id", "")) > 1024,
            "bracketed-parameter-breaks-the-server": any("[" in name for name in values),
            "long-message-id-breaks-the-server": len(last) >= 5000,
            "percent-in-message-id-breaks-the-server": "%" in last,
            "odd-time-zone-breaks-the-server": zone.startswith(("/", "..")) or "/.." in zone,
            "year-1-breaks-the-server": any(date.startswith("0001-") for date in dates),
            "year-9999-breaks-the-server": any(date.startswith("9999-") for date in dates),
            "leap-second-breaks-the-server": any(":60Z" in date for date in dates),
            "week-date-breaks-the-server": any("-W" in date for date in dates),
            "repeated-date-breaks-the-server": any(len(bound) > 1 for bound in bounds),
            "negative-limit-breaks-the-server": any(number < 0 for number in numbers),
            "huge-limit-breaks-the-server": any(number >= 2**31 for number in numbers),
            "empty-notification-type-breaks-the-server": "" in kinds,
            "many-notification-types-break-the-server": len(kinds) > 50,
            "emoji-patient-breaks-the-server": any(map(_is_astral, patients)),
            "long-patient-breaks-the-server": any(len(one) >= 5000 for one in patients),
            "foreign-digits-break-the-server": any(map(_FOREIGN_DIGIT.search, patients)),
            "template-in-patient-breaks-the-server": any("${" in one for one in patients),
        },
    )


def _trip(world: World, conditions: dict[str, bool]) -> None:
    if world.injects_any(conditions):
        raise broken()


def trip_over_message(world: World, body: dict[str, Any]) -> None:
    """Fail on odd members of a message that is to be sent."""
    subject, content = (_text(body.get(name)) for name in ("subject", "content"))
    attachments, recipients = (_list(body.get(name)) for name in ("attachments", "recipients"))
    empty = [one for one in attachments if isinstance(one, dict) and one.get("content") == ""]
    named = set(_NAMED_ENTITY.findall(content)) - _XML_ENTITIES
    _trip(
        world,
        {
            "null-subject-breaks-the-server": body.get("subject", "") is None,
            "emoji-in-subject-breaks-the-server": _is_astral(subject),
            "long-subject-breaks-the-server": len(subject) >= 5000,
            "nul-in-subject-breaks-the-server": "\0" in subject,
            "named-entity-breaks-the-server": bool(named),
            "character-data-breaks-the-server": "<![CDATA[" in content,
            "deep-content-breaks-the-server": content.count("<span>") > 100,
            "attachment-of-zero-bytes-breaks-the-server": bool(empty),
            "attachment-without-members-breaks-the-server": {} in attachments,
            "many-recipients-break-the-server": len(recipients) > 100,
        },
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def kept_oddly(world: World, message: Message) -> dict[str, Any]:
    """Return what becomes of the odd members of a message when it is kept."""
    content, changes = message.content, dict[str, Any]()
    if world.injects("emoji-in-content-is-lost"):
        changes["content"] = re.sub("[\U00010000-\U0010ffff]", "??", content)
    if len(content) > 20_000 and world.injects("long-content-is-cut"):
        changes["content"] = content[:20_000]
    if world.injects("entities-in-content-are-escaped-twice"):
        changes["content"] = re.sub("&(#?[a-z0-9]+;)", r"&amp;\1", content)
    if world.injects("attachment-of-zero-bytes-is-dropped"):
        kept = [one for one in message.attachments if one.get("content") != ""]
        changes["attachments"] = tuple(kept)
    return changes


def trip_over_update(world: World, body: dict[str, Any]) -> None:
    """Fail on odd members of a change of status."""
    entries = (entry for entry in _list(body.get("messages")) if isinstance(entry, dict))
    versions = [entry.get("notificationVersion") for entry in entries]
    huge = any(isinstance(version, int) and version >= 2**63 for version in versions)
    absent = "status" in body and body["status"] is None
    _trip(world, {"null-status-breaks-the-server": absent, "huge-version-breaks-the-server": huge})
