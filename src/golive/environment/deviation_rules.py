"""What an environment tolerates and what it demands must make sense before anything is asked."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from golive.environment.schema import Shape
    from golive.environment.yaml_source import Data, Source

_LONGEST = timedelta(days=366)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def check_deviations(source: Source) -> None:
    """Note each known deviation without a real date, and each check that is listed twice."""
    entries = source.value("known_deviations")
    first: dict[str, int | None] = {}
    today = datetime.now(UTC).date()
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        key = f"known_deviations[{index}]"
        if not isinstance(entry, dict):
            continue
        until = entry.get("until")
        if isinstance(until, str) and not _is_day(until):
            message, cure = "this is not a day.", "Write it as YEAR-MONTH-DAY, such as 2027-01-31."
            source.problem(f"{key}.until", message, cure)
        elif isinstance(until, str) and date.fromisoformat(until) > today + _LONGEST:
            message = "this is more than a year ahead."
            cure = "Write a day within a year from today; renew the entry then, if it still holds."
            source.problem(f"{key}.until", message, cure)
        check = entry.get("check")
        if isinstance(check, str) and check in first:
            message = f"this check has an entry on line {first[check]} already."
            source.problem(f"{key}.check", message, "Keep one of the two.")
        elif isinstance(check, str):
            first[check] = source.line_of(f"{key}.check")


def check_demands(source: Source, shape: Shape) -> None:
    """Note each operation of which proofs are demanded though it is not claimed."""
    demands, operations = source.value("demands"), source.value("claims.operations")
    reading = [name for api in shape.apis.values() for name in api.reading]
    claimed: list[Data] = list(reading if operations is None else ())
    claimed += operations if isinstance(operations, list) else []
    for operation in demands if isinstance(demands, dict) else {}:
        key = f"demands.{operation}"
        if operation not in claimed and not source.has_problem_at(key):
            message = "proofs are demanded of an operation that claims.operations does not list."
            source.problem(key, message, "Claim the operation, or remove this line.")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return _DAY.fullmatch(text) is not None
