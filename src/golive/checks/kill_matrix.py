"""The kill matrix that golive ships: which checks detect which fault, for runs to say how far they reach.

`make kill-matrix` (`golive prove --kill-matrix`) writes it into `schemas/kill-matrix.json`. Faults that the same checks
detect are one group.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from golive.kit.files import resources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

FILE = "kill-matrix.json"
SCHEMA_VERSION = 1
WRITES = "writes"
"""Among what a check needs, beside the names of APIs: that messages may be sent and changed."""

Source = Literal["defect", "mutant", "client"]


@dataclass(frozen=True, order=True)
class Killer:
    """A check that detects a fault; `exchange` is where, for a check that reads every answer of a run, else empty."""

    check: str
    exchange: str = ""

    def __str__(self) -> str:
        return f"{self.check}@{self.exchange}" if self.exchange else self.check

    @classmethod
    def of(cls, text: str) -> Killer:
        """Read what `str` writes."""
        check, _, exchange = text.partition("@")
        return cls(check, exchange)


@dataclass(frozen=True)
class Group:
    """Faults that the same checks detect, in the column of those that decide a verdict or in that of advice.

    `area` is the part of the contract. `in_items`: the faults are in an item of a list, so that an empty list can't
    show them.
    """

    source: Source
    area: str
    deciding: bool
    in_items: bool
    by: tuple[Killer, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True)
class KillMatrix:
    """What a complete proof of this version learnt.

    `needs` are the APIs that each check asks, and `WRITES` where it writes. `readers` is for each answer a check that
    takes it: what that one needs, the answer needs. `requests` is how many requests an exchange took on the twin, by
    its name and parameters.
    """

    golive_version: str
    needs: Mapping[str, frozenset[str]]
    readers: Mapping[str, str]
    requests: Mapping[str, int]
    groups: tuple[Group, ...]

    def as_text(self) -> str:
        """Return the file's text: a line for each check, exchange and group, so that changes can be read."""
        checks = {name: sorted(needs) for name, needs in self.needs.items()}
        parts = {"checks": checks, "readers": self.readers, "requests": self.requests}
        mappings = "".join(f'"{name}": {{\n{_members(part)}\n}},\n' for name, part in parts.items())
        shown = sorted(json.dumps(_as_dict(one), ensure_ascii=False) for one in self.groups)
        groups = ",\n".join(shown)
        head = f'"schema_version": {SCHEMA_VERSION},\n"golive_version": {json.dumps(self.golive_version)},\n'
        return f'{{\n{head}{mappings}"groups": [\n{groups}\n]\n}}\n'


def load(file: Path) -> KillMatrix:
    """Return the matrix in this file."""
    data = json.loads(file.read_text(encoding="utf-8"))
    return KillMatrix(
        data["golive_version"],
        {name: frozenset(needs) for name, needs in data["checks"].items()},
        data["readers"],
        data["requests"],
        tuple(map(_group, data["groups"])),
    )


@cache
def shipped() -> KillMatrix:
    """Return the matrix that was measured with this version of golive."""
    return load(resources() / "schemas" / FILE)


def grouped(single: Iterable[Group]) -> tuple[Group, ...]:
    """Put together the groups that differ by their faults alone."""
    found: dict[Group, list[str]] = {}
    for one in single:
        like = replace(one, by=tuple(sorted(set(one.by))), faults=())
        found.setdefault(like, []).extend(one.faults)
    return tuple(replace(one, faults=tuple(sorted(names))) for one, names in found.items())


def _members(part: Mapping[str, object]) -> str:
    return ",\n".join(
        f"{json.dumps(name)}: {json.dumps(one)}" for name, one in sorted(part.items())
    )


def _as_dict(group: Group) -> dict[str, Any]:
    return {
        "source": group.source,
        "area": group.area,
        "column": "deciding" if group.deciding else "advice",
        **({"in_items": True} if group.in_items else {}),
        "by": [str(killer) for killer in group.by],
        "faults": list(group.faults),
    }


def _group(data: Mapping[str, Any]) -> Group:
    return Group(
        data["source"],
        data["area"],
        data["column"] == "deciding",
        data.get("in_items", False),
        tuple(map(Killer.of, data["by"])),
        tuple(data["faults"]),
    )
