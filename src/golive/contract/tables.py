"""Tables of rows below `schemas/`: NAME.yaml, and one of that name in the folder of each API, read together.

Each is held against its JSON Schema. What is wrong with such a file is the suite's own fault: a SuiteError that names
the row. (A project's files are looked at before, see `golive.contract.project`.)
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

from golive.contract.outcomes import SuiteError
from golive.kit.files import SAFE_LOADER, repeated_keys
from golive.kit.json_schema import keeps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def files(folder: Path, name: str) -> list[Path]:
    """Return the files of the table `name` below a `schemas/` folder: the one of all APIs, then that of each."""
    return [folder / name, *sorted(folder.glob(f"*/{name}"))]


def tables(
    folder: Path, name: str, schema: str, key: str, own: Path | None = None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the rows of the table `name` below a `schemas/` folder and in those of its APIs, each with its file.

    Those of a project's `schemas` folder, `own`, come last.
    """
    theirs = [(own, one) for one in files(own, name) if one.is_file()] if own else []
    for root, file in (*((folder, one) for one in files(folder, name)), *theirs):
        shown = file.relative_to(root).as_posix()
        for row in _rows(file, shown, folder / schema, key):
            yield shown, row


def _rows(file: Path, name: str, schema: Path, key: str) -> list[dict[str, Any]]:
    """Return the rows that stand below `key` in a YAML file, in their order.

    `schema` is the JSON Schema of the whole file. Raises SuiteError with the file as it is called (`name`), the row and
    what is wrong with it.
    """
    try:
        loader = SAFE_LOADER(file.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        for word, line in repeated_keys(node):
            raise SuiteError(f"{name}:{line}: the key {word} stands twice")
        content: Any = None if node is None else loader.construct_document(node)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise SuiteError(f"{name} can't be read: {error}") from None
    rules = json.loads(schema.read_text(encoding="utf-8"))
    if not keeps(rules, content):
        _explain(name, rules, content, key)
    rows: list[dict[str, Any]] = content.get(key, [])
    return rows


def _explain(name: str, rules: Any, content: Any, key: str) -> None:
    from jsonschema import Draft202012Validator

    for problem in Draft202012Validator(rules).iter_errors(content):
        where = _row_name(content, key, problem.absolute_path)
        raise SuiteError(f"{name}: {where}: {problem.message}")


def _row_name(content: Any, key: str, path: Any) -> str:
    steps = list(path)
    try:
        return f"row {steps[1] + 1} ({content[key][steps[1]]['id']})"
    except (IndexError, KeyError, TypeError):
        return "/".join(map(str, steps)) or "the whole file"
