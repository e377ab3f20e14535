"""The key set of the cloud that grants the token: RFC 7517, and the rhythm that the wire showed."""

from __future__ import annotations

from collections import Counter

from golive import (
    PRIVATE_MEMBERS,
    Contract,
    Environment,
    Exchange,
    check,
    demand_oracles,
    expect,
    keys_of,
    show_word,
)

CAPTURE = "contract-facts §4.4 (capture of 2026-08-15)"
COORDINATE = {"P-256": 32, "P-384": 48, "P-521": 66}
"""Curve -> bytes of a coordinate, leading zeros included."""


@check("key-set-status-is-200", level="should", basis="observed", source=CAPTURE)
def test_the_key_set_is_public(key_set: Exchange, environment: Environment) -> None:
    """The key set is served to anybody with 200."""
    demand_oracles(environment)
    with expect(key_set) as it:
        it.status(200)


@check("key-set-keeps-its-schema", level="must", basis="standard", source="RFC 7517 §4, §5")
def test_the_key_set_keeps_its_schema(
    key_set: Exchange, environment: Environment, contract: Contract
) -> None:
    """The key set and each key in it have the members of RFC 7517."""
    if not key_set.succeeded or "json" not in key_set.media_type:
        keys_of(key_set)  # what does not call itself a key set breaks no rule for key sets
    with expect(key_set) as it:
        it.schema(contract, "oauth/key-set")


@check(
    "key-set-kids-are-unique",
    level="must",
    basis="observed",
    source="contract-facts §4.4, §9",
)
def test_no_two_keys_share_a_kid(key_set: Exchange) -> None:
    """No two keys of the set share a kid."""
    counts = Counter(str(key.get("kid")) for key in keys_of(key_set))
    twice = sorted(kid for kid, count in counts.items() if count > 1)
    with expect(key_set) as it:
        it.that(not twice, "/keys", "distinct kids", f"twice: {', '.join(map(show_word, twice))}")


@check(
    "key-set-has-no-private-members",
    level="must",
    basis="standard",
    source="RFC 7517 §9.2; RFC 7518 §6.2.2, §6.3.2",
)
def test_no_private_key_is_published(key_set: Exchange) -> None:
    """No key of the set carries a private member."""
    leaked = [
        (index, found)
        for index, key in enumerate(keys_of(key_set))
        if (found := PRIVATE_MEMBERS & key.keys())
    ]
    with expect(key_set) as it:
        for index, names in leaked:
            it.violated(
                f"/keys/{index}",
                "public members only",
                f"private members {', '.join(sorted(names))}",
                next_step="Report it at once to the operator of the server: anybody who has read it can make tokens.",
            )


@check(
    "key-set-coordinates-are-whole",
    level="must",
    basis="standard",
    source="RFC 7518 §6.2.1.2, §6.2.1.3",
)
def test_every_coordinate_has_the_length_of_its_curve(key_set: Exchange) -> None:
    """Each coordinate of an elliptic-curve key has the length that its curve gives."""
    with expect(key_set) as it:
        for index, key in enumerate(keys_of(key_set)):
            wanted = COORDINATE.get(str(key.get("crv"))) if key.get("kty") == "EC" else None
            for name in ("x", "y") if wanted else ():
                length = 3 * len(str(key.get(name)).rstrip("=")) // 4
                it.that(length == wanted, f"/keys/{index}/{name}", f"{wanted} bytes", str(length))


@check("key-set-has-several-generations", level="should", basis="observed", source=CAPTURE)
def test_the_key_set_holds_more_than_one_generation(
    key_set: Exchange, environment: Environment
) -> None:
    """The key set holds more than one generation of keys, so that a rotation surprises nobody."""
    demand_oracles(environment)
    stamps = {
        str(key.get("kid")).rsplit(".", 2)[0] for key in keys_of(key_set) if key.get("kty") == "EC"
    }
    with expect(key_set) as it:
        it.that(len(stamps) > 1, "/keys", "keys of two generations or more", f"{len(stamps)}")
