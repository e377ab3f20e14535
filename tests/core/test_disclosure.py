"""A secret came back: only what the run had sent or been granted before, and as what it is."""

import base64
from dataclasses import replace

import pytest

from golive.checks.disclosure import repeated_secrets
from golive.checks.expect import expect
from golive.exchanges.headers import Headers
from golive.redaction import COOKIE, REDACTOR, TOKEN

JWT = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0x.c2lnbmF0dXJlMTIz"
OTHER = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJiIn0x.YW5vdGhlciBvbmUxMjM"
"""Two tokens of one key: their first parts are the same."""


def asked_with(exchange, value: str):
    """The exchange, as one whose request carried this Authorization."""
    headers = Headers.of({"Authorization": value})
    return replace(exchange, request=replace(exchange.request, headers=headers))


def test_the_token_of_the_request_is_named_as_such(make_exchange) -> None:
    REDACTOR.protect(JWT, OTHER, kind=TOKEN)
    exchange = asked_with(
        make_exchange({"message": f"bad token {JWT}"}, status=401), f"Bearer {JWT}"
    )
    assert repeated_secrets(exchange) == ("the token of this request",)


def test_another_token_of_the_run_is_no_token_of_the_request(make_exchange) -> None:
    REDACTOR.protect(JWT, OTHER, kind=TOKEN)
    exchange = asked_with(make_exchange({"message": OTHER}, status=401), f"Bearer {JWT}")
    assert repeated_secrets(exchange) == ("another token of this run",)


def test_the_credential_of_the_request_is_found_in_any_form(make_exchange) -> None:
    REDACTOR.protect_pair("the-client", "the-client-secret")
    basic = base64.b64encode(b"the-client:the-client-secret").decode()
    for told in (basic, "the-client-secret", b"the-client-secret".hex()):
        exchange = asked_with(make_exchange({"error": told}, status=401), f"Basic {basic}")
        assert repeated_secrets(exchange) == ("the credential of this request",)
    elsewhere = make_exchange(b"", headers={"Location": "https://h/?s=the-client-secret"})
    assert repeated_secrets(elsewhere) == ("another credential of this run",)


def test_what_was_learnt_after_the_answer_did_not_come_back_in_it(make_exchange) -> None:
    REDACTOR.protect("a-secret-of-before")
    known = REDACTOR.known
    REDACTOR.protect("a-secret-of-later", kind=TOKEN)
    later = replace(make_exchange({"x": "a-secret-of-later"}, status=401), secrets_known=known)
    assert repeated_secrets(later) == ()
    before = replace(make_exchange({"x": "a-secret-of-before"}, status=401), secrets_known=known)
    assert repeated_secrets(before) == ("another credential of this run",)


@pytest.mark.parametrize("member", ["access_token", "refresh_token", "id_token"])
def test_what_an_answer_grants_is_no_leak_whether_it_is_fresh_or_granted_again(
    make_exchange, member: str
) -> None:
    REDACTOR.protect(JWT, kind=TOKEN)
    fresh = replace(make_exchange({member: OTHER}), secrets_known=REDACTOR.known)
    REDACTOR.protect(OTHER, kind=TOKEN)
    assert repeated_secrets(fresh) == ()
    assert repeated_secrets(make_exchange({member: JWT})) == ()
    assert repeated_secrets(make_exchange({member: JWT, "debug": JWT})) == ()
    assert repeated_secrets(make_exchange({member: JWT}, status=401)) != ()


def test_a_grant_that_repeats_the_credential_beside_the_token_is_found(make_exchange) -> None:
    REDACTOR.protect("the-client-secret")
    exchange = make_exchange({"access_token": OTHER, "client_secret": "the-client-secret"})
    it = expect(exchange)
    it.keeps_secrets()
    (found,) = it.findings
    assert found.at == "relation:nothing-secret-comes-back"
    assert found.actual == "the answer repeats another credential of this run"
    assert "api.cernermillennium.com" in found.next_step


def test_a_cookie_that_the_server_gave_out_may_stand_in_its_answers(make_exchange) -> None:
    value = "abc.def-1732-of-the-server"
    REDACTOR.protect(value, kind=COOKIE)
    again = make_exchange(b"", headers={"Set-Cookie": f"__cf_bm={value}; path=/; HttpOnly"})
    assert repeated_secrets(again) == ()
    assert value not in REDACTOR.redact(f"Cookie: __cf_bm={value}")


def test_a_secret_of_few_different_characters_stands_anywhere_by_chance(make_exchange) -> None:
    REDACTOR.protect("0000000000000000")
    traced = {"traceparent": "00-0000000000000000a1b2c3d4e5f60718-b7ad6b7169203331-01"}
    assert repeated_secrets(make_exchange(b"", headers=traced)) == ()
