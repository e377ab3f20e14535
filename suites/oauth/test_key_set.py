"""The key set of the cloud that grants the token: RFC 7517, and the rhythm that the wire showed."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from golive import (
    PRIVATE_MEMBERS,
    Contract,
    Environment,
    Exchange,
    Expect,
    Steps,
    by_its_word,
    check,
    demand_oracles,
    expect,
    keys_of,
    may_be_unpublished,
    show_word,
)
from suites.oauth.access_token import absent, is_verified, same_server, token_of
from suites.oauth.key_sets import Key, judge_both, judge_keys, material, word

CAPTURE = "contract-facts §4.4 (capture of 2026-08-15)"
ROTATION = 48 * 3600
"""Seconds between two generations of keys, so that the next one is published that long before its use."""
MAX_AGE = re.compile(r"(?:^|[\s,])(?:s-maxage|max-age)\s*=\s*\"?([0-9]{1,12})", re.IGNORECASE)


@check("key-set-status-is-200", level="should", basis="observed", source=CAPTURE)
def test_the_key_set_is_public(
    key_set: Exchange, key_set_again: Exchange, environment: Environment
) -> None:
    """The key set is served to anybody with 200."""
    demand_oracles(environment)
    judge_both(key_set, key_set_again, lambda it: it.status(200))


@check("key-set-keeps-its-schema", level="must", basis="standard", source="RFC 7517 §4, §5")
def test_the_key_set_keeps_its_schema(
    key_set: Exchange, key_set_again: Exchange, contract: Contract
) -> None:
    """The key set and each key in it have the members of RFC 7517."""

    def judge(it: Expect) -> None:
        if not it.exchange.succeeded or "json" not in it.exchange.media_type:
            keys_of(it.exchange)  # what does not call itself a key set breaks no rule for key sets
        it.schema(contract, "oauth/key-set")

    judge_both(key_set, key_set_again, judge)


@check(
    "key-set-kids-are-unique",
    level="must",
    basis="observed",
    source="contract-facts §4.4, §9",
)
def test_no_two_keys_share_a_kid(key_set: Exchange, key_set_again: Exchange) -> None:
    """No two keys of the set share a kid."""

    def judge(it: Expect) -> None:
        counts = Counter(str(key.get("kid")) for key in keys_of(it.exchange))
        twice = sorted(kid for kid, count in counts.items() if count > 1)
        it.that(not twice, "/keys", "distinct kids", f"twice: {', '.join(map(show_word, twice))}")

    judge_both(key_set, key_set_again, judge)


@check(
    "key-set-has-no-private-members",
    level="must",
    basis="standard",
    source="RFC 7517 §9.2; RFC 7518 §6.2.2, §6.3.2",
)
def test_no_private_key_is_published(key_set: Exchange, key_set_again: Exchange) -> None:
    """No key of the set carries a private member."""

    def judge(it: Expect, at: str, key: Key) -> None:
        names = ", ".join(sorted(PRIVATE_MEMBERS & key.keys()))
        it.that(
            not names,
            at,
            "public members only",
            f"private members {names}",
            next_step="Report it at once to the operator of the server: anybody who has read it can make tokens.",
        )

    judge_keys(key_set, key_set_again, judge)


@check("key-set-has-several-generations", level="should", basis="observed", source=CAPTURE)
def test_the_key_set_holds_more_than_one_generation(
    key_set: Exchange, environment: Environment
) -> None:
    """The key set holds more than one generation of keys, so that a rotation surprises nobody."""
    demand_oracles(environment)
    stamps = {
        str(key.get("kid")).rsplit(".", 2)[0]
        for key in keys_of(key_set)
        if word(key, "kty") == "EC"
    }
    with expect(key_set) as it:
        it.that(len(stamps) > 1, "/keys", "keys of two generations or more", f"{len(stamps)}")


@check(
    "key-set-holds-the-tokens-keys-at-the-end",
    level="must",
    basis="observed",
    source="contract-facts §4.4, §9",
)
def test_every_key_that_signed_is_published_until_the_end(
    token_granted: Exchange,
    grants: Steps,
    key_set: Exchange,
    key_set_again: Exchange,
    environment: Environment,
) -> None:
    """At the end of the run the key set still holds the key of each token that was granted in it."""
    keys = keys_of(key_set_again)
    held = {word(key, "kid") for key in keys}
    same = [one for one in grants.values() if same_server(one, token_granted, environment)]
    granted = [(token_of(one, environment).kid, one) for one in (token_granted, *same)]
    used = {kid for kid, _ in granted if kid is not None}
    unnamed = [one for kid, one in granted if kid is None]
    # A token that names no key is of one that verified it at the beginning.
    seen = [one for one in unnamed if is_verified(one, environment, key_set)]
    if not used and not seen:
        raise absent("kid, which is optional (RFC 7515 §4.1.4)")
    missing = sorted(str(kid) for kid in used - held if kid and not may_be_unpublished(kid, keys))
    with expect(key_set_again) as it:
        named = ", ".join(map(show_word, missing))
        # What an environment names as `token.key_set_url` holds the keys in use (jwks_uri).
        label = by_its_word(environment, "RFC 8414 §2")
        wanted, found = f"a key with kid {named}", f"{len(keys)} other keys"
        it.that(not missing, "/keys", wanted, found, label=label)
        gone = sum(not is_verified(one, environment, key_set_again) for one in seen)
        wanted = "the key that verified each token without kid at the beginning"
        it.that(not gone, "/keys", wanted, f"none that verifies {gone} of them", label=label)


@check(
    "key-set-keeps-the-keys-in-use",
    level="must",
    basis="observed",
    source="contract-facts §4.4, §9",
)
def test_a_key_in_use_stays_published(
    token_granted: Exchange, grants: Steps, key_sets_at_the_end: Steps, environment: Environment
) -> None:
    """A key that the key set has shown stays in it for as long as a token that it signed is valid."""
    same = [one for one in grants.values() if same_server(one, token_granted, environment)]
    ends = _ends_of_kids((token_granted, *same), environment)
    label = by_its_word(environment, "RFC 8414 §2")
    shown: set[str | None] = set()
    first, *later = sorted(key_sets_at_the_end.values(), key=lambda one: one.sent_at)
    for answer in (first, *(one for one in later if one.succeeded)):
        held = {word(key, "kid") for key in keys_of(answer)}
        now = answer.sent_at.timestamp()
        gone = sorted(kid for kid, end in ends.items() if end > now and kid in shown - held)
        with expect(answer) as it:
            named = ", ".join(map(show_word, gone))
            it.that(not gone, "/keys", f"the key {named}, as before", "absent", label=label)
        shown |= held
    for answer in later:
        with expect(answer) as it:
            it.status(200, advice=True)


def _ends_of_kids(granted: tuple[Exchange, ...], environment: Environment) -> dict[str, float]:
    """Return the kid of each token's key, and until when the last of its tokens is valid, in POSIX seconds."""
    ends: dict[str, float] = {}
    for one in granted:
        token = token_of(one, environment)
        end = token.claims.get("exp")
        if token.kid and isinstance(end, int | float):
            ends[token.kid] = max(end, ends.get(token.kid, 0))
    if not ends:
        raise absent("kid and exp, which are optional (RFC 7515 §4.1.4, RFC 7519 §4.1.4)")
    return ends


