"""A token taken apart without trust, then verified."""

import base64
import json
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from golive.exchanges.jwt import Form, kids, read, verification_problem

KEY = ECKey.generate_key("P-256", {"kid": "one"})
CLAIMS = {
    "azp": "client-1",
    "urn:com:cerner:authorization:claims": {"tnt": "tenant-1", "azs": "a b"},
}


def encoded(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def token(claims: Any = CLAIMS, header: Any = None, signature: str = "c2ln") -> str:
    return f"{encoded(header or {'alg': 'ES256', 'kid': 'one'})}.{encoded(claims)}.{signature}"


def signed(header: dict[str, Any] | None = None, key: ECKey = KEY) -> str:
    made = header or {"alg": "ES256", "kid": "one"}
    return jws.serialize_compact(made, json.dumps(CLAIMS), key, algorithms=[made["alg"]])


def public(key: ECKey = KEY, **changes: Any) -> dict[str, Any]:
    return {**key.as_dict(private=False), **changes}


def test_a_token_is_taken_apart() -> None:
    read_token = read(token())
    assert read_token.problem is None
    assert read_token.kid == "one"
    assert read_token.tenant == "tenant-1"
    assert read_token.client_id == "client-1"
    assert read_token.scopes == {"a", "b"}
    assert token().split(".")[1] not in repr(read_token)


def test_scopes_may_be_an_array_and_the_tenant_may_stand_in_the_other_group() -> None:
    claims = {
        "urn:com:cerner:authorization:claims": {"azs": ["a", "b"]},
        "urn:cerner:authorization:claims:version:1": {"tenant": "tenant-2"},
    }
    assert read(token(claims)).scopes == {"a", "b"}
    assert read(token(claims)).tenant == "tenant-2"


@pytest.mark.parametrize("group", [None, [], "text", {}, {"tnt": 5, "azs": 5}])
def test_what_is_absent_or_odd_is_none(group: Any) -> None:
    read_token = read(token({"azp": 5, "urn:com:cerner:authorization:claims": group}, {"kid": 5}))
    assert (read_token.kid, read_token.tenant, read_token.client_id, read_token.scopes) == (
        None,
    ) * 4


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "it is opaque, not a JWT"),
        ("a.b", "it is opaque, not a JWT"),
        ("a.b.c.d.e", "it is opaque, not a JWT"),
        (f"{encoded({'alg': 'ES256'})}.{encoded({})}", "it has 2 parts"),
        (f"{encoded({'alg': 'ES256'})}.b.c.d.e", "it has 5 parts"),
        (f"{encoded({'enc': 'A128CBC-HS256'})}.b.c.d", "it has 4 parts"),
        ("eyJ.b.c", "not base64url of a JSON object"),
        ("a.b.c", "it is opaque"),
        (f"{encoded([1])}.{encoded({})}.c", "not base64url of a JSON object"),
        (f"{encoded({})}.{encoded(b'{')}.c", "not base64url of a JSON object"),
        (f"{encoded({})}.{encoded({})}==.c", "not base64url of a JSON object"),
        (f"{encoded({})}.{encoded({})}\n.c", "not base64url of a JSON object"),
        (f"{encoded({})}.eyJ+Ijoi/yJ9.c", "not base64url of a JSON object"),
        (f"{encoded({})}.é.c", "not base64url of a JSON object"),
        (f"{encoded({})}.{encoded(b'1' * 5000)}.c", "not base64url of a JSON object"),
        (f"{encoded({})}.{encoded(b'[' * 50_000)}.c", "not base64url of a JSON object"),
    ],
)
def test_what_is_no_jwt_says_why(text: str, problem: str) -> None:
    assert problem in (read(text).problem or "")
    assert read(text).claims == {}


def test_two_members_of_one_name_are_reported() -> None:
    twice = b'{"azp": "one", "azp": "two"}'
    for text in (token(claims=twice), token(header=twice), token(claims=b'{"a": ' + twice + b"}")):
        assert "two members have the same name" in str(read(text).problem)
        assert read(text).client_id is None


def test_the_kids_of_a_key_set_are_listed_in_order() -> None:
    assert kids({"keys": [{"kid": "b"}, {"kid": "a"}, {"kid": 5}, "x", {}]}) == ["b", "a"]
    for odd in (None, [], {}, {"keys": {}}):
        assert kids(odd) == []


def test_a_signature_verifies_with_the_key_of_its_kid() -> None:
    other = ECKey.generate_key("P-256", {"kid": "two"})
    assert verification_problem(signed(), {"keys": [public(other), public()]}) is None


