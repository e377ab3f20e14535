"""The operations of every API, read from its OpenAPI description: what the core knows of an API, and nothing else does.

An API is a folder `NAME-VERSION` below `schemas/` with an `openapi.yaml`. Besides what OpenAPI says itself, the
document carries a few keys of golive's own (`x-golive-*`, see docs/writing-an-api.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from golive.contract.label import GUESS, Basis, Label
from golive.contract.outcomes import InvalidRequestError
from golive.kit.pointers import written
from golive.kit.problems import which

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

ADDRESS = "https://golive.invalid/"
OPENAPI = "openapi.yaml"
SCHEMA = ".schema.json"
METHODS = frozenset({"get", "put", "post", "delete", "patch", "head", "options", "trace"})
READING = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110 §9.2.1)."""

JSON = "application/json"
Place = tuple[str, str]
"""Where a parameter stands (`path`, `query`, `header`, `cookie`), and its name."""


@dataclass(frozen=True)
class Operation:
    """One operation; `path` starts with the API's version, `folder` is where it is described.

    `api` is the API to whose URL it is sent, and whose `scopes` its token needs: an operation with `servers` of its own
    belongs to the API that has the same. In `description` and `parameters` every reference within the document is
    replaced by what it leads to.
    """

    operation_id: str
    name: str
    api: str
    folder: str
    version: str
    method: str
    path: str
    scopes: tuple[str, ...]
    description: dict[str, Any]
    parameters: tuple[dict[str, Any], ...]

    def parameter_names(self, place: str) -> frozenset[str]:
        """The names of the parameters in `path`, `query` or `header`."""
        return frozenset(p["name"] for p in self.parameters if p["in"] == place)

    def required(self, place: str) -> frozenset[str]:
        """The names of the required parameters in this place."""
        return frozenset(
            p["name"] for p in self.parameters if p["in"] == place and p.get("required")
        )

    @property
    def suite(self) -> str:
        """The folder of the checks of the API that describes it, which is also their marker: `code_system`."""
        return self.folder.rpartition("-")[0].replace("-", "_")

    def parameter(self, place: Place) -> dict[str, Any]:
        """Return the description of a parameter; empty where there is none."""
        return next((p for p in self.parameters if (p["in"], p["name"]) == place), {})

    @property
    def parameter_schemas(self) -> dict[str, dict[str, Any]]:
        """The schemas of the parameters by place and name; what they refer to is seen from the description's folder."""
        found: dict[str, dict[str, Any]] = {}
        for one in self.parameters:
            if "schema" in one:
                found.setdefault(one["in"], {})[one["name"]] = one["schema"]
        return found

    @property
    def writes(self) -> bool:
        """Whether its method may change something; a POST counts, even one that only asks."""
        return self.method not in READING

    @property
    def probe(self) -> bool:
        """Whether it is a cheap reading that may be sent to see whether the API answers."""
        return bool(self.description.get("x-golive-probe"))

    @property
    def document(self) -> str:
        """The description's path below `schemas/`."""
        return f"{self.folder}/{OPENAPI}"

    @property
    def pointer(self) -> str:
        """The JSON pointer to the operation in its document."""
        return written(("paths", self.path, self.method.lower()))

    @cached_property
    def body(self) -> str | None:
        """The name of the schema of its request's body (`folder/name`), None where it takes none."""
        return self._schema(self.description.get("requestBody", {}))

    def response(self, status: int) -> dict[str, Any]:
        """Return what is described for this status, or else for all like it (4XX); empty where nothing is."""
        known = self.description["responses"]
        found: dict[str, Any] = known.get(str(status)) or known.get(f"{status // 100}XX") or {}
        return found

    def headers(self, status: int) -> dict[str, dict[str, Any]]:
        """Return the headers that are described for this status, by name."""
        found: dict[str, dict[str, Any]] = self.response(status).get("headers", {})
        return found

    def header_label(self, status: int, name: str) -> Label:
        """Return how firmly it is known that an answer of this status has the header; guessed where nothing says so."""
        header = self.headers(status).get(name)
        if header is None:
            return GUESS
        return Label(None, Basis(header.get("x-basis", Basis.DOCUMENTED)), header.get("x-source"))

    def guesses_body(self, status: int) -> bool:
        """Return whether that this status has the described body is only inferred, whatever its schema says."""
        answer = self.response(status)
        body = answer.get("content", {}).get(JSON, {})
        return Basis.INFERRED in (answer.get("x-basis"), body.get("x-basis"))

    def schema(self, status: int) -> str | None:
        """Return the name of the schema of this status's body (`folder/name`), None where there is none."""
        return self._schema(self.response(status))

    def items(self, status: int = 200) -> str | None:
        """Return the JSON pointer to the items of a list, None where the answer is none."""
        found: str | None = self.response(status).get("x-golive-items")
        return found

    @cached_property
    def test_data(self) -> Mapping[Place, str]:
        """The key below `test_data` of an environment that holds the value of a parameter."""
        return {
            (p["in"], p["name"]): p["x-golive-test-data"]
            for p in self.parameters
            if "x-golive-test-data" in p
        }

    def links(self, status: int) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield the operations to which an answer leads, each with its parameters as runtime expressions."""
        for link in self.response(status).get("links", {}).values():
            yield link["operationId"], link.get("parameters", {})

    def _schema(self, node: dict[str, Any]) -> str | None:
        reference = node.get("content", {}).get(JSON, {}).get("schema", {}).get("$ref")
        if reference is None:
            return None
        address = urljoin(ADDRESS + self.document, reference)
        return str(address).removeprefix(ADDRESS).removesuffix(SCHEMA)


def unknown_operation(operation_id: str, known: Collection[str]) -> InvalidRequestError:
    """Say that no API has this operation, and which one may be meant."""
    return InvalidRequestError(
        f"no API has an operation {operation_id}. {which(operation_id, known)}"
    )


NO_SECOND_VERSION = r"(?<!/\d{8}(?=/\d{8}/))"
"""Before a path that begins with a version stands no other one."""


def operation_at(operations: Iterable[Operation], method: str, url: str) -> Operation | None:
    """Return the operation that a request of this method to this URL asks for, None where it is none.

    A path that is written out goes before one with a parameter in the same place. Whatever a gateway puts before the
    path may stand there, but no second version: such a path is none of the API's.
    """
    path = urlsplit(url).path
    fitting = [
        one
        for one in operations
        if re.search(
            NO_SECOND_VERSION + re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(one.path)) + "$", path
        )
    ]
    # What fits another operation's path to the letter is that path, whatever methods it has.
    literal = [one for one in fitting if "{" not in one.path]
    return next((one for one in literal or fitting if one.method == method), None)
