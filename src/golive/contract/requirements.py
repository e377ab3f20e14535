"""The requirement table: what the contract says, and which checks hold it.

Each row of `schemas/requirements.yaml`, and of the table of that name in an API's folder, is a statement that a
standard makes, that Oracle documents or that was seen on the wire. It names its checks, or says why nobody can test
it from outside.
Inferred statements are no requirements, and the sections of the facts that hold nothing else have no rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from golive.contract.catalogue import load as error_cases
from golive.contract.label import Basis
from golive.contract.outcomes import SuiteError
from golive.contract.project import own_schemas
from golive.contract.spellings import check_ids
from golive.contract.tables import tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_STEP = re.compile(r"(?P<document>RFC \d+|contract-facts)|§(?P<section>\d+(?:\.\d+)*)|(?P<end>;)")


OF_CLIENTS = "client-requirements.yaml"


class Held(StrEnum):
    """What holds a requirement."""

    TESTED = "tested"
    UNTESTABLE = "not testable from outside"


@dataclass(frozen=True)
class Requirement:
    """One row; `checks` are ids and empty unless it is tested, `reason` is empty if it is."""

    id: str
    statement: str
    basis: Basis
    source: str
    held: Held
    checks: tuple[str, ...] = ()
    reason: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the row as it stands in lists; without checks, with the reason."""
        known = {**vars(self), "basis": str(self.basis), "held": str(self.held)}
        known["checks"] = list(self.checks)
        return {name: value for name, value in known.items() if value}


def load(
    folder: Path, *, with_project: bool = True, of_clients: bool = False
) -> tuple[Requirement, ...]:
    """Read the table below a `schemas/` folder; raises SuiteError naming the row that is wrong.

    `of_clients`: that of what clients must do, of which a project adds no rows.

    To golive's own the project in the current folder adds its rows, unless it is left out; ConfigurationProblem where
    those are wrong.
    """
    if of_clients:
        return _load(folder, None, OF_CLIENTS)
    return _load(folder, own_schemas(folder) if with_project else None)


@lru_cache(maxsize=8)
def _load(
    folder: Path, own: Path | None, file: str = "requirements.yaml"
) -> tuple[Requirement, ...]:
    table: dict[str, Requirement] = {}

    @cache
    def ids() -> tuple[str, ...]:
        return (*(case.id for case in error_cases(folder)), *check_ids(folder))

    for name, given in tables(folder, file, "requirements.schema.json", "requirements", own):
        row = _requirement(given, ids)
        if row.id in table:
            raise SuiteError(f"{name}: two rows have the id {row.id}")
        table[row.id] = row
    return tuple(table.values())


def sections(source: str) -> frozenset[str]:
    """Return the sections that a source names, each as `RFC 6749 §5.1` or `contract-facts §2.1`.

    Pages of Oracle's book are left out: the section of the facts stands for them.
    """
    found: set[str] = set()
    document = ""
    for step in _STEP.finditer(source):
        if step["document"]:
            document = step["document"]
        elif step["end"]:
            document = ""
        elif document:
            found.add(f"{document} §{step['section']}")
    return frozenset(found)


def _checks(named: list[str], ids: Callable[[], tuple[str, ...]]) -> Iterator[str]:
    """Yield the checks; `*-RULE` stands for those of an access rule or a spelling, which is one at each operation.

    `ids` gives those of all error cases and spellings.
    """
    for name in named:
        if name.startswith("*"):
            yield from (one for one in ids() if one.endswith(name[1:]))
        else:
            yield name


def _requirement(row: dict[str, Any], ids: Callable[[], tuple[str, ...]]) -> Requirement:
    reason, checks = row.get("untestable", ""), tuple(_checks(row.get("checks", []), ids))
    held = Held.UNTESTABLE if reason else Held.TESTED
    about = (row["id"], row["statement"], Basis(row["basis"]), row["source"])
    return Requirement(*about, held, checks, reason)
