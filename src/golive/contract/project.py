"""What the project in the current folder adds to the contract: files in `./schemas`, data alone.

They add and tighten. A row, a schema or an API of golive's stays as it is: a file that would replace or weaken one is
refused, with everything else that is wrong, as a ConfigurationProblem. What they demand is known as `own`, a demand of
the project and of nobody else.

`errors.yaml`, `requirements.yaml`: more rows, at the top and in the folder of an API
`API/NAME.overlay.yaml`: a JSON Schema that holds beside golive's `API/NAME.schema.json`
`API/openapi.yaml` with `*.schema.json`: an API that golive does not describe
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golive.contract.label import Basis
from golive.contract.learnt import with_learnt
from golive.contract.operations import ADDRESS, OPENAPI, SCHEMA
from golive.contract.project_files import OVERLAY, Reading, schema_files
from golive.contract.project_rules import check
from golive.kit.files import own_folder, resources
from golive.kit.pointers import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def own_schemas(folder: Path) -> Path | None:
    """Give the `schemas` folder of the current project for golive's own, None for another one and where there is none.

    Raises ConfigurationProblem with everything that is wrong in it.
    """
    own = own_folder("schemas") if folder == resources() / "schemas" else None
    if own is not None:
        check(own, folder)
    return own


def api_documents(own: Path) -> dict[str, Any]:
    """Return the OpenAPI documents of the project's own APIs by their folders; what they promise is its demand."""
    read = {file: Reading(file).content for file in sorted(own.glob(f"*-*/{OPENAPI}"))}
    documents = {file.parent.name: document for file, document in read.items()}
    for document in documents.values():
        for item in document["paths"].values():
            for operation in item.values():
                for response in _responses(operation):
                    for one in (response, *response.get("headers", {}).values()):
                        one.setdefault("x-basis", str(Basis.OWN))
    return documents


def _responses(operation: Any) -> list[dict[str, Any]]:
    found = operation.get("responses", {}).values() if isinstance(operation, dict) else ()
    return [one for one in found if isinstance(one, dict) and "$ref" not in one]


def extended(documents: Mapping[str, Any], own: Path) -> dict[str, Any]:
    """Return the contract's schemas by address with those of the project, and its overlays in golive's."""
    found = with_learnt(documents, own)
    for file in schema_files(own):
        content = {k: v for k, v in Reading(file).content.items() if k != "$schema"}
        address = ADDRESS + file.relative_to(own).as_posix()
        found[address] = {"x-basis": str(Basis.OWN)} | content
    for file in sorted(own.glob(f"*/*{OVERLAY}")):
        name = file.relative_to(own).as_posix()
        address = ADDRESS + name.removesuffix(OVERLAY) + SCHEMA
        rule = {**Reading(file).content, "x-basis": str(Basis.OWN)}
        rule.setdefault("x-source", f"schemas/{name}")
        whole = found[address]
        found[address] = {**whole, "allOf": [*whole.get("allOf", ()), rule]}
    return found


def member_names(node: Any) -> Iterator[str]:
    """Yield the names of members in a demand of the project's: its other words are no reason to show a value."""
    for one in nodes(node):
        named, required = (
            (one.get("properties"), one.get("required")) if isinstance(one, dict) else (None, None)
        )
        yield from named if isinstance(named, dict) else ()
        if isinstance(required, list):
            yield from (name for name in required if isinstance(name, str))
