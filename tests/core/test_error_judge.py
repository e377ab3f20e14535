"""The right refusal passes, and each way of being wrong is found at its place."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from golive.contract.catalogue import ErrorCase, load
from golive.contract.document import Contract
from golive.contract.label import Basis, Level
from golive.exchanges.error_body import error_uri_parts, gateway_pairs
from golive.exchanges.headers import Headers
from golive.exchanges.jwt import AccessToken, Form
from golive.redaction import REDACTOR, TOKEN
from golive.refusals.judge import TOKEN_BASES, judge

URN = "urn:cerner:error:authorization-server:oauth2:token:invalid-client-credentials"
INSTANCE = "5e3f4cf0-9a6b-4a34-9b0a-0f5ad5b0a6b1"
URI = f"https://authorization.cerner.com/errors/{URN.replace(':', '%3A')}/instances/{INSTANCE}?client=unknown&tenant=t"
TOKEN_AT_ORACLE = (
    "https://authorization.cerner.com/tenants/t/protocols/oauth2/profiles/smart-v1/token"
)
INBOX_AT_ORACLE = "https://api.cernermillennium.com/t/message/20241001/patientMessages/inboxItems"
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
PRESENTED = AccessToken((), {"kid": "2025-09-09T02:40:05.718.ec.es256"}, {})


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
        change: tuple[str, Any] = ("token", "none"),
        level: Level = Level.MUST,
        **answer: Any,
    ) -> list[tuple[str, bool]]:
        case = ErrorCase(
            "a-case", "A.", "x", base, change, expect, frozenset(inferred), level, Basis.STANDARD, "s"
        )  # fmt: skip
        answer.setdefault(
            "headers", {"opc-request-id": "/1/2"} if base == "inbox" else TOKEN_HEADERS
        )
        if kid is not None:
            presented = AccessToken((), {"kid": kid}, {})
        found = judge(case, make_exchange(body, **answer), contract, presented).findings
        return [(finding.at, finding.under(case.label).advice) for finding in found]

    return make


def token_error(**changes: Any) -> dict[str, Any]:
    return {"error": "invalid_client", "error_uri": URI, **changes}


def test_the_forum_post_s_401_is_what_the_row_expects(judged) -> None:
    expect = {"status": 401, "code": 401, "error": "invalid_token", "urn": "signature-verification-failed",
              "subcode": "unknown_kid", "kid": "token", "body": "gateway-error"}  # fmt: skip
    assert judged(expect, GATEWAY, status=401, kid="2025-09-09T02:40:05.718.ec.es256") == []
    assert judged(expect, GATEWAY, status=401, kid="another") == [("/message", False)]


@pytest.mark.parametrize(
    ("media_type", "found"),
    [("application/problem+json", []), ("text/html", [("header:Content-Type", True)])],
)
def test_json_of_any_media_type_is_json_where_none_is_promised(judged, media_type, found) -> None:
    headers = {"opc-request-id": "/1/2", "Content-Type": media_type}
    expect = {"status": 401, "body": "gateway-error"}
    assert judged(expect, GATEWAY, status=401, headers=headers) == found


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
    for status in (400, 401, 405):
        # The headers were seen with 400 alone; that the two ids are one, wherever both stand.
        advice = status != 400 and at.startswith("header:")
        found = judged({"status": "4xx"}, token_error(), status=status, base="token", headers=given)
        assert found == [(at, advice)]


@pytest.mark.parametrize("value", ["", "another", "{0}"])
def test_a_correlation_id_is_a_uuid(judged, value: str) -> None:
    given = {**TOKEN_HEADERS, "Cerner-Correlation-ID": value}
    found = judged({"status": 401}, token_error(), status=401, base="token", headers=given)
    assert ("header:Cerner-Correlation-ID", False) in found


def test_that_every_error_has_a_correlation_id_is_advice(judged) -> None:
    given = {"Cache-Control": "no-store", "Pragma": "no-cache"}
    found = judged({"status": 401}, token_error(), status=401, base="token", headers=given)
    assert found == [("header:Cerner-Correlation-ID", True)]


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


@pytest.mark.parametrize(
    ("method", "path", "status", "advice"),
    [
        ("GET", "message/20241001/patientMessages/1.1.prsnl", 400, False),
        ("POST", "message/20241001/actions/updatePatientMessageStatus", 400, False),
        ("GET", "codeSystem/20240101/codeValues/1", 400, False),
        ("GET", "codeSystem/20240101/codeValues/1", 404, True),
        ("GET", "message/20241001/patientMessages/inboxItems", 400, True),
        ("GET", "recipient/20241001/groupInboxes", 400, True),
        ("POST", "message/20241001/actions/validateRecipients", 400, True),
        ("GET", "codeSystem/20240101/codeValues", 400, True),
        ("POST", "codeSystem/20240101/codeValues/1", 400, True),
        ("GET", "message/20241001/noSuchCollection", 400, True),
    ],
)
def test_a_refusal_has_a_request_id_as_firmly_as_the_operation_s_description_says(
    judged, method: str, path: str, status: int, advice: bool
) -> None:
    url = f"https://api.cernermillennium.com/t/{path}"
    found = judged({"status": "4xx"}, status=status, headers={}, method=method, url=url)
    assert found == [("header:opc-request-id", advice)]


def test_a_row_that_decides_nothing_itself_decides_nothing_unwritten_either(judged) -> None:
    url = "https://api.cernermillennium.com/t/codeSystem/20240101/codeValues/1"
    found = judged({"status": 400}, status=400, headers={}, url=url, level=Level.SHOULD)
    assert found == [("header:opc-request-id", True)]


@pytest.mark.parametrize(
    ("change", "expect", "status", "right"),
    [
        (("method", "POST"), {"status": "4xx"}, 405, True),
        (("method", "POST"), {"status": "4xx"}, 501, True),
        (("method", "POST"), {"status": "4xx"}, 500, False),
        (("method", "POST"), {"status": "4xx"}, 200, False),
        (("method", "POST"), {"status": 405}, 501, False),
        (("path", "elsewhere"), {"status": "4xx"}, 501, False),
        (("token", "none"), {"status": [401, 403]}, 501, False),
    ],
)
def test_a_method_that_a_server_has_nowhere_may_be_answered_501(
    judged, change: tuple[str, str], expect: dict[str, Any], status: int, right: bool
) -> None:
    found = judged(expect, status=status, change=change)
    assert (("status", False) not in found) is right


def test_a_secret_that_comes_back_is_found_in_body_and_headers(judged) -> None:
    REDACTOR.protect("the-secret-token")
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
    # No RFC and no page of Oracle's forbids one: it is advice.
    assert judged({"status": 500}, text.encode(), status=500) == [("body", True)]


@pytest.mark.parametrize(
    "text", ["You can't look at (this) patient.", "Look\n at the date (2026)", "Exception"]
)
def test_plain_words_are_no_stack_trace(judged, text: str) -> None:
    assert judged({"status": 500}, text.encode(), status=500) == []


# -- how each thing is known ------------------------------------------------------------------------------------


@pytest.fixture
def known(contract: Contract, make_exchange) -> Callable[..., dict[str, tuple[str, str, str]]]:
    """Judge an answer by a row of the catalogue; give level, basis and source of what is found, by place."""

    def make(
        row: str,
        body: Any = b"",
        *,
        url: str | None = None,
        authorization: str = "",
        known: int | None = None,
        **answer: Any,
    ) -> dict[str, tuple[str, str, str]]:
        case = next(case for case in load(contract.folder) if case.id == row)
        token = case.base in TOKEN_BASES
        url = url or (TOKEN_AT_ORACLE if token else INBOX_AT_ORACLE)
        exchange = make_exchange(body, url=url, **answer)
        headers = Headers.of({"Authorization": authorization} if authorization else {})
        operation = "" if token else "listInboxItems"
        request = replace(exchange.request, headers=headers, operation=operation)
        exchange = replace(exchange, request=request, secrets_known=known)
        found = [
            one.under(case.label) for one in judge(case, exchange, contract, PRESENTED).findings
        ]
        assert len({(one.at, one.expected) for one in found}) == len(found)
        return {
            one.at: (str(one.label.level), str(one.label.basis), str(one.label.source))
            for one in found
        }

    return make


INVALID = 'Bearer realm="x", error="invalid_token"'


@pytest.mark.parametrize(
    "row", ["token-garbage", "token-expired", "token-tampered", "token-alg-none"]
)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        {"code": "NotAuthenticated", "message": "No."},
        {"code": 401, "message": "No."},
        b"<p>No</p>",
    ],
)
def test_where_the_challenge_states_the_error_the_body_of_a_401_is_advice(
    known, row: str, body: Any
) -> None:
    headers = {"WWW-Authenticate": INVALID, "opc-request-id": "1"}
    found = known(row, body, status=401, headers=headers)
    assert found
    assert {basis for _, basis, _ in found.values()} == {"inferred"}
    # A company's gateway, and its words, are its own.
    elsewhere = "https://gateway.example.org/t/message/20241001/patientMessages/inboxItems"
    assert known(row, body, status=401, headers=headers, url=elsewhere) == {}


def test_an_empty_body_is_one_piece_of_advice(known) -> None:
    headers = {"WWW-Authenticate": INVALID, "opc-request-id": "1"}
    assert list(known("token-tampered", b"", status=401, headers=headers)) == ["body"]


def test_the_error_may_stand_in_the_body_alone(known) -> None:
    headers = {"WWW-Authenticate": "Bearer", "opc-request-id": "1"}
    assert known("token-garbage", GATEWAY, status=401, headers=headers) == {}


def test_a_wrong_error_in_the_challenge_decides_by_the_rfc_and_one_in_the_body_is_advice(
    known,
) -> None:
    wrong = {"WWW-Authenticate": 'Bearer error="invalid_request"', "opc-request-id": "1"}
    place = "header:WWW-Authenticate"
    found = known("token-garbage", GATEWAY, status=401, headers=wrong)
    assert found == {place: ("must", "standard", "RFC 6750 §3, §3.1")}
    other = {**GATEWAY, "message": GATEWAY["message"].replace("invalid_token", "invalid_request")}
    right = {"WWW-Authenticate": INVALID, "opc-request-id": "1"}
    assert known("token-garbage", other, status=401, headers=right)["/message"][1] == "inferred"
    # Of a token of the other cloud, Oracle's gateway was seen to say it in the message.
    assert known("token-of-other-cloud", other, status=401, headers=right)["/message"] == (
        "must", "observed", "contract-facts §5 row 23, §6.3"
    )  # fmt: skip


def test_that_a_refusal_states_its_error_is_a_should_of_the_rfc(known) -> None:
    headers = {"WWW-Authenticate": "Bearer", "opc-request-id": "1"}
    found = known("token-garbage", b"", status=401, headers=headers)
    assert found["header:WWW-Authenticate"] == ("should", "standard", "RFC 6750 §3")


def test_a_401_without_a_challenge_breaks_the_clause_that_demands_it(known) -> None:
    place = "header:WWW-Authenticate"
    body = token_error()
    given = {"status": 401, "headers": TOKEN_HEADERS}
    assert known("inbox-without-token", status=401)[place] == ("must", "standard", "RFC 6750 §3")
    tried = known("token-wrong-secret", body, authorization="Basic eA==", **given)
    assert tried == {place: ("must", "standard", "RFC 6749 §5.2; RFC 9110 §11.6.1")}
    assert known("token-without-credential", body, **given)[place][2] == "RFC 9110 §15.5.2, §11.6.1"


@pytest.mark.parametrize(
    ("tried", "challenge", "right"),
    [
        ("Basic eA==", 'Basic realm="x"', True),
        ("basic eA==", 'Negotiate, BASIC realm="x"', True),
        ("Basic eA==", 'Bearer realm="x"', False),
        ("Bearer abc", 'Basic realm="x"', True),
        ("Bearer abc", 'Bearer realm="x"', True),
    ],
)
def test_a_client_that_used_basic_is_challenged_by_basic(known, tried, challenge, right) -> None:
    given = {"status": 401, "headers": {**TOKEN_HEADERS, "WWW-Authenticate": challenge}}
    found = known("token-wrong-secret", token_error(), authorization=tried, **given)
    rule = ("must", "standard", "RFC 6749 §5.2; RFC 9110 §11.6.1")
    assert found.get("header:WWW-Authenticate") == (None if right else rule)


def test_what_only_oracle_s_server_adds_to_an_error_is_observed_and_inferred_where_absent(
    known,
) -> None:
    found = known("token-wrong-secret", {"error": "invalid_client"}, status=401,
                  headers={"WWW-Authenticate": "Basic"}, authorization="Basic eA==")  # fmt: skip
    bases = {at: basis for at, (_, basis, _) in found.items()}
    assert bases == {
        # Seen on refusals with 400 alone.
        "header:Cache-Control": "inferred",
        "header:Pragma": "inferred",
        # In each answer that was published; that none lacks them nobody has said.
        "/error_uri": "inferred",
        "header:Cerner-Correlation-ID": "inferred",
    }
    assert not [source for _, _, source in found.values() if "RFC" in source]


def test_nothing_of_oracle_s_habits_is_demanded_of_another_authorization_server(known) -> None:
    elsewhere = "https://login.example.org/oauth2/token"
    refused = {"error": "invalid_client", "error_description": "Nobody knows you."}
    for row in ("token-wrong-secret", "token-without-credential", "token-malformed-basic"):
        given = {"url": elsewhere, "status": 401, "headers": {"WWW-Authenticate": "Basic"}}
        assert known(row, refused, **given) == {}
    assert known("token-without-credential", refused, url=elsewhere, status=400) == {}
    assert known("token-wrong-secret", {}, url=elsewhere, status=400) == {
        "status": ("must", "standard", "RFC 6749 §5.2"),
        "/error": ("must", "standard", "RFC 6749 §5.2"),
    }


def test_no_rfc_says_that_scopes_with_commas_are_refused(known) -> None:
    granted = {"access_token": "a-token", "token_type": "Bearer"}
    (label,) = known("token-comma-separated-scopes", granted).values()
    assert label[1] == "inferred"
    assert "RFC" not in label[2]


@pytest.mark.parametrize("status", [200, 302, 500])
def test_an_answer_that_is_no_refusal_is_that_and_nothing_else(known, status: int) -> None:
    """A token that is granted where refusal was expected is no leak, and lacks nothing that a refusal has."""
    granted = {"access_token": "a-token-that-this-answer-grants", "token_type": "Bearer"}
    REDACTOR.protect("a-token-that-this-answer-grants", kind=TOKEN)
    assert list(known("token-wrong-secret", granted, status=status, known=0)) == ["status"]


def test_a_400_of_the_service_needs_a_code_and_no_more(known) -> None:
    headers = {"opc-request-id": "1"}
    told = known("message-several-ids", {"code": "X"}, status=400, headers=headers)
    assert told == {"/message": ("must", "inferred", "contract-facts §1, §9")}
    told = known("message-several-ids", {"message": "No."}, status=400, headers=headers)
    assert told["/code"][:2] == ("must", "documented")
    assert (
        known(
            "message-several-ids", {"code": 400, "message": 'code="x"'}, status=400, headers=headers
        )
        == {}
    )
    # What a 404 or an inbox's 400 holds is in no text.
    for row, status in (("status-unknown", 404), ("inbox-without-patient", 400)):
        (label,) = known(row, {"message": "No."}, status=status, headers=headers).values()
        assert label[1] == "inferred"


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


@pytest.mark.parametrize(
    ("status", "media_type", "text", "found"),
    [
        (403, "text/plain", b"Tenant not valid or accessible", []),
        (403, "text/plain", b" ", ["header:Content-Type", "body"]),
        (403, "text/html", b"<p>Tenant not valid</p>", ["header:Content-Type", "body"]),
        (404, "text/plain", b"Tenant not valid or accessible", ["header:Content-Type", "body"]),
    ],
)
def test_a_403_may_be_the_plain_text_that_was_seen(judged, status, media_type, text, found) -> None:
    headers = {"opc-request-id": "/1/2", "Content-Type": media_type}
    expect = {"status": "4xx", "body": "any-error"}
    places = judged(expect, text, status=status, headers=headers)
    assert {at for at, advice in places if advice} <= {"header:Content-Type", "body"}
    assert bool(places) == bool(found)
    assert all(advice for _, advice in places)
