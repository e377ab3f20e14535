"""The right refusal passes, and each way of being wrong is found at its place."""

from collections.abc import Callable
from typing import Any

import pytest

from golive.access_token import AccessToken, Form
from golive.contract import Contract
from golive.error_catalogue import ErrorCase
from golive.error_judge import error_uri_parts, gateway_pairs, judge
from golive.redaction import VAULT
from golive.verdict import Basis, Level

URN = "urn:cerner:error:authorization-server:oauth2:token:invalid-client-credentials"
INSTANCE = "5e3f4cf0-9a6b-4a34-9b0a-0f5ad5b0a6b1"
URI = f"https://authorization.cerner.com/errors/{URN.replace(':', '%3A')}/instances/{INSTANCE}?client=unknown&tenant=t"
TOKEN_HEADERS = {
    "Cache-Control": "no-store",
    "Pragma": "no-cache",
    "Cerner-Correlation-ID": INSTANCE,
}
GATEWAY = {
    "code": 401,
    "message": 'code="urn:cerner:error:oauth2:resource-access:signature-verification-failed", '
    'error="invalid_token", subcode="unknown_kid", kid="2025-09-09T02:40:05.718.ec.es256"',
}  # fmt: skip


@pytest.fixture
def judged(contract: Contract, make_exchange) -> Callable[..., list[tuple[str, bool]]]:
    """Judge an answer by expectations; give where the findings are, and whether each is advice."""

    def make(
        expect: dict[str, Any],
        body: Any = b"",
        *,
        base: str = "inbox",
        inferred: tuple[str, ...] = (),
        kid: str | None = None,
        presented: AccessToken | None = None,
        **answer: Any,
    ) -> list[tuple[str, bool]]:
        case = ErrorCase(
            "a-case", "A.", "x", base, ("token", "none"), expect, frozenset(inferred), Level.MUST, Basis.STANDARD, "s"
        )  # fmt: skip
        answer.setdefault(
            "headers", {"opc-request-id": "/1/2"} if base == "inbox" else TOKEN_HEADERS
        )
        if kid is not None:
            presented = AccessToken((), {"kid": kid}, {})
        found = judge(case, make_exchange(body, **answer), contract, presented).findings
        return [(finding.at, finding.advice) for finding in found]

    return make


def token_error(**changes: Any) -> dict[str, Any]:
    return {"error": "invalid_client", "error_uri": URI, **changes}


def test_the_forum_post_s_401_is_what_the_row_expects(judged) -> None:
    expect = {"status": 401, "code": 401, "error": "invalid_token", "urn": "signature-verification-failed",
              "subcode": "unknown_kid", "kid": "token", "body": "gateway-error"}  # fmt: skip
    assert judged(expect, GATEWAY, status=401, kid="2025-09-09T02:40:05.718.ec.es256") == []
    assert judged(expect, GATEWAY, status=401, kid="another") == [("/message", False)]


def test_of_an_encrypted_token_no_key_has_to_be_named_and_the_words_are_advice(judged) -> None:
    expect = {
        "status": 401,
        "urn": "signature-verification-failed",
        "subcode": "invalid_signature",
        "kid": "token",
    }
    encrypted = AccessToken(
        (), {"kid": "2025-01-20T02:40:30.561.oct"}, {}, "it is encrypted", Form.JWE
    )
    assert judged(expect, GATEWAY, status=401, presented=encrypted) == [("/message", True)]


def test_a_right_token_error_passes(judged) -> None:
    expect = {"status": [400, 401], "error": "invalid_client", "urn": "oauth2:token:invalid_client_credentials",
              "body": "token-error"}  # fmt: skip
    assert judged(expect, token_error(), status=401, base="token") == []


