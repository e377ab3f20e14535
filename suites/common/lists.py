"""Reading the lists of every API, and what each of them keeps.

The members of a list item are inferred, so a documented rule that has to be read through a member that is
absent is «could not tell»; the schema check reports the absence itself.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from golive import CouldNotTellError, ThinDataError, show, unsettled_member

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from golive import Exchange, Expect


Item = dict[str, Any]

PAGE = 1000
"""Items that one answer holds at most, where an operation has a limit (contract-facts §2.1, §2.7)."""


NEXT_PAGE = ("opc-next-page", "oh-next-page")
"""Headers that name the next page, as one page of Oracle's documents and as a sibling has it (contract-facts §2.1)."""
NEXT_LINK = re.compile(r";\s*rel=\"?(?:[^\",;]*\s)?next\b", re.IGNORECASE)
"""What says so in the field Link (RFC 8288 §3)."""
SMALLER = "Where the environment can choose, choose test data that gives less than one page."


def items(exchange: Exchange) -> list[Item]:
    """Return the items of a list answer; raises CouldNotTellError where there is no list."""
    if not exchange.succeeded:
        raise CouldNotTellError(f"{exchange.name} answered {exchange.status}, not a list")
    body = exchange.json_or_none
    found = body.get("items") if isinstance(body, dict) else None
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise unsettled_member(exchange, "items")
    return found


def objects(found: object) -> list[Item]:
    """Return the objects of a JSON array; none where it is no array."""
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def some_items(
    exchange: Exchange, next_step: str = "Choose test data that has items."
) -> list[Item]:
    """Return the items of a list that must not be empty for the question to make sense."""
    found = items(exchange)
    if not found:
        raise ThinDataError(f"{exchange.name} has no items to look at", next_step=next_step)
    return found


def why_cut(exchange: Exchange, *others: Exchange) -> str | None:
    """Return why items may be missing: the answer names a next page, or may be a full one; None where it is whole.

    Where no public text says how many items a page has, `others` are lists of the same operation: what is smaller
    than one of them was not cut by a page's size. Nor was what is larger than any page.
    """
    link = exchange.header("Link") or ""
    if any(exchange.header(name) for name in NEXT_PAGE) or NEXT_LINK.search(link):
        return "names a next page"
    size = min(max((len(items(one)) for one in others), default=PAGE), PAGE)
    return "may be a full page" if size <= len(items(exchange)) <= PAGE else None


def whole(exchange: Exchange, *others: Exchange, next_step: str = SMALLER) -> list[Item]:
    """Return the items of a list; raises CouldNotTellError where some may be missing (`why_cut`)."""
    if why := why_cut(exchange, *others):
        cause = f"{exchange.name} {why}, so items may be missing from it"
        raise ThinDataError(cause, next_step=next_step)
    return items(exchange)


def member(exchange: Exchange, item: Item, *path: str) -> Any:
    """Return a member of an item; raises CouldNotTellError where it is absent."""
    value: Any = item
    for name in path:
        if not isinstance(value, dict) or value.get(name) is None:
            raise unsettled_member(exchange, "/".join(path))
        value = value[name]
    return value


def identifier(item: Item) -> str | None:
    """Return an item's id as the text by which it is asked for; None where it has none.

    The documents have strings; a whole number is as good (contract-facts §2.3, §9), and the schema check says so.
    """
    value = item.get("id")
    return value if isinstance(value, str) and value else str(value) if type(value) is int else None


def integer_of(value: Any) -> int | None:
    """Return a JSON number that is whole, however it is written (3, 3.0, 3e0: RFC 8259 §6); None for all else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if isinstance(value, int) or value.is_integer() else None


def identifiers(exchange: Exchange, found: Iterable[Item]) -> list[str]:
    """Return the ids of the items, in order; raises CouldNotTellError where one is absent."""
    ids = list(map(identifier, found))
    if None in ids:
        raise unsettled_member(exchange, "id")
    return [one for one in ids if one is not None]


def asked_id(exchange: Exchange) -> str:
    """Return the id that was asked for, as it is outside a URL."""
    return unquote(urlsplit(exchange.request.url).path.rsplit("/", 1)[-1])


def same_json(one: Any, other: Any) -> bool:
    """Return whether two JSON values are equal; unlike Python's ==, true is not 1."""
    match one, other:
        case dict(), dict():
            return one.keys() == other.keys() and all(same_json(one[k], other[k]) for k in one)
        case list(), list():
            return len(one) == len(other) and all(map(same_json, one, other))
        case _:
            return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def agree(before: Any, after: Any) -> bool:
    """Return whether two views of a member say the same, as far as both say something."""
    if before is None or after is None:
        return True
    if isinstance(before, dict) and isinstance(after, dict):
        return all(agree(before[name], after[name]) for name in before.keys() & after.keys())
    return same_json(before, after)


def names_each_once(it: Expect, found: Iterable[Item]) -> None:
    """No id occurs twice among the items."""
    counted = Counter(identifiers(it.exchange, found))
    twice = sorted(one for one, times in counted.items() if times > 1)
    it.that(not twice, "relation:unique-ids", "each id once", f"more than once: {show(twice)}")


def holds(
    it: Expect, wanted: Collection[str], what: str, *others: Exchange, next_step: str = SMALLER
) -> None:
    """The list has these ids; `what` names them for a person, and `others` are as for `why_cut`."""
    missing = sorted(set(wanted) - set(identifiers(it.exchange, items(it.exchange))))
    if missing:
        whole(it.exchange, *others, next_step=next_step)
    it.that(not missing, "relation:no-item-is-missing", what, f"missing: {show(missing)}")


def holds_exactly(it: Expect, wanted: Collection[str], what: str, *others: Exchange) -> None:
    """The list has these ids and no other; what is too much is found on any page."""
    extra = sorted(set(identifiers(it.exchange, items(it.exchange))) - set(wanted))
    it.that(not extra, "relation:no-item-is-added", "no other", show(extra))
    holds(it, wanted, what, *others)
