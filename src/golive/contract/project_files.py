"""One file of a `schemas` folder: its content, and what is wrong with it by line and key."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

from golive.contract.operations import OPENAPI, SCHEMA
from golive.contract.outcomes import SuiteError
from golive.kit.files import SAFE_LOADER, read_regular, repeated_keys, resources
from golive.kit.problems import Problem, plain_word, shown_path, yaml_mistake
from golive.kit.schema_mistakes import mistakes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

OVERLAY = ".overlay.yaml"
MOST_BYTES = 5_000_000


class Reading:
    """A file as it was read; `content` is None where that failed, and a problem says why.

    YAML is read for JSON as well, of which it is a superset: so both have lines.
    """

    def __init__(self, file: Path, shown: str = "") -> None:
        self.file = file
        self.shown = shown or shown_path(file)
        self.content: Any = None
        self.problems: list[Problem] = []
        self._text = ""
        self._node: yaml.Node | None = None
        try:
            self._read()
        except yaml.MarkedYAMLError as error:
            line, message, cure = yaml_mistake(_closer(self._text) or error, self._text)
            self._note(line, "", message, cure)
        except (OSError, ValueError, TypeError, RecursionError, yaml.YAMLError) as error:
            words = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
            self._note(None, "", f"the file can't be read ({words}).", "Save it as UTF-8 text.")

    def _read(self) -> None:
        data = read_regular(self.file, MOST_BYTES)
        if len(data) > MOST_BYTES:
            raise ValueError(len(data))
        self._text = data.decode("utf-8-sig")
        loader = SAFE_LOADER(self._text)
        self._node = loader.get_single_node()
        if self._node is None:
            return
        for word, line in repeated_keys(self._node):
            self._note(
                line, plain_word(word) or "", "this key stands twice.", "Keep one of the two."
            )
        content = loader.construct_document(self._node)
        json.dumps(content)  # raises for what a date or a reference to itself would be in a schema
        self.content = content

    def problem(self, way: Sequence[str | int] | str, message: str, cure: str = "") -> None:
        """Note a problem at the place to which these keys and numbers lead."""
        way = [] if isinstance(way, str) else list(way)
        self._note(self._line(way), _dotted(way), message, cure)

    def is_mapping(self) -> bool:
        """Say whether the file holds keys with values; a problem is noted where it does not."""
        if self.problems or isinstance(self.content, dict):
            return not self.problems
        self.problem("", "the file is not a mapping of keys to values.", "Write keys with values.")
        return False

    def keeps(self, schema: Path) -> bool:
        """Say whether the file keeps the JSON Schema in another one; each violation is noted where it is not."""
        if self.is_mapping():
            for one in mistakes(json.loads(schema.read_text("utf-8")), self.content):
                self.problem(one.way, one.message, one.cure or one.about)
        return not self.problems

    def _line(self, way: Sequence[str | int]) -> int | None:
        """Return the line of the deepest place on the way that is there; None for the whole file."""
        node, line = self._node, None
        for step in way:
            if isinstance(node, yaml.MappingNode):
                pairs = [pair for pair in node.value if pair[0].value == step]
                if not pairs:
                    break
                line, node = pairs[0][0].start_mark.line + 1, pairs[0][1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
                node = node.value[step]
                line = node.start_mark.line + 1
        return line

    def _note(self, line: int | None, key: str, message: str, cure: str) -> None:
        self.problems.append(Problem(self.shown, line, key, message, cure))


def _closer(text: str) -> yaml.MarkedYAMLError | None:
    """Return what the slower parser says, which knows where a bracket was opened; None where it finds nothing."""
    try:
        yaml.compose(text, yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        return error
    return None


def _dotted(way: Sequence[str | int]) -> str:
    found = ""
    for step in way:
        found += f"[{step}]" if isinstance(step, int) else f".{step}" if found else str(step)
    return found


def whole(file: Path, schema: Path, shown: str = "") -> dict[str, Any]:
    """Return a file that keeps its JSON Schema, or else raise SuiteError with the first thing that is wrong in it."""
    reading = Reading(file, shown)
    if not reading.keeps(schema):
        raise SuiteError(str(reading.problems[0]))
    content: dict[str, Any] = reading.content
    return content


def schema_files(own: Path) -> list[Path]:
    """Return the project's JSON Schemas, in the folders of APIs alone: a repository may have others in `schemas`."""
    theirs = resources() / "schemas"
    return [
        file
        for file in sorted(own.glob(f"*/*{SCHEMA}"))
        if (file.parent / OPENAPI).is_file() or (theirs / file.parent.name).is_dir()
    ]
