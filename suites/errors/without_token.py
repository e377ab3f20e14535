"""Requests without a token that a cookie from before might open."""

from __future__ import annotations

from functools import partial

from golive import (
    Environment,
    Exchange,
    MessagesApi,
    NotClaimedError,
    Steps,
    by_cookies,
    exchange,
)
from suites.common.refusals import demand_control, named_operation


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
