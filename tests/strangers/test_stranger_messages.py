"""The baseline's Messages API: what it takes and what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from . import Stranger
from .driving import INBOX, SENT, UPDATE, Client, items_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def baseline() -> Iterator[Client]:
    with Stranger() as stranger:
        yield Client(stranger)


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("DELETE", INBOX, 405, "GET, HEAD"),
        ("POST", INBOX, 405, "GET, HEAD"),
        ("PUT", SENT, 405, "GET, HEAD, POST"),
        ("GET", UPDATE, 405, "POST"),
        ("GET", "patientMessages/1.2.3", 404, None),
        ("GET", "patientMessages/1,2", 400, None),
        ("GET", "nowhere", 404, None),
    ],
)
def test_paths_and_methods(
    baseline: Client, method: str, path: str, status: int, allow: str | None
) -> None:
    reply = baseline.call(method, path)
    assert (reply.status_code, reply.headers.get("allow")) == (status, allow)


def test_media_types(baseline: Client) -> None:
    params = {"patientId": baseline.anna}
    picky = baseline.call(
        "GET", INBOX, params=params, headers={"accept": "text/html, application/json;q=0"}
    )
    assert picky.status_code == 406
    assert (
        baseline.call("POST", SENT, content="{}", headers={"content-type": "text/xml"}).status_code
        == 415
    )
    assert baseline.call("POST", SENT, json=[]).status_code == 400
    assert baseline.call("HEAD", INBOX, params=params).content == b""


@pytest.mark.parametrize(
    "more",
    [
        {"patientId": ""},
        {"patientId": ["1", "2"]},
        {"patientId": "999"},
        {"limit": "999"},
        {"sortBy": "subject"},
        {"sortOrder": "UP"},
        {"notificationType": "LETTER"},
        {"shouldLoadOrganizationSummary": "yes"},
        {"page": ""},
        {"createDateTimeGreaterThanOrEqualTo": "2024-10-01T00:00:00.000Z"},
        {"createDateTimeGreaterThanOrEqualTo": "2024-10-01T00:00:00+00:00"},
        {"createDateTimeGreaterThanOrEqualTo": "2024-02-30T00:00:00Z"},
        {"createDateTimeGreaterThanOrEqualTo": "2999-01-01T00:00:00Z"},
    ],
)
def test_bad_list_parameters(baseline: Client, more: dict[str, Any]) -> None:
    reply = baseline.inbox(**more)
    assert reply.status_code == 400
    assert isinstance(reply.json()["code"], str)


def test_lists_can_be_chosen_from(baseline: Client) -> None:
    everything = {"createDateTimeGreaterThanOrEqualTo": "2000-01-01T00:00:00Z"}
    late = {"createDateTimeLessThanOrEqualTo": "2999-01-01T00:00:00Z"}
    both = {"notificationType": ["MESSAGE", "REMINDER"]}
    assert len(baseline.inbox(**everything, **late, **both).json()["items"]) == 24
    assert {item["notificationType"] for item in baseline.inbox(**both).json()["items"]} == {
        "MESSAGE",
        "REMINDER",
    }
    assert not any("organization" in item for item in baseline.inbox().json()["items"])
    loaded = baseline.inbox(shouldLoadOrganizationSummary="true").json()["items"]
    assert any("orgTypes" in item.get("organization", {}) for item in loaded)
    urgent = [
        item["priority"]["value"] for item in baseline.inbox(sortBy="priority").json()["items"]
    ]
    assert urgent == sorted(urgent)
    rising = baseline.inbox(sortBy="createDateTime", sortOrder="ASC").json()["items"]
    assert rising == baseline.inbox().json()["items"][::-1]


def test_a_crowded_inbox_says_that_there_is_more(baseline: Client) -> None:
    crowded = baseline.stranger.patients["crowded"].id
    first = baseline.inbox(patientId=crowded)
    assert (len(first.json()["items"]), first.json()["hasMore"]) == (1000, True)
    rest = baseline.inbox(patientId=crowded, page=first.headers["opc-next-page"])
    assert len(rest.json()["items"]) == 120
    assert baseline.inbox(page=first.headers["opc-next-page"]).status_code == 400
    assert baseline.inbox(patientId=baseline.stranger.patients["empty"].id).json() == {"items": []}


def test_replies_keep_their_conversation(baseline: Client) -> None:
    mine = [m for m in baseline.stranger.store.truth.values() if m.patient_id == baseline.anna]
    open_one = next(m for m in mine if m.box == "inbox" and m.can_reply and m.encounter)
    closed = next(m for m in mine if m.box == "inbox" and not m.can_reply and m.kind == "MESSAGE")
    reminder = next(m for m in mine if m.kind == "REMINDER")
    sent = baseline.call("POST", SENT, json=baseline.letter(previousMessageId=open_one.id))
    read = baseline.call("GET", f"patientMessages/{sent.json()['id']}").json()
    assert read["conversationId"] == open_one.conversation_id
    assert read["encounter"] == open_one.encounter
    for wrong in (closed, reminder):
        refused = baseline.call("POST", SENT, json=baseline.letter(previousMessageId=wrong.id))
        assert refused.status_code == 400


@pytest.mark.parametrize(
    "more",
    [
        {"recipients": []},
        {"recipients": [{"id": "4122622", "type": "PERSON"}]},
        {"recipients": [{"id": "0", "type": "PERSONNEL"}]},
        {
            "recipients": [
                {"id": "a@b.example", "type": "EMAIL"},
                {"id": "c@b.example", "type": "EMAIL"},
            ]
        },
        {"carbonCopyRecipients": [{"id": "a@b.example", "type": "EMAIL"}]},
        {"messageSender": {"id": "4122622", "type": "PERSONNEL"}},
        {"priority": "HIGH"},
        {"priority": {"value": "LOW"}},
        {"content": ""},
        {"content": "<p>x"},
        {"content": "<p><b>x</p>"},
        {"content": None},
        {"attachments": "x"},
        {"previousMessageId": ""},
    ],
)
def test_letters_that_are_refused(baseline: Client, more: dict[str, Any]) -> None:
    reply = baseline.call("POST", SENT, json=baseline.letter(**more))
    assert reply.status_code == 400 if more != {"content": "<p>x"} else 201


def test_mail_and_time_zone_of_the_newest_generation(baseline: Client) -> None:
    letter = baseline.letter(recipients=[{"id": "a@b.example", "type": "EMAIL"}])
    sent = baseline.call("POST", SENT, json=letter, headers={"oh-content-time-zone": "Asia/Tokyo"})
    read = baseline.call("GET", f"patientMessages/{sent.json()['id']}").json()
    assert read["createDateTime"]["timeZone"] == "Asia/Tokyo"
    nowhere = {"oh-content-time-zone": "Mars/Base"}
    assert baseline.call("POST", SENT, json=letter, headers=nowhere).status_code == 400


def test_updates_that_are_refused(baseline: Client) -> None:
    mine = [m for m in baseline.stranger.store.truth.values() if m.patient_id == baseline.anna]
    one = next(m for m in mine if m.box == "inbox")
    simple = {"id": one.id, "notificationVersion": one.version}
    simple["recipientNotificationVersion"] = one.recipient_version
    good = {"patientId": baseline.anna, "status": "DELETED", "messages": [simple]}
    ben = baseline.stranger.patients["ben"].id
    wrongs: list[dict[str, Any]] = [
        {"status": "READ"},
        {"patientId": ben},
        {"messages": []},
        {"messages": [simple, simple]},
        {"messages": [{"id": str(n)} for n in range(101)]},
        {"messages": [simple | {"notificationVersion": "1"}]},
        {"messages": [{"id": one.id}]},
    ]
    for wrong in wrongs:
        assert baseline.call("POST", UPDATE, json=good | wrong).status_code == 400
    assert baseline.stranger.store.truth[one.id] == one


def test_the_other_tenant_has_its_own_patients(baseline: Client) -> None:
    stranger = baseline.stranger
    dora = stranger.patients["dora"]
    other = Client(stranger, "other_tenant")
    reply = other.call("GET", INBOX, params={"patientId": dora.id}, tenant=dora.tenant)
    assert items_of(stranger, reply)
    mine = next(m for m in stranger.store.truth.values() if m.patient_id == baseline.anna)
    assert other.call("GET", f"patientMessages/{mine.id}", tenant=dora.tenant).status_code == 404
