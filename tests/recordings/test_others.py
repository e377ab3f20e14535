"""What others record: newman's export, proxies' archives, and the chains of writes of a client of somebody's."""

from __future__ import annotations

import base64
import gzip
import json
import urllib.error
import urllib.request
import zlib
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from har_files import TENANT, golive, granted

from golive.contract.document import Contract
from golive.exchanges.har_others import pairs_of, status_of, unwrapped
from golive.exchanges.har_reading import read_archive
from golive.kit.files import resources
from golive.twin import Twin

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PATIENT, NURSE = "12700400", "4463007"
XHTML = (
    '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
    '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd"><html xmlns="http://www.w3.org/1999/xhtml">'
    "<head><title>x</title></head><body><p>May I come on Monday?</p></body></html>"
)
BODY = b'{"items": []}'


class Client:
    """A client of somebody's who sends, reads, replies and changes a status, and remembers what went over the wire."""

    def __init__(self, twin: Twin) -> None:
        self._base = f"{twin.address}/api.cernermillennium.com/{TENANT}/message/20241001"
        self._token = granted(twin)
        self.calls: list[dict[str, Any]] = []

    def call(self, method: str, path: str, body: object = None) -> Any:
        sent = {"Accept": "application/json", "Authorization": f"Bearer {self._token}"}
        if body is not None:
            sent["Content-Type"] = "application/json"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._base + path, data, sent, method=method)
        moment = datetime.now(UTC)
        try:
            answer = urllib.request.urlopen(request)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            raw, fields = answer.read(), answer.headers.items()
        self.calls.append(
            {
                "method": method,
                "url": request.full_url,
                "sent": sent,
                "data": data,
                "moment": moment,
                "status": answer.status,
                "fields": fields,
                "raw": raw,
            }
        )
        return json.loads(raw or b"null"), dict(fields)

    def message(self, subject: str, **more: object) -> str:
        body = {
            "patientId": PATIENT,
            "messageSender": {"id": PATIENT, "type": "PERSON"},
            "recipients": [{"id": NURSE, "type": "PERSONNEL"}],
            "subject": subject,
            "content": XHTML,
            **more,
        }
        found, _ = self.call("POST", "/patientMessages/sentItems", body)
        return str(found["id"])

    def tour(self) -> None:
        sent = self.message("May I come on Monday?")
        self.call("GET", f"/patientMessages/sentItems?patientId={PATIENT}")
        self.call("GET", f"/patientMessages/{sent}")
        inbox, _ = self.call("GET", f"/patientMessages/inboxItems?patientId={PATIENT}")
        first = next(
            one
            for one in inbox["items"]
            if one["notificationType"] != "REMINDER" and one.get("canReply") is not False
        )
        new = "OPENED" if first["status"] != "OPENED" else "UNREAD"
        named = {
            name: first[name]
            for name in ("id", "notificationVersion", "recipientNotificationVersion")
        }
        body = {"patientId": PATIENT, "messages": [named], "status": new}
        self.call("POST", "/actions/updatePatientMessageStatus", body)
        self.call("GET", f"/patientMessages/inboxItems?patientId={PATIENT}")
        self.call("GET", f"/patientMessages/{first['id']}")
        reply = self.message("Re: May I come", previousMessageId=first["id"])
        self.call("GET", f"/patientMessages/{reply}")
        self.call("GET", f"/patientMessages/{first['id']}")


def of_a_proxy(calls: list[dict[str, Any]]) -> dict[str, Any]:
    """An archive with fields as objects, a status as text, and bodies as they came over the wire: gzip in base64."""
    entries = [
        {
            "startedDateTime": one["moment"].isoformat(),
            "request": {
                "method": one["method"],
                "url": one["url"],
                "headers": one["sent"],
                **({"postData": {"text": one["data"].decode()}} if one["data"] else {}),
            },
            "response": {
                "status": str(one["status"]),
                "headers": dict(one["fields"]) | {"content-encoding": "gzip"},
                "content": {
                    "size": len(one["raw"]),
                    "text": base64.b64encode(gzip.compress(one["raw"])).decode(),
                    "encoding": "base64",
                },
            },
        }
        for one in calls
    ]
    return {"log": {"entries": entries}}


def of_newman(calls: list[dict[str, Any]]) -> dict[str, Any]:
    """What `newman run --reporters json` exports."""
    executions = []
    for one in calls:
        url = urlsplit(one["url"])
        pairs = [pair.split("=") for pair in url.query.split("&") if pair]
        executions.append(
            {
                "request": {
                    "method": one["method"],
                    "url": {
                        "protocol": url.scheme,
                        "host": (url.hostname or "").split("."),
                        **({"port": str(url.port)} if url.port else {}),
                        "path": url.path.strip("/").split("/"),
                        "query": [{"key": name, "value": value} for name, value in pairs],
                    },
                    "header": [
                        {"key": name, "value": value} for name, value in one["sent"].items()
                    ],
                    **(
                        {"body": {"mode": "raw", "raw": one["data"].decode()}}
                        if one["data"]
                        else {}
                    ),
                },
                "response": {
                    "code": one["status"],
                    "responseTime": 3,
                    "header": [{"key": name, "value": value} for name, value in one["fields"]],
                    "stream": {"type": "Buffer", "data": [*one["raw"]]},
                },
            }
        )
    executions.append({"request": {"method": "GET", "url": "https://x.example"}})
    return {"run": {"timings": {"started": 1795725583847}, "executions": executions}}


