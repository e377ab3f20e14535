"""OpenAPI descriptions of APIs, read to operations: what they refer to within a document is in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golive.contract.operations import METHODS, OPENAPI, Operation
from golive.contract.outcomes import SuiteError
from golive.kit.pointers import steps_of, value_at

if TYPE_CHECKING:
    from collections.abc import Mapping


def operations_in(documents: Mapping[str, dict[str, Any]]) -> dict[str, Operation]:
    """Return the operations of these descriptions, which are given by their folders, by operationId.

    Raises SuiteError where two operations share an id or a name, or a folder is not named by its version.
    """
    servers = {_server(one): _api(folder, one) for folder, one in documents.items()}
    found: dict[str, Operation] = {}
    names: dict[str, str] = {}
    for folder, document in documents.items():
        for path, item in document["paths"].items():
            shared = item.get("parameters", [])
            for method in sorted(METHODS & item.keys(), key=list(item).index):
                node = _whole(item[method], document)
                parameters = _whole([*shared, *node.get("parameters", [])], document)
                one = Operation(
                    operation_id=node["operationId"],
                    name=node.get("x-golive-name", node["operationId"]),
                    api=servers.get(_server(node) or _server(document), _api(folder, document)),
                    folder=folder,
                    version=document["info"]["version"],
                    method=method.upper(),
                    path=path,
                    scopes=scopes_of(node, document),
                    description=node,
                    parameters=tuple(parameters),
                )
                for name in {one.operation_id, one.name}:
                    if name in names:
                        raise SuiteError(
                            f"{one.document}: {names[name]} has an operation {name}, too"
                        )
                    names[name] = one.document
                found[one.operation_id] = one
    return found


def _api(folder: str, document: dict[str, Any]) -> str:
    version = document["info"]["version"]
    name = folder.removesuffix(f"-{version}")
    if name == folder:
        raise SuiteError(f"{folder}/{OPENAPI}: the folder's name does not end in -{version}")
    return name


def _server(node: dict[str, Any]) -> str:
    servers = node.get("servers") or [{}]
    return str(servers[0].get("url", ""))


def scopes_of(node: dict[str, Any], document: dict[str, Any]) -> tuple[str, ...]:
    """Return the scopes that an operation demands, its own or else its document's: those of the first alternative."""
    demanded = node.get("security", document.get("security", []))
    return tuple(scope for one in demanded[:1] for scopes in one.values() for scope in scopes)


def _whole(node: Any, document: dict[str, Any], seen: tuple[str, ...] = ()) -> Any:
    """Return a node with what its references within the document lead to; one that leads back stays as it is."""
    if isinstance(node, list):
        return [_whole(one, document, seen) for one in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/") and reference not in seen:
        target = value_at(document, steps_of(reference[1:]))
        return _whole(target, document, (*seen, reference))
    return {key: _whole(value, document, seen) for key, value in node.items()}
