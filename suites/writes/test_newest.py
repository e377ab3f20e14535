"""What only the newest generation takes: a message to an e-mail address, and one that says its time zone."""

from __future__ import annotations

from golive import (
    Contract,
    CouldNotTellError,
    Exchange,
    NotClaimedError,
    Steps,
    check,
    expect,
    is_of_the_body,
    own_words,
    show,
)
from suites.messages.citations import MESSAGE
from suites.messages.lists import OFFSET, Moments, message, moments, zone_of
from suites.writes.accepted import is_accepted, was_created_when_sent
from suites.writes.newest import ADDRESS

NEWEST = "contract-facts §2.4 (newest generation of the page), §1"


@check(
    "send-to-one-address-is-accepted", area="send", level="must", basis="documented", source=NEWEST
)
def test_a_message_to_one_address_is_accepted(
    sent_to_address: Exchange, sent_message: Exchange, contract: Contract
) -> None:
    """A message to one single recipient of type EMAIL is accepted; a refusal may be meant for that address alone."""
    if is_of_the_body(sent_to_address):
        raise CouldNotTellError(
            f"a message to the address {ADDRESS} was answered {sent_to_address.status}, and no page says that every "
            f"address must be taken; {own_words(sent_to_address)}",
            next_step="Read the service's own words. Where they are about this address, send a message to one that the "
            "service knows by hand.",
            unsettled_shape=True,
        )
    is_accepted(sent_to_address, contract, sent_message)


@check(
    "send-with-time-zone-is-accepted", area="send", level="must", basis="documented", source=NEWEST
)
def test_a_message_with_a_time_zone_is_accepted(
    sent_from_zone: Exchange, sent_message: Exchange, contract: Contract
) -> None:
    """A message with the name of an IANA zone in oh-content-time-zone is accepted."""
    is_accepted(sent_from_zone, contract, sent_message)


@check(
    "send-with-a-zone-of-three-parts-is-accepted",
    area="send",
    level="must",
    basis="documented",
    source=NEWEST,
)
def test_a_message_with_a_zone_of_three_parts_is_accepted(sent_after_the_reply: Steps) -> None:
    """A message with an IANA zone in oh-content-time-zone whose name has three parts is accepted, as one without is."""
    sent, zoned = sent_after_the_reply["sent"], sent_after_the_reply.get("zoned")
    if zoned is None and sent.request.headers.get("oh-content-time-zone") is None:
        raise NotClaimedError("claims.generation")
    if not sent.succeeded:
        raise CouldNotTellError(f"the message was answered {sent.status} without a time zone, too")
    with expect(zoned or sent) as it:
        it.that(zoned is None, "status", "2xx, as without the time zone", str(it.exchange.status))


@check(
    "send-with-time-zone-keeps-the-instant",
    area="send",
    level="must",
    basis="documented",
    source=f"{NEWEST}; {MESSAGE}",
)
def test_a_message_with_a_time_zone_keeps_its_instant(
    sent_from_zone: Exchange, shown_in_zone: Exchange
) -> None:
    """A message that was sent with a time zone was created then; another zone's name is advice."""
    with expect(shown_in_zone) as it:
        it.status(200)
    created = moments(shown_in_zone, message(shown_in_zone))
    with expect(shown_in_zone) as it:
        was_created_when_sent(it, sent_from_zone, created)
        if shown_in_zone.places and shown_in_zone.places.instants:
            return  # times that name instants by themselves show no zone
        zone = it.json()["createDateTime"]["timeZone"]
        wanted = sent_from_zone.request.headers.get("oh-content-time-zone")
        at = "/createDateTime/timeZone"
        same = zone == wanted or (
            OFFSET.fullmatch(str(zone)) and _is_offset_of(wanted, zone, created)
        )
        it.that(bool(same), at, f"{wanted}, as it was sent", show(zone), advice=True)


def _is_offset_of(name: str | None, offset: str, created: Moments) -> bool:
    """Return whether an offset is that of a zone at one of these times."""
    return any(
        at.astimezone(zone_of(name or "")).utcoffset() == at.astimezone(zone_of(offset)).utcoffset()
        for at in created
    )