@pytest.mark.parametrize(
    ("text", "keys", "problem"),
    [
        (signed(), {"keys": [public(kid="two")]}, "the key set holds no key with the token's kid"),
        (signed(), {"keys": "none"}, "the key set holds no key with the token's kid"),
        (signed(), None, "the key set holds no key with the token's kid"),
        (signed({"alg": "ES256"}), {"keys": [{"kty": "EC"}]}, "the token names no key"),
        (token(), {"keys": [public()]}, "the signature does not verify"),
        (signed()[:-6] + "AAAAAA", {"keys": [public()]}, "the signature does not verify"),
        (signed(), {"keys": [public(ECKey.generate_key("P-256"), kid="one")]}, "does not verify"),
        (signed(), {"keys": [public(ECKey.generate_key("P-384"), kid="one")]}, "does not verify"),
        (signed(), {"keys": [public(x=5)]}, "can't be read as a key"),
        (signed(), {"keys": [public(x="!!")]}, "can't be read as a key"),
        (signed(), {"keys": [public(x=None)]}, "can't be read as a key"),
        (signed(), {"keys": [public(crv="P-999")]}, "can't be read as a key"),
        (signed(), {"keys": [public(crv=["P-256"])]}, "can't be read as a key"),
        (signed(), {"keys": [{"kid": "one"}]}, "can't be read as a key"),
        (signed(), {"keys": [{"kid": "one", "kty": "oct", "k": "c2VjcmV0"}]}, "can't be read as a key"),
        (token(header={"alg": "none", "kid": "one"}, signature=""), {"keys": [public()]}, "not verify"),
        (token(header={"alg": "HS256", "kid": "one"}), {"keys": [public()]}, "not verify"),
        (token(header={"alg": ["ES256"], "kid": "one"}), {"keys": [public()]}, "not verify"),
        (token(header={"alg": "ES256", "kid": "one", "crit": 5}), {"keys": [public()]}, "not verify"),
        ("é.é.é", {"keys": [public()]}, "the token names no key"),
    ],
)  # fmt: skip
def test_a_signature_that_does_not_verify_says_why(text: str, keys: Any, problem: str) -> None:
    assert problem in (verification_problem(text, keys) or "")


def test_the_tokens_own_algorithm_is_not_followed() -> None:
    p384 = ECKey.generate_key("P-384", {"kid": "one"})
    strong = signed({"alg": "ES384", "kid": "one"}, p384)
    assert "does not verify" in (verification_problem(strong, {"keys": [public(p384)]}) or "")


JWE_HEADER = {
    "zip": "DEF",
    "kid": "2025-01-20T02:40:30.561.oct",
    "cty": "JWT",
    "enc": "A128CBC-HS256",
    "alg": "dir",
}


def test_an_encrypted_token_shows_its_header_and_says_that_nothing_else_can_be_seen() -> None:
    it = read(f"{encoded(JWE_HEADER)}..aXY.dGV4dA.dGFn")
    assert (it.form, it.kid, it.claims) == (Form.JWE, JWE_HEADER["kid"], {})
    assert it.sealed == "encrypted (a JWE of five parts, kid 2025-01-20T02:40:30.561.oct)"


@pytest.mark.parametrize(
    "text", ["mF_9.B5f-4.1JqM.x", "2YotnFZFEjr1zCsicMWpAA", "a.b.c.d.e", "a.b.c"]
)
def test_a_token_that_is_no_jose_text_is_opaque_and_no_fault(text: str) -> None:
    assert (read(text).form, read(text).sealed) == (Form.OPAQUE, "opaque (no JWT)")


@pytest.mark.parametrize("text", ["eyJ.b.c", f"{encoded({'alg': 'ES256'})}.{encoded({})}"])
def test_a_malformed_signed_token_is_not_taken_for_an_opaque_one(text: str) -> None:
    assert (read(text).form, read(text).sealed) == (Form.MALFORMED, None)


def test_the_client_and_the_scopes_are_read_from_the_claims_of_rfc_9068_too() -> None:
    assert read(token({"client_id": "client-2", "scope": "a b"})).client_id == "client-2"
    assert read(token({"cid": "client-3", "scp": ["a", "b"]})).client_id == "client-3"
    assert read(token({"azp": "client-1", "client_id": "client-2"})).client_id == "client-1"
    assert (
        read(token({"scope": "a b"})).scopes
        == read(token({"scp": ["a", "b"]})).scopes
        == {"a", "b"}
    )


def test_another_algorithm_verifies_only_where_it_is_allowed() -> None:
    key = RSAKey.generate_key(2048, {"kid": "one"})
    made = jws.serialize_compact({"alg": "RS256", "kid": "one"}, b"{}", key, algorithms=["RS256"])
    keys = {"keys": [key.as_dict(private=False)]}
    assert verification_problem(made, keys, ("RS256",)) is None
    assert "does not verify" in (verification_problem(made, keys) or "")
