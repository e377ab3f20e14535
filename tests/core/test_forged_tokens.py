"""Tokens that no server may take, where what they would be made of is not what it should be."""

import pytest
from joserfc.jwk import ECKey, RSAKey

from golive.contract.outcomes import CouldNotTellError
from golive.exchanges.jwt import encoded_part
from golive.refusals.forged_tokens import forged

TOKEN = f"{encoded_part({'alg': 'ES256', 'kid': 'one'})}.{encoded_part({'sub': 'a'})}.c2lnbmVk"


@pytest.mark.parametrize(
    "key",
    [
        {"kty": "EC", "crv": "http://[::1", "x": "AA", "y": "AA"},
        {"kty": "EC", "crv": "P-256", "x": "AA"},
        {"kty": "RSA", "n": "!!", "e": "AQAB"},
        {"kty": []},
        {"kty": "oct", "k": "A" * 43},
    ],
    ids=["unknown curve", "half a key", "not base64", "no type", "symmetric"],
)
def test_a_published_key_that_is_none_leaves_open_whether_it_is_taken_for_a_secret(key) -> None:
    with pytest.raises(CouldNotTellError, match="can't be used"):
        forged("hs256-public-key", TOKEN, [{**key, "kid": "one"}])


def test_of_two_keys_of_one_kid_the_secret_is_made_of_the_one_that_signed() -> None:
    point, rsa = ECKey.generate_key("P-256"), RSAKey.generate_key(2048)
    entries = [{**one.as_dict(private=False), "kid": "one"} for one in (rsa, point)]
    alone = forged("hs256-public-key", TOKEN, entries[1:])
    assert forged("hs256-public-key", TOKEN, entries) == alone
    assert forged("hs256-public-key", TOKEN, entries[::-1]) == alone
    assert forged("hs256-public-key", TOKEN, entries[:1]) != alone
