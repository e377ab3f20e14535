"""Categories of unusual input for one operation, from which a run draws one after the other.

A category is one parameter (or header, or member of the body) with one kind of value. So a run of a few hundred
requests meets each kind at least once, whatever its seed, and a finding can say what was unusual. Types and formats
of the OpenAPI description give most of them; an API's own folder adds others (`golive_categories`).

Whole requests, valid and invalid ones, schemathesis draws from the description. Its cases become calls, and calls go
through the client: nothing of schemathesis's own transport is used, nor is its coverage phase, which would try methods
that nobody documents.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import schemathesis
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.core import NOT_SET
from schemathesis.generation import GenerationMode

from golive.checks.hooks import hooks
from golive.fuzz import values as unusual
from golive.fuzz.calls import Call, Change, Place, Raw
from golive.fuzz.violations import allowed_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from hypothesis.strategies import SearchStrategy

    from golive.contract.document import Contract
    from golive.contract.operations import Operation
    from golive.environment import Environment


@dataclass(frozen=True)
class Category:
    """One kind of unusual request: its name, and the strategy that draws calls of it."""

    name: str
    calls: SearchStrategy[Call]


def categories(
    operation: Operation, environment: Environment, contract: Contract
) -> list[Category]:
    """Return the categories of one operation: by place, and within a place in the order of the contract."""
    own = hooks().golive_categories(operation=operation, contract=contract)
    return [
        *_of_query(operation, environment),
        *_of_path(operation),
        *_of_body(operation),
        *_of_headers(operation),
        *_without_token(operation),
        *chain.from_iterable(found for found in own if found),
    ]


def each_kind(
    operation: Operation,
    place: Place,
    name: str,
    kinds: unusual.Kinds,
    wrap: Callable[[Any], Any] = lambda v: v,
) -> Iterator[Category]:
    """Yield a category for each of these kinds of values, put into this place of the operation's plain request.

    `name` is a parameter's, a header's, or the JSON pointer of a member of the body; `wrap` is applied to each value:

        each_kind(operation, "body", "/subject", kinds.texts("Re: "))
    """
    for kind, values in kinds.items():
        calls = values.map(lambda v: Call(operation.operation_id, (Change(place, name, wrap(v)),)))
        yield Category(f"{place} {name}: {kind}", calls)


def _of_query(operation: Operation, environment: Environment) -> Iterator[Category]:
    for parameter in operation.parameters:
        if parameter["in"] != "query":
            continue
        name, schema = parameter["name"], parameter["schema"]
        key = parameter.get("x-golive-test-data")
        known = environment.get(f"test_data.{key}") if key else None
        kinds, usual = _kinds_of(schema, str(known or parameter.get("example", "")))
        yield from each_kind(operation, "query", name, kinds, lambda v: (v,))
        yield from each_kind(operation, "query", name, unusual.repeated(usual))
    names = st.sampled_from(["filter[x]", "x[]", "x.y", "$top"])
    calls = names.map(lambda n: Call(operation.operation_id, (Change("query", n, ("1",)),)))
    yield Category("query, a name that is bracketed", calls)


def _kinds_of(schema: dict[str, Any], known: str) -> tuple[unusual.Kinds, list[str]]:
    """Return the kinds of values for a query parameter, and usual values of it."""
    match schema.get("type"):
        case "integer":
            most = int(schema.get("maximum", 1000))
            return unusual.integers(most), [str(most)]
        case "boolean":
            return unusual.words(["true", "false"]), ["true", "false"]
        case "array":
            schema = schema["items"]
    if allowed := allowed_words(schema):
        return unusual.words(allowed), allowed
    if schema.get("format") == "date-time":
        return unusual.instants(), ["2024-10-01T00:00:00Z"]
    if schema.get("minLength") and not known:
        return {"nothing": st.just(""), **unusual.some_texts()}, ["1"]
    return {"nothing": st.just(""), **unusual.texts(known)}, [known]


def _of_path(operation: Operation) -> Iterator[Category]:
    for parameter in operation.parameters:
        if parameter["in"] != "path":
            continue
        name, known = parameter["name"], str(parameter.get("example", "1"))
        yield from each_kind(operation, "path", name, unusual.texts(known))
        more = {"its own id and more": st.sampled_from([";x", " ", "."])}
        yield from each_kind(operation, "path", f"+{name}", more)


def _of_body(operation: Operation) -> Iterator[Category]:
    if "requestBody" in operation.description:
        odd = {
            "nested deeply": unusual.deep_json(),
            "no JSON": st.sampled_from([b"{", b"[1,]", b"{'a': 1}", b"NaN", b"\xff\xfe{"]),
            "another value": st.sampled_from([b"[]", b"null", b'"text"', b"0", b"{}"]),
            "a byte order mark": st.just(b"\xef\xbb\xbf{}"),
        }
        yield from each_kind(operation, "body", "", odd, Raw)


HEADERS = {
    "opc-request-id": unusual.request_ids(),
    "accept-charset": {"odd": st.sampled_from(["utf-7", "*;q=0", "x", ""])},
}
"""Headers that the EHR APIs have in common; others are an API's own."""


def _of_headers(operation: Operation) -> Iterator[Category]:
    known = operation.parameter_names("header")
    for name, kinds in HEADERS.items():
        if name in known:
            yield from each_kind(operation, "header", name, kinds)


def _without_token(operation: Operation) -> Iterator[Category]:
    """Take the credential away and make something else odd, as a way round would need it."""
    odd: unusual.Kinds = {
        "plain": st.just(()),
        "a long request id": st.just((Change("header", "opc-request-id", "a" * 2_500),)),
        "a long query": st.just((Change("query", "x", ("0" * 9_000,)),)),
        "a parameter for a token": st.just((Change("query", "access_token", ("x",)),)),
        **{
            f"the header {name}": st.just((Change("header", name, "127.0.0.1"),))
            for name in ("X-Original-URL", "X-Remote-User", "X-Forwarded-For")
        },
    }
    for kind, changes in odd.items():
        calls = changes.map(lambda more: Call(operation.operation_id, (Change("token", ""), *more)))
        yield Category(f"no token: {kind}", calls)


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
