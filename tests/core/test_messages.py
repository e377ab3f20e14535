"""Valid requests, and mistakes of the suite that must never reach the API."""

from datetime import UTC, datetime
from typing import Any

import pytest

from golive.contract.outcomes import CouldNotTellError, SuiteError
from golive.environment import Environment
from golive.exchanges.model import Exchange, Response
from golive.transport.api import MessagesApi
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
            r"listInboxItems: query parameters unknown \[\], missing \['patientId'\]",
        ),
        (
            "listInboxItems",
            {"query": {"patientId": "1", "patientID": "1"}},
            r"unknown \['patientID'\]",
        ),
        ("getMessage", {}, r"path parameters unknown \[\], missing \['patientMessageId'\]"),
        ("getMessage", {"path": {"patientMessageId": "1"}, "body": {}}, "getMessage takes no body"),
        ("sendMessage", {}, "sendMessage: body must be object"),
        ("sendMessage", {"body": {"patientId": "1"}}, "sendMessage: body/content must be present"),
    ],
)
def test_a_request_that_breaks_the_contract_is_the_suite_s_mistake(
    api: MessagesApi, operation: str, given: dict[str, Any], words: str
) -> None:
    with pytest.raises(SuiteError, match=words):
        api.request(operation, **given)


def test_an_operation_that_does_not_exist_is_an_error(api: MessagesApi) -> None:
    with pytest.raises(KeyError):
        api.request("listOutbox")


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
