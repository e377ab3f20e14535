from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

CLOUDS = ["authorization.cerner.com", "authorization.sandboxcerner.com"]
PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}


def keys(caller, cloud):
    answer = caller.http.get(f"{caller.twin.address}/{cloud}/jwk")
    assert answer.status_code == 200
    return answer.json()["keys"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_key_set_has_nine_public_keys_of_three_kinds(caller, cloud):
    found = keys(caller, cloud)
    assert len({key["kid"] for key in found}) == 9
    assert not any(PRIVATE & key.keys() for key in found)
    kinds = [(key["kty"], key.get("crv")) for key in found]
    assert kinds == [("EC", "P-256")] * 3 + [("EC", "P-384")] * 3 + [("RSA", None)] * 3
    assert {key["use"] for key in found} == {"sig"}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_generations_are_48_hours_apart_and_the_newest_is_still_to_come(caller, cloud):
    stamps = [
        datetime.fromisoformat(key["kid"].removesuffix(".ec.es256") + "+00:00")
        for key in keys(caller, cloud)[:3]
    ]
    assert [b - a for a, b in pairwise(stamps)] == [timedelta(hours=48)] * 2
    used = datetime.now(UTC) - stamps[1]
    assert timedelta(0) < used < timedelta(hours=48)


def test_a_key_set_stays_the_same(caller):
    assert keys(caller, CLOUDS[0]) == keys(caller, CLOUDS[0])


def test_the_clouds_share_no_key(caller):
    one, two = ({key["kid"] for key in keys(caller, cloud)} for cloud in CLOUDS)
    assert not one & two


def test_a_key_set_can_only_be_read(caller):
    url = f"{caller.twin.address}/{CLOUDS[0]}/jwk"
    answer = caller.http.post(url)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert caller.http.head(url).status_code == 200