@pytest.mark.parametrize(
    ("expect", "status", "found"),
    [
        ({"status": 401}, 401, []),
        ({"status": 401}, 403, [("status", False)]),
        ({"status": [400, 404]}, 404, []),
        ({"status": [400, 404]}, 403, [("status", False)]),
        ({"status": "4xx"}, 418, []),
        ({"status": "4xx"}, 500, [("status", False)]),
        ({"status": "4xx"}, 200, [("status", False)]),
    ],
)
def test_statuses_are_one_several_or_a_class(
    judged, expect: dict[str, Any], status: int, found: Any
) -> None:
    assert judged(expect, status=status) == found


@pytest.mark.parametrize(
    ("expect", "at"),
    [
        ({"error": "invalid_grant"}, "/error"),
        ({"error": ["invalid_grant", "invalid_scope"]}, "/error"),
        ({"urn": "oauth2:token:invalid-tenant"}, "/error_uri"),
        ({"headers": ["WWW-Authenticate"]}, "header:WWW-Authenticate"),
        ({"text": "Unable to convert"}, "body"),
        ({"code": 401}, "/code"),
        ({"subcode": "x"}, "/message"),
    ],
)
def test_each_expectation_that_fails_is_found_at_its_place_and_is_advice_where_inferred(
    judged, expect: dict[str, Any], at: str
) -> None:
    (name,) = expect
    assert judged(expect, token_error(), status=401, base="token") == [(at, False)]
    assert judged(expect, token_error(), status=401, base="token", inferred=(name,)) == [(at, True)]


def test_a_code_of_another_type_is_another_code(judged) -> None:
    assert judged({"code": 401}, {"code": "401"}, status=401) == [("/code", False)]
    assert judged({"code": 1}, {"code": True}, status=401) == [("/code", False)]


def test_text_is_found_in_any_case(judged) -> None:
    assert judged({"text": "convert HTML"}, {"message": "Unable to CONVERT html"}, status=400) == []


def test_an_inferred_body_that_is_not_there_is_advice(judged) -> None:
    found = judged({"body": "gateway-error"}, b"", status=401, inferred=("body",))
    assert found
    assert all(advice for _, advice in found)


def test_the_pairs_of_a_gateway_error_are_held_against_their_schema(judged) -> None:
    wrong = {**GATEWAY, "message": 'code="not a urn", error="invalid_token"'}
    assert ("/code", False) in judged({"body": "gateway-error"}, wrong, status=401)


# -- what stands in every row unwritten --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "at"),
    [
        ({"Cache-Control": "private"}, "header:Cache-Control"),
        ({"Pragma": "cache"}, "header:Pragma"),
        (
            {"Cerner-Correlation-ID": "01234567-89ab-cdef-0123-456789abcdef"},
            "relation:correlation-id-is-the-instance-in-error-uri",
        ),
    ],
)
def test_every_token_error_has_its_cache_headers_and_one_correlation_id(
    judged, headers: Any, at: str
) -> None:
    given = {**TOKEN_HEADERS, **headers}
    assert judged({"status": 401}, token_error(), status=401, base="token", headers=given) == [
        (at, False)
    ]


@pytest.mark.parametrize("value", ["", "another", "{0}", None])
def test_a_correlation_id_is_a_uuid(judged, value: Any) -> None:
    given = {**TOKEN_HEADERS, "Cerner-Correlation-ID": value}
    given = {name: value for name, value in given.items() if value is not None}
    found = judged({"status": 401}, token_error(), status=401, base="token", headers=given)
    assert ("header:Cerner-Correlation-ID", False) in found


@pytest.mark.parametrize(
    ("base", "challenge", "right"),
    [
        ("inbox", "Bearer", True),
        ("inbox", 'bearer realm="x", error="invalid_token"', True),
        (
            "inbox",
            'Bearer realm="a, error=\\"b", error=c,error_description="error=d, error=e"',
            True,
        ),
        ("inbox", 'Bearer realm="x", Basic realm="y"', True),
        ("inbox", 'Bearer error="invalid_token", realm="x", Error="expired"', False),
        ("inbox", "Bearer realm=a, realm = b", False),
        ("inbox", 'Basic realm="x"', False),
        ("inbox", "Bearer-like", False),
        ("inbox", "?", False),
        ("token", 'Basic realm="x"', True),
        ("token", "Negotiate", True),
        ("token", "?", False),
        ("token", " ", False),
    ],
)
def test_a_challenge_is_of_the_scheme_that_the_endpoint_takes(
    judged, base: str, challenge: str, right: bool
) -> None:
    given = {**TOKEN_HEADERS, "opc-request-id": "1", "WWW-Authenticate": challenge}
    found = judged({"headers": ["WWW-Authenticate"]}, status=401, base=base, headers=given)
    assert (("header:WWW-Authenticate", False) in found) is not right


