"""Headers, bodies and summaries as checks read them."""

import pickle
from dataclasses import replace

import pytest

from golive.exchanges.headers import Headers
from golive.exchanges.model import Exchange, Request, Response, Steps
from golive.kit.json_text import NotJsonError
from golive.redaction import REDACTOR


def test_header_names_compare_without_case_and_lines_are_joined() -> None:
    headers = Headers.of([("Set-Cookie", "a=1"), ("set-cookie", "b=2"), ("X", "y")])
    assert headers.get("SET-COOKIE") == "a=1, b=2"
    assert headers.all("Set-Cookie") == ("a=1", "b=2")
    assert headers.get("absent") is None
    assert list(headers.without("SET-cookie")) == [("X", "y")]
    assert list(headers.with_("x", "z"))[-1] == ("x", "z")
    assert Headers.of({"A": "1"}).get("a") == "1"


def test_a_request_gives_its_query_in_order_with_blanks() -> None:
    request = Request("GET", "https://h/p?b=2&a=&b=1")
    assert request.query == (("b", "2"), ("a", ""), ("b", "1"))


@pytest.mark.parametrize(
    ("status", "broken", "succeeded", "unavailable"),
    [(200, None, True, False), (204, None, True, False), (200, "cut off", False, False),
     (199, None, False, False), (302, None, False, False), (429, None, False, True),
     (500, None, False, False), (502, None, False, True), (503, None, False, True), (504, None, False, True)],
)  # fmt: skip
def test_success_is_a_complete_2xx_and_unavailability_four_statuses(
    make_exchange, status: int, broken: str | None, succeeded: bool, unavailable: bool
) -> None:
    exchange = make_exchange(status=status, broken=broken)
    assert exchange.succeeded is succeeded
    assert exchange.unavailable is unavailable


def test_the_media_type_comes_without_parameters_and_case(make_exchange) -> None:
    assert (
        make_exchange(headers={"Content-Type": "Application/JSON; charset=utf-8"}).media_type
        == "application/json"
    )
    assert replace(make_exchange(), response=Response(200)).media_type == ""


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the body is empty"),
        (b"<html>", "the body is an HTML page, not JSON"),
        (b"  \n<!DOCTYPE html>", "the body is an HTML page, not JSON"),
        (b"<?xml version='1.0'?>", "the body is markup, not JSON"),
        (b'{"a": }', "the body is not JSON at character 6"),
        (b"\xff\xfe", "the body is not UTF-8"),
        (b'{"a": NaN}', "NaN is not a JSON value"),
        (b"-Infinity", "-Infinity is not a JSON value"),
        (b'{"a": 1, "a": 2}', "an object has two members of the same name"),
        (b"[" * 100_000, "the body is nested too deeply"),
        (b"[" * 900 + b"]" * 900, "the body is nested too deeply"),
        (b"1" * 5000, "the body holds a number beyond the range of a double"),
        (b"[1" + b"0" * 400 + b"]", "the body holds a number beyond the range of a double"),
        (b'{"a": -1e999}', "the body holds a number beyond the range of a double"),
    ],
)
def test_what_is_no_json_says_why_without_quoting_it(
    make_exchange, body: bytes, reason: str
) -> None:
    exchange = make_exchange(body)
    with pytest.raises(NotJsonError, match=reason):
        _ = exchange.json
    assert exchange.json_or_none is None


def test_json_is_read_once_and_text_never_fails(make_exchange) -> None:
    exchange = make_exchange({"a": [1]})
    assert exchange.json is exchange.json
    assert make_exchange(b"\xff").text == "\ufffd"


def test_correlation_ids_are_found_by_their_names(make_exchange) -> None:
    exchange = make_exchange(headers={"cerner-correlation-id": "abc", "OPC-Request-Id": "/1/2"})
    assert exchange.correlation == {"Cerner-Correlation-ID": "abc", "opc-request-id": "/1/2"}


def test_the_summary_has_no_body_and_nothing_secret(make_exchange) -> None:
    REDACTOR.shows_data = False
    REDACTOR.protect("the-secret-token")
    exchange = make_exchange(
        {"content": "private"},
        url="https://h/x?patientId=1270&t=the-secret-token",
        headers={"X-Request-Id": "7"},
    )
    assert exchange.summary() == {
        "name": "made",
        "method": "GET",
        "url": "https://h/x?patientId=PATIENT&t=[redacted]",
        "status": 200,
        "sent_at": "2026-08-15T10:00:00.000Z",
        "milliseconds": 250,
        "correlation": {"X-Request-Id": "7"},
        "curl": "curl -i 'https://h/x?patientId=PATIENT&t=[redacted]'",
    }
    assert "1270" not in str(exchange.summary())
    assert "the-secret-token" not in str(exchange.summary())


def test_the_summary_has_the_error_uri_of_a_refusal_and_of_nothing_else(make_exchange) -> None:
    told = {"error_uri": "https://h/errors?urn=x"}
    assert make_exchange(told, status=400).summary()["error_uri"] == "https://h/errors?urn=x"
    for body, status in ((told, 200), ([], 400), ({"error_uri": 5}, 400), ("<html>", 400)):
        assert "error_uri" not in make_exchange(body, status=status).summary()


def test_the_repr_shows_neither_headers_nor_bodies() -> None:
    REDACTOR.protect("Bearer-token-value")
    headers = Headers.of({"Authorization": "Bearer unprotected-token-value"})
    request = Request(
        "POST", "https://h/p?t=Bearer-token-value", headers, b"client_secret=unprotected"
    )
    response = Response(200, headers, b"a message")
    exchange = Exchange("name", request, response, None, 0)  # type: ignore[arg-type]
    for shown in map(repr, (request, response, exchange)):
        assert "unprotected" not in shown
        assert "Bearer" not in shown
        assert "a message" not in shown
    assert repr(exchange) == "<exchange name: <request POST https://h/p?t=[redacted]> → 200>"


def test_an_exchange_reaches_another_process_unchanged(make_exchange) -> None:
    exchange = make_exchange({"a": 1})
    assert exchange.json == {"a": 1}
    steps = Steps(one=exchange)
    assert pickle.loads(pickle.dumps(exchange)) == exchange
    assert pickle.loads(pickle.dumps(steps))["one"].json == {"a": 1}
