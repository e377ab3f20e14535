"""Requests in other spellings: what is written otherwise, and which answers are those to the plain request."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest

from golive.contract.document import Contract
from golive.contract.spellings import spellings_of
from golive.exchanges.headers import Headers
from golive.exchanges.model import Exchange, Request, Response
from golive.kit.files import resources
from suites.spellings.spellings import TOGETHER, asked_otherwise, differs

NOW = datetime(2026, 3, 29, 12, 0, 0, tzinfo=UTC)
OPERATIONS = Contract(resources() / "schemas").operations
HOST = "http://127.0.0.1/tenant"
JSON = Headers.of({"Content-Type": "application/json"})
REQUESTS = {
    "listInboxItems": (
        "GET",
        f"{HOST}/message/20241001/patientMessages/inboxItems?patientId=27",
        b"",
    ),
    "getMessage": ("GET", f"{HOST}/message/20241001/patientMessages/72.1.5.prsnl", b""),
    "listGroupInboxes": ("GET", f"{HOST}/recipient/20241001/groupInboxes", b""),
    "validateRecipients": (
        "POST",
        f"{HOST}/message/20241001/actions/validateRecipients",
        b'{"category": "MESSAGES", "recipients": []}',
    ),
}


def request_for(operation: str) -> Request:
    method, url, body = REQUESTS[operation]
    headers = {"Accept": "application/json", "Authorization": "Bearer abc"}
    if body:
        headers["Content-Type"] = "application/json"
    return Request(method, url, Headers.of(headers), body, operation)


def answered(operation: str, status: int = 200, body: object = None) -> Exchange:
    document = {"items": [{"id": "1"}, {"id": "2"}]} if body is None else body
    response = Response(status, JSON, json.dumps(document).encode())
    return Exchange("plain", request_for(operation), response, NOW, 0.1)


@pytest.mark.parametrize("operation", REQUESTS)
def test_one_request_carries_every_spelling_and_means_the_same(operation: str) -> None:
    sent: list[Request] = []

    def send(request: Request, name: str) -> Exchange:
        sent.append(request)
        return replace(answered(operation), request=request, name=name)

    plain = answered(operation)
    steps = asked_otherwise(plain, OPERATIONS[operation], lambda: request_for(operation), send)
    assert list(steps) == ["plain", TOGETHER]
    (request,) = sent
    assert request.headers.get("Authorization") == "bearer  abc"
    assert request.headers.get("Accept") == "*/*"
    assert unquote(request.url) == request_for(operation).url
    known = {one.name for one in spellings_of(OPERATIONS[operation])}
    assert ("encoded-characters" in known) == (request.url != request_for(operation).url)
    if request.body:
        assert json.loads(request.body) == json.loads(request_for(operation).body)
        assert request.body != request_for(operation).body
        assert request.headers.get("Content-Type") == "application/json; charset=utf-8"
    assert ("charset-parameter" in known) == bool(request.body)


def test_where_the_answer_differs_each_spelling_is_asked_for_alone() -> None:
    def send(request: Request, name: str) -> Exchange:
        refused = (request.headers.get("Authorization") or "").startswith("bearer ")
        made = answered("getMessage", 401 if refused else 200)
        return replace(made, request=request, name=name)

    plain = answered("getMessage")
    steps = asked_otherwise(
        plain, OPERATIONS["getMessage"], lambda: request_for("getMessage"), send
    )
    found = {name for name, one in steps.items() if differs(one, plain)}
    assert found == {TOGETHER, "scheme-in-lower-case"}
    assert len(steps) == 2 + len(list(spellings_of(OPERATIONS["getMessage"])))


@pytest.mark.parametrize(
    ("status", "body", "other"),
    [
        (200, {"items": [{"id": "2"}, {"id": "9"}]}, False),  # items come and go
        (200, {"items": []}, True),
        (200, {"items": [{"id": "9"}]}, True),
        (404, {"code": "NotFound", "message": "none"}, True),
    ],
)
def test_an_answer_about_other_things_is_another(status: int, body: object, other: bool) -> None:
    plain = answered("listInboxItems")
    assert differs(answered("listInboxItems", status, body), plain) is other


def test_any_media_type_is_no_reason_for_another_one() -> None:
    plain = answered("listInboxItems")
    page = Headers.of({"Content-Type": "application/xml"})
    made = replace(plain, response=Response(200, page, b"<items/>"))
    assert differs(made, plain)
