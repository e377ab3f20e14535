"""Tavern's way to JSON Schema: a function that it calls with the answer. The schemas are golive's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

SCHEMAS = Path(__file__).parents[2] / "schemas"
FILES = [*SCHEMAS.glob("messages-20241001/*.json"), *SCHEMAS.glob("oauth/*.json")]
REGISTRY: Any = Registry().with_resources(
    (schema["$id"], Resource.from_contents(schema))
    for schema in (json.loads(file.read_text(encoding="utf-8")) for file in FILES)
)


def keeps(response: Any, *, schema: str) -> None:
    """Raise unless the answer keeps the schema of that name, such as `oauth/token-response`."""
    contents = json.loads((SCHEMAS / f"{schema}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(contents, registry=REGISTRY).validate(response.json())
