"""Questions right after one another, each with one option more than the one before, and at last with none again.

What something keeps of a question, or of its answer, under less than the whole question shows here.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from golive import (
    CouldNotTellError,
    Environment,
    Exchange,
    MessagesApi,
    Steps,
    claimed_data,
    exchange,
    instant,
)
from suites.common.lists import asked_id
from suites.common.refusals import demand_control, demand_thorough
from suites.messages.asked import OPTION
from suites.messages.combinations import BOTH
from suites.messages.list_rules import LOWER, UPPER, inner_bounds
from suites.messages.moved import read_missing
from suites.messages.reading import read_message

Options = dict[str, str | list[str]]

PLAIN, WITH = "plain", "with"
"""The last step, the question without options; and that of a message with its organization."""


@partial(exchange, last=True)
def inbox_in_turn(api: MessagesApi, environment: Environment, inbox_items: Exchange) -> Steps:
    """The inbox with both types, with organizations as well, with a lower bound, with both; and the plain inbox."""
    demand_control(inbox_items)
    more: list[Options] = [{"notificationType": BOTH}, {OPTION: "true"}]
    if not environment.claims.organization_summary:
        more.pop()
    return _in_turn(api, environment, inbox_items, more)


@partial(exchange, last=True)
def sent_in_turn(api: MessagesApi, environment: Environment, sent_items: Exchange) -> Steps:
    """Sent items oldest first, with a lower bound as well, with both bounds; and the plain list."""
    demand_control(sent_items)
    return _in_turn(api, environment, sent_items, [{"sortOrder": "ASC"}])


@partial(exchange, last=True)
def message_in_turn(
    api: MessagesApi, environment: Environment, message_with_organization: Exchange
) -> Steps:
    """A message of an organization without it, with it, and without it again: the step `plain`."""
    demand_thorough(environment)
    demand_control(message_with_organization)
    one = asked_id(message_with_organization)
    asked = {"before": {}, WITH: {OPTION: "true"}, PLAIN: {}}
    return Steps(
        {
            step: read_message(api, environment, f"message_in_turn: {step}", one, **option)
            for step, option in asked.items()
        }
    )


def _in_turn(
    api: MessagesApi, environment: Environment, plain: Exchange, more: list[Options]
) -> Steps:
    """Ask with these options and then, where the plain list has items to set them between, with two bounds.

    What the plain list lacks at last is asked for by its id.
    """
    demand_thorough(environment)
    operation = plain.request.operation
    with suppress(CouldNotTellError):
        lower, upper = inner_bounds(plain)
        more = [*more, {LOWER: instant(lower)}, {UPPER: instant(upper)}]
    query: Options = {"patientId": claimed_data(environment, operation, "patient")}
    steps, asked = Steps(), query
    for option in more:
        asked = {**asked, **option}
        step = ", ".join([*asked][1:])
        steps[step] = api.call(operation, name=f"{operation} with {step}", query=asked)
    steps[PLAIN] = api.call(operation, name=f"{operation} plainly again", query=query)
    read_missing(api, environment, steps, [(plain, steps[PLAIN])])
    return steps
