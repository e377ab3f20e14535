"""The OpenAPI document of a project's API: whether OpenAPI has each key, and each reference leads somewhere.

A misspelt key would be read by nobody, and a reference that leads nowhere would end a run after its requests were sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin

from golive.contract.operations import ADDRESS, METHODS, OPENAPI, SCHEMA
from golive.contract.project_files import Reading
from golive.kit.pointers import found_at, members
from golive.kit.problems import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    Way = tuple[str | int, ...]

FORMS = {
    "document": "openapi jsonSchemaDialect info!=info servers=[server paths!={path webhooks components=components "
    "security tags externalDocs",
    "info": "title version! summary description termsOfService contact license",
    "server": "url! name description variables",
    "path": "summary description servers=[server parameters=[parameter "
    + " ".join(f"{method}=operation" for method in sorted(METHODS)),
    "operation": "operationId! tags summary description externalDocs parameters=[parameter requestBody=body "
    "responses!={response callbacks deprecated security servers=[server",
    "parameter": "name! in! description required deprecated allowEmptyValue style explode allowReserved schema "
    "example examples content={media",
    "body": "description content!={media required",
    "response": "description headers={header content={media links={link",
    "media": "schema example examples encoding",
    "header": "description required deprecated style explode schema example examples content={media",
    "link": "operationRef operationId parameters requestBody description server",
    "components": "schemas responses={response parameters={parameter examples requestBodies={body headers={header "
    "securitySchemes links={link callbacks pathItems={path",
}
"""The objects of OpenAPI 3.1 that golive reads: their keys, `!` after one that must be there, `=` before what stands
there: an object, `[` a list of them, `{` a mapping to them."""

STATUS = re.compile("[1-5](?:[0-9]{2}|XX)|default")
EXAMPLES = frozenset({"const", "default", "enum", "example", "examples", "value"})
"""Keys below which anything may stand."""

MISSPELT = 0.85
"""How alike two keys of test data are that are one, misspelt (difflib's ratio)."""
TEST_DATA, ITEMS = "x-golive-test-data", "x-golive-items"


@dataclass(frozen=True)
class _Key:
    required: bool
    kind: str
    many: str

    @classmethod
    def of(cls, word: str) -> tuple[str, _Key]:
        name, _, kind = word.partition("=")
        return name.rstrip("!"), cls(
            "!" in name, kind.lstrip("[{"), kind[:1] if kind[:1] in "[{" else ""
        )


def check_openapi(reading: Reading, folder: Path, test_data: Iterable[str]) -> None:
    """Note what is wrong in the document; `folder` is golive's `schemas`, `test_data` are golive's keys."""
    _check_object(reading, "document", reading.content, ())
    check_references(reading, folder)
    declared = reading.content.get(TEST_DATA)
    known = [*test_data, *(declared if isinstance(declared, dict) else ())]
    for way, node in _nodes(reading.content, ()):
        named, items = str(node.get(TEST_DATA, "")), node.get(ITEMS)
        meant = get_close_matches(named, known, 1, MISSPELT)
        if way and named not in known and meant:  # any other key is one of the document's own
            cure = f'Did you mean "{meant[0]}"?'
            reading.problem((*way, TEST_DATA), "there is no test data of this key.", cure)
        if items is not None and not str(items).startswith("/"):
            reading.problem(
                (*way, ITEMS), "this is not a JSON pointer to a list.", "Write one such as /items."
            )


def check_references(reading: Reading, folder: Path, whole: Any = None) -> None:
    """Note each reference of a document or a schema that leads nowhere; of an overlay, `whole` is what it adds to."""
    within = reading.content if whole is None else whole
    for way, node in _nodes(reading.content, ()):
        if isinstance(node.get("$ref"), str):
            _check_reference(reading, folder, within, node["$ref"], (*way, "$ref"))


def _check_reference(
    reading: Reading, folder: Path, content: Any, reference: str, way: Way
) -> None:
    """Note a reference to a file that is not there, or to nothing in it, as seen from the reading's own folder."""
    file, _, fragment = reference.partition("#")
    own, api = reading.file.parent.parent, reading.file.parent.name
    name = unquote(urljoin(f"{ADDRESS}{api}/", file)).removeprefix(ADDRESS)
    if file:
        found = next((one for one in (own / name, folder / name) if one.is_file()), None)
        if found is None or not name.endswith((SCHEMA, f"/{OPENAPI}")):
            cure = did_you_mean(file, _names(own, folder, api))
            wanted = f"A schema's name ends in {SCHEMA}; golive's are referred to as ../oauth/NAME{SCHEMA}."
            reading.problem(way, f"no schema is there, as seen from {api}.", cure or wanted)
            return
        content = Reading(found).content
    if fragment.startswith("/") and found_at(content, unquote(fragment)) is None:
        above = fragment.rpartition("/")[0]
        beside = found_at(content, unquote(above))
        known = [f"{above}/{name}" for name in beside] if isinstance(beside, dict) else []
        cure = did_you_mean(fragment, known)
        reading.problem(way, f"nothing stands at #{fragment}.", cure or "Correct the reference.")


def _check_object(reading: Reading, kind: str, node: Any, way: Way) -> None:
    """Note keys that an object of OpenAPI does not have, and those that it lacks; one mistake is one problem."""
    if not isinstance(node, dict):
        reading.problem(
            way, f"an object of OpenAPI ({kind}) is wanted here.", "Write keys with values."
        )
        return
    if "$ref" in node:
        return
    keys = dict(map(_Key.of, FORMS[kind].split()))
    missing = {name for name, key in keys.items() if key.required} - node.keys()
    for name, value in node.items():
        if name in keys:
            if keys[name].kind:
                _check_value(reading, keys[name], value, (*way, name))
        elif not str(name).startswith("x-"):
            cure = did_you_mean(str(name), keys)
            missing = {one for one in missing if f'"{one}"' not in cure}
            reading.problem(
                (*way, str(name)), f"OpenAPI 3.1 has no key of this name here ({kind}).", cure
            )
    for name in sorted(missing):
        reading.problem(way, f"it has no {name}.", f"Write {name}: golive needs it.")


def _check_value(reading: Reading, key: _Key, value: Any, way: Way) -> None:
    inner: Iterable[tuple[Any, Any]] = [(None, value)]
    if key.many:
        wanted = list if key.many == "[" else dict
        if not isinstance(value, wanted):
            what = "a list" if wanted is list else "a mapping"
            reading.problem(way, f"{what} is wanted here.", "")
            return
        inner = members(value)
    for step, one in inner:
        here = way if step is None else (*way, step)
        if way[-1] == "responses" and way[0] == "paths" and not _is_status(step):
            cure = 'Write one such as "200", 4XX or default.'
            if not isinstance(step, str):
                cure = f'Write it in quotes: "{step}".'
            reading.problem((*way, str(step)), "this is no status.", cure)
            continue
        _check_object(reading, key.kind, one, here)


def _is_status(word: Any) -> bool:
    return isinstance(word, str) and STATUS.fullmatch(word) is not None


def _nodes(node: Any, way: Way) -> Iterator[tuple[Way, dict[str, Any]]]:
    """Yield every mapping that is no example, with the way to it."""
    if isinstance(node, dict):
        yield way, node
    for key, one in members(node):
        if key not in EXAMPLES:
            yield from _nodes(one, (*way, key))


def _names(own: Path, folder: Path, api: str) -> list[str]:
    found = {file.relative_to(root) for root in (own, folder) for file in root.glob(f"*/*{SCHEMA}")}
    return [
        file.name if file.parent.name == api else f"../{file.as_posix()}" for file in sorted(found)
    ]
