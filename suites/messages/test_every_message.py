"""What every message of a run keeps that was read by its id: it is the one that lists show, at each reading."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from golive import CouldNotTellError, Exchange, Expect, FindingsError, Steps, check, show
from suites.common.answers import are_answered
from suites.common.judging import judge
from suites.common.lists import agree, asked_id, identifier
from suites.common.sameness import OF_A_MESSAGE, SHOWN_ONCE, substance
from suites.messages.asked import OPTION, asked, demand_some, named
from suites.messages.citations import LISTED_MESSAGE, MESSAGE, ORGANIZATION
from suites.messages.lists import message, same_moment
from suites.messages.moved import is_taken_away
from suites.messages.reading import reads_one

if TYPE_CHECKING:
    from collections.abc import Iterator

    from suites.common.lists import Item

OTHER_FORMS = {
    "RTF": ("{\\rtf",),
    "PDF": ("%PDF-",),
    "Base64 of RTF, PDF, HTML or XML": ("e1xydG", "JVBERi0", "PGh0bWw", "PCFET0NUWVBF", "PD94bWw"),
}
"""What the content of a message is not, though a server may keep or send it so: its name -> how a text of it begins."""

ESCAPED = re.compile(r"(?i)&lt;(?:!doctype|html|\?xml)[^<]*\Z")
"""Markup with no tag that is one: escaped once more than it should be, or shown to be read."""


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


@check("every-message-is-the-one-asked-for", level="must", basis="documented", source=MESSAGE)
def test_every_message_is_the_one_asked_for(answers: list[Exchange], one_message: Exchange) -> None:
    """Whatever stands in the place of an id, no message of another id is given for it."""
    reads = [one for one in _read(Steps(one=one_message), answers) if _id_of(one) is not None]
    # Where a message shows another id than the one that a list has for it, nothing can be seen by ids.
    demand_some(any(_is_own(one) for one in reads), "no message shows the id that it was read by")

    def is_the_one(it: Expect) -> None:
        found, asked_for = _id_of(it.exchange), show(asked_id(it.exchange))
        expected = f"a refusal, or a message of the id {asked_for}"
        it.that(_is_own(it.exchange), "/id", expected, f"the message {show(found)}")

    judge(reads, is_the_one)


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


@check("every-message-has-content-in-html", level="must", basis="documented", source=MESSAGE)
def test_the_content_of_every_message_is_html(
    answers: list[Exchange], one_message: Exchange
) -> None:
    """The content of a message is XHTML or HTML, however old the message is: no RTF, no PDF, nothing in Base64."""
    doubts = list[CouldNotTellError]()

    def is_html(it: Expect) -> None:
        content = message(it.exchange).get("content")
        text = content.lstrip() if isinstance(content, str) else ""
        form = next((name for name, begins in OTHER_FORMS.items() if text.startswith(begins)), None)
        it.that(form is None, "/content", "XHTML, or HTML5", f"a text that begins as {form} does")
        if ESCAPED.match(text):
            why = "every tag of a message's content is escaped: it may be a text about HTML"
            doubts.append(CouldNotTellError(why, unsettled_shape=True))

    judge(_read(Steps(first=one_message), answers), is_html)
    if doubts:
        raise doubts[0]


@check("several-messages-are-answered", level="must", basis="documented", source=MESSAGE)
def test_several_messages_are_answered(answers: list[Exchange], several_messages: Steps) -> None:
    """A message can be read by its id wherever a list shows it: the last, one from the middle, one that was sent."""
    gone = [one for one in several_messages.values() if is_taken_away(answers, one)]
    are_answered(*(one for one in several_messages.values() if one not in gone))
    if gone:
        raise CouldNotTellError(
            f"{gone[0].name} was answered {gone[0].status}, and no later list shows that message: others took it away",
            next_step="Run again.",
            unsettled_shape=True,
        )


def _read(several: Steps, answers: list[Exchange]) -> Iterator[Exchange]:
    """Yield the answers with one message of the same tenant; those that were asked for by turns come first."""
    by_turns = [*several.values()]
    rest = (one for one in answers if all(one is not other for other in by_turns))
    for one in (*by_turns, *rest):
        of_it = reads_one(one) and _above(one) == _above(by_turns[0])
        if of_it and one.succeeded and isinstance(one.json_or_none, dict):
            yield one


def _id_of(one: Exchange) -> str | None:
    return identifier(message(one))


def _is_own(one: Exchange) -> bool:
    """Return whether a message shows the id that was asked for, however its letters and what surrounds it are taken."""
    asked_for = re.split("[;/]", asked_id(one).strip())[0]
    return str(_id_of(one)).casefold() == asked_for.casefold()


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
