"""What a project may add to the contract: each file of its `schemas` folder is held against golive's own."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from golive.contract.apis import read_document
from golive.contract.label import Basis
from golive.contract.operations import OPENAPI, SCHEMA, operations_in
from golive.contract.outcomes import SuiteError
from golive.contract.project_files import OVERLAY, Reading, schema_files
from golive.contract.tables import files, tables
from golive.kit.json_schema import what_is_wrong_with
from golive.kit.pointers import steps_of, value_at
from golive.kit.problems import ConfigurationProblem, did_you_mean, in_line_order

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TOKEN_BASES = frozenset({"token", "token-jwt"})
"""The bases of error cases that are no operation of an API: a token request with Basic, and with a signed assertion."""

TABLES = {
    "errors.yaml": ("errors.schema.json", "cases"),
    "requirements.yaml": ("requirements.schema.json", "requirements"),
}
OF_WHOLE_FILES = frozenset({"$id", "$schema", "$anchor", "$dynamicAnchor", "$defs", "$vocabulary"})
"""Keywords of a schema that stands alone; an overlay becomes a part of golive's."""

ONLY_OWN = (
    'Write "own", or leave it out: what a project demands is neither a standard nor Oracle\'s.'
)


@lru_cache(maxsize=4)
def check(own: Path, folder: Path) -> None:
    """Raise ConfigurationProblem with everything that is wrong in a project's `schemas`; `folder` is golive's."""
    documents = {
        file.parent.name: read_document(file) for file in sorted(folder.glob(f"*/{OPENAPI}"))
    }
    readings = [
        *_check_apis(own, documents),
        *_check_schemas(own, folder),
        *_check_overlays(own, folder),
        *_check_rows(own, folder, {one.name for one in operations_in(documents).values()}),
    ]
    problems = [problem for one in readings for problem in in_line_order(one.problems)]
    if problems:
        raise ConfigurationProblem(problems)


def _check_apis(own: Path, known: dict[str, dict[str, Any]]) -> list[Reading]:
    """Look at the project's APIs; those that are in order join the `known` ones, which are golive's."""
    readings = [Reading(file) for file in sorted(own.glob(f"*-*/{OPENAPI}"))]
    for reading in readings:
        name = reading.file.parent.name
        if name in known:
            reading.problem(
                "",
                "golive describes this API itself, and its description is not replaced.",
                f"Delete the file; add to golive's schemas by {name}/NAME{OVERLAY}.",
            )
        elif reading.is_mapping() and not isinstance(reading.content.get("paths"), dict):
            reading.problem("", "this is not an OpenAPI document with paths.", "Write its paths.")
        elif not reading.problems:
            try:
                operations_in({**known, name: reading.content})
            except SuiteError as error:
                words = f"{error}".removeprefix(f"{name}/{OPENAPI}: ")
                reading.problem("", f"{words}.", "See golive's docs/writing-an-api.md.")
            except (LookupError, TypeError, AttributeError) as error:
                reading.problem(
                    "",
                    f"the description can't be understood ({type(error).__name__}: {error}).",
                    "Hold it against OpenAPI 3.1 and golive's docs/writing-an-api.md.",
                )
            else:
                known[name] = reading.content
    return readings


def _check_schemas(own: Path, folder: Path) -> list[Reading]:
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
        elif reading.is_mapping() and (wrong := what_is_wrong_with(reading.content)):
            reading.problem("", f"this is not a JSON Schema (draft 2020-12): {wrong}.")
    return readings


def _check_overlays(own: Path, folder: Path) -> list[Reading]:
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
            if wrong := what_is_wrong_with(reading.content):
                reading.problem("", f"this is not a JSON Schema (draft 2020-12): {wrong}.")
            _check_nodes(reading, target, reading.content, ())
    return readings


def _check_nodes(reading: Reading, target: Path, node: Any, way: tuple[str | int, ...]) -> None:
    """Note what an overlay may not say, and references that lead nowhere."""
    if isinstance(node, list):
        for number, one in enumerate(node):
            _check_nodes(reading, target, one, (*way, number))
    if not isinstance(node, dict):
        return
    for key in node.keys() & OF_WHOLE_FILES:
        reading.problem(
            (*way, key),
            "an overlay becomes a part of golive's schema and can't have this keyword.",
            "Write the rule at the place where it holds.",
        )
    if node.get("x-basis", Basis.OWN) != Basis.OWN:
        reading.problem((*way, "x-basis"), "an overlay is the project's own demand.", ONLY_OWN)
    reference = node.get("$ref")
    if isinstance(reference, str) and not _leads_on(reference, target):
        reading.problem(
            (*way, "$ref"),
            f"nothing is there, as seen from golive's {target.parent.name}/{target.name}.",
            "Refer to a schema of golive's by its file's name, or write the rule here.",
        )
    for key, one in node.items():
        _check_nodes(reading, target, one, (*way, key))


def _leads_on(reference: str, target: Path) -> bool:
    file, _, fragment = reference.partition("#")
    try:
        document = json.loads((target.parent / file if file else target).read_text("utf-8"))
        value_at(document, steps_of(fragment))
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return False
    return True


def _check_rows(own: Path, folder: Path, names: set[str]) -> list[Reading]:
    """Look at the project's rows; `names` are those of the operations that are known."""
    readings = []
    for name, (schema, key) in TABLES.items():
        taken: dict[str, str] = {}
        for _, row in tables(folder, name, schema, key):
            taken.update(_claims(row, "golive"))
        rules = json.loads((folder / schema).read_text("utf-8"))
        for file in (one for one in files(own, name) if one.is_file()):
            reading = Reading(file)
            readings.append(reading)
            if not reading.is_mapping() or not reading.keeps(rules):
                continue
            for number, row in enumerate(reading.content[key]):
                _check_row(reading, (key, number), row, taken, names)
                taken.update(_claims(row, reading.shown))
    return readings


def _claims(row: dict[str, Any], whose: str) -> dict[str, str]:
    """Return what no other row may have: its id and, of an error case, its request."""
    found = {f"id {row['id']}": whose}
    if "base" in row:
        found[_request(row)] = f"{row['id']} of {whose}"
    return found


def _request(row: dict[str, Any]) -> str:
    return f"request {row['base']} {json.dumps(row['change'], sort_keys=True, default=str)}"


def _check_row(
    reading: Reading,
    way: tuple[str | int, ...],
    row: dict[str, Any],
    taken: Mapping[str, str],
    names: set[str],
) -> None:
    if whose := taken.get(f"id {row['id']}"):
        cure = "Choose another id: a row adds, and replaces none."
        reading.problem((*way, "id"), f"{whose} has a row of this id.", cure)
    if row["basis"] != Basis.OWN:
        reading.problem((*way, "basis"), "a row of a project's is its own demand.", ONLY_OWN)
    if "base" not in row:
        return
    if row["base"] not in names | TOKEN_BASES:
        known = did_you_mean(row["base"], names | TOKEN_BASES)
        cure = known or f"There are: {', '.join(sorted(names | TOKEN_BASES))}."
        reading.problem((*way, "base"), "no operation has this x-golive-name.", cure)
    elif whose := taken.get(_request(row)):
        reading.problem(
            (*way, "change"),
            f"the row {whose} makes the same request.",
            "Change the request in another way, or demand more in a check of your own.",
        )
