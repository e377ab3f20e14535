"""How a client asks for its token."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from golive import NotSeenError, Steps, check, demand_of_each
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
def test_a_token_request_is_a_post(token_requests: Steps) -> None:
    """Each token request is a POST."""
    demand_of_each(
        token_requests.values(),
        lambda one: (
            [("request:line", "POST", one.request.method)] if one.request.method != "POST" else []
        ),
        "Send the token request with POST.",
    )


@check(
    "client-token-request-is-a-form",
    level="must",
    basis="standard",
    source="RFC 6749 §4.4.2, App. B",
)
def test_a_token_request_is_a_form(token_requests: Steps) -> None:
    """Each token request is a form, and says so in its Content-Type."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        kind = one.request.headers.get("Content-Type") or ""
        if one.request.body and kind.split(";")[0].strip().lower() != FORM:
            yield "request:header:Content-Type", FORM, kind or "absent"
        elif one.request.method == "POST" and not seen.form(one):
            yield "request:body", "grant_type=client_credentials&scope=…", "no pairs of a form"

    demand_of_each(
        token_requests.values(), rule, f"Send the parameters in the body, as {FORM}; not as JSON."
    )


@check(
    "client-grant-type-is-client-credentials",
    level="must",
    basis="standard",
    source="RFC 6749 §4.4.2",
)
def test_the_grant_type_is_client_credentials(token_requests: Steps) -> None:
    """Each token request of a system account asks for the grant client_credentials."""
    others = {"authorization_code", "refresh_token"}  # of applications that people sign in to
    asked = [*token_requests.values()]
    systems = {
        credentials.client_of(one) for one in asked if _grant_type(one) == "client_credentials"
    }

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        named = _grant_type(one)
        if named == "refresh_token" and credentials.client_of(one) in systems:
            expected = "client_credentials again: this grant gives no refresh token"
            yield "request:form:grant_type", expected, named
        elif named != "client_credentials" and named not in others:
            yield "request:form:grant_type", "client_credentials", named or "empty"

    demand_of_each(token_requests.values(), rule, "Write grant_type=client_credentials.")


@check("client-asks-for-a-scope", level="must", basis="documented", source=ENDPOINT)
def test_a_token_request_names_a_scope(token_requests: Steps) -> None:
    """Each token request names the scopes that it needs."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        optional = _grant_type(one) == "refresh_token"  # RFC 6749 §6
        if not optional and not _token_pairs(one).get("scope", "").strip():
            yield "request:form:scope", "at least one scope", "absent or empty"

    demand_of_each(
        token_requests.values(), rule, "Write scope=oraclehealth:millennium:message into the form."
    )


@check("client-gives-each-parameter-once", level="must", basis="standard", source="RFC 6749 §3.2")
def test_each_parameter_is_given_once(token_requests: Steps) -> None:
    """A token request gives each of its parameters once."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        given = Counter(name for name, _ in seen.pairs(one))
        for name, times in given.items():
            if times > 1:
                yield f"request:form:{name}", "once", f"{times} times"

    demand_of_each(
        token_requests.values(), rule, "Send one scope with all names in it, separated by spaces."
    )


@check("client-separates-scopes-by-spaces", level="must", basis="documented", source=ENDPOINT)
def test_scopes_are_separated_by_spaces(token_requests: Steps) -> None:
    """Scopes are separated by spaces, by nothing else."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        scope = _token_pairs(one).get("scope", "")
        signs = {name for sign, name in ((",", "commas"), (";", "semicolons")) if sign in scope}
        signs |= {"%20 or + in it"} if re.search(r"%20|\+", scope) else set()
        if signs:
            yield "request:form:scope", "scopes separated by spaces", " and ".join(sorted(signs))

    demand_of_each(
        token_requests.values(),
        rule,
        "Join the scopes by one space, and let the library encode the form once.",
    )


@check(
    "client-lists-its-scopes-one-by-one",
    level="should",
    basis="observed",
    source="contract-facts §5",
)
def test_no_scope_is_a_wildcard(token_requests: Steps) -> None:
    """No scope is a wildcard, which is dropped without a word."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        for scope in _token_pairs(one).get("scope", "").split():
            if "*" in scope:
                yield "request:form:scope", "scopes without *", scope

    demand_of_each(token_requests.values(), rule, "List each scope by its name.")


