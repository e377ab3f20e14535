"""The assertions that a client signs (private_key_jwt)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive import Steps, Wrong, check, cured_by
from suites.client import credentials, seen
from suites.client.citations import ASSERTION_TYPE, ENDPOINT

if TYPE_CHECKING:
    from collections.abc import Iterator


@check(
    "client-names-the-type-of-its-assertion",
    level="must",
    basis="standard",
    source="RFC 7523 §2.2; RFC 7521 §4.2",
)
@cured_by(f"Write client_assertion_type={ASSERTION_TYPE}.")
def test_an_assertion_comes_with_its_type(assertions: Steps) -> Iterator[Wrong]:
    """An assertion comes with client_assertion_type, which says that it is a JWT."""
    for one in assertions.values():
        named = seen.form(one).get("client_assertion_type", "absent")
        if named != ASSERTION_TYPE:
            yield Wrong(one, "request:form:client_assertion_type", ASSERTION_TYPE, named)


@check("client-assertion-has-its-claims", level="must", basis="standard", source="RFC 7523 §3")
@cured_by("Write iss and sub (the client's id), aud, exp and jti afresh into each assertion.")
def test_an_assertion_has_its_claims(assertions: Steps) -> Iterator[Wrong]:
    """An assertion is a signed JWT whose issuer and subject are the client, with an end that is to come."""
    for one in assertions.values():
        signed = credentials.assertion(one)
        at, claims = "request:form:client_assertion", signed.claims if signed else {}
        if signed is None or signed.problem:
            yield Wrong(
                one,
                at,
                "a signed JWT",
                signed.problem if signed and signed.problem else "something else",
            )
            continue
        if not claims.get("iss") or claims.get("iss") != claims.get("sub"):
            yield Wrong(one, at, "iss and sub, both the client's id", "others")
        end = claims.get("exp")
        if not isinstance(end, int | float) or isinstance(end, bool):
            yield Wrong(
                one, at, "exp, in seconds since 1970", "absent" if end is None else "another form"
            )
        elif end <= one.sent_at.timestamp():
            yield Wrong(one, at, "exp after the request", "an end that has passed")


@check("client-assertion-is-for-the-token-url", level="must", basis="documented", source=ENDPOINT)
@cured_by("Take the audience from the same setting as the token URL.")
def test_an_assertion_is_for_the_token_url(assertions: Steps) -> Iterator[Wrong]:
    """The audience of an assertion is the URL of the token endpoint that it is sent to."""
    for one in assertions.values():
        signed = credentials.assertion(one)
        named = signed.claims.get("aud") if signed else None
        bare = one.request.url.partition("?")[0]
        ours = {bare, f"https://{seen.host(one)}{seen.path(one)}"}
        if signed and not ours & set(named if isinstance(named, list) else [named]):
            yield Wrong(
                one,
                "request:form:client_assertion",
                "aud, the token URL",
                "absent" if named is None else "another one",
            )


@check(
    "client-signs-each-assertion-afresh",
    level="must",
    basis="documented",
    source="contract-facts §4.1; RFC 7523 §3",
)
@cured_by("Make a new assertion with a random jti for each token request.")
def test_no_assertion_is_used_twice(assertions: Steps) -> Iterator[Wrong]:
    """Each assertion has a jti of its own."""
    known: set[str] = set()
    for one in seen.by_time(assertions):
        signed = credentials.assertion(one)
        number = str(signed.claims.get("jti") or "") if signed else ""
        if not number or number in known:
            said = "the one of a request before it" if number else "absent"
            yield Wrong(one, "request:form:client_assertion", "a jti that was never used", said)
        known.add(number)
