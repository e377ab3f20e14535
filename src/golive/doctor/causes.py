"""Finds the cause of a stop among the entries of `causes.yaml`.

An entry matches parsed fields only (stage, status, error, URN, cloud …), never raw text, and the first
match counts. What no entry knows is said to be unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from golive.redaction import redact
from golive.verdict import ExitCode

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Diagnosis:
    """One cause of a stop: a sentence, what supports it, what to change, and the exit code it gives."""

    id: str
    cause: str
    evidence: tuple[str, ...]
    cure: str
    source: str
    exit_code: ExitCode

    def as_dict(self) -> dict[str, object]:
        """Return the diagnosis as it stands in `summary.json`."""
        return {
            "id": self.id,
            "cause": self.cause,
            "evidence": list(self.evidence),
            "cure": self.cure,
            "source": self.source,
            "exit_code": int(self.exit_code),
        }


@cache
def entries() -> tuple[dict[str, Any], ...]:
    """Return every known cause, in the order in which they are tried."""
    import yaml

    text = files("golive.doctor").joinpath("causes.yaml").read_text(encoding="utf-8")
    return tuple(yaml.safe_load(text)["causes"])


def diagnose(facts: Mapping[str, object], evidence: tuple[str, ...]) -> Diagnosis:
    """Return the first cause whose fields all match; the last entry of the file matches any stop."""
    entry = next(entry for entry in entries() if _matches(entry["when"], facts))
    known = {key: value for key, value in facts.items() if value is not None}
    return Diagnosis(
        id=entry["id"],
        cause=redact(entry["cause"].format_map(_Words(known))),
        evidence=tuple(map(redact, evidence)),
        cure=redact(entry["cure"].format_map(_Words(known))),
        source=entry["source"],
        exit_code=ExitCode(entry["exit"]),
    )


def _matches(when: Mapping[str, Any], facts: Mapping[str, object]) -> bool:
    return all(
        facts.get(name) in (wanted if isinstance(wanted, list) else [wanted])
        for name, wanted in when.items()
    )


class _Words(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return f"(unknown {name.replace('_', ' ')})"
