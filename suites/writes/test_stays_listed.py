"""What a list of sent items has shown is in the later ones, too."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from golive import Environment, Exchange, Expect, Steps, ThinDataError, check
from suites.common.judging import judge
from suites.common.lists import why_cut
from suites.messages.asked import asked, instant
from suites.messages.citations import SEND, SENT_ITEMS
from suites.messages.list_rules import LOWER, UPPER
from suites.messages.recognise import is_listed
from suites.messages.sending import JUST_BEFORE
from suites.writes.sent import AFTERWARDS, LATER, messages_of

if TYPE_CHECKING:
    from datetime import datetime


@check(
    "every-sent-item-stays-listed", level="must", basis="documented", source=f"{SENT_ITEMS}; {SEND}"
)
def test_every_sent_item_stays_listed(
    answers: list[Exchange], sent_items_at_the_end: Steps, environment: Environment
) -> None:
    """A message that one list of sent items shows is in each later one whose bounds select it, however new it is."""
    end = sent_items_at_the_end["listed"]
    patient = dict(end.request.query)["patientId"]
    names = (*AFTERWARDS, *LATER)
    last = [sent_items_at_the_end[name] for name in names if name in sent_items_at_the_end]
    known = {one.number: one for one in [*asked(answers, end), end, *last]}
    own = [one for one in known.values() if dict(one.request.query)["patientId"] == patient]
    whole = [one for one in own if one.succeeded and why_cut(one) is None]
    sent = messages_of(sent_items_at_the_end)
    # A service may have several replicas: for so long, one may show what another does not have yet.
    lag = timedelta(seconds=environment.safety.visible_within)
    seen: dict[str, Exchange] = {}
    judged = 0

    def has_what_was_seen(it: Expect) -> None:
        nonlocal judged
        listed = it.exchange
        for one in sent:
            is_old = one.ended_at + lag < listed.sent_at
            there = is_listed(one, listed)
            if one.name in seen and _selects(listed, one.sent_at):
                judged += is_old or there
                expected = f"the messages that {seen[one.name].name} has"
                shown = there or not is_old
                it.that(shown, "relation:no-item-is-missing", expected, "without one of them")
            if there:
                seen.setdefault(one.name, listed)

    judge(sorted(whole, key=lambda one: one.sent_at), has_what_was_seen)
    if not judged:
        raise ThinDataError("no message that was sent is in a list that was asked for again")


def _selects(listed: Exchange, at: datetime) -> bool:
    """Return whether a list has no upper bound and begins well before a time."""
    query = dict(listed.request.query)
    since = instant(query.get(LOWER))
    return UPPER not in query and (since is None or since < at - JUST_BEFORE / 2)
