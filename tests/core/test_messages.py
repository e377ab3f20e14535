"""Valid requests, and mistakes of the suite that must never reach the API."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from golive.contract.outcomes import (
    CouldNotTellError,
    InvalidRequestError,
    NotClaimedError,
    SuiteError,
)
from golive.environment import Environment
from golive.exchanges.model import Exchange, Response
from golive.transport.api import MessagesApi
from golive.transport.plain import claimed_data, demand_claimed
from golive.transport.token import Grant, TokenClient
from suites.messages import sending as writing


def test_a_valid_call_is_sent_with_the_environment_s_own_token(
    api: MessagesApi, environment: Environment
) -> None:
    exchange = api.call("listInboxItems", name="inbox", query={"patientId": "12700100"})
    assert exchange.status == 200
    assert exchange.name == "inbox"
    assert exchange.request.url == (
        f"{environment.api.base_url}/20241001/patientMessages/inboxItems?patientId=12700100"
    )
    assert exchange.request.headers.get("Accept") == "application/json"
    assert exchange.request.headers.get("Content-Type") is None


def test_values_are_encoded_and_several_values_repeat_the_key(api: MessagesApi) -> None:
    request = api.request(
        "listInboxItems",
        query={"patientId": "a&b", "notificationType": ["MESSAGE", "REMINDER"],
               "createDateTimeLessThanOrEqualTo": "2026-01-01T00:00:00Z"},
    )  # fmt: skip
    assert request.url.endswith(
        "?patientId=a%26b&notificationType=MESSAGE&notificationType=REMINDER"
        "&createDateTimeLessThanOrEqualTo=2026-01-01T00:00:00Z"
    )
    one = api.request(
        "getMessage", path={"patientMessageId": "72/1?x"}, headers={"opc-request-id": "abc"}
    )
    assert one.url.endswith("/patientMessages/72%2F1%3Fx")
    assert one.headers.get("opc-request-id") == "abc"


def test_a_body_is_json_and_says_so(api: MessagesApi, environment: Environment) -> None:
    body = writing.valid_send_body(environment, "A subject")
    request = api.request("sendMessage", body=body)
    assert request.method == "POST"
    assert request.headers.get("Content-Type") == "application/json"
    assert b"A subject" in request.body


def test_a_write_that_is_answered_by_no_http_has_an_unknown_outcome(
    api: MessagesApi, environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = api.request("sendMessage", body=writing.valid_send_body(environment, "golive x"))
    answer = Exchange("sent", request, Response(0, broken="no HTTP"), datetime.now(UTC), 0.1)
    monkeypatch.setattr(api._client, "send", lambda *_, **__: answer)
    api.send(request, "sent")
    assert [(one["status"], one["subject"]) for one in api.written] == [("unknown", "golive x")]


@pytest.mark.parametrize(
    ("operation", "given", "words"),
    [
        (
            "listInboxItems",
            {},
            "listInboxItems needs the query parameter patientId",
        ),
        (
            "listInboxItems",
            {"query": {"patientId": "1", "patientID": "1"}},
            r'listInboxItems has no query parameter patientID. Did you mean "patientId"\?',
        ),
        (
            "listSentItems",
            {"query": {"patientId": "1", "since": "1"}},
            r"no query parameter since\. There are: createDateTimeGreaterThanOrEqualTo, .*, sortOrder\.",
        ),
        ("getMessage", {}, "getMessage needs the path parameter patientMessageId"),
        ("getMessage", {"path": {"patientMessageId": "1"}, "body": {}}, "getMessage takes no body"),
        (
            "listInboxItems",
            {"query": {"patientId": "1", "limit": 20}},
            "listInboxItems: the value of limit must be 1000 and no other number",
        ),
        (
            "listInboxItems",
            {"query": {"patientId": "1", "limit": "many"}},
            "the value of limit must be integer",
        ),
        (
            "listInboxItems",
            {"query": {"patientId": "1", "notificationType": ["MESSAGE", "FAX"]}},
            "the value of notificationType/1 must be one of MESSAGE, REMINDER",
        ),
        (
            "listInboxItems",
            {"query": {"patientId": "1", "sortOrder": "UP"}},
            "the value of sortOrder must be one of ASC, DESC",
        ),
        ("sendMessage", {}, "sendMessage: body must be object"),
        ("sendMessage", {"body": {"patientId": "1"}}, "sendMessage: body/content must be present"),
    ],
)
def test_a_request_that_breaks_the_contract_is_the_suite_s_mistake(
    api: MessagesApi, operation: str, given: dict[str, Any], words: str
) -> None:
    with pytest.raises(SuiteError, match=words):
        api.request(operation, **given)


def test_a_number_and_a_truth_value_are_written_as_the_query_has_them(api: MessagesApi) -> None:
    query = {
        "patientId": 12700100,
        "limit": 1000,
        "shouldLoadOrganizationSummary": True,
        "notificationType": ["MESSAGE", "REMINDER"],
    }
    request = api.request("listInboxItems", query=query)
    assert [*request.query] == [
        ("patientId", "12700100"),
        ("limit", "1000"),
        ("shouldLoadOrganizationSummary", "true"),
        ("notificationType", "MESSAGE"),
        ("notificationType", "REMINDER"),
    ]
    assert (
        "/patientMessages/7?" in f"{api.request('getMessage', path={'patientMessageId': 7}).url}?"
    )


@pytest.mark.parametrize("method", ["call", "request", "plain", "plain_request"])
def test_an_operation_that_does_not_exist_is_the_suite_s_mistake(
    api: MessagesApi, method: str
) -> None:
    more = {"name": "x"} if method in ("call", "plain") else {}
    with pytest.raises(
        InvalidRequestError, match=r'operation listInbox\. Did you mean "listInboxIt'
    ):
        getattr(api, method)("listInbox", **more)


def test_what_no_api_has_can_t_be_left_unclaimed(environment: Environment) -> None:
    for ask in (demand_claimed, partial(claimed_data, key="patient")):
        with pytest.raises(InvalidRequestError, match="no API has an operation listInbox"):
            ask(environment, "listInbox")
    with pytest.raises(
        InvalidRequestError, match=r'no API has test data patiant\. Did you mean "patient"'
    ):
        claimed_data(environment, "listInboxItems", "patiant")
    claims = replace(environment.claims, operations=())
    with pytest.raises(NotClaimedError):
        demand_claimed(replace(environment, claims=claims), "listInboxItems")


@pytest.mark.parametrize("token", ["späße-token", "token\nwith: lines", "with space", "\ud800"])
def test_a_token_that_fits_in_no_header_leaves_the_question_open(
    api: MessagesApi,
    tokens: TokenClient,
    make_exchange,
    monkeypatch: pytest.MonkeyPatch,
    token: str,
) -> None:
    monkeypatch.setattr(tokens, "grant", lambda _: Grant(make_exchange(), token, 0))
    with pytest.raises(CouldNotTellError, match="can't be put into a header"):
        api.request("listInboxItems", query={"patientId": "1"})
