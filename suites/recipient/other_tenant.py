"""Exchanges with another tenant's group inboxes, asked for by its own account after this tenant's."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from golive import (
    CouldNotTellError,
    Environment,
    Exchange,
    MessagesApi,
    Steps,
    TokenClient,
    exchange,
)
from suites.common.lists import identifiers, items
from suites.common.refusals import demand_control, demand_thorough
from suites.messages.others import in_another_tenant

if TYPE_CHECKING:
    from golive import Request

UNKNOWN = ("999999999999997", "999999999999998")
"""Ids that no recipient has."""

SEVERAL = 5
"""Ids that are asked for at once: more than two, and no more than any server should take."""


@exchange
def group_inboxes_in_another_tenant(
    api: MessagesApi, tokens: TokenClient, environment: Environment, group_inboxes: Exchange
) -> Steps:
    """All group inboxes, asked for by an account of another tenant under the path of its own: `listed`.

    Those among them that this tenant lists, too, are asked for there by their ids, a question of which nothing can be
    kept: `named`. There is none where the two have nothing in common. Those that only the other tenant lists are asked
    for here by their ids: `here`, if there are any.
    """
    demand_thorough(environment)
    demand_control(group_inboxes)

    def asked(request: Request, step: str) -> Exchange:
        there = in_another_tenant(request, tokens, environment)
        return api.send(there, f"group_inboxes_in_another_tenant: {step}")

    listed = asked(group_inboxes.request, "listed")
    steps = Steps(listed=listed)
    common = common_ids(group_inboxes, listed)[:SEVERAL]
    if common:
        by_id = api.request("listGroupInboxes", query={"id": [UNKNOWN[1], *common]}, answered=True)
        steps["named"] = asked(by_id, "named")
    theirs = only_in(listed, group_inboxes)[:SEVERAL]
    if theirs:
        query = {"id": theirs}
        name = "group_inboxes_in_another_tenant: here"
        steps["here"] = api.call("listGroupInboxes", name=name, query=query, answered=True)
    return steps


def only_in(one: Exchange, other: Exchange) -> list[str]:
    """Return the ids that only the first of two lists shows; none where one is no list."""
    with suppress(CouldNotTellError):
        known = {*identifiers(other, items(other))}
        return [key for key in identifiers(one, items(one)) if key not in known]
    return []


def common_ids(one: Exchange, other: Exchange) -> list[str]:
    """Return the ids that two lists show, as the second has them; none where that is no list."""
    with suppress(CouldNotTellError):
        own = {*identifiers(one, items(one))}
        return [key for key in identifiers(other, items(other)) if key in own]
    return []
