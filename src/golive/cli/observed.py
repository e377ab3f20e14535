"""What a project's `schemas` says was observed, and which checks read answers by it, as `golive checks` lists it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.contract.learnt import files, overlays, steps
from golive.contract.mapping import MAPPING
from golive.contract.project_files import Reading
from golive.kit.pointers import written
from golive.kit.problems import counted, shown_path
from golive.report.text import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pytest

    from golive.contract.document import Contract
    from golive.contract.roles import Role


def roles_read(items: Iterable[pytest.Item], contract: Contract) -> dict[str, list[str]]:
    """Return the roles with an observed place in an answer that each check reads, by the id of the check."""
    from golive.pytest_plugin.fixtures import EXCHANGES, check_of
    from golive.pytest_plugin.making import needed

    learnt, known = contract.mapping.learnt, contract.operations
    found: dict[str, list[str]] = {}
    for item in items if learnt else ():
        asked = frozenset[str]().union(
            *(EXCHANGES.operations(key, {}, known) for key in needed([item]))
        )
        roles = [one.name for one in learnt if asked & (one.located | one.asked.keys())]
        if roles and (check := check_of(item)):
            found[check.id] = roles
    return found


def observed_text(contract: Contract, width: int) -> list[str]:
    """Return the lines about everything that was observed: roles, types of places, headers; none where nothing was."""
    own = contract.own
    if own is None:
        return []
    found = [
        (f"{one.name} ({MAPPING})", _where(one), f"{one.basis}: {one.source}")
        for one in contract.mapping.learnt
    ]
    found += [
        (f"{place} ({file.relative_to(own).as_posix()})", what, f"{basis}: {source}")
        for file, place, what, basis, source in (*_types(own), *_headers(own, contract))
    ]
    lines = [f"observed ({counted(len(found), 'place')} of {shown_path(own)})", ""]
    for name, *said in found:
        lines += [f"  {name}", *(wrapped(f"      {one}", width, hanging=6) for one in said)]
    return [*lines, ""] if found else []


def _where(role: Role) -> str:
    places: dict[str, list[str]] = {}
    for operation in sorted(role.located):
        places.setdefault(role.real[operation] or "the answer itself", []).append(operation)
    said = [f"{place} ({', '.join(operations)})" for place, operations in places.items()]
    said += [f"header {role.real_header}"] if role.real_header else []
    said += [role.real_word] if role.real_word else []
    said += [f"{real} for {word}" for word, real in role.words.items() if real != word]
    return "; ".join(said)


def _types(own: Path) -> Iterator[tuple[Path, str, str, str, str]]:
    for file in files(own):
        for place, line in Reading(file).content.items():
            yield file, place, f"type {line['type']}", line["x-basis"], line["x-source"]


def _headers(own: Path, contract: Contract) -> Iterator[tuple[Path, str, str, str, str]]:
    operations = {one.pointer: one.operation_id for one in contract.operations.values()}
    for file in overlays(own):
        for action in Reading(file).content["actions"]:
            operation = operations[written(steps(action["target"])[:3])]
            for name, line in action["update"].items():
                yield file, f"header {name}", operation, line["x-basis"], line["x-source"]
