"""Unusual values for what only the Messages API has: members of the two bodies, a list of ids, a time zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from golive import Category, Operation, Raw, Repeat, each_kind, kinds
from suites.messages.sending import xhtml

if TYPE_CHECKING:
    from collections.abc import Iterator

KNOWN = "720564485.1.5.prsnl"
"""The id of a message as Oracle's own documents show one."""

NUMBERS = {
    "a very long number": st.just(b'{"patientId": 1' + b"0" * 5_000 + b"}"),
    "a number without bounds": st.just(b'{"attachments": [{"x": 1e999}]}'),
}


def categories(operation: Operation) -> Iterator[Category]:
    """Yield the categories of an operation of Messages; none for another API's."""
    match operation.operation_id:
        case "getMessage":
            two = {"two ids": st.just(f"{KNOWN},{KNOWN}")}
            yield from each_kind(operation, "path", "patientMessageId", two)
        case "sendMessage":
            zones = kinds.time_zones()
            yield from each_kind(operation, "header", "oh-content-time-zone", zones)
            yield from _of_sending(operation)
        case "updateMessageStatus":
            yield from _of_updating(operation)


def _of_sending(operation: Operation) -> Iterator[Category]:
    subjects = {k: v for k, v in kinds.texts("Re: ").items() if k != "path-like"}
    yield from each_kind(operation, "body", "/subject", {**subjects, **kinds.members()})
    yield from each_kind(operation, "body", "/content", kinds.paragraphs(), _page)
    for name in ("content", "patientId", "messageSender", "recipients", "priority", "attachments"):
        yield from each_kind(operation, "body", f"/{name}", kinds.members())
    yield from each_kind(operation, "body", "/attachments", _attachments())
    yield from each_kind(operation, "body", "/patientId", kinds.some_texts())
    yield from each_kind(operation, "body", "/recipients/0/id", kinds.some_texts())
    yield from each_kind(
        operation, "body", "/recipients/0/type", kinds.words(["PERSONNEL", "GROUPINBOX"])
    )
    many = {"very many": st.integers(101, 150).map(Repeat)}
    yield from each_kind(operation, "body", "/recipients", many)
    yield from each_kind(operation, "body", "/priority/value", kinds.words(["HIGH", "NORMAL"]))
    yield from each_kind(operation, "body", "/previousMessageId", kinds.some_texts())
    yield from each_kind(operation, "body", "", NUMBERS, Raw)


def _page(part: str) -> str:
    return xhtml("|").replace("|", part)


def _attachments() -> dict[str, st.SearchStrategy[Any]]:
    name = st.sampled_from(["empty.txt", "empty"])
    return {
        "of zero bytes": name.map(lambda n: [{"name": n, "size": 0, "content": ""}]),
        "without anything": st.just([{}]),
        "with a very long name": st.just([{"name": "a" * 5_000, "content": "eA=="}]),
    }


def _of_updating(operation: Operation) -> Iterator[Category]:
    for name in ("notificationVersion", "recipientNotificationVersion"):
        yield from each_kind(operation, "body", f"/messages/0/{name}", kinds.versions())
    yield from each_kind(operation, "body", "/status", kinds.words(["UNREAD", "OPENED", "DELETED"]))
    for name in ("status", "messages", "patientId", "messages/0/id"):
        yield from each_kind(operation, "body", f"/{name}", kinds.members())
    yield from each_kind(operation, "body", "/messages/0/id", kinds.texts())
    yield from each_kind(operation, "body", "/patientId", kinds.some_texts())
    twice = {"the same one twice": st.just(Repeat(2)), "too many": st.just(Repeat(101))}
    yield from each_kind(operation, "body", "/messages", twice)
    yield from each_kind(operation, "body", "", NUMBERS, Raw)