def test_what_stands_in_front_of_the_token_endpoint_need_not_speak_its_language(judged) -> None:
    assert judged({"status": "4xx"}, b"<html>", status=405, base="token-jwt", headers={}) == []


def test_a_documented_400_carries_a_request_id_and_elsewhere_it_is_advice(judged) -> None:
    assert judged({"status": 400}, status=400, headers={}) == [("header:opc-request-id", False)]
    assert judged({"status": 401}, status=401, headers={}) == [("header:opc-request-id", True)]


def test_a_secret_that_comes_back_is_found_in_body_and_headers(judged) -> None:
    VAULT.protect("the-secret-token")
    at = [("relation:nothing-secret-comes-back", False)]
    assert judged({"status": 400}, b"the-secret-token", status=400) == at
    headers = {"opc-request-id": "1", "Location": "https://h/?t=the-secret-token"}
    assert judged({"status": 400}, status=400, headers=headers) == at


@pytest.mark.parametrize(
    "text",
    [
        "Traceback (most recent call last):\n  File x",
        "the query failed: SQLException 1017",
        "x\n\tat Inbox$Page.list(Inbox$Page.java:118)\n",
        "Error\n\tat com.cerner.Api.get(Api.java:12)\n",
        '{"trace": "Error\\n\\tat Api.get(Api.java:12)"}',
        "java.lang.NullPointerException: null",
        "caused by org.springframework.web.SomeException",
        "io.helidon.http.InternalServerError",
    ],
)
def test_a_stack_trace_is_found(judged, text: str) -> None:
    assert judged({"status": 500}, text.encode(), status=500) == [("body", False)]


@pytest.mark.parametrize(
    "text", ["You can't look at (this) patient.", "Look\n at the date (2026)", "Exception"]
)
def test_plain_words_are_no_stack_trace(judged, text: str) -> None:
    assert judged({"status": 500}, text.encode(), status=500) == []


# -- the two shapes ----------------------------------------------------------------------------------------------


def test_the_parts_of_an_error_uri(make_exchange) -> None:
    assert error_uri_parts(URI) == (URN, INSTANCE)
    twin = URI.replace("https://", "http://127.0.0.1:8700/")
    assert error_uri_parts(twin) == (URN, INSTANCE)
    for odd in (
        None,
        5,
        "",
        "https://[half/errors/a/instances/b",
        "https://h/errors/a",
        f"{URI}/more".replace("?", "/"),
    ):
        assert error_uri_parts(odd) is None


def test_the_pairs_of_a_message(make_exchange) -> None:
    assert gateway_pairs(make_exchange(GATEWAY))["subcode"] == "unknown_kid"
    for odd in (b"", [], {}, {"message": 5}, {"message": "plain"}):
        assert gateway_pairs(make_exchange(odd)) == {}


@pytest.mark.parametrize(
    ("status", "body", "found"),
    [
        (400, {"code": "BadRequest"}, []),
        (200, {"items": []}, [("status", True)]),
        (200, {"items": [{"id": "1"}]}, [("/items", False), ("status", True)]),
        (500, {"code": "InternalServerError"}, [("status", True)]),
        (200, [], [("status", True)]),
    ],
)
def test_a_request_that_may_be_answered_is_not_answered_with_items(
    judged, status: int, body: Any, found: list[tuple[str, bool]]
) -> None:
    expect = {"items": "none", "status": "4xx"}
    assert judged(expect, body, inferred=("status",), status=status) == found
