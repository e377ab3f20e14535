"""One code value, read by its id."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from golive import Environment, Exchange, MessagesApi, ThinDataError, demand_claimed, exchange
from suites.code_system.by_code_set import CALLERS_ID
from suites.common.lists import asked_id, identifiers, some_items
from suites.common.refusals import demand_thorough


@partial(exchange, plain="getCodeValue")
def code_value(api: MessagesApi, environment: Environment, code_values: Exchange) -> Exchange:
    """One code value: the one of the test data, else the first of the list."""
    demand_claimed(environment, "getCodeValue")
    known = environment.get("test_data.code_value")
    if not isinstance(known, str):
        known = identifiers(code_values, some_items(code_values))[0]
    return api.call("getCodeValue", name="code_value", path={"codeValueId": known})


@exchange
def another_code_value(
    api: MessagesApi, environment: Environment, code_values: Exchange, code_value: Exchange
) -> Exchange:
    """Another code value of the list: the last one."""
    demand_claimed(environment, "getCodeValue")
    last = identifiers(code_values, some_items(code_values))[-1]
    if last == asked_id(code_value):
        raise ThinDataError(
            "code_values lists no other code value than the one that was read",
            next_step="Choose a code set with several values (test_data.code_set).",
        )
    return api.call("getCodeValue", name="another_code_value", path={"codeValueId": last})


@exchange
def code_value_with_request_id(
    api: MessagesApi, environment: Environment, code_value: Exchange
) -> Exchange:
    """One code value, asked for with the caller's own opc-request-id."""
    demand_thorough(environment)
    headers = code_value.request.headers.with_("opc-request-id", CALLERS_ID)
    return api.send(replace(code_value.request, headers=headers), "code_value_with_request_id")
