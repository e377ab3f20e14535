"""A history that git can hold: one line for each run, with the digest of what is known of the environment.

What is known is all that has been seen so far, so that data which differ settle after a few runs; what has
changed replaces it, so that a change is reported once, by the run that brought it. A line holds the situations
whose shape is not what the line before knew: all in the first line of an environment, none as a rule.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from golive.drift.change import Severity
from golive.drift.fingerprint import FORM, Fingerprint, digest_of, from_dict, merged_situation
from golive.kit.files import MOST_BYTES, read_regular
from golive.kit.json_schema import form_of
from golive.kit.json_text import utc
from golive.kit.problems import ConfigurationProblem

if TYPE_CHECKING:
    from pathlib import Path

    from golive.drift.change import Comparison


def read(file: Path) -> list[Fingerprint]:
    """Read a history, empty where there is no file: of each run, what was known of its environment's shape after it.

    Raises ConfigurationProblem naming the line.
    """
    try:
        text = read_regular(file, MOST_BYTES).decode("utf-8")
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigurationProblem.of(file, f"the history can't be read: {why}.") from None
    lines: list[Fingerprint] = []
    for number, row in enumerate(text.splitlines(), 1):
        try:
            lines.append(_line(json.loads(row), lines))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
            cure = "Restore the line as golive wrote it, or begin a new file."
            message = "this is not a line of a history."
            raise ConfigurationProblem.of(file, message, cure, line=number) from None
    return lines


def _line(data: dict[str, Any], before: list[Fingerprint]) -> Fingerprint:
    line = from_dict({"situations": {}, **data})
    own = [one for one in before if one.is_of(line)]
    known = own[-1].situations if own else {}
    situations = dict(sorted({**known, **line.situations}.items()))
    whole = {"schema_version": 1, **data, "situations": situations}
    good = digest_of(situations) == data["digest"] and form_of(FORM).is_valid(whole)
    if not good or not isinstance(data["run"], str):
        raise ValueError(line.environment)
    return replace(line, situations=situations, run=data["run"])


def last_before(lines: list[Fingerprint], run: Fingerprint) -> Fingerprint | None:
    """Return the last line of the run's environment and tenant that is not the run itself, None without one.

    Raises ValueError where the history already holds a later run.
    """
    own = [line for line in lines if line.is_of(run)]
    others = [line for line in own if line.run != run.run]
    if others and others[-1].started > run.started:
        raise ValueError(others[-1].run)
    return others[-1] if others else None


def holds(lines: list[Fingerprint], run: Fingerprint) -> bool:
    """Return whether the run has a line."""
    return any((line.environment, line.run) == (run.environment, run.run) for line in lines)


def new_line(last: Fingerprint | None, run: Fingerprint, found: Comparison | None) -> str:
    """Return the line of a run, without a line feed."""
    changed = {name for one in found.changes for name in one.situations} if found else set()
    before = last.situations if last else {}
    known = dict(before)
    for name, situation in run.situations.items():
        fresh = name in changed or name not in known
        known[name] = situation if fresh else merged_situation(known[name], situation)
    known = dict(sorted(known.items()))
    data: dict[str, Any] = {
        "environment": run.environment,
        **({"tenant": run.tenant} if run.tenant else {}),
        "started": utc(run.started),
        "run": run.run,
        "golive_version": run.golive_version,
        "digest": digest_of(known),
        "changes": {str(one): found.count(one) if found else 0 for one in Severity},
    }
    fresh_ones = {name: one for name, one in known.items() if before.get(name) != one}
    if fresh_ones:
        data["situations"] = fresh_ones
    return json.dumps(data, sort_keys=False, separators=(",", ":"))


def append(file: Path, line: str) -> None:
    """Add a line; raises ConfigurationProblem where the file can't be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8", newline="\n") as out:
            out.write(f"{line}\n")
    except OSError as error:
        message = f"the history can't be written: {error.strerror}."
        raise ConfigurationProblem.of(file, message, "Name a file that you may write.") from None
