"""What was read from an environment file: data by dotted keys, the lines of the keys, and the problems so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from golive.kit.problems import ConfigurationProblem, Problem, in_line_order, shown_path

if TYPE_CHECKING:
    from collections.abc import Container
    from pathlib import Path

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
