"""What the checks of every refusal, of scopes and of cookies take for a fault, and what they let pass."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from suite_files import checks_of

from golive import Contract, CouldNotTellError, Exchange, FindingsError, Request, Steps, resources
from golive.environment import find, load
from golive.exchanges.headers import Headers
from golive.exchanges.model import Response
from golive.redaction import REDACTOR

CONTRACT = Contract(resources() / "schemas")
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
TIME = int(NOW.timestamp())
INBOX = "https://api.cernermillennium.com/t/message/20241001/patientMessages/inboxItems?patientId=1"
TOKEN = "https://login.example.org/token"
TWIN = load(find("twin"), variables={})
MESSAGE, RECIPIENT, CODES = TWIN.token.scopes
LISTED = {"items": [{"id": "7.1"}, {"id": "7.2"}]}


@pytest.fixture(autouse=True)
def _contracts_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let findings show the names that the contract knows, as in a run."""
    monkeypatch.setattr(REDACTOR, "public", CONTRACT.words)


REFUSALS, ANSWERS = checks_of("answers/test_every_refusal"), checks_of("answers/test_every_answer")
SCOPES, COOKIES = checks_of("oauth/test_token_scope"), checks_of("errors/test_cookies")


def answer(status: int, body: Any = None, *, asked: Any = (), **headers: str) -> Exchange:
    fields = {
        "Content-Type": "application/json",
        **{n.replace("_", "-"): v for n, v in headers.items()},
    }
    request = Request("GET", INBOX, Headers.of(asked), operation="listInboxItems")
    response = Response(status, Headers.of(fields), json.dumps(body or {}).encode())
    return Exchange("made", request, response, NOW, 0.1)


def grant(scope: str, status: int, body: Any = None) -> Exchange:
    request = Request("POST", TOKEN, body=urlencode({"scope": scope}).encode())
    return replace(answer(status, body), request=request)


def places(check: Any, *given: Any) -> list[tuple[str, bool]]:
    try:
        check(*given)
    except FindingsError as error:
        return [(one.at, one.advice) for one in error.findings]
    return []


def presented(**claims: int) -> tuple[tuple[str, str], ...]:
    parts = ({"alg": "ES256"}, claims)
    texts = [
        base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts
    ]
    return (("Authorization", f"Bearer {'.'.join(texts)}.c2ln"),)


@pytest.mark.parametrize(
    ("status", "challenge", "wrong"),
    [
        (401, 'Bearer realm="x"', False),
        (401, "Negotiate", False),
        (403, None, False),
        (401, None, True),
        (401, "?", True),
        (401, 'Bearer realm="x" error="y"', True),
    ],
)
def test_a_401_has_challenges_and_nothing_else(status, challenge, wrong) -> None:
    headers = {"WWW_Authenticate": challenge} if challenge else {}
    usual = answer(401, WWW_Authenticate="Bearer")
    found = places(REFUSALS.test_every_401_has_a_challenge, [usual, answer(status, **headers)])
    assert bool(found) is wrong
    assert set(found) <= {("header:WWW-Authenticate", False)}


@pytest.mark.parametrize(
    ("status", "body", "wrong"),
    [
        (401, LISTED, True),
        (403, {"id": "7.2", "content": "Hello"}, True),
        (403, {"code": "403", "message": "7.2"}, False),
        (401, {"items": []}, False),
        (404, LISTED, False),
        (401, {"items": [{"id": "unknown"}, 7, None]}, False),
    ],
)
def test_a_refusal_gives_nothing_that_a_success_gives(status, body, wrong) -> None:
    given = [answer(200, LISTED), answer(status, body)]
    found = places(REFUSALS.test_no_refusal_gives_what_was_asked_for, given)
    assert found == ([("body", False)] if wrong else [])


def test_a_refused_token_request_has_no_token() -> None:
    check = REFUSALS.test_no_refused_token_request_is_granted
    both = {"error": "invalid_client", "access_token": "x"}
    assert places(check, [grant("a", 401, both)]) == [("/access_token", False)]
    assert (
        places(check, [grant("a", 401, {"error": "invalid_client"}), grant("a", 200, both)]) == []
    )


def test_a_cookie_of_an_api_is_found_and_one_of_another_server_is_none() -> None:
    check = REFUSALS.test_no_answer_of_an_api_sets_a_cookie
    cookie = answer(200, Set_Cookie="SESSION=x; Path=/")
    assert places(check, [cookie]) == [("header:Set-Cookie", False)]
    assert places(check, [replace(cookie, request=Request("POST", TOKEN)), answer(200)]) == []


def test_what_a_cookie_opens_is_found_and_what_it_does_not_open_is_none() -> None:
    check = COOKIES.test_a_cookie_is_no_token
    assert places(check, "listInboxItems", Steps()) == []
    assert places(check, "listInboxItems", Steps(asked=answer(401))) == []
    assert places(check, "listInboxItems", Steps(asked=answer(200))) == [("status", False)]