@check(
    "client-basic-is-well-formed",
    level="must",
    basis="standard",
    source="RFC 7617 §2; RFC 6749 §2.3.1",
)
def test_basic_is_well_formed(token_requests: Steps) -> None:
    """HTTP Basic holds the base64 of the client's id, a colon and its secret, on one line."""
    with_basic = [
        one for one in token_requests.values() if credentials.presented(one)[0] == "basic"
    ]
    if not with_basic:
        raise NotSeenError("the client used no HTTP Basic at a token endpoint")

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        pair = credentials.basic(one)
        if pair is None:
            yield AUTHORIZATION, "Basic and the base64 of id:secret", "something else"
        elif pair[0] != pair[0].strip() or not all(pair):
            wrong = "an empty id or secret" if not all(pair) else "blanks around the id"
            yield AUTHORIZATION, "Basic and the base64 of id:secret", wrong

    demand_of_each(
        with_basic,
        rule,
        "Let the library make it; on a shell `curl -u` or `base64 -w0`, as GNU base64 breaks lines at 76 characters.",
    )


@check("client-authenticates-in-one-way", level="must", basis="standard", source="RFC 6749 §2.3")
def test_a_client_authenticates_in_one_way(token_requests: Steps) -> None:
    """A token request authenticates its client in exactly one way."""
    credentials.refuse_hidden(token_requests.values())

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        pairs = _token_pairs(one)
        ways = [name for name in ("client_secret", "client_assertion") if pairs.get(name)]
        ways += ["Authorization"] if one.request.headers.get("Authorization") else []
        if len(ways) != 1:
            actual = " and ".join(ways) or "none"
            yield AUTHORIZATION, "Basic, or an assertion in the form", actual

    demand_of_each(
        token_requests.values(), rule, "Use HTTP Basic, or private_key_jwt; never both, never none."
    )


@check(
    "client-keeps-its-secret-out-of-the-form",
    level="must",
    basis="observed",
    source="contract-facts §4.1; RFC 6749 §2.3.1",
)
def test_no_secret_is_in_the_form(token_requests: Steps) -> None:
    """The client's secret is not in the form: the server offers Basic and private_key_jwt alone."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        if _token_pairs(one).get("client_secret"):
            yield "request:form:client_secret", "absent", "present"

    demand_of_each(
        token_requests.values(), rule, "Authenticate with client_secret_basic (HTTP Basic)."
    )


@check(
    "client-sends-no-bearer-to-the-token-endpoint",
    level="must",
    basis="observed",
    source="contract-facts §4.1, §5",
)
def test_no_bearer_goes_to_the_token_endpoint(token_requests: Steps) -> None:
    """Neither an assertion nor a token goes to the token endpoint as Bearer."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        if credentials.presented(one)[0] == "bearer":
            yield AUTHORIZATION, "Basic, or an assertion in the form", "Bearer"

    demand_of_each(
        token_requests.values(),
        rule,
        f"Send the assertion as client_assertion in the form, with client_assertion_type={ASSERTION_TYPE}.",
    )


@check(
    "client-token-request-takes-json",
    level="must",
    basis="documented",
    source="contract-facts §4.1; RFC 9110 §12.5.1",
)
def test_a_token_request_takes_json(token_requests: Steps) -> None:
    """A token request takes JSON as its answer."""
    demand_of_each(
        token_requests.values(), seen.accepting_json, "Send Accept: application/json, or no Accept."
    )
