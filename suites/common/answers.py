"""What an answer is before anything is read in it: a success, and JSON; and one rule for several answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golive import CouldNotTellError, Expect, Finding, FindingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from golive import Exchange


READING = frozenset(
    {
        "listInboxItems",
        "listSentItems",
        "getMessage",
        "listGroupInboxes",
        "listCodeValues",
        "getCodeValue",
    }
)
"""Operations of which no two can have one answer (contract-facts §2.1 to §2.3, §2.7, §2.9, §2.10)."""


def succeeds(it: Expect) -> bool:
    """The status is any 2xx; returns whether it is."""
    it.that(it.exchange.succeeded, "status", "2xx", str(it.exchange.status))
    return it.exchange.succeeded


def succeeds_with_200(it: Expect) -> None:
    """The status is a 2xx; that it is 200 is advice."""
    if succeeds(it):
        it.status(200, advice=True)


def are_answered(*exchanges: Exchange, typed: bool = True) -> None:
    """Each answer is a success and JSON, `typed` by its media type; that it has a request id is advice."""

    def is_answered(it: Expect) -> None:
        it.that(it.exchange.succeeded, "status", "any 2xx", str(it.exchange.status))
        if it.exchange.succeeded:
            if typed:
                it.media_type()
            it.json()
            it.header("opc-request-id", advice=True)

    for_each(is_answered, *exchanges)


def for_each(rule: Callable[[Expect], None], *exchanges: Exchange) -> None:
    """Apply a rule to several answers; the findings of all are raised at once, before any doubt."""
    findings, doubts = list[Finding](), list[CouldNotTellError]()
    for it in map(Expect, exchanges):
        try:
            rule(it)
        except CouldNotTellError as doubt:
            doubts.append(doubt)
        findings += it.findings
    if findings:
        raise FindingsError(findings)
    if doubts:
        raise doubts[0]


def each_once(*groups: Iterable[Exchange]) -> list[Exchange]:
    """Return the exchanges of all these groups, each once: a step of a chain is an answer of the run as well."""
    return [*{id(one): one for group in groups for one in group}.values()]


def shown_by_both(one: Exchange, other: Exchange) -> set[str]:
    """Return the ids of what two answers show: of the items of a list, or its own; none where one is no success."""
    if not one.succeeded or not other.succeeded:
        return set()
    return {*ids_in(one.json_or_none)} & {*ids_in(other.json_or_none)}


def before_elsewhere(answers: Iterable[Exchange]) -> dict[int, Exchange]:
    """Return for each success (its `id`) the answer of another operation that had the very same text before it.

    It is only looked for where each operation has texts of its own, and in those with an id.
    """
    first: dict[bytes, Exchange] = {}
    found: dict[int, Exchange] = {}
    for one in sorted(answers, key=lambda made: made.number):
        own = one.succeeded and one.request.operation in READING
        if own and any(ids_in(one.json_or_none)):
            before = first.setdefault(one.response.body, one)
            if before.request.operation != one.request.operation:
                found[id(one)] = before
    return found


def ids_in(body: Any) -> Iterator[str]:
    """Yield the id of what a body shows: of each item of a list, or its own."""
    listed = body.get("items") if isinstance(body, dict) else None
    for one in listed if isinstance(listed, list) else [body]:
        if isinstance(one, dict) and isinstance(one.get("id"), str | int):
            yield str(one["id"])
