"""How a client asks for its token."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from golive import NotSeenError, Steps, Wrong, check, cured_by
from suites.client import credentials, seen
from suites.client.citations import ASSERTION_TYPE, AUTHORIZATION, ENDPOINT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive import Exchange


FORM = "application/x-www-form-urlencoded"


def _grant_type(one: Exchange) -> str:
    return _token_pairs(one).get("grant_type", "absent")


def _token_pairs(one: Exchange) -> dict[str, str]:
    return seen.form(one) or seen.body(one)


@check("client-posts-its-token-request", level="must", basis="standard", source="RFC 6749 §3.2")
@cured_by("Send the token request with POST.")
def test_a_token_request_is_a_post(token_requests: Steps) -> Iterator[Wrong]:
    """Each token request is a POST."""
    for one in token_requests.values():
        if one.request.method != "POST":
            yield Wrong(one, "request:line", "POST", one.request.method)


@check(
    "client-token-request-is-a-form",
    level="must",
    basis="standard",
    source="RFC 6749 §4.4.2, App. B",
)
@cured_by(f"Send the parameters in the body, as {FORM}; not as JSON.")
def test_a_token_request_is_a_form(token_requests: Steps) -> Iterator[Wrong]:
    """Each token request is a form, and says so in its Content-Type."""
    for one in token_requests.values():
        kind = one.request.headers.get("Content-Type") or ""
        if one.request.body and kind.split(";")[0].strip().lower() != FORM:
            yield Wrong(one, "request:header:Content-Type", FORM, kind or "absent")
        elif one.request.method == "POST" and not seen.form(one):
            yield Wrong(
                one, "request:body", "grant_type=client_credentials&scope=…", "no pairs of a form"
            )


@check(
    "client-grant-type-is-client-credentials",
    level="must",
    basis="standard",
    source="RFC 6749 §4.4.2",
)
@cured_by("Write grant_type=client_credentials.")
def test_the_grant_type_is_client_credentials(token_requests: Steps) -> Iterator[Wrong]:
    """Each token request of a system account asks for the grant client_credentials."""
    others = {"authorization_code", "refresh_token"}  # of applications that people sign in to
    asked = [*token_requests.values()]
    systems = {
        credentials.client_of(one) for one in asked if _grant_type(one) == "client_credentials"
    }

    for one in token_requests.values():
        named = _grant_type(one)
        if named == "refresh_token" and credentials.client_of(one) in systems:
            expected = "client_credentials again: this grant gives no refresh token"
            yield Wrong(one, "request:form:grant_type", expected, named)
        elif named != "client_credentials" and named not in others:
            yield Wrong(one, "request:form:grant_type", "client_credentials", named or "empty")


@check("client-asks-for-a-scope", level="must", basis="documented", source=ENDPOINT)
@cured_by("Write scope=oraclehealth:millennium:message into the form.")
def test_a_token_request_names_a_scope(token_requests: Steps) -> Iterator[Wrong]:
    """Each token request names the scopes that it needs."""
    for one in token_requests.values():
        optional = _grant_type(one) == "refresh_token"  # RFC 6749 §6
        if not optional and not _token_pairs(one).get("scope", "").strip():
            yield Wrong(one, "request:form:scope", "at least one scope", "absent or empty")


@check("client-gives-each-parameter-once", level="must", basis="standard", source="RFC 6749 §3.2")
@cured_by("Send one scope with all names in it, separated by spaces.")
def test_each_parameter_is_given_once(token_requests: Steps) -> Iterator[Wrong]:
    """A token request gives each of its parameters once."""
    for one in token_requests.values():
        given = Counter(name for name, _ in seen.pairs(one))
        for name, times in given.items():
            if times > 1:
                yield Wrong(one, f"request:form:{name}", "once", f"{times} times")


@check("client-separates-scopes-by-spaces", level="must", basis="documented", source=ENDPOINT)
@cured_by("Join the scopes by one space, and let the library encode the form once.")
def test_scopes_are_separated_by_spaces(token_requests: Steps) -> Iterator[Wrong]:
    """Scopes are separated by spaces, by nothing else."""
    for one in token_requests.values():
        scope = _token_pairs(one).get("scope", "")
        signs = {name for sign, name in ((",", "commas"), (";", "semicolons")) if sign in scope}
        signs |= {"%20 or + in it"} if re.search(r"%20|\+", scope) else set()
        if signs:
            yield Wrong(
                one, "request:form:scope", "scopes separated by spaces", " and ".join(sorted(signs))
            )


@check(
    "client-lists-its-scopes-one-by-one",
    level="should",
    basis="observed",
    source="contract-facts §5",
)
@cured_by("List each scope by its name.")
def test_no_scope_is_a_wildcard(token_requests: Steps) -> Iterator[Wrong]:
    """No scope is a wildcard, which is dropped without a word."""
    for one in token_requests.values():
        for scope in _token_pairs(one).get("scope", "").split():
            if "*" in scope:
                yield Wrong(one, "request:form:scope", "scopes without *", scope)


@check(
    "client-basic-is-well-formed",
    level="must",
    basis="standard",
    source="RFC 7617 §2; RFC 6749 §2.3.1",
)
@cured_by(
    "Let the library make it; on a shell `curl -u` or `base64 -w0`, as GNU base64 breaks lines at 76 characters."
)
def test_basic_is_well_formed(token_requests: Steps) -> Iterator[Wrong]:
    """HTTP Basic holds the base64 of the client's id, a colon and its secret, on one line."""
    with_basic = [
        one for one in token_requests.values() if credentials.presented(one)[0] == "basic"
    ]
    if not with_basic:
        raise NotSeenError("the client used no HTTP Basic at a token endpoint")

    for one in with_basic:
        pair = credentials.basic(one)
        if pair is None:
            yield Wrong(one, AUTHORIZATION, "Basic and the base64 of id:secret", "something else")
        elif pair[0] != pair[0].strip() or not all(pair):
            wrong = "an empty id or secret" if not all(pair) else "blanks around the id"
            yield Wrong(one, AUTHORIZATION, "Basic and the base64 of id:secret", wrong)


