"""What a run folder says first: which environment and tenant, when, and how it ended, without reading its checks.

A summary has hundreds of kilobytes, nearly all of them checks, which stand last: of thousands of nights only the
beginning is read. A summary is input: anything may stand there that a person, a full disk or another version left.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from golive.checks.verdict import ExitCode
from golive.kit.files import MOST_BYTES
from golive.kit.json_text import leading_members

if TYPE_CHECKING:
    from collections.abc import Callable

SUMMARY = "summary.json"
HEAD = 16 * 1024
"""Bytes; an environment of many accounts has eight thousand."""

NEEDED = frozenset({"exit_code", "twin", "environment", "started"})
"""Members of a summary; `finished` and `double` stand before the last of them."""


@dataclass(frozen=True)
class Head:
    """How a run began and ended; `key` is its environment's name or `ENVIRONMENT@TENANT`.

    `name` is that of the run's folder, `tenant` the tenant's id, empty where no environment could be read; `double`
    says who answered in place of the service, empty for the service itself; `finished` is False of a run that was
    killed or is still under way.
    """

    key: str
    tenant: str
    name: str
    started: datetime
    code: ExitCode
    double: str
    finished: bool


def head_of(name: str, read: Callable[[int], bytes]) -> Head | None:
    """Return the head of the summary in the folder of this name, None where it is no run's.

    `read` gives the first so many bytes of the summary.
    """
    content = read(HEAD)
    found = _head(name, leading_members(content.decode("utf-8", "replace"), NEEDED))
    if found is None and len(content) >= HEAD:
        text = read(MOST_BYTES).decode("utf-8", "replace")
        found = _head(name, leading_members(text, NEEDED))
    return found


def _head(name: str, data: dict[str, Any]) -> Head | None:
    if not data.keys() >= NEEDED:
        return None
    environment, started = data["environment"], data["started"]
    try:
        code = ExitCode(data["exit_code"])
        began = datetime.fromisoformat(started)
        key, tenant = environment["name"], environment.get("tenant", "")
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    if not (isinstance(key, str) and isinstance(tenant, str)) or began.tzinfo is None:
        return None
    twin = "the embedded twin" if data.get("twin") is True else ""
    double = str(data.get("double", twin) or "")
    return Head(key, tenant, name, began, code, double, data.get("finished") is not False)
