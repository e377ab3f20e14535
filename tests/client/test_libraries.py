"""Good clients that are written with libraries of others, retries included, are free of findings."""

from __future__ import annotations

import io
import json
import urllib.request
import uuid
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from authlib.integrations.httpx_client import OAuth2Client

from golive.client.command import variables
from golive.client.journal import Journal
from golive.client.judging import judge
from golive.environment import find, load
from golive.transport.session import twin_for

from .conftest import CONTRACT, findings

DOCUMENT = "<html><head><title>Hello</title></head><body><p>{}</p></body></html>"


@pytest.fixture
def at_work():
    """A twin with a journal, and what it offers a client."""
    environment = load(find("twin"))
    journal = Journal(CONTRACT, io.StringIO())
    twin = twin_for(environment, CONTRACT, journal=journal)
    journal.address = twin.address
    yield journal, variables(environment.with_twin(twin.address, twin.accounts, twin.tokens))
    twin.stop()


def instant(days):
    return f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"


def test_a_client_of_authlib_and_httpx_that_retries_is_free_of_findings(at_work):
    journal, offered = at_work
    client = OAuth2Client(
        offered["GOLIVE_CLIENT_ID"],
        offered["GOLIVE_CLIENT_SECRET"],
        token_endpoint=offered["GOLIVE_TOKEN_URL"],
        scope=offered["GOLIVE_SCOPE"],
        grant_type="client_credentials",
        transport=httpx.HTTPTransport(retries=2),
        trust_env=False,
    )
    client.fetch_token()
    api, patient = offered["GOLIVE_API_URL"], offered["GOLIVE_PATIENT"]

    def headers():
        return {"opc-request-id": str(uuid.uuid4()), "Accept": "application/json"}

    for days in (60, 1, 1, 1):
        query = {"patientId": patient, "createDateTimeGreaterThanOrEqualTo": instant(days)}
        listed = client.get(f"{api}/patientMessages/inboxItems", params=query, headers=headers())
        assert listed.status_code == 200
    listed = client.get(
        f"{api}/patientMessages/inboxItems",
        params={"patientId": patient, "createDateTimeGreaterThanOrEqualTo": instant(60)},
        headers=headers(),
    )
    first = next(one for one in listed.json()["items"] if one["notificationType"] == "MESSAGE")
    assert client.get(f"{api}/patientMessages/{first['id']}", headers=headers()).status_code == 200
    names = ("id", "notificationVersion", "recipientNotificationVersion")
    change = {"patientId": patient, "status": "OPENED", "messages": [{n: first[n] for n in names}]}
    url = f"{api}/actions/updatePatientMessageStatus"
    assert client.post(url, json=change, headers=headers()).status_code == 200
    message = {
        "patientId": patient,
        "messageSender": {"id": patient, "type": "PERSON"},
        "recipients": [
            {"id": offered["GOLIVE_RECIPIENT_ID"], "type": offered["GOLIVE_RECIPIENT_TYPE"]}
        ],
        "subject": "Hello",
        "content": DOCUMENT.format("Q &amp; A"),
    }
    sent = client.post(f"{api}/patientMessages/sentItems", json=message, headers=headers())
    assert sent.status_code == 201
    client.close()
    assert findings(journal.exchanges) == {}
    assert sum(not one.unseen for one in judge(journal.exchanges, CONTRACT)) > 50


def test_a_client_of_the_standard_library_is_free_of_findings(at_work):
    journal, offered = at_work
    passwords = urllib.request.HTTPPasswordMgrWithPriorAuth()
    pair = (offered["GOLIVE_CLIENT_ID"], offered["GOLIVE_CLIENT_SECRET"])
    passwords.add_password(None, offered["GOLIVE_TOKEN_URL"], *pair, is_authenticated=True)
    basic = urllib.request.HTTPBasicAuthHandler(passwords)
    opened = urllib.request.build_opener(urllib.request.ProxyHandler({}), basic)
    form = b"grant_type=client_credentials&scope=oraclehealth%3Amillennium%3Amessage"
    with opened.open(offered["GOLIVE_TOKEN_URL"], form) as answer:
        token = json.load(answer)["access_token"]
    url = f"{offered['GOLIVE_API_URL']}/patientMessages/inboxItems?patientId={offered['GOLIVE_PATIENT']}"
    headers = {"Authorization": f"Bearer {token}", "opc-request-id": "a-1"}
    with opened.open(urllib.request.Request(url, headers=headers)) as answer:
        assert answer.status == 200
    assert findings(journal.exchanges) == {}
