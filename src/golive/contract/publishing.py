"""The contract's OpenAPI description as one self-contained document, for programs that make clients and mocks.

In `schemas/` the description refers to files beside it, and puts a rule that is known otherwise than its
neighbours into an `allOf` of its own. Here each file stands under its name in `components.schemas`, and such rules
stand among their neighbours, where generators find them; `x-golive` keeps them as they were, with their marks.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urljoin

from golive import __version__
from golive.contract.operations import ADDRESS, OPENAPI, SCHEMA
from golive.kit.pointers import nodes

if TYPE_CHECKING:
    from golive.contract.document import Contract

SCHEMAS = "#/components/schemas/"
OF_A_FILE = frozenset({"$schema", "$id"})
"""What only a schema in a file of its own says of itself."""

NOTES = frozenset({"description", "x-basis", "x-source"})
"""What is said of a rule; it stays with the rule."""

INSTANT = "date-time"
"""A format that is only noted beside a pattern: a client made from it takes a date, and writes another form of it."""


def self_contained(contract: Contract, folder: str) -> dict[str, Any]:
    """Return the OpenAPI description of the API in this folder, without references to other files.

    Each body with a schema that has an example has that as its own, because mocks look there first. A file that has
    no name in `components.schemas` gets its own name there.
    """
    described, here = contract.apis[folder], f"{ADDRESS}{folder}/{OPENAPI}"
    named = described.get("components", {}).get("schemas", {})
    files = {urljoin(here, node["$ref"]): name for name, node in named.items() if "$ref" in node}
    _name_others(contract, here, files, {*named})
    document: dict[str, Any] = _within(described, here, {**files, here: ""})
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for address, name in files.items():
        schemas[name] = _within(contract.resolve(address, address)[1], address, files)
    _give_examples(document, schemas)
    document["info"]["x-golive"] = {"written-by": f"golive {__version__}"}
    return document


def _name_others(contract: Contract, here: str, files: dict[str, str], taken: set[str]) -> None:
    """Add to `files` each file that the document refers to, directly or by another one, with a name that is free."""
    todo = [here, *files]
    while todo:
        base = todo.pop()
        for node in nodes(contract.resolve(base, base)[1]):
            if not isinstance(node, dict) or not isinstance(node.get("$ref"), str):
                continue
            address = urldefrag(urljoin(base, node["$ref"])).url
            if address == here or address in files:
                continue
            of_folder, name = address.removeprefix(ADDRESS).removesuffix(SCHEMA).rsplit("/", 1)
            files[address] = name if name not in taken else f"{of_folder}-{name}"
            taken.add(files[address])
            todo.append(address)


def as_text(document: dict[str, Any], *, as_json: bool) -> str:
    """Write the document as JSON or as YAML."""
    if as_json:
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    import yaml

    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - yaml gives it
            return True

    text: str = yaml.dump(document, Dumper=Plain, sort_keys=False, allow_unicode=True, width=100)
    return text


def _within(node: Any, base: str, files: dict[str, str]) -> Any:
    """Copy a node of the document `base`, with each reference as one within the whole."""
    if isinstance(node, list):
        return [_within(one, base, files) for one in node]
    if not isinstance(node, dict):
        return node
    copied = {k: _within(v, base, files) for k, v in node.items() if k not in OF_A_FILE}
    if "allOf" in copied:
        copied = _among_neighbours(copied)
    if isinstance(node.get("$ref"), str):
        target, fragment = urldefrag(urljoin(base, node["$ref"]))
        named = files[target]  # the document itself has no name
        copied["$ref"] = f"{SCHEMAS}{named}{fragment}" if named else f"#{fragment}"
    return copied


def _among_neighbours(schema: dict[str, Any]) -> dict[str, Any]:
    """Put the rules of an `allOf` into the schema itself, unless one refers to another schema.

    A rule stays in `allOf` where the schema has a keyword of that name already.
    """
    rules = schema["allOf"]
    if any("$ref" in rule for rule in rules):
        return schema
    whole = {k: v for k, v in schema.items() if k != "allOf"}
    moved, kept = [], []
    for rule in rules:
        said = {k: v for k, v in rule.items() if k not in NOTES}
        marks = {k: v for k, v in rule.items() if k in NOTES - {"description"}}
        members = {k: {**marks, **v} for k, v in said.pop("properties", {}).items()}
        required = [*whole.get("required", ()), *said.pop("required", ())]
        if said.keys() & whole.keys() or members.keys() & whole.get("properties", {}).keys():
            kept.append(rule)
            continue
        whole |= said
        if members:
            whole["properties"] = {**whole.get("properties", {}), **members}
        if required:
            whole["required"] = required
        moved.append({k: v for k, v in rule.items() if k != "properties"})
    if "pattern" in whole and whole.get("format") == INSTANT:
        moved.append({"format": whole.pop("format")})
    if moved:
        whole["x-golive"] = {"rules": moved}
    return whole | ({"allOf": kept} if kept else {})


def _give_examples(document: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Put the first example of its schema beside each media type's schema."""
    for node in nodes(document):
        content = node.get("content") if isinstance(node, dict) else None
        # A member or an example may have that name, too.
        if not isinstance(content, dict) or not all("/" in name for name in content):
            continue
        for media in content.values():
            name = media.get("schema", {}).get("$ref", "").removeprefix(SCHEMAS)
            if schemas.get(name, {}).get("examples"):
                media["example"] = schemas[name]["examples"][0]
