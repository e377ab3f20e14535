"""The twin that encrypts its access tokens: the form that was seen in 2025 (contract-facts §4.1)."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest

from golive.twin import Twin

REFUSED = (401, "signature-verification-failed")


def header_of(token: str) -> dict[str, str]:
    part = token.split(".")[0]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


@pytest.fixture
def sealed(calling):
    return calling(token_form="jwe")


def read_with(caller: Any, token: str) -> tuple[int, str | None]:
    """Read an inbox with a token; return the status and the tail of the URN of a refusal."""
    answer = caller.get("patientMessages/inboxItems", params={"patientId": "12700100"}, token=token)
    said = re.search(r'resource-access:([a-z-]+)"', answer.json().get("message", ""))
    return answer.status_code, said[1] if said else None


@pytest.mark.parametrize("account", ["system", "sandbox-cloud"])
def test_a_token_has_five_parts_and_the_header_that_was_seen(sealed, account) -> None:
    token = sealed.token(account)
    assert token.count(".") == 4
    header = header_of(token)
    assert header.pop("kid").endswith(".oct")
    assert header == {"zip": "DEF", "cty": "JWT", "enc": "A128CBC-HS256", "alg": "dir"}


def test_the_symmetric_key_is_in_no_key_set(sealed) -> None:
    for cloud in ("authorization.cerner.com", "authorization.sandboxcerner.com"):
        keys = sealed.http.get(f"{sealed.twin.address}/{cloud}/jwk").json()["keys"]
        assert {key["kty"] for key in keys} == {"EC", "RSA"}


def test_the_api_reads_what_is_inside(sealed) -> None:
    assert read_with(sealed, sealed.token()) == (200, None)
    assert read_with(sealed, sealed.token("customer")) == (401, "tenant-mismatch")
    assert read_with(sealed, sealed.token("without-message-scope")) == (403, "insufficient-scopes")
    assert read_with(sealed, sealed.twin.tokens["expired-token"]) == (401, "token-expired")


def test_the_other_cloud_s_key_is_unknown(sealed) -> None:
    assert read_with(sealed, sealed.token("sandbox-cloud")) == REFUSED


@pytest.mark.parametrize("part", [0, 2, 3, 4])
def test_no_part_can_be_changed(sealed, part) -> None:
    parts = sealed.token().split(".")
    middle = len(parts[part]) // 2
    other = "A" if parts[part][middle] != "A" else "B"
    parts[part] = parts[part][:middle] + other + parts[part][middle + 1 :]
    assert read_with(sealed, ".".join(parts)) == REFUSED


@pytest.mark.parametrize("text", ["a.b.c.d.e", "....", "eyJhbGciOiJkaXIifQ....", "bnVsbA.b.c.d.e"])
def test_garbage_in_five_parts_is_refused(sealed, text) -> None:
    assert read_with(sealed, text) == REFUSED


def test_a_form_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="one of the forms jws and jwe"):
        Twin(token_form="jwt")
