"""Exchanges that read sent items: each distinct situation once."""

from __future__ import annotations

from functools import partial

from golive import Environment, Exchange, MessagesApi, Steps, exchange, instant
from suites.common.lists import PAGE
from suites.common.refusals import demand_control, demand_thorough
from suites.messages.combinations import OF_SENT_ITEMS, combined
from suites.messages.list_rules import LOWER, SECOND, UPPER, inner_bounds
from suites.messages.moved import read_missing
from suites.messages.reading import LAST_DAY, before_the_window, reaching_back, read_sent_items
from suites.messages.steadiness import pairs


@exchange
def sent_oldest_first(api: MessagesApi, environment: Environment) -> Exchange:
    """Sent items, asked for oldest first."""
    order = {"sortBy": "createDateTime", "sortOrder": "ASC"}
    return read_sent_items(api, environment, "sent_oldest_first", **order)


@exchange
def sent_by_priority(api: MessagesApi, environment: Environment) -> Exchange:
    """Sent items, sorted by priority."""
    return read_sent_items(api, environment, "sent_by_priority", sortBy="priority")


@exchange
def sent_long_window(api: MessagesApi, environment: Environment) -> Exchange:
    """Sent items with a lower bound far beyond 90 days, and the only limit there is."""
    name, limit = "sent_long_window", str(PAGE)
    return reaching_back(
        lambda since: read_sent_items(api, environment, name, **since, limit=limit)
    )


@exchange
def sent_before_the_window(api: MessagesApi, environment: Environment) -> Exchange:
    """Sent items of the time before the default window."""
    until, name = before_the_window(), "sent_before_the_window"
    return reaching_back(lambda since: read_sent_items(api, environment, name, **since, **until))


@exchange
def sent_until(api: MessagesApi, environment: Environment, sent_items: Exchange) -> Exchange:
    """Sent items with an upper bound alone, a second before an item."""
    demand_thorough(environment)
    _, upper = inner_bounds(sent_items)
    return read_sent_items(api, environment, "sent_until", **{UPPER: instant(upper - SECOND)})


@exchange
def sent_since(api: MessagesApi, environment: Environment, sent_items: Exchange) -> Exchange:
    """Sent items with a lower bound alone, a second after an item."""
    demand_thorough(environment)
    lower, _ = inner_bounds(sent_items)
    return read_sent_items(api, environment, "sent_since", **{LOWER: instant(lower + SECOND)})


@exchange
def sent_between(api: MessagesApi, environment: Environment, sent_items: Exchange) -> Exchange:
    """Sent items between two bounds that leave items outside on both sides."""
    lower, upper = inner_bounds(sent_items)
    bounds = {LOWER: instant(lower), UPPER: instant(upper)}
    return read_sent_items(api, environment, "sent_between", **bounds)


@exchange
def sent_into_the_future(api: MessagesApi, environment: Environment) -> Exchange:
    """Sent items with an upper bound as far in the future as a date may be."""
    demand_thorough(environment)
    until = {UPPER: instant(LAST_DAY)}
    return read_sent_items(api, environment, "sent_into_the_future", **until)


@exchange
def sent_of_all_options(
    api: MessagesApi, environment: Environment, sent_between: Exchange
) -> Exchange:
    """Sent items with all options at once: two bounds, the limit, and oldest first."""
    demand_thorough(environment)
    query = {name: value for name, value in sent_between.request.query if name in (LOWER, UPPER)}
    options = {"limit": str(PAGE), "sortBy": "createDateTime", "sortOrder": "ASC"}
    return read_sent_items(api, environment, "sent_of_all_options", **query, **options)


@exchange
def sent_combinations(
    api: MessagesApi, environment: Environment, sent_items: Exchange, sent_long_window: Exchange
) -> Steps:
    """Sent items with several options at once, in many combinations."""
    demand_thorough(environment)
    demand_control(sent_items)
    return combined(
        sent_items,
        sent_long_window,
        OF_SENT_ITEMS,
        lambda name, query: api.call("listSentItems", name=name, query=query),
    )


@exchange
def sent_midway(
    api: MessagesApi,
    sent_items: Exchange,
    sent_before_the_window: Exchange,
    sent_long_window: Exchange,
) -> Exchange:
    """The plain sent items once more, after they were asked for with bounds."""
    return api.send(sent_items.request, "sent_midway")


@partial(exchange, repeats=True)
def sent_askings(
    api: MessagesApi, environment: Environment, sent_items: Exchange, sent_midway: Exchange
) -> Steps:
    """The plain sent items at the beginning, in the middle and at the end; what a later list lacks, by its id."""
    last = api.send(sent_items.request, "sent_at_the_end")
    steps = Steps(first=sent_items, midway=sent_midway, last=last)
    read_missing(api, environment, steps, pairs(steps))
    return steps
