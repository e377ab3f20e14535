"""What JOSE and JWT demand of every token that they describe, of any server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golive import PRIVATE_MEMBERS, Environment, Exchange, Expect, Steps, show, show_word
from suites.oauth.access_token import AT, judge_each, token_check, token_of

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXTS = ("kid", "typ", "cty", "jku", "x5u", "x5t", "x5t#S256")
OF_JOSE = frozenset({"alg", "jwk", "x5c", "crit", "enc", "zip", *TEXTS})
"""Names of the standard itself, which crit must not repeat (RFC 7515 §4.1.11)."""


@token_check(
    "access-token-header-keeps-to-jose",
    level="must",
    basis="standard",
    source="RFC 7515 §4.1; RFC 7797 §6, §7",
)
def test_the_header_keeps_to_the_rules_of_jose(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """The token's header has an alg; its crit names what is there; it brings no private key along."""

    def judge(it: Expect, environment: Environment) -> None:
        for expected, actual in _broken_in_header(token_of(it.exchange, environment).header):
            it.violated(AT, expected, actual)

    judge_each(token_granted, grants, environment, judge)


@token_check(
    "access-token-claims-have-their-types",
    level="must",
    basis="standard",
    source="RFC 7519 §4.1.1, §4.1.2, §4.1.3, §4.1.7",
)
def test_the_registered_claims_have_their_types(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """The token's iss, sub and jti are strings, and its aud is one or an array of them, where it has them."""

    def judge(it: Expect, environment: Environment) -> None:
        claims = token_of(it.exchange, environment).claims
        for name in ("iss", "sub", "jti", "aud"):
            value = claims.get(name)
            texts = value if name == "aud" and isinstance(value, list) else [value]
            right = value is None or all(isinstance(one, str) for one in texts)
            wanted = f"{name} as a string" + (", or an array of them" if name == "aud" else "")
            it.that(right, AT, wanted, show(value))

    judge_each(token_granted, grants, environment, judge)


def _broken_in_header(header: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what a JOSE header should have, and what it has instead."""
    if not isinstance(header.get("alg"), str) or not header["alg"]:
        yield "alg, a string", show(header.get("alg"))
    for name in TEXTS:
        if not isinstance(header.get(name, ""), str):
            yield f"{name} as a string", show(header[name])
    key = header.get("jwk", {})
    private = sorted(PRIVATE_MEMBERS & key.keys()) if isinstance(key, dict) else []
    if not isinstance(key, dict) or private:
        yield (
            "a public key in jwk",
            f"private members {', '.join(private)}" if private else show(key),
        )
    yield from _broken_in_crit(header)


def _broken_in_crit(header: dict[str, Any]) -> Iterator[tuple[str, str]]:
    given = header.get("crit")
    named = given if isinstance(given, list) else []
    if "crit" in header:
        texts = [one for one in named if isinstance(one, str)]
        if not texts or len(set(texts)) < len(named):
            yield "crit with one name or more, each once", show(given)
        for name in texts:
            if name in OF_JOSE or name not in header:
                yield "crit with names of extensions that the header has", show_word(name)
    if "b64" in header and (header["b64"] is not True or "b64" not in named):
        yield "no b64, by which a JWT must not leave its payload unencoded", show(header["b64"])
