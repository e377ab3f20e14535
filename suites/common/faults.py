"""Faults that any API's answers can have: a list whose items break a rule, and an answer that repeats the token."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from golive import Mutant, Mutator, RecordedExchange, Recording, encoded, places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


RELATION = ("relation:*", "/items*")
Items = list[dict[str, Any]]
Rule = tuple[str, Callable[[Items], Items], bool, str]
"""An exchange's name, the change of its items, whether the rule that this breaks decides, and that rule in words."""


def alone(recording: Recording) -> dict[str, RecordedExchange]:
    """Return the exchanges that are no part of a chain, by name."""
    return {place.key[0]: place for place in places(recording) if place.step is None}


def items_of(place: RecordedExchange | None) -> Items:
    """Return the items of a recorded list; none where there is no list."""
    body = place.exchange.json_or_none if place else None
    items = body.get("items") if isinstance(body, dict) else None
    return items if isinstance(items, list) else []


def of_lists(recording: Recording, rules: Iterable[Rule]) -> Iterator[Mutant]:
    """Yield the answers that break each rule."""
    by_name = alone(recording)
    for name, change, deciding, rule in rules:
        place = by_name.get(name)
        items = items_of(place)
        if place is None or not items:
            continue
        changed = change(items)
        if changed == items:
            continue
        body = {**place.exchange.json, "items": changed}
        kind = getattr(change, "__name__", "changed")
        make = Mutator(recording, place, "lists")
        yield make.mutant(
            f"list {kind}, against: {rule}", RELATION, rule, deciding=deciding, body=encoded(body)
        )


def echoes(recording: Recording, *names: str) -> Iterator[Mutant]:
    """An answer that repeats the token that it was asked with, for each of these exchanges."""
    by_name = alone(recording)
    for name in names:
        if name not in by_name:
            continue
        exchange = by_name[name].exchange
        sent = exchange.request.headers.get("Authorization") or ""
        headers = exchange.response.headers.with_("X-Asked-By", sent)
        make = Mutator(recording, by_name[name], "secrets")
        at = ("relation:nothing-secret-comes-back",)
        yield make.mutant(
            "the token in a header", at, "the token comes back", deciding=True, headers=headers
        )
