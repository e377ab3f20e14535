"""Lists of one operation that a run asked for several times: the same question, the same items, each shown alike."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

from golive import counted
from suites.common.judging import judge
from suites.common.lists import identifier, items, objects, same_json

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import datetime

    from golive import Exchange, Expect

Query: TypeAlias = "tuple[tuple[str, str], ...]"


def are_shown_alike(answers: list[Exchange], plain: Exchange, members: Collection[str]) -> None:
    """Raise what is found where two lists show one id with another value of a member that both have.

    What somebody else changes while a run goes on is not found: the same question shows the value before and the one
    after, and no value comes back.
    """
    lists = _in_turn(_lists(answers, plain))
    shown: dict[tuple[str, str], list[tuple[Query, object]]] = {}
    for one in lists:
        for item in items(one):
            for name in members:
                if item.get(name) is not None and (key := identifier(item)) is not None:
                    shown.setdefault((key, name), []).append((_query(one), item[name]))
    changed = {place for place, values in shown.items() if _is_changed(values)}

    def is_alike(it: Expect) -> None:
        for item in items(it.exchange):
            for name in members:
                place = str(identifier(item)), name
                if place not in shown or place in changed or item.get(name) is None:
                    continue
                same = same_json(shown[place][0][1], item[name])
                it.that(same, f"/items/*/{name}", "as in each list that has it", "another value")

    judge(lists, is_alike)


def _is_changed(shown: list[tuple[Query, object]]) -> bool:
    """Return whether a value was changed while the run went on, by one question's answers, for good each time."""
    texts = [(query, json.dumps(value, sort_keys=True)) for query, value in shown]
    turns = [one for one, _ in groupby(text for _, text in texts)]
    by_query: dict[Query, set[str]] = {}
    for query, text in texts:
        by_query.setdefault(query, set()).add(text)
    seen = any(len(values) > 1 for values in by_query.values())
    return len(turns) == len(set(turns)) and seen


def are_the_same_again(answers: list[Exchange], plain: Exchange) -> None:
    """Raise what is found where a list has other items than one that was asked for with the same query.

    What somebody else removes is shown by no later list, what they add by none that was asked for before.
    """
    lists = _in_turn(_lists(answers, plain))
    shown = when_shown(lists)
    first: dict[Query, Exchange] = {}

    def is_the_same(it: Expect) -> None:
        now = it.exchange
        before = first.setdefault(_query(now), now)
        had, has = ids_of(before), ids_of(now)
        gone = {key for key in had - has if shown[key][-1] >= now.sent_at}
        added = {key for key in has - had if shown[key][0] <= before.sent_at}
        it.that(
            not gone and not added,
            "relation:same-answer",
            "the items that an earlier request with this query got",
            f"{len(gone)} of them missing, and {counted(len(added), 'other')}",
        )

    judge(lists, is_the_same)


def _query(one: Exchange) -> Query:
    return tuple(sorted(one.request.query))


def _in_turn(lists: Iterable[Exchange]) -> list[Exchange]:
    return sorted(lists, key=lambda one: one.sent_at)


def when_shown(lists: Iterable[Exchange]) -> dict[str | None, list[datetime]]:
    """Return when the lists were asked for that show an item, in turn, by its id."""
    found: dict[str | None, list[datetime]] = {}
    for one in _in_turn(lists):
        for key in ids_of(one):
            found.setdefault(key, []).append(one.sent_at)
    return found


def ids_of(listed: Exchange) -> set[str | None]:
    """Return the ids of a list's items, with None for those that have none; what is no item has no id."""
    return {identifier(item) for item in objects(listed.json["items"])}


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
