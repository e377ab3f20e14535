"""The mapping of roles to places (`schemas/mapping.yaml`), and what a project's own file says otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from golive.contract.label import Basis
from golive.contract.places import EACH, HEADER, NOWHERE, Places
from golive.contract.project_files import whole
from golive.contract.roles import Question, Role
from golive.kit.pointers import steps_of, written

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping as Map
    from pathlib import Path

MAPPING, RULES = "mapping.yaml", "mapping.schema.json"
INSTANT, LOCAL = "instant", "local"


@dataclass(frozen=True)
class Mapping:
    """Every role by its name, and the questions that only live answers can settle."""

    roles: Map[str, Role]
    questions: tuple[Question, ...] = ()
    _known: dict[str, Places | None] = field(default_factory=dict, compare=False)

    def words_of(self, role: str) -> tuple[str, ...]:
        """Return the words that may stand for a role in requests: the known or assumed one, then others to try."""
        found = self.roles[role]
        return found.askable[:1] if found.learnt else found.askable

    def other_words(self, operation: str) -> dict[str, dict[str, str]]:
        """Return the words that differ in requests of an operation: by parameter, the real one by golive's own."""
        found: dict[str, dict[str, str]] = {}
        for one in self.roles.values():
            if operation in one.asked and one.real_word != one.word:
                found.setdefault(one.asked[operation], {})[one.word] = one.real_word
        return found

    def asked(self, operation: str, query: Iterable[tuple[str, str]]) -> dict[str, str]:
        """Return the words for roles that a request of an operation asked with, by the role."""
        return {
            one.name: value
            for one in self.roles.values()
            for name, value in query
            if one.asked.get(operation) == name and value in one.askable
        }

    def places(self, operation: str) -> Places | None:
        """Return where an operation's answers have what checks read elsewhere, None where nothing is elsewhere."""
        if operation not in self._known:
            self._known[operation] = self._places(operation) or None
        return self._known[operation]

    def _places(self, operation: str) -> Places:
        here = [one for one in self.roles.values() if operation in one.places]
        return Places(
            moved={
                one.places[operation]: one.real[operation]
                for one in here
                if one.real[operation] not in (one.places[operation], NOWHERE)
            },
            headers={
                one.header.lower(): one.real_header
                for one in self.roles.values()
                if one.header.lower() != one.real_header.lower()
            },
            words={
                one.places[operation]: {said: word for word, said in one.words.items()}
                for one in here
                if any(word != said for word, said in one.words.items())
            },
            instants=frozenset(one.places[operation] for one in here if one.form == INSTANT),
            local=frozenset(one.places[operation] for one in here if one.form == LOCAL),
            absent={
                one.places[operation]: one.name for one in here if one.real[operation] == NOWHERE
            },
        )

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The words that an enumeration may have in answers, as this mapping lists them, in capitals."""
        found = {word.upper() for one in self.roles.values() for word in one.seen_words}
        return frozenset(found)

    @property
    def names(self) -> set[str]:
        """The names of members and headers, and the words, that a project's file knows in answers."""
        steps = {
            step
            for one in self.learnt
            for place in one.real.values()
            if place != NOWHERE
            for step in [*steps_of(place), place.removeprefix(HEADER)]
        }
        return steps | {word for one in self.learnt for word in one.words.values()}

    @property
    def learnt(self) -> list[Role]:
        """The roles of which a project's file says something."""
        return [one for one in self.roles.values() if one.learnt]


def mapping_of(folder: Path, own: Path | None) -> Mapping:
    """Return the mapping of a `schemas/` folder, with what a project's file says otherwise."""
    content = whole(folder / MAPPING, folder / RULES)
    roles = {name: _role(name, row) for name, row in content["roles"].items()}
    if own is not None and (own / MAPPING).is_file():
        for name, row in whole(own / MAPPING, folder / RULES)["roles"].items():
            roles[name] = _said_otherwise(roles[name], row)
    return Mapping(roles, tuple(Question(**_tuples(one)) for one in content["questions"]))


def _tuples(row: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(one) if isinstance(one, list) else one for key, one in row.items()}


def _role(name: str, row: dict[str, Any]) -> Role:
    places, header, word = row.get("places", {}), row.get("header", ""), row.get("word", "")
    return Role(
        name=name,
        means=row["means"],
        basis=Basis(row["x-basis"]),
        source=row["x-source"],
        places=places,
        real=places,
        header=header,
        real_header=header,
        word=word,
        real_word=word,
        asked=row.get("asked", {}),
        words={one: one for one in row.get("words", ())},
        looks=row.get("looks", {}),
    )


def _said_otherwise(role: Role, row: dict[str, Any]) -> Role:
    return replace(
        role,
        real={**_likewise(role, row.get("places", {})), **row.get("places", {})},
        real_header=row.get("header", role.header),
        real_word=row.get("word", role.word),
        words={**role.words, **row.get("words", {})},
        form=row.get("form", ""),
        located=frozenset(row.get("places", {})),
        basis=Basis(row["x-basis"]),
        source=row["x-source"],
    )


def _likewise(role: Role, places: Map[str, str]) -> dict[str, str]:
    """Return the places in answers that no row names: what is a plain value in one answer may be one in another.

    There, an object is read as before.
    """
    tails = [
        (_in_item(role.places[operation]), _in_item(real))
        for operation, real in places.items()
        if real != NOWHERE
    ]
    shorter = {len(own) - len(seen) for own, seen in tails if own[: len(seen)] == seen != own}
    if not shorter:
        return dict(role.places)
    return {
        operation: written(steps_of(place)[: -max(shorter)])
        for operation, place in role.places.items()
    }


def _in_item(place: str) -> list[str]:
    return steps_of("/" + place.rpartition(f"/{EACH}/")[2].removeprefix("/"))
