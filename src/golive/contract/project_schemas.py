"""The schemas of a project, its own and those that add to golive's: whether each of their rules is one that holds.

A validator ignores a keyword that it does not know: a misspelt rule would demand nothing, and nobody would see it.
What is no rule has a name that begins with `x-`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golive.contract.label import Basis
from golive.contract.operations import SCHEMA
from golive.contract.project_files import OVERLAY, Reading, schema_files
from golive.contract.project_openapi import check_references
from golive.kit.json_schema import FORMATS, keywords, mistakes_in, subschemas
from golive.kit.pointers import members
from golive.kit.problems import did_you_mean, which

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    Way = tuple[str | int, ...]

OF_OPENAPI = frozenset({"discriminator", "example", "externalDocs", "xml"})
"""What OpenAPI 3.1 adds to the keywords of JSON Schema."""

MARK = "x-golive-"
MARKS = frozenset(
    MARK + name
    for name in ("denied", "items", "name", "personal", "probe", "repeatable", "test-data")
)
"""All of them, as docs/writing-an-api.md describes them."""
OF_WHOLE_FILES = frozenset({"$id", "$schema", "$anchor", "$dynamicAnchor", "$defs", "$vocabulary"})
"""Keywords of a schema that stands alone; an overlay becomes a part of golive's."""

ONLY_OWN = (
    'Write "own", or leave it out: what a project demands is neither a standard nor Oracle\'s.'
)


def check_schemas(own: Path, folder: Path) -> list[Reading]:
    """Look at the schemas of the project's APIs; `folder` is golive's `schemas`."""
    readings = [Reading(file) for file in schema_files(own)]
    for reading in readings:
        name = reading.file.relative_to(own)
        if (folder / name).exists():
            overlay = reading.file.name.removesuffix(SCHEMA) + OVERLAY
            reading.problem(
                "",
                "golive has a schema of this name, and it is not replaced.",
                f"Name it {overlay}: it holds beside golive's then.",
            )
        elif reading.is_mapping():
            _check_rules(reading, reading.content, ())
    return readings


def check_overlays(own: Path, folder: Path) -> list[Reading]:
    """Look at what the project adds to golive's schemas."""
    readings = [Reading(file) for file in sorted(own.glob("**/*.overlay.*"))]
    known = [
        one.relative_to(folder).as_posix().removesuffix(SCHEMA) + OVERLAY
        for one in folder.glob(f"*/*{SCHEMA}")
    ]
    for reading in readings:
        name = reading.file.relative_to(own).as_posix()
        target = folder / (name.removesuffix(OVERLAY) + SCHEMA)
        if not name.endswith(OVERLAY) or not target.is_file():
            reading.problem(
                "",
                "golive has no schema of this name to add to.",
                f"{did_you_mean(name, known)} An overlay is named API/NAME{OVERLAY}.".strip(),
            )
        elif reading.is_mapping():
            _check_rules(reading, reading.content, ())
            check_references(reading, folder, Reading(target).content)
            for way, node in subschemas(reading.content):
                _check_addition(reading, node, way)
    return readings


def check_document(reading: Reading) -> None:
    """Look at the schemas within an OpenAPI document, and at golive's marks: a misspelt one would protect nobody."""
    for way, schema in _schemas_in(reading.content, ()):
        _check_rules(reading, schema, way)
    for way, key in _marks_in(reading.content, ()):
        _check_mark(reading, way, key)


def _check_rules(reading: Reading, schema: Any, at: Way) -> None:
    for way, message in mistakes_in(schema):
        words = f"this is not a JSON Schema (draft 2020-12): {message}."
        reading.problem((*at, *way), words)
    for way, node in subschemas(schema, at):
        for key in map(str, node):
            _check_mark(reading, (*way, key), key)
            if key not in keywords().keys() | OF_OPENAPI and not key.startswith("x-"):
                cure = did_you_mean(key, keywords())
                reading.problem(
                    (*way, key),
                    "JSON Schema (draft 2020-12) has no keyword of this name, so it would demand nothing.",
                    cure or "Correct it; the name of what is no rule begins with x-.",
                )
        form = node.get("format")
        if isinstance(form, str) and form not in FORMATS and (near := did_you_mean(form, FORMATS)):
            words = "this is no format of JSON Schema, so it would demand nothing."
            reading.problem((*way, "format"), words, near)


def _check_mark(reading: Reading, way: Way, key: str) -> None:
    if key.startswith(MARK) and key not in MARKS:
        reading.problem(way, "golive has no mark of this name.", which(key, MARKS))


def _check_addition(reading: Reading, node: dict[str, Any], way: Way) -> None:
    """Note what an overlay may not say."""
    for key in node.keys() & OF_WHOLE_FILES:
        reading.problem(
            (*way, key),
            "an overlay becomes a part of golive's schema and can't have this keyword.",
            "Write the rule at the place where it holds.",
        )
    if node.get("x-basis", Basis.OWN) != Basis.OWN:
        reading.problem((*way, "x-basis"), "an overlay is the project's own demand.", ONLY_OWN)


def _schemas_in(node: Any, way: Way) -> Iterator[tuple[Way, Any]]:
    """Yield the outermost schemas of an OpenAPI document, each with the way to it."""
    for key, one in members(node):
        if way == ("components",) and key == "schemas":
            yield from (((*way, key, name), schema) for name, schema in members(one))
        elif key == "schema":
            yield (*way, key), one
        elif key not in ("example", "examples"):
            yield from _schemas_in(one, (*way, key))


def _marks_in(node: Any, way: Way) -> Iterator[tuple[Way, str]]:
    for key, one in members(node):
        yield (*way, key), str(key)
        yield from _marks_in(one, (*way, key))
