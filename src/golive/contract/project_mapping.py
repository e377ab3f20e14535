"""The mapping of a project: each of its rows must say where something of golive's really is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golive.contract.label import Basis
from golive.contract.mapping import MAPPING, RULES, mapping_of
from golive.contract.places import EACH, HEADER, NOWHERE
from golive.contract.project_files import Reading
from golive.kit.pointers import steps_of
from golive.kit.problems import which

if TYPE_CHECKING:
    from collections.abc import Mapping as Map
    from pathlib import Path

    from golive.contract.mapping import Mapping
    from golive.contract.roles import Role


def check_mapping(own: Path, folder: Path) -> list[Reading]:
    """Look at the mapping of a project, each of whose lines must say where something of golive's really is."""
    file = own / MAPPING
    if not file.is_file():
        return []
    reading = Reading(file)
    if reading.keeps(folder / RULES):
        roles = mapping_of(folder, None).roles
        for name, row in reading.content["roles"].items():
            if name not in roles:
                said = "golive has no role of this name."
                reading.problem(("roles", name), said, which(name, roles))
            else:
                _check_row(reading, roles[name], row)
        if not reading.problems:
            _check_lists(reading, mapping_of(folder, own), reading.content["roles"])
    return [reading]


def _check_row(reading: Reading, role: Role, row: dict[str, Any]) -> None:
    way = ("roles", role.name)
    for key, has in (
        ("header", role.header),
        ("word", role.word),
        ("words", role.words),
        ("form", "created-time" if role.name.endswith("-time") else ""),
    ):
        if key in row and not has:
            said = (
                "its places alone"
                if role.places
                else "its " + ("header" if role.header else "word")
            )
            reading.problem((*way, key), f"{role.name} has nothing of this kind.", f"Say {said}.")
    if row["x-basis"] not in (Basis.OBSERVED, Basis.OWN):
        cure = "Write observed, or own for a demand of the project's."
        reading.problem((*way, "x-basis"), "a project's place is seen, or its own demand.", cure)
    for operation in row.get("places", {}):
        if operation not in role.places:
            cure = which(operation, role.places) if role.places else "Say its header."
            of_place: tuple[str | int, ...] = (*way, "places", operation)
            reading.problem(of_place, f"no answer of this operation has the {role.name}.", cure)
    words = row.get("words", {})
    if isinstance(words, list):
        cure = "Write, for each documented word, the one that answers have: UNREAD: NEW."
        reading.problem(
            (*way, "words"), "a project says which words stand for the documented ones.", cure
        )
        return
    for word in words:
        if word not in role.words:
            said = "this is not a documented word."
            reading.problem((*way, "words", word), said, which(word, role.words))
    meant = [words.get(one, one) for one in role.words]
    if len(set(meant)) < len(meant):
        reading.problem(
            (*way, "words"), "two documented words can't be one and the same.", "Mend one."
        )


def _check_lists(reading: Reading, mapping: Mapping, rows: Map[str, Any]) -> None:
    """Look at places below a list: they must begin with where the list really is."""
    lists = mapping.roles.values()
    for name, row in rows.items():
        for operation, real in row.get("places", {}).items():
            read = mapping.roles[name].places[operation]
            for one in lists:
                within = one.places.get(operation, "-") + f"/{EACH}/"
                if read.startswith(within) and not real.startswith(HEADER) and real != NOWHERE:
                    wanted = f"{one.real[operation]}/{EACH}"
                    if not f"{real}/".startswith(f"{wanted}/"):
                        reading.problem(
                            ("roles", name, "places", operation),
                            f"the {name} is in each item of the {one.name}.",
                            f"Write a place that begins with {wanted}/.",
                        )
            if EACH in steps_of(real) and EACH not in steps_of(read):
                where = ("roles", name, "places", operation)
                reading.problem(where, f"there is one {name} in an answer.", f"Write no {EACH}.")
