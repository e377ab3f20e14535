"""Exchanges that read the inbox: each distinct situation once."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from golive import (
    CouldNotTellError,
    Environment,
    Exchange,
    MessagesApi,
    NotClaimedError,
    Steps,
    access_token_of,
    claimed_data,
    exchange,
    instant,
)
from suites.common.lists import PAGE
from suites.common.refusals import demand_control, demand_thorough
from suites.messages.asked import OPTION
from suites.messages.bounds import AROUND, zoned_item
from suites.messages.combinations import BOTH, OF_THE_INBOX, combined
from suites.messages.list_rules import LOWER, SECOND, UPPER, WINDOW, inner_bounds
from suites.messages.lists import moment
from suites.messages.moved import read_missing
from suites.messages.reading import LAST_DAY, before_the_window, reaching_back, read_inbox
from suites.messages.steadiness import AGAIN, differ, pairs


@exchange
def inbox_spelled_out(api: MessagesApi, environment: Environment) -> Exchange:
    """The inbox with every documented default written out."""
    now = datetime.now(UTC)
    query = {LOWER: instant(now - WINDOW), UPPER: instant(now), "limit": str(PAGE)}
    query |= {"notificationType": "MESSAGE", OPTION: "false"}
    return read_inbox(api, environment, "inbox_spelled_out", **query)


@exchange
def inbox_newest_first(api: MessagesApi, environment: Environment) -> Exchange:
    """The inbox, asked for newest first.

    The word for descending is cut in Oracle's text, so where golive's is refused, others are tried.
    """
    patient = claimed_data(environment, "listInboxItems", "patient")
    query = {"patientId": patient, "sortBy": "createDateTime"}
    tried = (
        api.call(
            "listInboxItems",
            name="inbox_newest_first",
            query={**query, "sortOrder": word},
            answered=True,
        )
        for word in api.contract.mapping.words_of("descending")
    )
    first = next(tried)
    taken = (one for one in tried if one.status != 400) if first.status == 400 else ()
    return next(iter(taken), first)


@exchange
def inbox_oldest_first(api: MessagesApi, environment: Environment) -> Exchange:
    """The inbox, asked for oldest first."""
    order = {"sortBy": "createDateTime", "sortOrder": "ASC"}
    return read_inbox(api, environment, "inbox_oldest_first", **order)


@exchange
def inbox_by_priority(api: MessagesApi, environment: Environment) -> Exchange:
    """The inbox, sorted by priority."""
    return read_inbox(api, environment, "inbox_by_priority", sortBy="priority")


@exchange
def inbox_long_window(api: MessagesApi, environment: Environment) -> Exchange:
    """The inbox with a lower bound far beyond 90 days."""
    return reaching_back(lambda since: read_inbox(api, environment, "inbox_long_window", **since))


@exchange
def inbox_before_the_window(api: MessagesApi, environment: Environment) -> Exchange:
    """The inbox of the time before the default window."""
    until, name = before_the_window(), "inbox_before_the_window"
    return reaching_back(lambda since: read_inbox(api, environment, name, **since, **until))


@exchange
def inbox_between(api: MessagesApi, environment: Environment, inbox_items: Exchange) -> Exchange:
    """The inbox between two bounds that leave items outside on both sides."""
    lower, upper = inner_bounds(inbox_items)
    bounds = {LOWER: instant(lower), UPPER: instant(upper)}
    return read_inbox(api, environment, "inbox_between", **bounds)


@exchange
def inbox_until(api: MessagesApi, environment: Environment, inbox_items: Exchange) -> Exchange:
    """The inbox with an upper bound alone, a second before an item, which is then outside with all newer ones."""
    _, upper = inner_bounds(inbox_items)
    return read_inbox(api, environment, "inbox_until", **{UPPER: instant(upper - SECOND)})


@exchange
def inbox_since(api: MessagesApi, environment: Environment, inbox_items: Exchange) -> Exchange:
    """The inbox with a lower bound alone, a second after an item, which is then outside with all older ones."""
    demand_thorough(environment)
    lower, _ = inner_bounds(inbox_items)
    return read_inbox(api, environment, "inbox_since", **{LOWER: instant(lower + SECOND)})


@exchange
def inbox_around_an_item(
    api: MessagesApi, environment: Environment, inbox_long_window: Exchange
) -> Exchange:
    """The inbox from just before one item of it to just after: one whose zone had another offset then than today."""
    chosen = moment(inbox_long_window, zoned_item(inbox_long_window))
    bounds = {LOWER: instant(chosen - AROUND), UPPER: instant(chosen + AROUND)}
    return read_inbox(api, environment, "inbox_around_an_item", **bounds)


@exchange
def inbox_into_the_future(api: MessagesApi, environment: Environment) -> Exchange:
    """The inbox with an upper bound as far in the future as a date may be."""
    until = {UPPER: instant(LAST_DAY)}
    return read_inbox(api, environment, "inbox_into_the_future", **until)


@exchange
def inbox_of_all_options(
    api: MessagesApi, environment: Environment, inbox_between: Exchange
) -> Exchange:
    """The inbox with all options at once: two bounds, the limit, both types and the organization summary."""
    demand_thorough(environment)
    query = {name: value for name, value in inbox_between.request.query if name in (LOWER, UPPER)}
    options = {"limit": str(PAGE), OPTION: "true"}
    name = "inbox_of_all_options"
    return read_inbox(api, environment, name, notificationType=BOTH, **query, **options)


@exchange
def inbox_combinations(
    api: MessagesApi,
    environment: Environment,
    inbox_items: Exchange,
    inbox_long_window: Exchange,
) -> Steps:
    """The inbox with several options at once, in many combinations."""
    demand_thorough(environment)
    demand_control(inbox_items)
    return combined(
        inbox_items,
        inbox_long_window,
        OF_THE_INBOX,
        lambda name, query: api.call("listInboxItems", name=name, query=query),
    )


@exchange
def inbox_with_organizations(api: MessagesApi, environment: Environment) -> Exchange:
    """The inbox with the organization summary."""
    if not environment.claims.organization_summary:
        raise NotClaimedError("claims.organization_summary")
    option = {OPTION: "true"}
    return read_inbox(api, environment, "inbox_with_organizations", **option)


@exchange
def inbox_midway(
    api: MessagesApi,
    inbox_items: Exchange,
    inbox_before_the_window: Exchange,
    inbox_into_the_future: Exchange,
) -> Exchange:
    """The plain inbox once more, after it was asked for with bounds."""
    return api.send(inbox_items.request, "inbox_midway")


@partial(exchange, repeats=True)
def inbox_askings(
    api: MessagesApi,
    environment: Environment,
    inbox_items: Exchange,
    inbox_midway: Exchange,
    inbox_spelled_out: Exchange,
    inbox_into_the_future: Exchange,
) -> Steps:
    """The plain inbox at the beginning, in the middle and at the end of the run.

    Where one of the other two, which must have the same items, has others, it is asked for once more. What a later one
    lacks is asked for by its id.
    """
    last = api.send(inbox_items.request, "inbox_at_the_end")
    steps = Steps(first=inbox_items, midway=inbox_midway, last=last)
    for one in (inbox_spelled_out, inbox_into_the_future):
        if differ(inbox_items, one):
            steps[one.name] = one
            steps[f"{AGAIN}{one.name}"] = api.send(one.request, f"{one.name}_again")
    read_missing(api, environment, steps, pairs(steps))
    return steps


@partial(exchange, last=True)
def first_token_at_the_end(
    token_granted: Exchange, inbox_items: Exchange, inbox_askings: Steps
) -> Exchange:
    """The inbox, asked for with the first token of the run when everything else was asked."""
    demand_control(inbox_items)
    token = access_token_of(token_granted)
    if inbox_items.request.headers.get("Authorization") != f"Bearer {token}":
        raise CouldNotTellError(
            "the inbox was not asked for with the first token of the run", unsettled_shape=True
        )
    return inbox_askings["last"]
