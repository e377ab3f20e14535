"""When a verdict is news: at the first failure, at another one, when it lasts, and at the first success after it.

What was known is a file of the pipeline's, which `golive tell` reads and writes; without one, everything was GO.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from golive.checks.verdict import ExitCode
from golive.kit.files import UnreadableError, read_text
from golive.kit.problems import ConfigurationProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from golive.report.overview.model import Row

SCHEMA_VERSION = 1
MOST_BYTES = 8 * 1024 * 1024


class Kind(StrEnum):
    """What is new about a tenant."""

    FIRST_FAILURE = "first failure"
    ANOTHER_VERDICT = "another verdict"
    STILL_FAILING = "still failing"
    FIRST_SUCCESS = "first success"


@dataclass(frozen=True)
class Known:
    """What is known of a tenant: its last verdict, how many runs in a row had it, and the last run's folder."""

    code: ExitCode
    runs: int
    run: str


@dataclass(frozen=True)
class News:
    """A tenant of which there is something new; `runs` have its verdict, in a row."""

    kind: Kind
    row: Row
    runs: int


def news(
    rows: Iterable[Row], known: Mapping[str, Known], after: int | None = None
) -> tuple[list[News], dict[str, Known]]:
    """Return what is new, and what is known from now on.

    A failure that lasts is news once, when so many runs in a row (`after`) had it. A run that was interrupted says
    nothing about a tenant, nor does one that was already looked at, nor a row that has no say.
    """
    found: list[News] = []
    now = dict(known)
    for row in rows:
        before = known.get(row.key, Known(ExitCode.GO, 0, ""))
        if (
            row.code is ExitCode.INTERRUPTED
            or not row.counts
            or (row.run and row.run == before.run)
        ):
            continue
        runs = before.runs + 1 if row.code == before.code else 1
        now[row.key] = Known(row.code, runs, row.run)
        kind = _kind(before.code, row.code)
        if kind is None and row.code and runs == after:
            kind = Kind.STILL_FAILING
        if kind is not None:
            found.append(News(kind, row, runs))
    return found, now


def _kind(before: ExitCode, now: ExitCode) -> Kind | None:
    if before == now:
        return None
    if now is ExitCode.GO:
        return Kind.FIRST_SUCCESS
    return Kind.FIRST_FAILURE if before is ExitCode.GO else Kind.ANOTHER_VERDICT


def read(file: Path) -> dict[str, Known]:
    """Return what is known, nothing where there is no file; raises ConfigurationProblem where it is no such file."""
    if not file.exists():
        return {}
    try:
        data = json.loads(read_text(file, MOST_BYTES))
        if data["schema_version"] != SCHEMA_VERSION:
            raise ValueError(data)
        return {str(key): _known(one) for key, one in data["tenants"].items()}
    except UnreadableError as error:
        raise ConfigurationProblem.of(file, str(error), error.cure) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        message = "this is not a state that `golive tell` wrote."
        cure = "Name another file, or delete it: everything counts as GO before then."
        raise ConfigurationProblem.of(file, message, cure) from None


def _known(data: Mapping[str, Any]) -> Known:
    return Known(ExitCode(data["exit_code"]), int(data["runs"]), str(data["run"]))


def as_json(known: Mapping[str, Known]) -> str:
    """Return the text of the file."""
    tenants = {
        key: {"exit_code": int(one.code), "runs": one.runs, "run": one.run}
        for key, one in sorted(known.items())
    }
    return json.dumps({"schema_version": SCHEMA_VERSION, "tenants": tenants}, indent=1) + "\n"
