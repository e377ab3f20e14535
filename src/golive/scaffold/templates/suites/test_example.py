"""An example of checks of your own: `golive run twin` makes them beside golive's. Change it, or delete it.

An exchange is sent once in a run, however many checks read it. `inbox_items` is one of golive's; one of your own is a
function with `@exchange` in a conftest.py beside this file. golive's docs/own-checks.md shows more.
"""

from __future__ import annotations

from golive import Exchange, check, expect

LONGEST = 5.0


@check(
    "own-inbox-ids-are-unique",  # the name in every report; yours for ever
    level="must",  # it decides: a violation is a NO-GO
    basis="own",  # your demand, and neither a standard's nor Oracle's
    source="an example; name what of yours needs it",
)
def test_the_ids_of_the_inbox_are_unique(inbox_items: Exchange) -> None:
    """No two items of the inbox have the same id: the client takes it for their key."""
    with expect(inbox_items) as it:
        ids = [item.get("id") for item in (it.json() or {}).get("items", [])]
        it.that(len({*ids}) == len(ids), "/items", "an id for each item", f"{len({*ids})} ids")


@check(
    "own-inbox-answers-in-time",
    level="should",  # advice, which decides nothing
    basis="own",
    source="an example; name the agreement that demands it",
)
def test_the_inbox_answers_in_time(inbox_items: Exchange) -> None:
    """The inbox is answered within five seconds."""
    with expect(inbox_items) as it:
        it.that(
            inbox_items.seconds <= LONGEST,
            "relation:time",
            f"an answer within {LONGEST:.0f} s",
            f"an answer after {inbox_items.seconds:.1f} s",
        )