@pytest.mark.parametrize(
    ("status", "claims", "wrong"),
    [
        (200, {"exp": TIME + 600}, False),
        (200, {"exp": TIME - 200}, False),  # some leeway is allowed
        (200, {"exp": TIME - 400}, True),
        (401, {"exp": TIME - 400}, False),
        (200, {"nbf": TIME + 200, "exp": TIME + 600}, False),
        (200, {"nbf": TIME + 400}, True),
        (200, {"nbf": (TIME + 400) * 1000}, False),  # no seconds: another check's finding
        (200, {}, False),
    ],
)
def test_a_token_is_taken_within_its_time(status, claims, wrong) -> None:
    check = ANSWERS.test_no_token_is_taken_out_of_its_time
    made = answer(status, asked=presented(**claims))
    assert places(check, [made]) == ([("status", False)] if wrong else [])
    # What counts is the clock of the server.
    later = answer(200, asked=presented(exp=TIME + 600), Date="Thu, 26 Nov 2026 09:30:00 GMT")
    assert places(check, [later]) == [("status", False)]


@pytest.mark.parametrize(
    ("method", "allowed", "wrong"),
    [("POST", "GET, HEAD", False), ("POST", "", False), ("POST", "GET, POST", True)],
)
def test_a_refused_method_is_not_among_the_allowed(method, allowed, wrong) -> None:
    made = answer(405, Allow=allowed)
    check = ANSWERS.test_every_refusal_of_a_method_names_the_allowed
    found = places(check, [replace(made, request=replace(made.request, method=method))])
    assert found == ([("header:Allow", False)] if wrong else [])


REFUSED = Steps({"token-unknown-scope": grant("x", 400)})
IGNORED = Steps({"token-unknown-scope": grant("x", 200)})


@pytest.mark.parametrize(
    ("asked", "body", "wrong"),
    [
        ([RECIPIENT], {"scope": RECIPIENT}, False),
        ([RECIPIENT], {"scope": f"{MESSAGE} {RECIPIENT}"}, True),
        ([RECIPIENT], {"scope": f"{RECIPIENT} {MESSAGE.swapcase()}"}, True),
        ([], {"scope": MESSAGE}, True),
    ],
)
def test_a_scope_in_another_case_is_none(asked, body, wrong) -> None:
    made = grant(" ".join([MESSAGE.swapcase(), *asked]), 200, body)
    found = places(SCOPES.test_a_scope_in_another_case_is_not_granted, made, REFUSED, TWIN)
    place = "/scope" if asked else "status"
    assert found == ([(place, False)] if wrong else [])


def test_a_refused_scope_in_another_case_is_as_it_should_be() -> None:
    made = grant(MESSAGE.swapcase(), 400)
    assert places(SCOPES.test_a_scope_in_another_case_is_not_granted, made, Steps(), TWIN) == []


@pytest.mark.parametrize("odd", [IGNORED, Steps()])
def test_a_server_that_leaves_unknown_scopes_aside_shows_nothing_of_their_case(odd) -> None:
    made = grant(MESSAGE.swapcase(), 200, {"scope": MESSAGE})
    with pytest.raises(CouldNotTellError, match="a scope that does not exist"):
        SCOPES.test_a_scope_in_another_case_is_not_granted(made, odd, TWIN)


@pytest.mark.parametrize(
    ("unknown", "scope", "found"),
    [
        (REFUSED, f"{MESSAGE} {RECIPIENT}", True),
        (REFUSED, f"{MESSAGE},{RECIPIENT}", True),
        (REFUSED, None, True),
        (IGNORED, f"{MESSAGE} {RECIPIENT}", True),  # fewer than the usual ones, so they were read
    ],
)
def test_scopes_with_a_comma_are_not_granted(unknown, scope, found) -> None:
    body = {"scope": scope} if scope else {}
    odd = Steps(
        {**unknown, "token-comma-separated-scopes": grant(f"{MESSAGE},{RECIPIENT}", 200, body)}
    )
    assert bool(places(SCOPES.test_two_scopes_with_a_comma_are_not_granted, odd, TWIN)) is found


@pytest.mark.parametrize("scope", [f"{MESSAGE} {RECIPIENT} {CODES}", CODES, None])
def test_where_unknown_scopes_are_left_aside_a_usual_grant_shows_nothing_of_commas(scope) -> None:
    body = {"scope": scope} if scope else {}
    odd = Steps(
        {**IGNORED, "token-comma-separated-scopes": grant(f"{MESSAGE},{RECIPIENT}", 200, body)}
    )
    with pytest.raises(CouldNotTellError, match="a scope that does not exist"):
        SCOPES.test_two_scopes_with_a_comma_are_not_granted(odd, TWIN)


def test_refused_scopes_with_a_comma_are_as_they_should_be() -> None:
    odd = Steps({"token-comma-separated-scopes": grant(f"{MESSAGE},{RECIPIENT}", 400)})
    assert places(SCOPES.test_two_scopes_with_a_comma_are_not_granted, odd, TWIN) == []
