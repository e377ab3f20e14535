"""docs/environments.md has a row for each key whose place in a file nothing else shows, in the schema's words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from .conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = json.loads((ROOT / "schemas" / "environment.schema.json").read_text(encoding="utf-8"))
PLACES = ["test_data", "claims", "claims.accounts", "claims.accounts.NAME", "credential", "safety"]


def _properties(place: str) -> dict[str, Any]:
    if place == "credential":
        return SCHEMA["$defs"]["credential"]["properties"]
    node = SCHEMA
    for name in place.split("."):
        node = SCHEMA["$defs"]["account"] if name == "NAME" else node["properties"][name]
    return node["properties"]


def _rows(place: str) -> Iterator[str]:
    for name, node in _properties(place).items():
        said = node.get("description", "The credential of the account, as below `token`.")
        default = node.get("default")
        more = "" if default in (None, "", []) else f" Default: `{json.dumps(default)}`."
        if "Default:" in said or isinstance(default, list):
            more = ""
        form = " Written as `{id: …, type: …}`." if "type" in node.get("properties", {}) else ""
        yield f"| `{place}.{name}` | {said}{form}{more} |"


@pytest.mark.parametrize("place", PLACES)
def test_each_key_of_the_schema_has_its_row(place: str) -> None:
    lines = (ROOT / "docs" / "environments.md").read_text(encoding="utf-8").splitlines()
    assert [row for row in _rows(place) if row not in lines] == []
    known = {f"`{place}.{name}`" for name in _properties(place)}
    shown = [line.split("|")[1].strip() for line in lines if line.startswith(f"| `{place}.")]
    assert {one for one in shown if one.count(".") == place.count(".") + 1} == known
