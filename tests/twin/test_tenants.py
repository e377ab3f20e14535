"""Many tenants in one twin: the seed decides who they are, and nothing of one is to be had in another."""

from __future__ import annotations

import httpx
import pytest

from golive.twin import Twin
from golive.twin.names import ORDINARY_PATIENT, SANDBOX_TENANT
from golive.twin.server import token_url

API = "api.cernermillennium.com"


@pytest.fixture(scope="module")
def twin():
    with Twin(tenants=500, accounts_seed=1) as started:
        yield started


def granted(twin, name, tenant=None):
    """Ask for a token with an account, at its own tenant's URL or at another's."""
    account = twin.accounts[name]
    url = token_url(twin, account).replace(account.tenant, tenant or account.tenant)
    return httpx.post(
        url,
        auth=(account.client_id, account.client_secret),
        data={
            "grant_type": "client_credentials",
            "scope": "oraclehealth:millennium:message oraclehealth:millennium:recipient "
            "oraclehealth:millennium:code-system",
        },
    )


def read(twin, token, tenant, path):
    return httpx.get(
        f"{twin.address}/{API}/{tenant}/{path}", headers={"Authorization": f"Bearer {token}"}
    )


def inbox(twin, name, patient=ORDINARY_PATIENT, tenant=None):
    token = granted(twin, name).json()["access_token"]
    path = f"message/20241001/patientMessages/inboxItems?patientId={patient}"
    return read(twin, token, tenant or twin.tenants[name], path)


def said(answer):
    return [(item["id"], item["subject"]) for item in answer.json()["items"]]


def test_the_seed_decides_who_they_are(twin):
    assert len(twin.tenants) == len(set(twin.tenants.values())) == 500
    assert [*twin.tenants][::499] == ["tenant-001", "tenant-500"]
    with Twin(tenants=2, accounts_seed=1) as again, Twin(tenants=2, seed=2) as other:
        for name in again.tenants:
            assert again.tenants[name] == twin.tenants[name] != other.tenants[name]
            assert again.accounts[name] == twin.accounts[name]
        # The order in which tenants are asked for changes nothing.
        for name in ("tenant-002", "tenant-001"):
            assert said(inbox(again, name)) == said(inbox(twin, name))


def test_each_has_the_sandbox_s_people_and_messages_of_its_own(twin):
    one, other = (dict(said(inbox(twin, name))) for name in ("tenant-007", "tenant-008"))
    assert len(one) == len(other) > 20
    assert not one.keys() & other.keys()
    for path in ("recipient/20241001/groupInboxes", "codeSystem/20240101/codeValues?codeSet=90001"):
        token = granted(twin, "tenant-007").json()["access_token"]
        answer = read(twin, token, twin.tenants["tenant-007"], path)
        assert (answer.status_code, bool(answer.json()["items"])) == (200, True), path


def test_the_token_of_one_is_refused_at_another(twin):
    for tenant in (twin.tenants["tenant-010"], SANDBOX_TENANT):
        refused = inbox(twin, "tenant-009", tenant=tenant)
        assert refused.status_code == 401
        assert "tenant-mismatch" in refused.text


def test_the_account_of_one_gets_no_token_at_another(twin):
    refused = granted(twin, "tenant-009", twin.tenants["tenant-010"])
    assert (refused.status_code, refused.json()["error"]) == (400, "unauthorized_client")
    assert granted(twin, "system", twin.tenants["tenant-010"]).status_code == 400


def test_the_message_of_one_is_not_found_in_another(twin):
    message = inbox(twin, "tenant-011").json()["items"][0]["id"]
    path = f"message/20241001/patientMessages/{message}"
    found = {
        name: read(
            twin, granted(twin, name).json()["access_token"], twin.tenants[name], path
        ).status_code
        for name in ("tenant-011", "tenant-012")
    }
    assert found == {"tenant-011": 200, "tenant-012": 404}


@pytest.mark.parametrize("number", [-1, 1000])
def test_a_number_that_makes_no_sense_is_refused(number):
    with pytest.raises(ValueError, match="0 to 999 further tenants"):
        Twin(tenants=number)
