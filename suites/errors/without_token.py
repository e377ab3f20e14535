"""Requests without a token that something from before might open: a cookie, or an answer that was stored."""

from __future__ import annotations

import uuid
from dataclasses import replace
from functools import partial

from golive import (
    Environment,
    Exchange,
    MessagesApi,
    NotClaimedError,
    Steps,
    by_cookies,
    exchange,
    pairs_of,
    with_pairs,
)
from suites.common.refusals import demand_control, demand_thorough, named_operation


@partial(exchange, control=named_operation)
def by_cookie(
    operation: str, control: Exchange, api: MessagesApi, environment: Environment
) -> Steps:
    """The plain request of an operation with the cookies that its answer set, if any, in place of the token."""
    demand_control(control)
    request = by_cookies(control)
    if request is None:
        return Steps()
    if request.method not in {"GET", "HEAD"} and not environment.may_write:
        raise NotClaimedError("safety.writes")
    return Steps(asked=api.send(request, f"{operation} by cookie"))


@partial(exchange, control=named_operation)
def asked_after_success(
    operation: str,
    control: Exchange,
    api: MessagesApi,
    environment: Environment,
) -> Steps:
    """The plain request of an operation, and at once the same without a token.

    Steps `given`, `asked` and, where that succeeded, `elsewhere`: without a token at a URL that nobody has asked.
    """
    demand_thorough(environment)
    demand_control(control)
    request = api.renewed(control.request)
    bare = replace(request, headers=request.headers.without("Authorization"))
    steps = Steps(given=api.send(request, f"{operation} once more"))
    steps["asked"] = api.send(bare, f"{operation} right after it, without a token")
    if steps["asked"].succeeded:
        unasked = with_pairs(bare, [*pairs_of(bare), ("golive", uuid.uuid4().hex)])
        steps["elsewhere"] = api.send(unasked, f"{operation} elsewhere, without a token")
    return steps
