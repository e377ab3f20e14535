"""Lists of one operation that a run asked for several times: the same question, the same items, each shown alike."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from golive import counted
from suites.common.judging import judge
from suites.common.lists import identifier, items, same_json

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from golive import Exchange, Expect
    from suites.common.lists import Item


def are_shown_alike(answers: list[Exchange], plain: Exchange, members: Collection[str]) -> None:
    """Raise what is found where two lists show one id with another value of a member that both have."""
    first: dict[str, Item] = {}

    def is_alike(it: Expect) -> None:
        for item in items(it.exchange):
            key = identifier(item)
            if key is None:
                continue
            before = first.setdefault(key, item)
            for name in members:
                known = None not in (before.get(name), item.get(name))
                same = not known or same_json(before[name], item[name])
                it.that(same, f"/items/*/{name}", "as in each list that has it", "another value")

    judge(_lists(answers, plain), is_alike)


def are_the_same_again(answers: list[Exchange], plain: Exchange) -> None:
    """Raise what is found where a list has other items than one that was asked for with the same query."""
    first: dict[tuple[tuple[str, str], ...], set[str | None]] = {}

    def is_the_same(it: Expect) -> None:
        found = {identifier(item) for item in items(it.exchange)}
        before = first.setdefault(tuple(sorted(it.exchange.request.query)), found)
        it.that(
            before == found,
            "relation:same-answer",
            "the items that an earlier request with this query got",
            f"{len(before - found)} of them missing, and {counted(len(found - before), 'other')}",
        )

    judge(_lists(answers, plain), is_the_same)


def lists_of(answers: Iterable[Exchange], plain: Exchange) -> Iterator[Exchange]:
    """Yield the lists of an operation that came with success, the plain one first, and none of another tenant."""
    path = urlsplit(plain.request.url).path  # which names the tenant
    for one in (plain, *(one for one in answers if one is not plain)):
        asked = (one.request.method, one.request.operation, urlsplit(one.request.url).path)
        body = one.json_or_none
        is_list = isinstance(body, dict) and isinstance(body.get("items"), list)
        if one.succeeded and is_list and asked == ("GET", plain.request.operation, path):
            yield one


def _lists(answers: Iterable[Exchange], plain: Exchange) -> Iterator[Exchange]:
    """Yield those lists whose items are objects."""
    for one in lists_of(answers, plain):
        if all(isinstance(item, dict) for item in one.json["items"]):
            yield one
