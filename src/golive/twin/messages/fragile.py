"""Where a careless server fails: on input that nobody typed while it was tested.

Each branch is one defect. Without a defect nothing here has an effect; what a defect makes of a request is
an unhandled failure (500), an answer of whatever stands in front of the service, or a way round a rule.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from golive.twin.http import html_answer, json_answer
from golive.twin.service_errors import ServiceError

if TYPE_CHECKING:
    from starlette.responses import Response

    from golive.twin.http import Ask
    from golive.twin.store import Message
    from golive.twin.world import World

_ASTRAL = 0xFFFF
_NAMED_ENTITY = re.compile("&[a-z]+;")
_XML_ENTITIES = frozenset({"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"})
_LOWER, _UPPER = "createDateTimeGreaterThanOrEqualTo", "createDateTimeLessThanOrEqualTo"


def _fail() -> ServiceError:
    return ServiceError(500, "InternalServerError", "Something went wrong.")


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
    _trip_over_head(world, ask, values)
    _trip_over_dates(world, values)
    _trip_over_lists(world, values)
    for patient in values.get("patientId", []):
        if (
            (_is_astral(patient) and world.injects("emoji-patient-breaks-the-server"))
            or (len(patient) >= 5000 and world.injects("long-patient-breaks-the-server"))
            or (
                re.search("[\u0660-\u0669]", patient)
                and world.injects("foreign-digits-break-the-server")
            )
            or ("${" in patient and world.injects("template-in-patient-breaks-the-server"))
        ):
            raise _fail()


def _trip_over_head(world: World, ask: Ask, values: dict[str, list[str]]) -> None:
    last = ask.segments[-1]
    if (
        (
            len(ask.headers.get("opc-request-id", "")) > 1024
            and world.injects("long-request-id-breaks-the-server")
        )
        or (
            any("[" in name for name in values)
            and world.injects("bracketed-parameter-breaks-the-server")
        )
        or (len(last) >= 5000 and world.injects("long-message-id-breaks-the-server"))
        or ("%" in last and world.injects("percent-in-message-id-breaks-the-server"))
        or (
            _is_odd_zone(ask.headers.get("oh-content-time-zone", ""))
            and world.injects("odd-time-zone-breaks-the-server")
        )
    ):
        raise _fail()


def _is_odd_zone(zone: str) -> bool:
    return zone.startswith(("/", "..")) or "/.." in zone


def _trip_over_dates(world: World, values: dict[str, list[str]]) -> None:
    dates = [value for name in (_LOWER, _UPPER) for value in values.get(name, [])]
    repeated = any(len(values.get(name, [])) > 1 for name in (_LOWER, _UPPER))
    if (
        (
            any(date.startswith("0001-") for date in dates)
            and world.injects("year-1-breaks-the-server")
        )
        or (
            any(date.startswith("9999-") for date in dates)
            and world.injects("year-9999-breaks-the-server")
        )
        or (
            any(":60Z" in date for date in dates) and world.injects("leap-second-breaks-the-server")
        )
        or (any("-W" in date for date in dates) and world.injects("week-date-breaks-the-server"))
        or (repeated and world.injects("repeated-date-breaks-the-server"))
    ):
        raise _fail()


def _trip_over_lists(world: World, values: dict[str, list[str]]) -> None:
    limits, kinds = values.get("limit", []), values.get("notificationType", [])
    numbers = [int(one) for one in limits if re.fullmatch("-?[0-9]{1,30}", one)]
    if (
        (
            any(number < 0 for number in numbers)
            and world.injects("negative-limit-breaks-the-server")
        )
        or (
            any(number >= 2**31 for number in numbers)
            and world.injects("huge-limit-breaks-the-server")
        )
        or ("" in kinds and world.injects("empty-notification-type-breaks-the-server"))
        or (len(kinds) > 50 and world.injects("many-notification-types-break-the-server"))
    ):
        raise _fail()


def trip_over_message(world: World, body: dict[str, Any]) -> None:
    """Fail on odd members of a message that is to be sent."""
    subject, content = body.get("subject", ""), body.get("content")
    attachments, recipients = body.get("attachments"), body.get("recipients")
    if subject is None and world.injects("null-subject-breaks-the-server"):
        raise _fail()
    if isinstance(subject, str) and (
        (_is_astral(subject) and world.injects("emoji-in-subject-breaks-the-server"))
        or (len(subject) >= 5000 and world.injects("long-subject-breaks-the-server"))
        or ("\0" in subject and world.injects("nul-in-subject-breaks-the-server"))
    ):
        raise _fail()
    if isinstance(content, str) and _trips_over_content(world, content):
        raise _fail()
    if isinstance(attachments, list) and attachments:
        empty = any(isinstance(one, dict) and one.get("content") == "" for one in attachments)
        if empty and world.injects("attachment-of-zero-bytes-breaks-the-server"):
            raise _fail()
        if {} in attachments and world.injects("attachment-without-members-breaks-the-server"):
            raise _fail()
    many = isinstance(recipients, list) and len(recipients) > 100
    if many and world.injects("many-recipients-break-the-server"):
        raise _fail()


def _trips_over_content(world: World, content: str) -> bool:
    named = set(_NAMED_ENTITY.findall(content)) - _XML_ENTITIES
    return bool(
        (named and world.injects("named-entity-breaks-the-server"))
        or ("<![CDATA[" in content and world.injects("character-data-breaks-the-server"))
        or (content.count("<span>") > 100 and world.injects("deep-content-breaks-the-server"))
    )


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
    entries = body.get("messages")
    entries = entries if isinstance(entries, list) else []
    versions = [entry.get("notificationVersion") for entry in entries if isinstance(entry, dict)]
    if (
        "status" in body
        and body["status"] is None
        and world.injects("null-status-breaks-the-server")
    ):
        raise _fail()
    huge = any(isinstance(version, int) and version >= 2**63 for version in versions)
    if huge and world.injects("huge-version-breaks-the-server"):
        raise _fail()
