"""The APIs below `schemas/`, cheap to ask: names, versions, operations, scopes and test data; no JSON Schema is built.

An API is a folder NAME-VERSION with an OpenAPI document. The document's `x-golive-test-data` at its top describes the
records that the API's checks need; the same mark on a parameter or a property names the record whose id belongs there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import yaml

from golive.contract.descriptions import scopes_of
from golive.contract.operations import METHODS, OPENAPI, SCHEMA
from golive.kit.files import read_yaml, resources
from golive.kit.pointers import nodes
from golive.kit.problems import ConfigurationProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MARK = "x-golive-test-data"


@dataclass(frozen=True)
class TestRecord:
    """A record that a tenant must hold: an id, or an id of one of several `types` (`{id: …, type: …}`)."""

    __test__ = False  # pytest shall not take it for a test class

    description: str = ""
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class KnownApi:
    """One API in all its versions, the newest last; what it is comes from its documents when it is asked for."""

    name: str
    folders: tuple[Path, ...]

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions that are described, such as `20241001`."""
        return tuple(folder.name.removeprefix(f"{self.name}-") for folder in self.folders)

    @property
    def title(self) -> str:
        """What the newest document calls the API: `Oracle Health Millennium Messages API`."""
        return str(self._documents[-1].get("info", {}).get("title", self.name))

    @property
    def label(self) -> str:
        """The API's name among Oracle's, and its newest version: `Messages API 20241001`."""
        return f"{self.title.removeprefix('Oracle Health Millennium ')} {self.versions[-1]}"

    @property
    def suite(self) -> str:
        """The folder of the API's checks below `suites`, which is also their marker: `code_system`."""
        return self.name.replace("-", "_")

    @cached_property
    def _documents(self) -> list[dict[str, Any]]:
        return [read_document(folder / OPENAPI) for folder in self.folders]

    @property
    def base_url(self) -> str:
        """The documented URL before the version, `{tenant}` in it; empty where the document names no server."""
        servers = self._documents[-1].get("servers") or [{}]
        return str(servers[0].get("url", "")).rstrip("/")

    @property
    def base_path(self) -> str:
        """The path of `base_url`: `/{tenant}/message`."""
        return urlsplit(self.base_url).path

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes that a token needs for the API's operations, less those of operations with their own."""
        return scopes_of({}, self._documents[-1])

    @cached_property
    def operations(self) -> Mapping[str, tuple[str, ...]]:
        """Every operation with the scopes of its own, if any: those that read first, then those that write."""
        found = sorted(self._described, key=lambda one: one[0] != "get")
        return {one["operationId"]: scopes_of(one, {}) for _, one in found}

    @property
    def _described(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for document in self._documents:
            for item in document.get("paths", {}).values():
                yield from ((method, item[method]) for method in item if method in METHODS)

    @cached_property
    def reading(self) -> tuple[str, ...]:
        """The operations that change nothing."""
        return tuple(one["operationId"] for method, one in self._described if method == "get")

    @cached_property
    def test_data(self) -> Mapping[str, TestRecord]:
        """Every record that the API's checks and requests need, by its key below `test_data`."""
        found: dict[str, TestRecord] = {}
        for document, folder in zip(self._documents, self.folders, strict=True):
            for name, entry in document.get(MARK, {}).items():
                record = {"description": entry} if isinstance(entry, str) else entry
                types = tuple(record.get("types", ()))
                found[name] = TestRecord(record.get("description", ""), types)
            for node in nodes([document, *_marked_schemas(folder)]):
                name = node.get(MARK) if isinstance(node, dict) else None
                if isinstance(name, str):
                    found.setdefault(name, TestRecord(str(node.get("description", ""))))
        return found


def known_apis() -> Mapping[str, KnownApi]:
    """Give every API by its name: those of golive, and those in the `schemas` of the current folder."""
    return _known(_roots())


def known_operations() -> frozenset[str]:
    """Give the operationIds of every API that `known_apis` gives."""
    return _operations(_roots())


def _roots() -> tuple[Path, ...]:
    return tuple(dict.fromkeys((resources() / "schemas", Path.cwd() / "schemas")))


@cache
def _operations(roots: tuple[Path, ...]) -> frozenset[str]:
    return frozenset(name for api in _known(roots).values() for name in api.operations)


@cache
def _known(roots: tuple[Path, ...]) -> dict[str, KnownApi]:
    found: dict[str, dict[str, Path]] = {}
    for root in roots:
        for document in root.glob(f"*-*/{OPENAPI}"):
            folder = document.parent
            found.setdefault(folder.name.rpartition("-")[0], {})[folder.name] = folder
    return {
        name: KnownApi(name, tuple(folders[one] for one in sorted(folders)))
        for name, folders in sorted(found.items())
    }


@cache
def read_document(file: Path) -> dict[str, Any]:
    """Read a document once; raises ConfigurationProblem where it is none, with its line if that is known."""
    message, line = "this is not an OpenAPI document with paths.", None
    try:
        document = read_yaml(file)
        if isinstance(document, dict) and isinstance(document.get("paths"), dict):
            return document
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        message = "this is not valid YAML."
    except (OSError, ValueError, yaml.YAMLError):
        message = "the file can't be read as YAML."
    cure = "Correct it, or take its folder away from schemas/."
    raise ConfigurationProblem.of(file, message, cure, line)


def _marked_schemas(folder: Path) -> Iterator[Any]:
    """Read those JSON Schemas beside a document that hold a mark at all."""
    for file in sorted(folder.glob(f"*{SCHEMA}")):
        text = file.read_text(encoding="utf-8")
        if MARK in text:
            yield json.loads(text)
