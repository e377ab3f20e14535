"""When a sent message counts as accepted or refused, not where a guessed name may be to blame; and its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive import (
    Contract,
    CouldNotTellError,
    Exchange,
    Expect,
    Steps,
    expect,
    guess_to_blame,
    http_date,
)
from suites.messages.list_rules import SKEW

if TYPE_CHECKING:
    from suites.messages.lists import Moments

READ_WHY = "Read the answer: its code and message say what was not accepted."
PREPARE_REPLY = "Give the patient for writing a message that can be replied to."


def is_accepted(exchange: Exchange, contract: Contract, *others: Exchange) -> None:
    """The message was accepted; `others` are sendings whose success settles the names that they share with it."""
    demand_no_guess(exchange, contract, *others)
    with expect(exchange) as it:
        it.that(exchange.succeeded, "status", "any 2xx", str(exchange.status), next_step=READ_WHY)


def demand_no_guess(exchange: Exchange, contract: Contract, *others: Exchange) -> None:
    """Raise CouldNotTellError for a refusal that may be owed to a member's guessed name."""
    doubt = guess_to_blame(contract, exchange, *others)
    if doubt is not None:
        raise doubt


def reply_is_accepted(steps: Steps, sent_message: Exchange, contract: Contract) -> None:
    """Raise a finding unless the reply was accepted: the plainest of those that were tried."""
    reply = steps["reply"]
    demand_no_guess(reply, contract, sent_message)
    shown = steps["original"].json_or_none
    may_be = shown.get("canReply") if isinstance(shown, dict) else None
    if 400 <= reply.status < 500 and may_be is not True:
        raise CouldNotTellError(
            f"the reply was answered {reply.status}, and the message before it does not say canReply: true",
            next_step=PREPARE_REPLY,
            unsettled_shape=True,
        )
    with expect(reply) as it:
        it.that(reply.succeeded, "status", "any 2xx", str(reply.status))


def step_of_text(steps: Steps, name: str) -> Exchange:
    """Return a step; CouldNotTellError where the message was refused: no page says which characters may be sent."""
    sent = steps["sent"]
    if not sent.succeeded:
        raise CouldNotTellError(
            f"the message with odd characters was answered {sent.status}, and no page says which may be sent",
            unsettled_shape=True,
        )
    return steps[name]


def was_created_when_sent(it: Expect, sent: Exchange, created: Moments, place: str = "") -> None:
    """A message was created when it was sent, by the nearer of this machine's clock and the server's.

    `created` has what its creation, in the member below `place`, may mean.
    """
    clocks = [sent.sent_at, http_date(sent.header("Date"))]
    apart = min(abs(at - clock) for at in created for clock in clocks if clock)
    actual = f"{round(apart.total_seconds() / 60)} minutes from it"
    it.that(apart <= SKEW, f"{place}/createDateTime", "the time at which it was sent", actual)
