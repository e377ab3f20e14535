"""Other spellings of the client's credential and of its request, which mean the same to every server."""

from __future__ import annotations

from functools import partial

import pytest

from golive import Environment, Exchange, check, expect, show_word
from suites.oauth.access_token import AT, absent, token_of

spelling_check = partial(check, area="token success")
"""A check of a request that has to succeed: it is counted with the others that do."""


@spelling_check(
    "token-scheme-in-small-letters-is-accepted",
    level="must",
    basis="standard",
    source="RFC 9110 §11.1",
)
@pytest.mark.parametrize("spelling", ["basic"])
def test_the_scheme_may_be_written_in_small_letters(
    spelling: str, respelled_request: Exchange
) -> None:
    """A client that writes the scheme of its credential as basic is granted a token."""
    _granted(respelled_request)


@spelling_check(
    "token-scheme-in-capitals-is-accepted", level="must", basis="standard", source="RFC 9110 §11.1"
)
@pytest.mark.parametrize("spelling", ["BASIC"])
def test_the_scheme_may_be_written_in_capitals(spelling: str, respelled_request: Exchange) -> None:
    """A client that writes the scheme of its credential as BASIC is granted a token."""
    _granted(respelled_request)


@spelling_check(
    "token-client-id-is-form-decoded", level="should", basis="standard", source="RFC 6749 §2.3.1"
)
@pytest.mark.parametrize("spelling", ["id"])
def test_the_client_id_is_form_decoded(spelling: str, respelled_request: Exchange) -> None:
    """A client that percent-encodes a character of its id, as it may each, is granted a token."""
    _granted(respelled_request)


@spelling_check(
    "token-client-secret-is-form-decoded",
    level="should",
    basis="standard",
    source="RFC 6749 §2.3.1",
)
@pytest.mark.parametrize("spelling", ["secret"])
def test_the_client_secret_is_form_decoded(spelling: str, respelled_request: Exchange) -> None:
    """A client that percent-encodes a character of its secret, as it may each, is granted a token."""
    _granted(respelled_request)


@spelling_check(
    "token-empty-parameter-is-omitted", level="must", basis="standard", source="RFC 6749 §3.2"
)
@pytest.mark.parametrize("spelling", ["empty"])
def test_a_parameter_without_a_value_counts_as_omitted(
    spelling: str, respelled_request: Exchange
) -> None:
    """A parameter that is sent without a value counts as omitted."""
    _granted(respelled_request)


@spelling_check(
    "token-form-takes-charset-parameter",
    level="must",
    basis="standard",
    source="RFC 9110 §8.3.1; RFC 6749 §4.4.2, appendix B",
)
@pytest.mark.parametrize("spelling", ["charset"])
def test_the_media_type_of_the_form_may_name_its_charset(
    spelling: str, respelled_request: Exchange
) -> None:
    """A token request whose media type names the form's charset, UTF-8, is granted a token."""
    _granted(respelled_request)


@spelling_check(
    "token-form-type-in-capitals-is-accepted",
    level="must",
    basis="standard",
    source="RFC 9110 §8.3.1; RFC 6749 §4.4.2",
)
@pytest.mark.parametrize("spelling", ["capitals"])
def test_the_media_type_of_the_form_may_have_capitals(
    spelling: str, respelled_request: Exchange
) -> None:
    """A token request that is declared as Application/X-Www-Form-Urlencoded, with capitals, is granted a token."""
    _granted(respelled_request)


@spelling_check(
    "token-for-any-media-type-is-json",
    level="must",
    basis="standard",
    source="RFC 6749 §5.1; RFC 9110 §12.5.1",
)
@pytest.mark.parametrize("spelling", ["any"])
def test_who_accepts_any_media_type_gets_json(spelling: str, respelled_request: Exchange) -> None:
    """A client that accepts any media type is granted a token, and in JSON."""
    with expect(respelled_request) as it:
        it.status(200)
        if respelled_request.succeeded:
            it.media_type()


@spelling_check(
    "token-form-in-another-order-is-accepted",
    level="must",
    basis="standard",
    source="RFC 6749 §4.4.2, appendix B",
)
@pytest.mark.parametrize("spelling", ["order"])
def test_the_parameters_may_stand_in_another_order(
    spelling: str, respelled_request: Exchange
) -> None:
    """A token request whose parameters stand the other way round is granted a token."""
    _granted(respelled_request)


@spelling_check(
    "token-form-with-encoded-signs-is-accepted",
    level="must",
    basis="standard",
    source="RFC 6749 appendix B; RFC 3986 §2.1, §2.3",
)
@pytest.mark.parametrize("spelling", ["encoded"])
def test_a_sign_of_the_form_may_be_percent_encoded(
    spelling: str, respelled_request: Exchange
) -> None:
    """A token request that writes client_credentials as client%5fcredentials is granted a token."""
    _granted(respelled_request)


@spelling_check(
    "token-scopes-with-encoded-blanks-are-accepted",
    level="must",
    basis="standard",
    source="RFC 6749 §3.3, appendix B",
)
@pytest.mark.parametrize("spelling", ["blank"])
def test_blanks_between_scopes_may_be_percent_encoded(
    spelling: str, respelled_request: Exchange
) -> None:
    """A token request that writes the blank between two scopes as %20, and not as +, is granted a token."""
    _granted(respelled_request)


@spelling_check(
    "token-is-for-who-authenticated",
    level="must",
    basis="standard",
    source="RFC 6749 §2.3, §3.2.1, §4.4",
)
def test_the_client_of_the_form_gets_no_token(
    asked_beside_another_id: Exchange, environment: Environment
) -> None:
    """A token request with the client_id of another client is refused, or the token is the authenticated one's."""
    if not asked_beside_another_id.succeeded:
        return
    with expect(asked_beside_another_id) as it:
        named = token_of(it.exchange, environment).client_id
        if named is None:
            raise absent("client in a claim that golive knows")
        client = environment.token.credential.client_id
        it.that(named == client, AT, f"azp {client}", f"azp {show_word(named)}")


def _granted(exchange: Exchange) -> None:
    with expect(exchange) as it:
        it.status(200)