@pytest.mark.whole_run
@pytest.mark.parametrize(
    ("recorder", "defects"),
    [
        pytest.param(of_a_proxy, (), id="a proxy", marks=pytest.mark.measured),
        pytest.param(of_newman, (), id="newman"),
        pytest.param(of_newman, ("detail-disagrees-with-list",), id="newman, of a wrong answer"),
    ],
)
def test_chains_of_a_client_are_matched_to_what_checks_ask(
    tmp_path: Path, recorder: Callable[..., Any], defects: tuple[str, ...]
):
    twin = Twin(defects=defects).start()
    try:
        client = Client(twin)
        client.tour()
    finally:
        twin.stop()
    (tmp_path / "calls.json").write_text(json.dumps(recorder(client.calls)), "utf-8")
    judged = golive(tmp_path, "judge", "calls.json", "--env", "twin", "-m", "writes")
    outcomes = {one["id"]: one["outcome"] for one in judged.summary["checks"]}
    passed = {name for name, outcome in outcomes.items() if outcome == "passed"}
    failed = {name for name, outcome in outcomes.items() if outcome in ("failed", "advice")}
    assert {"send-is-accepted", "send-item-is-listed-once", "send-detail-has-the-text"} <= passed
    assert {"reply-is-accepted", "reply-leaves-the-message-before-it"} <= passed
    changes = [name for name in passed if name.startswith("status-") and name.endswith("-is-seen")]
    assert len(changes) == 1
    assert judged.code == 0, judged.out[-3000:]
    wanted = {"send-detail-has-the-subject", "reply-keeps-its-subject"} if defects else set()
    assert failed == wanted, judged.out[-3000:]


@pytest.mark.parametrize(
    "fields",
    [
        [{"name": "A", "value": "1"}, {"name": "B", "value": ["2", "3"]}],
        {"A": "1", "B": ["2", "3"]},
        [{"key": "A", "value": "1"}, {"key": "B", "value": "2"}, {"key": "B", "value": "3"}],
        [["A", "1"], ["B", "2"], ["B", "3"], {"key": "C", "value": "4", "disabled": True}],
    ],
)
def test_header_fields_are_read_in_every_form(fields: object):
    assert pairs_of(fields) == [("A", "1"), ("B", "2"), ("B", "3")]


def test_what_is_no_form_of_header_fields_or_of_a_status_is_not_guessed():
    assert pairs_of(None) == []
    assert pairs_of("A: 1") is None
    assert (status_of("204"), status_of("20"), status_of(None)) == (204, "20", None)


CHUNKED = ("transfer-encoding", "chunked")
WRAPPED = {
    "as it is": (BODY, []),
    "chunks": (b"5\r\n" + BODY[:5] + b"\r\n8;x=1\r\n" + BODY[5:] + b"\r\n0\r\n\r\n", [CHUNKED]),
    "chunks, already joined": (BODY, [CHUNKED]),
    "gzip": (gzip.compress(BODY), [("Content-Encoding", "gzip")]),
    "gzip, already unpacked": (BODY, [("Content-Encoding", "gzip")]),
    "deflate": (zlib.compress(BODY), [("content-encoding", "deflate")]),
}


@pytest.mark.parametrize(("body", "headers"), WRAPPED.values(), ids=WRAPPED.keys())
def test_a_body_is_read_as_it_was_before_it_was_sent(body: bytes, headers: list[tuple[str, str]]):
    assert unwrapped(body, headers) == BODY


def test_chunks_that_do_not_add_up_stay_as_they_are():
    assert unwrapped(b"5\r\nabc", [CHUNKED]) == b"5\r\nabc"


def test_an_export_of_newman_is_read_with_the_time_of_each_answer(tmp_path: Path):
    answered = datetime(2026, 11, 26, 12, 0, 1, tzinfo=UTC)
    call = {
        "method": "GET",
        "url": "https://a.example/b?c=d",
        "sent": {"X-Y": "z"},
        "data": None,
        "moment": answered,
        "status": 200,
        "raw": BODY,
        "fields": [("Date", format_datetime(answered, usegmt=True))],
    }
    (tmp_path / "export.json").write_text(json.dumps(of_newman([call])), "utf-8")
    archive = read_archive(tmp_path / "export.json", Contract(resources() / "schemas"))
    (one,) = archive.exchanges
    assert one.request.url == call["url"]
    assert (one.request.headers.get("x-y"), one.response.body) == ("z", BODY)
    assert one.sent_at.isoformat() == "2026-11-26T12:00:00.997000+00:00"