@check("key-set-kid-stays-with-its-key", level="must", basis="standard", source="RFC 7517 §4.5")
def test_a_kid_stays_with_its_key(key_set: Exchange, key_set_again: Exchange) -> None:
    """A kid that the key set had at the beginning of the run names the same key at the end."""
    before, after = (_by_kid(keys_of(each)) for each in (key_set, key_set_again))
    with expect(key_set_again) as it:
        for index, key in enumerate(keys_of(key_set_again)):
            kid = word(key, "kid")
            old, new = before.get(kid, set()), after.get(kid, set())
            # Keys of different types may share a kid as alternatives, so one may also come beside another.
            joins = bool(old & new) and all(each[0] != material(key)[0] for each in old)
            same = not old or material(key) in old or joins
            it.that(same, f"/keys/{index}", f"the key that was {show_word(kid)} before", "another")


@check(
    "key-set-is-of-its-cloud-alone",
    level="must",
    basis="observed",
    source="contract-facts §4.4, §6.1",
)
def test_the_clouds_share_no_key(key_set: Exchange, other_key_set: Exchange) -> None:
    """No key of the key set is one of the other cloud's, by its kid or by what it is made of."""
    with expect(other_key_set) as it:
        it.status(200, advice=True)
    others = keys_of(other_key_set)
    kids, made_of = {word(key, "kid") for key in others} - {None}, set(map(material, others))
    with expect(key_set) as it:
        for index, key in enumerate(keys_of(key_set)):
            shared = word(key, "kid") in kids or material(key) in made_of
            it.that(not shared, f"/keys/{index}", "a key of this cloud alone", "the other cloud's")


@check("key-set-is-not-kept-for-long", level="should", basis="observed", source=CAPTURE)
def test_no_cache_keeps_the_key_set_beyond_a_rotation(
    key_set: Exchange, key_set_again: Exchange, environment: Environment
) -> None:
    """No cache may keep the key set for longer than the 48 hours after which its keys change."""
    demand_oracles(environment)

    def judge(it: Expect) -> None:
        ages = MAX_AGE.findall(it.exchange.header("Cache-Control") or "")
        longest = max(map(int, ages), default=0)
        it.that(
            longest <= ROTATION,
            "header:Cache-Control",
            f"at most {ROTATION} seconds",
            f"{longest} seconds",
        )

    judge_both(key_set, key_set_again, judge)


def _by_kid(keys: list[Key]) -> dict[str | None, set[tuple[Any, ...]]]:
    """Return what the keys of each kid are made of; keys without one are left out."""
    found: dict[str | None, set[tuple[Any, ...]]] = {}
    for key in keys:
        if word(key, "kid") is not None:
            found.setdefault(word(key, "kid"), set()).add(material(key))
    return found
