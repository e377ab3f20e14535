"""The assertions that a client signs (private_key_jwt)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive import Steps, Wrong, check, demand, demand_of_each
from suites.client import credentials, seen
from suites.client.citations import ASSERTION_TYPE, ENDPOINT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive import Exchange


@check(
    "client-names-the-type-of-its-assertion",
    level="must",
    basis="standard",
    source="RFC 7523 §2.2; RFC 7521 §4.2",
)
def test_an_assertion_comes_with_its_type(assertions: Steps) -> None:
    """An assertion comes with client_assertion_type, which says that it is a JWT."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        named = seen.form(one).get("client_assertion_type", "absent")
        if named != ASSERTION_TYPE:
            yield "request:form:client_assertion_type", ASSERTION_TYPE, named

    demand_of_each(assertions.values(), rule, f"Write client_assertion_type={ASSERTION_TYPE}.")


@check("client-assertion-has-its-claims", level="must", basis="standard", source="RFC 7523 §3")
def test_an_assertion_has_its_claims(assertions: Steps) -> None:
    """An assertion is a signed JWT whose issuer and subject are the client, with an end that is to come."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        signed = credentials.assertion(one)
        at, claims = "request:form:client_assertion", signed.claims if signed else {}
        if signed is None or signed.problem:
            yield (
                at,
                "a signed JWT",
                signed.problem if signed and signed.problem else "something else",
            )
            return
        if not claims.get("iss") or claims.get("iss") != claims.get("sub"):
            yield at, "iss and sub, both the client's id", "others"
        end = claims.get("exp")
        if not isinstance(end, int | float) or isinstance(end, bool):
            yield at, "exp, in seconds since 1970", "absent" if end is None else "another form"
        elif end <= one.sent_at.timestamp():
            yield at, "exp after the request", "an end that has passed"

    demand_of_each(
        assertions.values(),
        rule,
        "Write iss and sub (the client's id), aud, exp and jti afresh into each assertion.",
    )


@check("client-assertion-is-for-the-token-url", level="must", basis="documented", source=ENDPOINT)
def test_an_assertion_is_for_the_token_url(assertions: Steps) -> None:
    """The audience of an assertion is the URL of the token endpoint that it is sent to."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        signed = credentials.assertion(one)
        named = signed.claims.get("aud") if signed else None
        bare = one.request.url.partition("?")[0]
        ours = {bare, f"https://{seen.host(one)}{seen.path(one)}"}
        if signed and not ours & set(named if isinstance(named, list) else [named]):
            yield (
                "request:form:client_assertion",
                "aud, the token URL",
                "absent" if named is None else "another one",
            )

    demand_of_each(
        assertions.values(), rule, "Take the audience from the same setting as the token URL."
    )


@check(
    "client-signs-each-assertion-afresh",
    level="must",
    basis="documented",
    source="contract-facts §4.1; RFC 7523 §3",
)
def test_no_assertion_is_used_twice(assertions: Steps) -> None:
    """Each assertion has a jti of its own."""

    def found() -> Iterator[Wrong]:
        known: set[str] = set()
        for one in seen.by_time(assertions):
            signed = credentials.assertion(one)
            number = str(signed.claims.get("jti") or "") if signed else ""
            if not number or number in known:
                said = "the one of a request before it" if number else "absent"
                yield Wrong(one, "request:form:client_assertion", "a jti that was never used", said)
            known.add(number)

    demand(found(), "Make a new assertion with a random jti for each token request.")
