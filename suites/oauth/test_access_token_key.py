"""The key that signed the access token, and its signature."""

from __future__ import annotations

from golive import (
    SIGNATURES,
    CouldNotTellError,
    Environment,
    Exchange,
    Expect,
    NotClaimedError,
    Steps,
    access_token_of,
    by_its_word,
    expect,
    keys_of,
    may_be_unpublished,
    show_word,
    verification_problem,
)
from suites.oauth.access_token import (
    AT,
    absent,
    demand_same_server,
    is_verified,
    judge_each,
    token_check,
    token_of,
)


@token_check(
    "access-token-key-is-in-key-set",
    level="must",
    basis="observed",
    source="contract-facts §4.4, §9",
)
def test_the_signing_key_is_published(
    token_granted: Exchange, grants: Steps, key_set: Exchange, environment: Environment
) -> None:
    """The key that signed the token is in the key set of the host that granted it."""

    def judge(it: Expect, own: Environment) -> None:
        _demand_same_keys(it.exchange, token_granted, environment, own)
        kid = token_of(it.exchange, own).kid
        keys = keys_of(key_set)
        if kid is None and not own.token.is_oracles:
            if is_verified(it.exchange, own, key_set):
                return
            raise absent("kid, which is optional (RFC 7515 §4.1.4)")
        if may_be_unpublished(kid, keys):
            raise _unpublished(kid)
        with expect(key_set) as of_set:
            known = [key.get("kid") for key in keys]
            wanted = f"a key with kid {show_word(kid)}"
            label = by_its_word(own, "RFC 8414 §2")
            of_set.that(kid in known, "/keys", wanted, f"{len(known)} other keys", label=label)

    judge_each(token_granted, grants, environment, judge)


@token_check(
    "access-token-signature-verifies",
    level="must",
    basis="standard",
    source="RFC 7515 §5.2; RFC 8725 §3.1",
)
def test_the_signature_verifies(
    token_granted: Exchange, grants: Steps, key_set: Exchange, environment: Environment
) -> None:
    """The token's signature verifies with the key of its kid."""

    def judge(it: Expect, own: Environment) -> None:
        _demand_same_keys(it.exchange, token_granted, environment, own)
        token = token_of(it.exchange, own)
        # Where the set could not be read, or is older than the key, nothing is said about the signature.
        if may_be_unpublished(token.kid, keys_of(key_set)):
            raise _unpublished(token.kid)
        oracles = own.token.is_oracles
        algorithm = token.header.get("alg")
        named = isinstance(algorithm, str) and algorithm != "none"
        if algorithm not in SIGNATURES and (named or not oracles):
            why = f"a signature with alg {show_word(algorithm)} was not tried: golive verifies {', '.join(SIGNATURES)}"
            raise CouldNotTellError(why, unsettled_shape=True)
        # That Oracle's are of ES256 is a check of its own.
        text = access_token_of(it.exchange) or ""
        problem = verification_problem(text, key_set.json, SIGNATURES, any_key=not oracles)
        it.that(problem is None, AT, "a signature that verifies", str(problem))

    judge_each(token_granted, grants, environment, judge)


def _demand_same_keys(
    grant: Exchange, first: Exchange, environment: Environment, own: Environment
) -> None:
    """Raise NotClaimedError for a token whose server, or tenant, has another key set than the one that was read."""
    demand_same_server(grant, first, environment)
    if own.token.key_set != environment.token.key_set:
        raise NotClaimedError("token.key_set_url")


def _unpublished(kid: str | None) -> CouldNotTellError:
    return CouldNotTellError(
        f"the token's key {show_word(kid)} is newer than every key of the set, which may show it in a moment",
        next_step="Run again in some minutes. Where it stays away, ask Oracle with the kid and the time.",
        unsettled_shape=True,
    )