@check("client-authenticates-in-one-way", level="must", basis="standard", source="RFC 6749 §2.3")
@cured_by("Use HTTP Basic, or private_key_jwt; never both, never none.")
def test_a_client_authenticates_in_one_way(token_requests: Steps) -> Iterator[Wrong]:
    """A token request authenticates its client in exactly one way."""
    credentials.refuse_hidden(token_requests.values())

    for one in token_requests.values():
        pairs = _token_pairs(one)
        ways = [name for name in ("client_secret", "client_assertion") if pairs.get(name)]
        ways += ["Authorization"] if one.request.headers.get("Authorization") else []
        if len(ways) != 1:
            actual = " and ".join(ways) or "none"
            yield Wrong(one, AUTHORIZATION, "Basic, or an assertion in the form", actual)


@check(
    "client-keeps-its-secret-out-of-the-form",
    level="must",
    basis="observed",
    source="contract-facts §4.1; RFC 6749 §2.3.1",
)
@cured_by("Authenticate with client_secret_basic (HTTP Basic).")
def test_no_secret_is_in_the_form(token_requests: Steps) -> Iterator[Wrong]:
    """The client's secret is not in the form: the server offers Basic and private_key_jwt alone."""
    for one in token_requests.values():
        if _token_pairs(one).get("client_secret"):
            yield Wrong(one, "request:form:client_secret", "absent", "present")


@check(
    "client-sends-no-bearer-to-the-token-endpoint",
    level="must",
    basis="observed",
    source="contract-facts §4.1, §5",
)
@cured_by(
    f"Send the assertion as client_assertion in the form, with client_assertion_type={ASSERTION_TYPE}."
)
def test_no_bearer_goes_to_the_token_endpoint(token_requests: Steps) -> Iterator[Wrong]:
    """Neither an assertion nor a token goes to the token endpoint as Bearer."""
    for one in token_requests.values():
        if credentials.presented(one)[0] == "bearer":
            yield Wrong(one, AUTHORIZATION, "Basic, or an assertion in the form", "Bearer")


@check(
    "client-token-request-takes-json",
    level="must",
    basis="documented",
    source="contract-facts §4.1; RFC 9110 §12.5.1",
)
@cured_by("Send Accept: application/json, or no Accept.")
def test_a_token_request_takes_json(token_requests: Steps) -> Iterator[Wrong]:
    """A token request takes JSON as its answer."""
    for one in token_requests.values():
        for wrong in seen.accepting_json(one):
            yield Wrong(one, *wrong)
