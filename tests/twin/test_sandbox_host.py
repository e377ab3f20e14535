"""The sandbox cloud's own host."""

from __future__ import annotations

import httpx

from golive.twin import Twin
from golive.twin.server import token_url

HOST = "fhir-ehr.sandboxcerner.com"


def test_the_sandbox_clouds_host_takes_its_own_clouds_tokens_alone() -> None:
    with Twin() as twin:
        said = {}
        for name in ("sandbox-cloud", "system"):
            account = twin.accounts[name]
            form = {"grant_type": "client_credentials", "scope": " ".join(account.scopes)}
            pair = (account.client_id, account.client_secret or "")
            granted = httpx.post(
                token_url(twin, account), data=form, auth=pair, trust_env=False
            ).json()
            said[name] = ask(twin, granted["access_token"])
        assert said["sandbox-cloud"].status_code == 404
        assert said["system"].status_code == 401
        assert (
            "received https://authorization.cerner.com/"
            in said["system"].headers["WWW-Authenticate"]
        )
        for odd in ("no-token", "a.%%%.c", "a.W10.c"):
            assert "received" not in ask(twin, odd).headers["WWW-Authenticate"]


def ask(twin: Twin, token: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{twin.address}/{HOST}/x", headers=headers, trust_env=False)
