"""What a project may add to the contract: each file of its `schemas` folder is held against golive's own."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from golive.contract.apis import MARK, read_document
from golive.contract.descriptions import operations_in
from golive.contract.label import Basis
from golive.contract.learnt import check_learnt
from golive.contract.operations import OPENAPI
from golive.contract.outcomes import SuiteError
from golive.contract.project_files import OVERLAY, Reading
from golive.contract.project_mapping import check_mapping
from golive.contract.project_openapi import check_openapi, check_references
from golive.contract.project_schemas import ONLY_OWN, check_document, check_overlays, check_schemas
from golive.contract.tables import files, tables
from golive.kit.problems import ConfigurationProblem, in_line_order, which

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TOKEN_BASES = frozenset({"token", "token-jwt", "token-jwt-rsa"})
"""The bases of error cases that are no operation of an API: token requests with Basic and with signed assertions."""

TABLES = {
    "errors.yaml": ("errors.schema.json", "cases"),
    "requirements.yaml": ("requirements.schema.json", "requirements"),
}


@lru_cache(maxsize=4)
def check(own: Path, folder: Path) -> None:
    """Raise ConfigurationProblem with everything that is wrong in a project's `schemas`; `folder` is golive's."""
    documents = {
        file.parent.name: read_document(file) for file in sorted(folder.glob(f"*/{OPENAPI}"))
    }
    apis = _check_apis(own, folder, documents)
    names = {one.name for one in operations_in(documents).values()}
    schemas = check_schemas(own, folder)
    for reading in schemas:
        if not reading.problems:
            check_references(reading, folder)
    readings = [
        *apis,
        *schemas,
        *check_overlays(own, folder),
        *check_mapping(own, folder),
        *check_learnt(own, folder, documents),
        # What an API calls its operations is not known before it is in order.
        *_check_rows(own, folder, None if any(one.problems for one in apis) else names),
    ]
    problems = [problem for one in readings for problem in in_line_order(one.problems)]
    if problems:
        raise ConfigurationProblem(problems)


def _check_apis(own: Path, folder: Path, known: dict[str, dict[str, Any]]) -> list[Reading]:
    """Look at the project's APIs; those that are in order join the `known` ones, which are golive's."""
    test_data = [key for one in known.values() for key in one.get(MARK, {})]
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
            check_openapi(reading, folder, test_data)
            check_document(reading)
            try:
                operations_in({**known, name: reading.content})
            except SuiteError as error:
                words = f"{error}".removeprefix(f"{name}/{OPENAPI}: ")
                reading.problem("", f"{words}.", "See golive's docs/writing-an-api.md.")
            except (LookupError, TypeError, AttributeError) as error:
                if not reading.problems:  # else one of them is why
                    reading.problem(
                        "",
                        f"the description can't be understood ({type(error).__name__}: {error}).",
                        "Hold it against OpenAPI 3.1 and golive's docs/writing-an-api.md.",
                    )
            else:
                known |= {} if reading.problems else {name: reading.content}
    return readings


def _check_rows(own: Path, folder: Path, names: set[str] | None) -> list[Reading]:
    """Look at the project's rows; `names` are those of the operations, None where they can't be known."""
    readings = []
    for name, (schema, key) in TABLES.items():
        taken: dict[str, str] = {}
        for _, row in tables(folder, name, schema, key):
            taken.update(_claims(row, "golive"))
        for file in (one for one in files(own, name) if one.is_file()):
            reading = Reading(file)
            readings.append(reading)
            if not reading.keeps(folder / schema):
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
    names: set[str] | None,
) -> None:
    if whose := taken.get(f"id {row['id']}"):
        cure = "Choose another id: a row adds, and replaces none."
        reading.problem((*way, "id"), f"{whose} has a row of this id.", cure)
    if row["basis"] != Basis.OWN:
        reading.problem((*way, "basis"), "a row of a project's is its own demand.", ONLY_OWN)
    if "base" not in row:
        return
    if names is not None and row["base"] not in names | TOKEN_BASES:
        cure = which(row["base"], names | TOKEN_BASES)
        reading.problem((*way, "base"), "no operation has this x-golive-name.", cure)
    elif whose := taken.get(_request(row)):
        reading.problem(
            (*way, "change"),
            f"the row {whose} makes the same request.",
            "Change the request in another way, or demand more in a check of your own.",
        )
