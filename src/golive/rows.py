"""Files of rows that golive itself ships, such as `schemas/errors.yaml`: read, and held against their JSON Schema.

What is wrong with such a file is the suite's own fault, so it is a SuiteError and names the row.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from golive.findings import SuiteError
from golive.schema_check import keeps

if TYPE_CHECKING:
    from pathlib import Path


def read_rows(file: Path, schema: Path, key: str) -> list[dict[str, Any]]:
    """Return the rows that stand below `key` in a YAML file, in their order.

    `schema` is the JSON Schema of the whole file. Raises SuiteError with the row and what is wrong with it.
    """
    import yaml

    from golive.shipped_yaml import SAFE_LOADER

    try:
        loader = SAFE_LOADER(file.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        _refuse_repeated_keys(file.name, node)
        content: Any = None if node is None else loader.construct_document(node)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise SuiteError(f"{file.name} can't be read: {error}") from None
    rules = json.loads(schema.read_text(encoding="utf-8"))
    if not keeps(rules, content):
        _explain(file.name, rules, content, key)
    rows: list[dict[str, Any]] = content[key]
    return rows


def _explain(name: str, rules: Any, content: Any, key: str) -> None:
    from jsonschema import Draft202012Validator

    for problem in Draft202012Validator(rules).iter_errors(content):
        where = _row_name(content, key, problem.absolute_path)
        raise SuiteError(f"{name}: {where}: {problem.message}")


def _refuse_repeated_keys(name: str, node: Any) -> None:
    """Refuse a key that stands twice in one mapping: YAML would silently keep only the last."""
    import yaml

    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_repeated_keys(name, item)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            word = str(key.value)
            if word in seen:
                raise SuiteError(f"{name}:{key.start_mark.line + 1}: the key {word} stands twice")
            seen.add(word)
            _refuse_repeated_keys(name, value)


def _row_name(content: Any, key: str, path: Any) -> str:
    steps = list(path)
    try:
        return f"row {steps[1] + 1} ({content[key][steps[1]]['id']})"
    except (IndexError, KeyError, TypeError):
        return "/".join(map(str, steps)) or "the whole file"
