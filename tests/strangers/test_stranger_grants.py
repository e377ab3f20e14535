"""The baseline's token endpoint, and what its gateway thinks of tokens."""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from joserfc import jwe, jws
from joserfc.jwk import KeySet, OctKey

from . import Stranger
from .accounts import CONDITION, MESSAGE, RECIPIENT
from .driving import HTTP, INBOX, Client, assertion, grant

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def baseline() -> Iterator[Client]:
    with Stranger() as stranger:
        yield Client(stranger)


def test_tokens_are_signed_with_a_published_key(baseline: Client) -> None:
    keys = HTTP.get(baseline.stranger.jwks_url()).json()
    assert len(keys["keys"]) == len({key["kid"] for key in keys["keys"]}) == 9
    assert not any("d" in key for key in keys["keys"])
    jws.deserialize_compact(baseline.token, KeySet.import_key_set(keys), algorithms=["ES256"])


def test_scopes_are_intersected_and_nothing_is_no_grant(baseline: Client) -> None:
    asked = f"{MESSAGE} {CONDITION} oraclehealth:millennium:location"
    assert (
        grant(baseline.stranger, "several_scopes", asked).json()["scope"]
        == f"{CONDITION} {MESSAGE}"
    )
    refused = grant(baseline.stranger, scope=RECIPIENT)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_scope")
    assert refused.headers["cerner-correlation-id"] in refused.json()["error_uri"]


@pytest.mark.parametrize("name", ["key_es384", "key_rs384"])
def test_a_client_assertion_is_taken_once(baseline: Client, name: str) -> None:
    stranger = baseline.stranger
    form = assertion(stranger, name)
    assert HTTP.post(stranger.token_url(), data=form).status_code == 200
    again = HTTP.post(stranger.token_url(), data=form)
    assert (again.status_code, again.json()["error"]) == (401, "invalid_client")
    for wrong in (
        {"aud": "https://elsewhere.example"},
        {"exp": int(time.time()) - 5},
        {"sub": "x"},
    ):
        refused = HTTP.post(stranger.token_url(), data=assertion(stranger, name, **wrong))
        assert refused.json()["error"] == "invalid_client"


@pytest.mark.parametrize(
    ("more", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"scope": ["a", "b"]}, 400, "invalid_request"),
        ({"client_secret": "x"}, 400, "invalid_request"),
        ({"client_assertion": "x"}, 400, "invalid_request"),
        ({"scope": ""}, 400, "invalid_scope"),
    ],
)
def test_bad_token_requests(
    baseline: Client, more: dict[str, Any], status: int, error: str
) -> None:
    refused = grant(baseline.stranger, **{"scope": MESSAGE} | more)
    assert (refused.status_code, refused.json()["error"]) == (status, error)


def test_clients_and_tenants_that_do_not_fit(baseline: Client) -> None:
    stranger = baseline.stranger
    url = stranger.token_url()
    assert grant(stranger, "other_cloud", url=url).json()["error"] == "invalid_client"
    assert grant(stranger, "other_tenant", url=url).json()["error"] == "unauthorized_client"
    assert grant(stranger, url=stranger.token_url("no-tenant")).json()["error"] == "invalid_grant"
    bare = HTTP.post(url, data={"grant_type": "client_credentials", "scope": MESSAGE})
    assert (bare.status_code, bare.json()["error"]) == (401, "invalid_client")
    assert "client=unknown" in bare.json()["error_uri"]
    assert HTTP.post(url.replace("smart-v1", "smart-v2")).status_code == 404
    assert HTTP.post(url.replace("/tenants/", "/tenants%2F")).status_code == 404


def test_tokens_of_others_are_refused(baseline: Client) -> None:
    stranger = baseline.stranger
    other = Client(stranger, "other_tenant")
    assert other.call("GET", INBOX).headers["www-authenticate"].count('error="invalid_token"') == 1
    assert Client(stranger, "other_cloud").inbox().json()["message"].count("unknown_kid") == 1
    unscoped = grant(stranger, "no_message_scope", RECIPIENT).json()["access_token"]
    refused = baseline.call("GET", INBOX, headers={"authorization": f"Bearer {unscoped}"})
    assert (refused.status_code, refused.json()["code"]) == (403, 403)
    assert baseline.call("GET", INBOX, headers={"authorization": "Basic YTpi"}).status_code == 401


def _encode(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_forged_tokens_are_refused(baseline: Client) -> None:
    _, claims, signature = baseline.token.split(".")
    key = next(
        k for k in HTTP.get(baseline.stranger.jwks_url()).json()["keys"] if k["alg"] == "ES256"
    )
    unsigned = f"{_encode({'alg': 'none', 'kid': key['kid']})}.{claims}."
    secret = OctKey.import_key(base64.urlsafe_b64decode(key["x"] + "=="))
    raw = base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4))
    head = {"alg": "HS256", "kid": key["kid"]}
    symmetric = jws.serialize_compact(head, raw, secret, algorithms=["HS256"])
    changed = json.loads(raw) | {"exp": 9_999_999_999}
    stretched = f"{baseline.token.split('.')[0]}.{_encode(changed)}.{signature}"
    for forged in (unsigned, symmetric, stretched):
        refused = baseline.call("GET", INBOX, headers={"authorization": f"Bearer {forged}"})
        assert refused.status_code == 401
        assert 'error="invalid_token"' in refused.headers["www-authenticate"]


def test_a_token_expires() -> None:
    with Stranger("jwe-tokens") as stranger:
        client = Client(stranger)
        assert client.inbox().status_code == 200
        stranger.advance(601)
        assert client.inbox().status_code == 401
        foreign = jwe.encrypt_compact(
            {"alg": "dir", "enc": "A128CBC-HS256", "kid": "2026.oct"},
            b"x",
            OctKey.generate_key(256),
        )
        refused = client.call("GET", INBOX, headers={"authorization": f"Bearer {foreign}"})
        assert "unknown_kid" in refused.text
