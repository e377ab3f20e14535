"""What a client sends: the same once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive import NotSeenError, Steps, Wrong, check, cured_by
from suites.client import seen
from suites.client.citations import SEND
from suites.client.repeats import same_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive import Exchange

AREA = "client sending"


@check("client-writes-nothing-twice", area=AREA, level="should", basis="documented", source=SEND)
@cured_by(
    "Mark a message as sent with the answer, and lock the button meanwhile: there is no idempotency key."
)
def test_no_message_is_sent_twice(sendings: Steps) -> Iterator[Wrong]:
    """No message that was accepted is sent again, word for word."""
    accepted: dict[bytes, Exchange] = {}
    for one in seen.by_time(sendings):
        if one.request.body in accepted and one.succeeded:
            number = accepted[one.request.body].number
            yield Wrong(
                one,
                "request:body",
                "a new message",
                f"that of request {number} again, which was accepted",
            )
        elif one.succeeded:
            accepted[one.request.body] = one


@check(
    "client-looks-before-it-writes-again",
    area=AREA,
    level="should",
    basis="standard",
    source="RFC 9110 §9.2.2; contract-facts §2.4",
)
@cured_by(
    "Read the sent items (or the message) first: the write may have arrived, and no key makes it harmless."
)
def test_no_write_is_repeated_blindly(
    requests_of_client: Steps, writings: Steps
) -> Iterator[Wrong]:
    """A write with an unknown outcome (a 5xx, no answer) is not sent again before a read shows whether it arrived."""
    unknown = [one for one in seen.by_time(writings) if _outcome_is_unknown(one)]
    if not unknown:
        raise NotSeenError("no write of the client's was left without a clear answer")
    ordered = seen.by_time(requests_of_client)

    for first in unknown:
        later = (one for one in ordered if one.sent_at > first.sent_at)
        for one in later:
            if seen.lists(one) or one.request.operation == "getMessage":
                break
            if same_request(first, one):
                yield Wrong(
                    one,
                    "request:line",
                    "a read before the same write again",
                    f"request {first.number} again",
                )
                break


def _outcome_is_unknown(one: Exchange) -> bool:
    if one.request.operation == "validateRecipients":
        return False  # it changes nothing
    lost = one.status == 0 or one.response.broken is not None
    return lost or one.status >= 500
