"""Each key of the key set: whether it is sound, and what it says that it is for."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from golive import (
    Exchange,
    Expect,
    certificate_problem,
    check,
    import_problem,
    inferred,
    show_word,
    standard,
)
from suites.oauth.key_sets import Key, judge_keys, octets, word

key_check = partial(check, area="key set")
COORDINATE = {"P-256": 32, "P-384": 48, "P-521": 66}
"""Curve -> bytes of a coordinate, leading zeros included."""
RSA_BITS = 2048
USUAL_EXPONENT = 65_537
SMALL_EXPONENT = inferred("contract-facts §4.4; RFC 8017 §3.1 allows it")
OF_A_TYPE: dict[tuple[Any, Any], frozenset[str]] = {
    ("EC", "P-256"): frozenset({"ES256"}),
    ("EC", "P-384"): frozenset({"ES384"}),
    ("EC", "P-521"): frozenset({"ES512"}),
    ("EC", "secp256k1"): frozenset({"ES256K"}),
    ("OKP", "Ed25519"): frozenset({"EdDSA", "Ed25519"}),
    ("OKP", "Ed448"): frozenset({"EdDSA", "Ed448"}),
    ("RSA", None): frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}),
}
"""Key type and curve -> the signature algorithms for it (RFC 7518 §3.1, RFC 8037 §3.1, RFC 8812 §3.2, RFC 9864)."""
SIGNATURES = frozenset().union(*OF_A_TYPE.values())
CURVES = {one: curve for (kind, curve), of in OF_A_TYPE.items() if kind == "EC" for one in of}
"""Signature algorithm -> the name of the curve that its keys are on."""
ENCRYPTIONS = {
    "RSA": frozenset({"RSA1_5", "RSA-OAEP", "RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"}),
    "EC": frozenset({"ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"}),
}
"""Key type -> the algorithms that encrypt to it (RFC 7518 §4.1)."""
ENCRYPTING = frozenset().union(*ENCRYPTIONS.values())
SHARED = re.compile(r"HS(256|384|512)|A\d+(GCM)?KW|dir|PBES2-\S{1,30}|none")
"""Algorithms with a secret that two share, or with none: no published key is for them (RFC 7518 §3.1, §3.6, §4.1)."""
OF_SIGNATURES = frozenset({"sign", "verify"})


@key_check(
    "key-set-coordinates-are-whole",
    level="must",
    basis="standard",
    source="RFC 7518 §6.2.1.2, §6.2.1.3",
)
def test_every_coordinate_has_the_length_of_its_curve(
    key_set: Exchange, key_set_again: Exchange
) -> None:
    """Each coordinate of an elliptic-curve key has the length that its curve gives."""

    def judge(it: Expect, at: str, key: Key) -> None:
        wanted = _bytes(key)
        for name in ("x", "y") if wanted else ():
            length = 3 * len(str(key.get(name)).rstrip("=")) // 4
            it.that(length == wanted, f"{at}/{name}", f"{wanted} bytes", str(length))

    judge_keys(key_set, key_set_again, judge)


@key_check(
    "key-set-points-are-on-their-curve",
    level="must",
    basis="standard",
    source="RFC 7518 §6.2.1; RFC 8725 §3.4",
)
def test_every_point_is_on_its_curve(key_set: Exchange, key_set_again: Exchange) -> None:
    """The coordinates of an elliptic-curve key are those of a point on its curve."""

    def judge(it: Expect, at: str, key: Key) -> None:
        whole = {len(octets(key.get(name)) or b"") for name in ("x", "y")} == {_bytes(key)}
        problem = import_problem(key) if whole else None
        it.that(problem is None, at, f"a point on {key.get('crv')}", str(problem))

    judge_keys(key_set, key_set_again, judge)


@key_check(
    "key-set-rsa-keys-are-strong",
    level="must",
    basis="standard",
    source="RFC 7518 §3.3, §3.5, §6.3.1.1",
)
def test_every_rsa_key_is_strong(key_set: Exchange, key_set_again: Exchange) -> None:
    """An RSA key has 2,048 bits or more, and an exponent that makes it one."""

    def judge(it: Expect, at: str, key: Key) -> None:
        modulus, exponent = octets(key.get("n")), octets(key.get("e"))
        if word(key, "kty") != "RSA" or modulus is None or exponent is None:
            return
        bits = int.from_bytes(modulus).bit_length()
        it.that(bits >= RSA_BITS, f"{at}/n", f"{RSA_BITS} bits or more", f"{bits} bits")
        for name, number in (("n", modulus), ("e", exponent)):
            it.that(number[:1] != b"\0", f"{at}/{name}", "no octet of zero in front", "one")
        e = int.from_bytes(exponent)
        sound = e > 1 and e % 2 == 1
        it.that(sound, f"{at}/e", "an odd number above 1", str(e), label=standard("RFC 8017 §3.1"))
        usual = e >= USUAL_EXPONENT or not sound
        it.that(usual, f"{at}/e", f"{USUAL_EXPONENT} or more", str(e), label=SMALL_EXPONENT)

    judge_keys(key_set, key_set_again, judge)


@key_check(
    "key-set-algorithms-fit-their-keys",
    level="must",
    basis="standard",
    source="RFC 7517 §4.4; RFC 7518 §3.1, §3.4, §4.1",
)
def test_every_algorithm_fits_its_key(key_set: Exchange, key_set_again: Exchange) -> None:
    """A key that names an algorithm is of the type, and on the curve, that the algorithm needs."""

    def judge(it: Expect, at: str, key: Key) -> None:
        algorithm = word(key, "alg")
        fitting = OF_A_TYPE.get((word(key, "kty"), word(key, "crv")))
        known = algorithm in SIGNATURES | ENCRYPTING or SHARED.fullmatch(algorithm or "")
        if fitting is None and algorithm in CURVES and word(key, "kty") == "EC":
            wanted = f"{CURVES[algorithm]}, as {algorithm} needs"
            it.violated(f"{at}/crv", wanted, show_word(word(key, "crv")))
        if fitting is None or not known:
            return  # nothing is known of it
        fitting |= ENCRYPTIONS.get(word(key, "kty") or "", frozenset())
        wanted = f"alg {' or '.join(sorted(fitting))}"
        it.that(algorithm in fitting, f"{at}/alg", wanted, show_word(algorithm))

    judge_keys(key_set, key_set_again, judge)


@key_check(
    "key-set-certificates-are-of-their-keys",
    level="must",
    basis="standard",
    source="RFC 7517 §4.7, §4.8, §4.9",
)
def test_every_certificate_is_of_its_key(key_set: Exchange, key_set_again: Exchange) -> None:
    """A certificate beside a key is of this key, and a thumbprint beside it is that of the certificate."""

    def judge(it: Expect, at: str, key: Key) -> None:
        if (wrong := certificate_problem(key)) is not None:
            member, expected, actual = wrong
            it.violated(f"{at}/{member}", expected, actual)

    judge_keys(key_set, key_set_again, judge)


@key_check(
    "key-set-uses-agree",
    level="must",
    basis="standard",
    source="RFC 7517 §4.2, §4.3, §4.4",
)
def test_what_a_key_says_of_its_use_agrees(key_set: Exchange, key_set_again: Exchange) -> None:
    """What a key says in use, key_ops and alg about what it is for does not contradict itself."""

    def judge(it: Expect, at: str, key: Key) -> None:
        use, operations, algorithm = word(key, "use"), key.get("key_ops"), word(key, "alg")
        signs = algorithm in SIGNATURES
        both = signs and use == "enc"
        it.that(not both, f"{at}/use", f"use sig beside alg {show_word(algorithm)}", "use enc")
        both = algorithm in ENCRYPTING and use == "sig"
        it.that(not both, f"{at}/use", f"use enc beside alg {show_word(algorithm)}", "use sig")
        if not isinstance(operations, list) or not operations:
            return
        named = frozenset(map(str, operations))
        wrong = (signs or use == "sig") and not named & OF_SIGNATURES
        wrong |= use == "enc" and bool(named & OF_SIGNATURES)
        said = f"operations that agree with use {show_word(use)} and alg {show_word(algorithm)}"
        it.that(not wrong, f"{at}/key_ops", said, show_word(", ".join(sorted(named))))

    judge_keys(key_set, key_set_again, judge)


def _bytes(key: Key) -> int | None:
    return COORDINATE.get(str(key.get("crv"))) if word(key, "kty") == "EC" else None
