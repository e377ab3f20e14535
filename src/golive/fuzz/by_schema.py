"""Whole requests that schemathesis draws from the OpenAPI description: valid ones, and invalid ones.

Its cases become calls, and calls go through the client: nothing of schemathesis's own transport is used,
nor is its coverage phase, which would try methods that nobody documents.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import schemathesis
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.core import NOT_SET
from schemathesis.generation import GenerationMode

from golive.fuzz.calls import Call, Change, Raw
from golive.fuzz.categories import Category

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from hypothesis.strategies import SearchStrategy

    from golive.contract.document import Contract
    from golive.contract.operations import Operation

RESERVED = frozenset({"authorization", "host", "content-length", "transfer-encoding", "connection"})
"""Header fields that belong to the client and to HTTP itself."""


_DESCRIPTIONS: dict[Path, Any] = {}


def _description(contract: Contract, operation: Operation) -> Any:
    """Return the operation's API as schemathesis reads it: golive's own reading of the files, no configuration."""
    path = (contract.folder / operation.document).absolute()
    if path not in _DESCRIPTIONS:
        loaded = schemathesis.openapi.from_dict(
            deepcopy(contract.apis[operation.folder]), config=SchemathesisConfig()
        )
        loaded.location = path.as_uri()  # what its references are relative to
        _DESCRIPTIONS[path] = loaded
    return _DESCRIPTIONS[path]


def by_schema(operation: str, contract: Contract) -> list[Category]:
    """Return two categories: requests that keep the description, and requests that break it."""
    described = contract.operations[operation]
    known = _description(contract, described)[described.path][described.method]
    names = {GenerationMode.POSITIVE: "by the description", GenerationMode.NEGATIVE: "against it"}
    return [
        Category(name, _calls(described, known.as_strategy(generation_mode=mode)))
        for mode, name in names.items()
    ]


def _calls(operation: Operation, cases: SearchStrategy[Any]) -> SearchStrategy[Call]:
    kept = frozenset(name for _, name in operation.test_data)
    # Half of them keep the ids of the plain request, so that they get past «there is no such patient».
    return st.builds(
        lambda case, keeps: Call(
            operation.operation_id, tuple(_changes(case, kept if keeps else frozenset()))
        ),
        cases,
        st.booleans(),
    )


def _changes(case: Any, kept: frozenset[str]) -> Iterator[Change]:
    for name, value in (case.path_parameters or {}).items():
        if name not in kept:
            yield Change("path", name, unquote(str(value)))
    for name, value in _mapping(case.query).items():
        if name not in kept:
            values = value if isinstance(value, list) else [value]
            yield Change("query", str(name), tuple(_text(one) for one in values))
    for name, value in _mapping(case.headers).items():
        if name.lower() not in RESERVED:
            yield Change("header", str(name), str(value))
    if case.body is not NOT_SET and case.body is not None:
        yield Change("body", "", Raw(case.body) if isinstance(case.body, bytes) else case.body)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else dict(value or {})


def _text(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    return str(value)
