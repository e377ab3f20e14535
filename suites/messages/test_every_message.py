"""What every message of a run keeps that was read by its id: it is the one that lists show, at each reading."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from golive import CouldNotTellError, Exchange, Expect, FindingsError, Steps, check
from suites.common.answers import are_answered
from suites.common.judging import judge
from suites.common.lists import agree, asked_id, identifier
from suites.common.sameness import OF_A_MESSAGE, SHOWN_ONCE, substance
from suites.messages.asked import OPTION, asked, demand_some, named
from suites.messages.citations import LISTED_MESSAGE, MESSAGE, ORGANIZATION
from suites.messages.lists import message, same_moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from suites.common.lists import Item


@check("every-message-is-the-listed-one", level="must", basis="documented", source=LISTED_MESSAGE)
def test_every_message_is_the_listed_one(
    answers: list[Exchange], several_messages: Steps, inbox_items: Exchange, sent_items: Exchange
) -> None:
    """A message that is read by its id has the id, subject, priority, time, type and sender that lists show."""
    of_lists: dict[str, list[tuple[Item, Exchange]]] = defaultdict(list)
    for plain in (inbox_items, sent_items):
        for one in asked(answers, plain):
            for item, key in named(one):
                of_lists[key].append((item, one))
    reads = [one for one in _read(several_messages, answers) if asked_id(one) in of_lists]

    def is_listed(it: Expect) -> None:
        own = message(it.exchange)
        for item, where in of_lists[asked_id(it.exchange)]:
            for name in OF_A_MESSAGE:
                same = _same(name, (item, where), (own, it.exchange))
                it.that(same, f"/{name}", "as in each list that has the message", "another value")

    judge(reads, is_listed)
    demand_some(bool(reads), "no message that was read is in a list")


@check("every-message-reads-alike", level="must", basis="documented", source=MESSAGE)
def test_every_message_reads_alike(answers: list[Exchange], several_messages: Steps) -> None:
    """A message that is read by its id several times is the same each time, whatever is read in between."""
    first: dict[str, tuple[Item, Exchange]] = {}
    reads = _read(several_messages, answers)

    def is_alike(it: Expect) -> None:
        own = message(it.exchange)
        before, where = first.setdefault(asked_id(it.exchange), (own, it.exchange))
        for name in (*OF_A_MESSAGE, *SHOWN_ONCE, "content"):
            same = _same(name, (before, where), (own, it.exchange))
            expected, advice = "as at the first reading", name not in OF_A_MESSAGE
            it.that(same, f"/{name}", expected, "another value", advice=advice)

    judge(reads, is_alike)


@check("every-message-omits-organization", level="must", basis="documented", source=ORGANIZATION)
def test_every_message_omits_the_organization_unless_asked(
    answers: list[Exchange], several_messages: Steps
) -> None:
    """A message has no organization unless the option says true, whichever it is and however it is asked for."""

    def omits_it(it: Expect) -> None:
        absent = message(it.exchange).get("organization") is None
        it.that(absent, "/organization", "absent, as it was not asked for", "present")

    asked_for = (one for one in _read(several_messages, answers) if _option(one) in (None, "false"))
    judge(asked_for, omits_it)


@check("several-messages-are-answered", level="must", basis="documented", source=MESSAGE)
def test_several_messages_are_answered(several_messages: Steps) -> None:
    """A message can be read by its id wherever a list shows it: the last, one from the middle, one that was sent."""
    are_answered(*several_messages.values())


def _read(several: Steps, answers: list[Exchange]) -> Iterator[Exchange]:
    """Yield the answers with one message of the same tenant; those that were asked for by turns come first."""
    by_turns = [*several.values()]
    rest = (one for one in answers if all(one is not other for other in by_turns))
    for one in (*by_turns, *rest):
        plain = one.request.operation == "getMessage" and one.request.method == "GET"
        of_it = plain and _above(one) == _above(by_turns[0])
        if of_it and one.succeeded and isinstance(one.json_or_none, dict):
            yield one


def _option(one: Exchange) -> str | None:
    return dict(one.request.query).get(OPTION)


def _above(one: Exchange) -> str:
    """Return the path before the id: it names the tenant."""
    return urlsplit(one.request.url).path.rpartition("/")[0]


def _same(name: str, one: tuple[Item, Exchange], other: tuple[Item, Exchange]) -> bool:
    """Return whether two views of a message agree on a member, as far as both show it and it can be read."""
    before, after = one[0].get(name), other[0].get(name)
    if before is None or after is None:
        return True
    if name == "id":
        return identifier(one[0]) == identifier(other[0])
    if name == "createDateTime":
        try:
            return same_moment(one[::-1], other[::-1], name)
        except (CouldNotTellError, FindingsError):
            return True
    return agree(substance(before), substance(after))
