"""Each personality starts, grants, lists, reads, takes writes and refuses."""

from __future__ import annotations

import ssl
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest

from . import PERSONALITIES, Stranger
from .driving import HTTP, INBOX, SENT, UPDATE, Client, grant, items_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def stopper() -> Iterator[ThreadPoolExecutor]:
    """Stops strangers in the background: a stop waits for a tick of the server's clock."""
    with ThreadPoolExecutor(8) as pool:
        yield pool


@pytest.mark.whole_run
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if number % 10 == 0 else pytest.mark.exhaustive)
        for number, name in enumerate(PERSONALITIES)
    ],
)
def test_a_personality_grants_lists_reads_writes_and_refuses(
    name: str, stopper: ThreadPoolExecutor
) -> None:
    stranger = Stranger(name).start()
    try:
        _whole_round(stranger)
    finally:
        stopper.submit(stranger.stop)


def _whole_round(stranger: Stranger) -> None:
    choice, client = stranger.personality, Client(stranger)
    granted = grant(stranger)
    assert granted.status_code == 200
    assert granted.headers["cache-control"] == "no-store"
    dots = {"jws": 2, "jwe": 4, "opaque": choice.opaque_prefix.count(".")}
    assert granted.json()["access_token"].count(".") == dots[choice.token_form]
    assert 0 < granted.json()["expires_in"] <= choice.lifetime
    for _ in range(choice.cold_requests):
        assert client.inbox().status_code == 401
    listed = client.inbox()
    assert listed.status_code == 200
    assert listed.headers["opc-request-id"]
    assert "no-store" in listed.headers["cache-control"]
    assert len(items_of(stranger, listed)) == 17
    first = next(m for m in stranger.store.view().values() if m.patient_id == client.anna)
    read = client.call("GET", f"patientMessages/{first.id}")
    assert read.json()["content"] == first.content
    assert set(read.json()["createDateTime"]) == {"dateTime", choice.zone_member}
    _writes(client, first.id)
    for token in ("junk", client.token[:-5] + "AAAAA"):
        refused = client.call("GET", INBOX, headers={"authorization": f"Bearer {token}"})
        assert refused.status_code == 401
        assert "bearer" in refused.headers["www-authenticate"].lower()
    refused = HTTP.get(stranger.token_url()).status_code
    assert refused in (405, 501)  # a method that a server has nowhere
    assert stranger.requests[-1].status == refused


def _writes(client: Client, message_id: str) -> None:
    stranger, choice = client.stranger, client.stranger.personality
    sent = client.call("POST", SENT, json=client.letter())
    assert sent.is_success, sent.text
    if choice.participant_id != "id":
        guessed = client.letter(messageSender={"id": client.anna, "type": "PERSON"})
        assert (
            f"{choice.participant_id} is required" in client.call("POST", SENT, json=guessed).text
        )
    message = stranger.store.truth[message_id]
    change = {"id": message.id, "notificationVersion": message.version}
    change["recipientNotificationVersion"] = message.recipient_version
    body = {"patientId": client.anna, "status": "OPENED", "messages": [change]}
    assert client.call("POST", UPDATE, json=body).status_code == 200
    stale = client.call("POST", UPDATE, json=body | {"status": "DELETED"})
    assert stale.status_code == choice.stale_version
    stranger.advance(choice.visible_after)
    assert stranger.store.view()[message_id].status == "OPENED"
    assert len(items_of(stranger, client.call("GET", SENT, params={"patientId": client.anna}))) == 7
    wrong = client.call("POST", SENT, json=client.letter(content='<div><a href="#">x</a></div>'))
    assert wrong.status_code == 400
    assert "Unable to convert HTML to RTF" in wrong.text


def test_every_personality_says_why_it_is_honest() -> None:
    assert len(PERSONALITIES) >= 60
    assert all(each.honest and each.name == name for name, each in PERSONALITIES.items())


def test_the_seed_decides_ids_and_secrets() -> None:
    one, same, other = Stranger(seed=3), Stranger(seed=3), Stranger(seed=4)
    assert (
        one.accounts["full"].secret == same.accounts["full"].secret != other.accounts["full"].secret
    )
    assert one.patients == same.patients != other.patients


def test_tls_is_verified_with_its_own_authority() -> None:
    with Stranger("one-host-gateway", tls=True) as stranger:
        assert stranger.url.startswith("https://")
        assert httpx.get(
            stranger.jwks_url(), verify=ssl.create_default_context(cafile=stranger.ca_path)
        ).json()["keys"]
        with pytest.raises(httpx.ConnectError):
            httpx.get(stranger.jwks_url())


def test_gateways_want_their_extra_parameter() -> None:
    with Stranger("auth0-like") as stranger:
        assert grant(stranger, audience="").json()["error"] == "invalid_target"
        assert stranger.facts["other_cloud_account"] is False


def test_gzip_etags_and_throttling() -> None:
    with Stranger("gzip") as stranger:
        reply = Client(stranger).inbox()
        assert (reply.headers["content-encoding"], reply.headers["vary"]) == (
            "gzip",
            "Accept-Encoding",
        )
    with Stranger("weak-etags") as stranger:
        client = Client(stranger)
        etag = {"if-none-match": client.inbox().headers["etag"]}
        params = {"patientId": client.anna}
        assert client.call("GET", INBOX, params=params, headers=etag).status_code == 304
    with Stranger("throttles") as stranger:
        client = Client(stranger)
        answers = [client.call("GET", "patientMessages/1").status_code for _ in range(41)]
        assert (answers.count(429), answers[39]) == (1, 429)
