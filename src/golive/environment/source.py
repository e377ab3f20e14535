"""What was read from an environment file: data by dotted keys, the lines of the keys, and the problems so far.

What a violation of the file's shape is called: key, what is wrong, and the cure; never a value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from golive.kit.problems import (
    ConfigurationProblem,
    Problem,
    any_of,
    in_line_order,
    plain_word,
    shown_path,
)
from golive.kit.schema_mistakes import AS_DIGITS, MISSING, UNKNOWN, mistakes

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable
    from pathlib import Path

    from golive.environment.schema import Shape
    from golive.kit.schema_mistakes import Mistake


Data: TypeAlias = "dict[str, Data] | list[Data] | str | int | float | bool | None"


@dataclass
class Source:
    """A file's data, the line of each dotted key (list items as `key[0]`), and problems so far.

    `unresolved` are keys whose variable is missing and was already reported at another key. `elsewhere` are keys
    whose value another file has put in, with that file and its line.
    """

    path: Path
    data: Data = None
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unresolved: set[str] = field(default_factory=set)
    elsewhere: dict[str, tuple[Path, int]] = field(default_factory=dict)

    def problem(
        self, key: str, message: str, cure: str = "", kind: str = "", *, line: int | None = None
    ) -> None:
        """Note a problem at a key, on that key's line unless another is given."""
        file, place = self.place_of(key)
        self.problems.append(
            Problem(file, place if line is None else line, key, message, cure, kind)
        )

    def place_of(self, key: str) -> tuple[str, int | None]:
        """Give the file, as people know it, and the line of a key, or of the nearest key above it that is there."""
        at = self._nearest(key, self.elsewhere)
        if at in self.elsewhere:
            file, line = self.elsewhere[at]
            return shown_path(file), line
        return shown_path(self.path), self.line_of(key)

    def line_of(self, key: str) -> int | None:
        """Give the line of a key, or of the nearest key above it that the file has."""
        return self.lines.get(self._nearest(key, self.lines))

    @staticmethod
    def _nearest(key: str, known: Container[str]) -> str:
        while key and key not in known:
            key = key.rpartition("[" if key.endswith("]") else ".")[0]
        return key

    def stop(self) -> ConfigurationProblem:
        """Give the exception that carries all problems, to be raised."""
        return ConfigurationProblem(in_line_order(self.problems))

    def has_problem_at(self, key: str) -> bool:
        """Say whether a key, or something below it, already has a problem."""
        known = {problem.key for problem in self.problems} | self.unresolved
        return any(name == key or name.startswith((f"{key}.", f"{key}[")) for name in known)

    def problem_of(self, key: str) -> bool:
        """Say whether the key itself already has a problem."""
        return key in self.unresolved or any(problem.key == key for problem in self.problems)

    def value(self, key: str) -> Data:
        """Give what stands at a dotted key (no list items), None when nothing does."""
        node = self.data
        for part in key.split("."):
            node = node.get(part) if isinstance(node, dict) else None
        return node

    def sound(self, key: str) -> Data:
        """Give what stands at a dotted key when nothing is wrong with it, None otherwise."""
        return None if self.has_problem_at(key) else self.value(key)

    def text(self, key: str) -> str | None:
        """Give a text when one stands at a dotted key and nothing is wrong with it."""
        value = self.sound(key)
        return value if isinstance(value, str) else None

    def texts(self, key: str) -> list[str]:
        """Give the texts of a list when nothing is wrong with it."""
        value = self.sound(key)
        return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []

    def mapping(self, key: str) -> dict[str, Data]:
        """Give the mapping at a dotted key, an empty one when there is none."""
        value = self.value(key)
        return value if isinstance(value, dict) else {}

    def accounts(self) -> list[str]:
        """Give the dotted keys of all accounts that the file names."""
        return [f"claims.accounts.{name}" for name in self.mapping("claims.accounts")]


def check_shape(
    source: Source, shape: Shape, from_variable: dict[str, str], emptied: set[str]
) -> None:
    """Note every violation of the schema.

    `from_variable` maps the keys whose value came from a variable to its name; `emptied` are the
    keys that were written but came to nothing.
    """
    found = list(mistakes(shape.schema_for(source.data), source.data, shape.parents_of))
    of_others: dict[str, list[str]] = {}
    for one in found:
        key = dotted(one.way)
        if name := _other_api(shape, one):
            of_others.setdefault(name, []).append(key)
        elif one.message != UNKNOWN and source.has_problem_at(key):
            continue
        elif one.message == MISSING and key in emptied:
            source.problem(key, "this key needs a value and has none.", "Give it one.")
        elif variable := from_variable.get(key):
            message = f"what ${{{variable}}} holds{one.message.removeprefix('it')}"
            source.problem(key, message, "" if one.cure == AS_DIGITS else one.cure)
        else:
            note(source, one, shape.parents_of)
    source.unresolved.update(key for keys in of_others.values() for key in keys)
    if source.value("api") or source.value("apis"):  # else nothing says which API is meant
        meant = {one.meant for one in found if one.way[0] == "apis"}
        _other_apis(source, {n: keys for n, keys in of_others.items() if n not in meant})


def dotted(path: Iterable[str | int]) -> str:
    """Write a path of keys and indices as people read it: `token.scopes[0]`."""
    found = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return found.lstrip(".")


def _other_api(shape: Shape, one: Mistake) -> str:
    """Give the API that the file does not name and that an operation or test data belongs to, "" for none."""
    above, key = dotted(one.way[:-1]), str(one.way[-1]) if one.way else ""
    if one.message == UNKNOWN:
        return shape.absent_api_with(above, key) if above in ("demands", "test_data") else ""
    of_operation = above == "claims.operations" and isinstance(one.value, str)
    return shape.absent_api_with(above, str(one.value)) if of_operation else ""


def _other_apis(source: Source, keys_by_api: dict[str, list[str]]) -> None:
    """Say once of each API that the file does not name what in the file belongs to it."""
    for name, keys in keys_by_api.items():
        first, *others = sorted(keys, key=lambda key: source.line_of(key) or 0)
        also = [f"{key} (line {source.line_of(key)})" for key in others]
        so_do = f", as {'do' if also[1:] else 'does'} {', '.join(also)}" if also else ""
        source.problem(
            first,
            f"it belongs to the API {name}, which this file does not name{so_do}.",
            f"Add apis.{name}, or remove {'them' if also else 'it'}.",
        )


def note(
    source: Source, one: Mistake, parents_of: Callable[[str], list[str]] = lambda _: []
) -> None:
    """Note a mistake; the name of an unknown key is shown only where it is a plain word."""
    key, above, cure = dotted(one.way), dotted(one.way[:-1]), one.cure
    if one.message == MISSING:
        sentence = one.about.partition(". ")[0].rstrip(".")
        cure = f"It is {sentence[0].lower()}{sentence[1:]}." if sentence else ""
    if one.message == UNKNOWN:
        word = plain_word(one.way[-1])
        if word is None:
            source.problem(above, UNKNOWN, cure, line=source.line_of(key))
            return
        elsewhere = parents_of(word)
        near = [parent for parent in elsewhere if parent.startswith(f"{above}.")]
        cure = f"It belongs below {any_of([*near, *elsewhere][:1])}." if elsewhere else cure
    source.problem(key, one.message, cure)
