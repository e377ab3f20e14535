"""Every kind of unusual request for one operation: the strata that a run draws from, one after the other.

A stratum is one parameter (or header, or member of the body) with one kind of value. So a run of a few
hundred requests meets each kind at least once, whatever its seed, and a finding can say what was odd.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from golive.fuzz import values as unusual
from golive.fuzz.calls import Call, Change, Place, Raw, Repeat
from golive.messages.sending import xhtml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hypothesis.strategies import SearchStrategy

    from golive.contract.document import Contract
    from golive.contract.operations import Operation
    from golive.environment import Environment

LISTS = ("listInboxItems", "listSentItems")
COSTS = {"sendMessage": 2.0, "updateMessageStatus": 1.5}
"""Requests that a call costs on average where it is not one: what is accepted is followed."""


@dataclass(frozen=True)
class Stratum:
    """One kind of unusual request: its name, and the strategy that draws calls of it."""

    name: str
    calls: SearchStrategy[Call]


def operations(environment: Environment) -> list[str]:
    """Return the operations for which this environment allows generated requests."""
    data, claimed = environment.test_data, environment.claims.operations
    usable = [name for name in (*LISTS, "getMessage") if name in claimed and data.patient]
    if environment.may_write and data.write_patient:
        if "sendMessage" in claimed and data.recipient:
            usable.append("sendMessage")
        if {"updateMessageStatus", "listInboxItems"} <= set(claimed):
            usable.append("updateMessageStatus")
    return usable


def strata(operation: str, environment: Environment, contract: Contract) -> list[Stratum]:
    """Return the strata of one operation, in the order of the contract."""
    described = contract.operations[operation]
    return [
        *_of_query(described, environment, contract),
        *_of_place(operation),
        *_of_headers(described),
        *_without_token(described),
    ]


def _single(
    operation: str,
    place: Place,
    name: str,
    kinds: unusual.Kinds,
    wrap: Callable[[Any], Any] = lambda v: v,
) -> Iterator[Stratum]:
    for kind, values in kinds.items():
        calls = values.map(lambda value: Call(operation, (Change(place, name, wrap(value)),)))
        yield Stratum(f"{place} {name}: {kind}", calls)


def _of_query(
    operation: Operation, environment: Environment, contract: Contract
) -> Iterator[Stratum]:
    patient = environment.test_data.patient or ""
    for parameter in operation.parameters:
        if parameter["in"] != "query":
            continue
        name, schema = parameter["name"], contract.dereferenced(parameter["schema"])
        kinds, usual = _kinds_of(name, schema, patient)
        yield from _single(operation.operation_id, "query", name, kinds, lambda v: (v,))
        yield from _single(operation.operation_id, "query", name, unusual.repeated(usual))
    odd = {"bracketed": st.sampled_from(["filter[x]", "x[]", "x.y", "$top"])}
    for kind, names in odd.items():
        calls = names.map(lambda n: Call(operation.operation_id, (Change("query", n, ("1",)),)))
        yield Stratum(f"query, a name that is {kind}", calls)


def _kinds_of(name: str, schema: dict[str, Any], patient: str) -> tuple[unusual.Kinds, list[str]]:
    """Return the kinds of values for a query parameter, and usual values of it."""
    match schema.get("type"):
        case "integer":
            return unusual.integers(schema["maximum"]), [str(schema["maximum"])]
        case "boolean":
            return unusual.words(["true", "false"]), ["true", "false"]
        case "array":
            allowed = schema["items"]["enum"]
            return unusual.words(allowed), allowed
    if schema.get("format") == "date-time":
        return unusual.instants(), ["2024-10-01T00:00:00Z"]
    if name.startswith("sort"):
        allowed = ["ASC", "DESC"] if name == "sortOrder" else ["createDateTime", "priority"]
        return unusual.words(allowed), allowed
    if schema.get("minLength"):
        return {"nothing": st.just(""), **unusual.some_texts()}, ["1"]
    return {"nothing": st.just(""), **unusual.texts(patient)}, [patient]


def _of_place(operation: str) -> Iterator[Stratum]:
    match operation:
        case "getMessage":
            known = "720564485.1.5.prsnl"
            kinds = {**unusual.texts(known), "two ids": st.just(f"{known},{known}")}
            yield from _single(operation, "path", "patientMessageId", kinds)
            yield Stratum(
                "path patientMessageId: its own id and more",
                st.sampled_from([";x", " ", "."]).map(
                    lambda end: Call(operation, (Change("path", "+patientMessageId", end),))
                ),
            )
        case "sendMessage":
            yield from _of_sending(operation)
        case "updateMessageStatus":
            yield from _of_updating(operation)


def _of_sending(operation: str) -> Iterator[Stratum]:
    subjects = {k: v for k, v in unusual.texts("Re: ").items() if k != "path-like"}
    yield from _single(operation, "body", "/subject", {**subjects, **unusual.members()})
    yield from _single(
        operation, "body", "/content", unusual.paragraphs(), lambda part: _page(part)
    )
    for name in ("content", "patientId", "messageSender", "recipients", "priority", "attachments"):
        yield from _single(operation, "body", f"/{name}", unusual.members())
    yield from _single(operation, "body", "/attachments", _attachments())
    yield from _single(operation, "body", "/patientId", unusual.some_texts())
    yield from _single(operation, "body", "/recipients/0/id", unusual.some_texts())
    yield from _single(
        operation, "body", "/recipients/0/type", unusual.words(["PERSONNEL", "GROUPINBOX"])
    )
    many = {"very many": st.integers(101, 150).map(Repeat)}
    yield from _single(operation, "body", "/recipients", many)
    yield from _single(operation, "body", "/priority/value", unusual.words(["HIGH", "NORMAL"]))
    yield from _single(operation, "body", "/previousMessageId", unusual.some_texts())
    yield from _bodies(operation)


def _page(part: str) -> str:
    return xhtml("Test message", "|").replace("|", part)


def _attachments() -> unusual.Kinds:
    name = st.sampled_from(["empty.txt", "empty"])
    return {
        "of zero bytes": name.map(lambda n: [{"name": n, "size": 0, "content": ""}]),
        "without anything": st.just([{}]),
        "with a very long name": st.just([{"name": "a" * 5_000, "content": "eA=="}]),
    }


def _of_updating(operation: str) -> Iterator[Stratum]:
    for name in ("notificationVersion", "recipientNotificationVersion"):
        yield from _single(operation, "body", f"/messages/0/{name}", unusual.versions())
    yield from _single(operation, "body", "/status", unusual.words(["UNREAD", "OPENED", "DELETED"]))
    for name in ("status", "messages", "patientId", "messages/0/id"):
        yield from _single(operation, "body", f"/{name}", unusual.members())
    yield from _single(operation, "body", "/messages/0/id", unusual.texts())
    yield from _single(operation, "body", "/patientId", unusual.some_texts())
    twice = {"the same one twice": st.just(Repeat(2)), "too many": st.just(Repeat(101))}
    yield from _single(operation, "body", "/messages", twice)
    yield from _bodies(operation)


def _bodies(operation: str) -> Iterator[Stratum]:
    odd = {
        "nested deeply": unusual.deep_json(),
        "no JSON": st.sampled_from([b"{", b"[1,]", b"{'a': 1}", b"NaN", b"\xff\xfe{"]),
        "another value": st.sampled_from([b"[]", b"null", b'"text"', b"0", b"{}"]),
        "a byte order mark": st.just(b"\xef\xbb\xbf{}"),
        "a very long number": st.just(b'{"patientId": 1' + b"0" * 5_000 + b"}"),
        "a number without bounds": st.just(b'{"attachments": [{"x": 1e999}]}'),
    }
    yield from _single(operation, "body", "", odd, Raw)


def _of_headers(operation: Operation) -> Iterator[Stratum]:
    known = operation.parameter_names("header")
    if "opc-request-id" in known:
        yield from _single(
            operation.operation_id, "header", "opc-request-id", unusual.request_ids()
        )
    if "oh-content-time-zone" in known:
        yield from _single(
            operation.operation_id, "header", "oh-content-time-zone", unusual.time_zones()
        )
    charsets = {"odd": st.sampled_from(["utf-7", "*;q=0", "x", ""])}
    if "accept-charset" in known:
        yield from _single(operation.operation_id, "header", "accept-charset", charsets)


def _without_token(operation: Operation) -> Iterator[Stratum]:
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
        yield Stratum(f"no token: {kind}", calls)
