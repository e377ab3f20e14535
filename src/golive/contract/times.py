"""Times with a zone beside them, and texts that name an instant by themselves, written one as the other."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def from_instant(value: Any) -> Any:
    """Write a time that names an instant as a local one in the zone beside it or, without one, in UTC.

    What is no such time stays.
    """
    text = value.get("dateTime") if isinstance(value, dict) else None
    try:
        instant = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return value
    if instant is None or instant.tzinfo is None:
        return value
    zone = _zone(value.get("timeZone"))
    local = instant.astimezone(zone or UTC).replace(tzinfo=None)
    if (
        zone and local.replace(tzinfo=zone) != instant
    ):  # the hour that a change to winter time repeats
        local, value = instant.astimezone(UTC).replace(tzinfo=None), {**value, "timeZone": "UTC"}
    return {"timeZone": "UTC"} | value | {"dateTime": local.isoformat()}


def to_instant(value: Any, *, keep: bool) -> Any:
    """Write a local time with its zone as an instant, and keep the zone where that is wanted; what is none stays."""
    text = value.get("dateTime") if isinstance(value, dict) else None
    zone = _zone(value.get("timeZone")) if text else None
    try:
        local = datetime.fromisoformat(str(text)).replace(tzinfo=zone)
    except ValueError:
        return value
    if zone is None:
        return value
    others = {name: one for name, one in value.items() if keep or name != "timeZone"}
    return others | {"dateTime": f"{local.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"}


def _zone(name: Any) -> tzinfo | None:
    try:
        return ZoneInfo(name) if isinstance(name, str) else None
    except (ValueError, ZoneInfoNotFoundError, OSError):
        return None
