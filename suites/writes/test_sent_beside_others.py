"""What is sent beside other messages, or after them, is not mixed up with them."""

from __future__ import annotations

from golive import CouldNotTellError, Exchange, Steps, check, expect, show
from suites.common.lists import identifier, member
from suites.messages.citations import MESSAGE, SEND, SENT_ITEMS
from suites.messages.lists import message
from suites.messages.recognise import answered_id, listed_as, with_subjects
from suites.writes.newest import LONG_ZONE, TIME_ZONE

DEFAULT_ZONE = "contract-facts §1, §2.4 (oh-content-time-zone: if absent, the system time zone)"


@check(
    "messages-sent-at-once-are-two",
    level="must",
    basis="documented",
    source=f"{SENT_ITEMS}; {SEND}",
)
def test_two_messages_that_are_sent_at_once_are_two(sent_at_once: Steps) -> None:
    """Of two messages that are sent at the same time and accepted, each is among the sent items."""
    one, other = sent_at_once["one"], sent_at_once["other"]
    for sent in (one, other):
        with expect(sent) as it:
            it.that(sent.status < 500, "status", "any 2xx, or a refusal", str(sent.status))
    if "listed" not in sent_at_once:
        raise CouldNotTellError(
            f"two messages at the same time were answered {one.status} and {other.status}, "
            "and no page says how many may be sent at a time",
            unsettled_shape=True,
        )
    listed = sent_at_once["listed"]
    with expect(listed) as it:
        it.status(200, advice=True)
        found = with_subjects(listed)
        shown = {identifier(item) for item in found}
        kept = [one for one in (one, other) if answered_id(one) in shown or listed_as(one, listed)]
        it.that(
            len(kept) == 2,
            "relation:no-item-is-missing",
            "both messages that were sent at the same time",
            f"{len(kept)} of them",
        )


@check(
    "send-without-time-zone-takes-none-of-another",
    level="must",
    basis="documented",
    source=f"{DEFAULT_ZONE}; {MESSAGE}",
)
def test_a_message_without_a_time_zone_takes_none_of_another(
    sending: Steps, shown_without_zone: Exchange
) -> None:
    """A message that says no time zone has the system's, also after one that said another."""
    first = sending.get("read")
    if first is None:
        raise CouldNotTellError("no id is known of a message before", unsettled_shape=True)
    with expect(shown_without_zone) as it:
        it.status(200, advice=True)
        before, after = (_zone(one) for one in (first, shown_without_zone))
        it.that(
            before == after,
            "/createDateTime/timeZone",
            f"{show(before)}, as in {first.name}, which said no zone either",
            show(after),
            advice=after not in (TIME_ZONE, LONG_ZONE),
        )


def _zone(read: Exchange) -> str:
    """Return the zone that a message shows; CouldNotTellError where it shows none."""
    if read.places and read.places.instants:
        raise CouldNotTellError(
            f"the times of {read.name} name instants, and no zone", unsettled_shape=True
        )
    return str(member(read, message(read), "createDateTime", "timeZone"))
