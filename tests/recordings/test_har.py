"""What a run writes into `exchanges.har`: an archive that other tools open, and nothing that may not be in a file."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from golive.contract.document import Contract
from golive.contract.outcomes import CouldNotTellError, NotClaimedError, NotRecordedError
from golive.exchanges.har import archive, as_text
from golive.exchanges.har_packed import BEGINNING, LONGEST_BODY
from golive.exchanges.har_reading import read_archive
from golive.exchanges.headers import Headers
from golive.exchanges.jwt import encoded_part, read, verification_problem
from golive.exchanges.model import Exchange, Request, Response, Steps
from golive.kit.files import resources
from golive.kit.packed import pack
from golive.kit.problems import ConfigurationProblem
from golive.redaction import REDACTOR

URL = (
    "https://api.cernermillennium.com/t/message/20241001/patientMessages/inboxItems?patientId=55501"
)
TOKEN = ".".join(
    (
        encoded_part({"alg": "ES256", "kid": "k"}),
        encoded_part({"azp": "me"}),
        "c2lnbmVkLWJ5LW9yYWNsZQ",
    )
)
JSON = Headers.of(
    {"Content-Type": "application/json", "opc-request-id": "/8c51322720984a02aa9e1283c8c79bcc"}
)
ENDS = datetime(2027, 1, 1, tzinfo=UTC)
NAME = "Quillfeather, Ottoline"


@pytest.fixture
def contract():
    return Contract(resources() / "schemas")


@pytest.fixture(autouse=True)
def redactor(contract):
    """A redactor that knows the token and may show data; a test of patients' data says otherwise."""
    REDACTOR.clear()
    REDACTOR.shows_data = True
    REDACTOR.public, REDACTOR.marks = contract.words, contract.personal
    REDACTOR.protect(TOKEN)
    yield REDACTOR
    REDACTOR.clear()


def exchange(body: object, number: int = 1, **more) -> Exchange:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = Request(
        "GET", URL, Headers.of({"Authorization": f"Bearer {TOKEN}"}), b"", "listInboxItems"
    )
    moment = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
    return Exchange(
        "inbox_items", request, Response(200, JSON, raw, **more), moment, 0.25, number=number
    )


def written(made, tmp_path, contract):
    """Write an archive and read it again: its text, its first entry, and what is read."""
    text = as_text(archive(made, {}, lambda _: ()))
    file = tmp_path / "exchanges.har"
    file.write_text(text, "utf-8")
    return text, json.loads(text)["log"]["entries"][0], read_archive(file, contract)


def test_an_entry_has_what_the_format_demands(tmp_path, contract):
    _, entry, _ = written({("inbox_items", ()): exchange({"items": []})}, tmp_path, contract)
    assert entry["startedDateTime"] == "2026-11-26T12:00:00Z"
    assert entry["time"] == 250
    assert {"cookies", "headers", "queryString", "headersSize", "bodySize", "httpVersion"} < set(
        entry["request"]
    )
    assert entry["request"]["queryString"] == [{"name": "patientId", "value": "55501"}]
    assert entry["response"]["content"] == {
        "size": 13,
        "mimeType": "application/json",
        "text": '{"items": []}',
    }
    assert entry["timings"] == {"send": 0, "wait": 250, "receive": 0}


def test_an_exchange_is_read_as_it_was_written_but_for_its_secrets(tmp_path, contract):
    made = {
        ("inbox_items", (("row", "a"),)): exchange(
            {"items": [{"subject": "Zoë 😀"}]}, certificate_ends=ENDS
        )
    }
    text, _, found = written(made, tmp_path, contract)
    (one,), (before,) = found.exchanges, made.values()
    assert (one.response, one.name, one.number) == (before.response, before.name, 1)
    assert (one.sent_at, one.seconds) == (before.sent_at, before.seconds)
    assert one.request.operation == "listInboxItems"
    assert found.own["made"] == [["inbox_items", {"row": "a"}, 1]]
    assert TOKEN not in text
    assert TOKEN.rsplit(".", 1)[-1] not in text


def test_a_token_is_read_with_its_claims_and_can_not_be_verified(tmp_path, contract):
    _, _, found = written({("inbox_items", ()): exchange({})}, tmp_path, contract)
    token = (found.exchanges[0].request.headers.get("Authorization") or "").removeprefix("Bearer ")
    assert token != TOKEN
    assert (read(token).kid, read(token).client_id) == ("k", "me")
    with pytest.raises(NotRecordedError, match="signature"):
        verification_problem(token, {"keys": []})


def test_two_tokens_are_two_and_one_is_one_when_they_are_read(tmp_path, contract):
    other = f"{TOKEN}x"
    REDACTOR.protect(other)
    first = exchange({})
    headers = Headers.of({"Authorization": f"Bearer {other}"})
    second = exchange({}, 2)
    second = Exchange(
        second.name, Request("GET", URL, headers), second.response, second.sent_at, 0.1, number=2
    )
    steps = Steps(a=first, b=second, c=exchange({}, 3))
    _, _, found = written({("steps", ()): steps}, tmp_path, contract)
    sent = [one.request.headers.get("Authorization") for one in found.exchanges]
    assert sent[0] == sent[2] != sent[1]


def test_a_long_body_is_cut_for_readers_and_whole_for_golive(tmp_path, contract):
    body = {"items": [{"id": str(number)} for number in range(1000)]}
    text, entry, found = written({("inbox_items", ()): exchange(body)}, tmp_path, contract)
    content = entry["response"]["content"]
    assert len(content["text"]) == BEGINNING
    assert content["comment"].startswith(f"{BEGINNING} of 14901 characters")
    assert len(text) < 7_000
    assert found.exchanges[0].json == body


def posting(body: bytes, number: int = 1) -> Exchange:
    one = exchange({"id": "1"}, number)
    headers = Headers.of({"Content-Type": "application/json"})
    return replace(one, request=Request("POST", URL, headers, body, "sendMessage"))


def test_a_long_body_that_was_sent_is_cut_for_readers_and_whole_for_golive(tmp_path, contract):
    body = json.dumps({"text": "é" * 3000}).encode()
    _, entry, found = written({("sending", ()): posting(body)}, tmp_path, contract)
    assert len(entry["request"]["postData"]["text"]) == BEGINNING
    assert found.exchanges[0].request.body == body


def test_a_body_that_was_shown_before_is_not_shown_again(tmp_path, contract):
    made = {
        ("inbox_items", (("again", str(n)),)): exchange({"a": "x" * 500}, n) for n in range(1, 4)
    }
    text, entry, found = written(made, tmp_path, contract)
    assert json.loads(entry["response"]["content"]["text"]) == {"a": "x" * 500}
    assert [one.json for one in found.exchanges] == [{"a": "x" * 500}] * 3
    last = json.loads(text)["log"]["entries"][2]["response"]["content"]
    assert last["comment"] == f"{BEGINNING} of 509 characters; all: exchange 1"


def test_headers_that_say_nothing_more_are_packed_and_others_shown(tmp_path, contract):
    fields = [
        ("Content-Type", "application/json"), ("Date", "Thu, 26 Nov 2026 12:00:00 GMT"), ("opc-request-id", "/8c"),
        ("Content-Length", "13"), ("X-Golive-Twin", "1"),
    ]  # fmt: skip
    odd = [
        ("Content-Length", "14"), ("Date", "Thu, 26 Nov 2026 12:30:00 GMT"), ("Date", "soon"), ("X-Golive-Twin", "2"),
    ]  # fmt: skip
    one, other = exchange({"items": []}), exchange({"items": []}, 2)
    one = replace(one, response=replace(one.response, headers=Headers(tuple(fields))))
    other = replace(other, response=replace(other.response, headers=Headers(tuple(odd))))
    text, entry, found = written({("a", ()): one, ("b", ()): other}, tmp_path, contract)
    assert [field["name"] for field in entry["response"]["headers"]] == ["opc-request-id"]
    second = json.loads(text)["log"]["entries"][1]["response"]["headers"]
    assert [(field["name"], field["value"]) for field in second] == odd
    assert [list(each.response.headers) for each in found.exchanges] == [fields, odd]


def test_an_archive_of_version_2_is_read_too(tmp_path, contract):
    body = {"items": ["x" * 3000]}
    _, entry, _ = written({("inbox_items", ()): exchange({})}, tmp_path, contract)
    entry["_golive"] = {"number": 7, "operation": "listInboxItems", "own": True, "body": 0}
    made = [["inbox_items", {}, 7]]
    packed = pack(json.dumps({"bodies": [json.dumps(body)], "tokens": {}}))
    own = {"version": 2, "made": made, "stopped": [], "packed": packed}
    file = tmp_path / "before.har"
    file.write_text(json.dumps({"log": {"entries": [entry], "_golive": own}}), "utf-8")
    found = read_archive(file, contract)
    assert (found.exchanges[0].json, found.exchanges[0].number) == (body, 7)
    assert found.own["made"] == made


def test_a_body_that_is_not_long_is_whole_for_readers_too(tmp_path, contract):
    body = {"items": ["x" * (LONGEST_BODY - len('{"items": [""]}'))]}
    _, entry, _ = written({("inbox_items", ()): exchange(body)}, tmp_path, contract)
    assert json.loads(entry["response"]["content"]["text"]) == body


def test_bodies_that_are_alike_are_packed_together(tmp_path, contract):
    body = {"items": [{"id": str(number)} for number in range(1000)]}
    one, _, _ = written({("inbox_items", ()): exchange(body)}, tmp_path, contract)
    made = {("inbox_items", (("again", str(n)),)): exchange(body, n) for n in range(1, 4)}
    three, _, found = written(made, tmp_path, contract)
    assert [each.json for each in found.exchanges] == [body] * 3
    assert len(three) - len(one) < 2 * (BEGINNING * 1.5 + 950)


def test_a_damaged_pack_of_bodies_is_named(tmp_path, contract):
    body = {"items": ["x" * 3000]}
    text, _, _ = written({("inbox_items", ()): exchange(body)}, tmp_path, contract)
    data = json.loads(text)
    data["log"]["_golive"]["packed"] = "AAAA"
    (tmp_path / "damaged.har").write_text(json.dumps(data))
    with pytest.raises(ConfigurationProblem, match="packed"):
        read_archive(tmp_path / "damaged.har", contract)


def test_a_body_that_is_no_text_is_kept_as_it_is(tmp_path, contract):
    raw = b'{"a": "\xff\xfe"}'
    _, entry, found = written({("inbox_items", ()): exchange(raw)}, tmp_path, contract)
    assert entry["response"]["content"]["encoding"] == "base64"
    assert found.exchanges[0].response.body == raw


def test_of_patients_data_only_shapes_and_words_of_the_contract_are_written(tmp_path, contract):
    REDACTOR.shows_data = False
    body = {"items": [{"subject": NAME, "notificationType": "MESSAGE", "age": 51234}] * 5}
    text, entry, found = written({("inbox_items", ()): exchange(body)}, tmp_path, contract)
    shown = json.loads(entry["response"]["content"]["text"])
    assert shown["items"][0]["notificationType"] == "MESSAGE"
    assert shown["items"][0]["subject"].startswith("a string of 22 characters [value ")
    assert shown["items"][3] == "and 2 more"
    assert entry["request"]["url"].endswith("patientId=PATIENT")
    for value in (NAME, "Quillfeather", "55501", "51234"):
        assert value not in text
    with pytest.raises(NotRecordedError, match="body"):
        _ = found.exchanges[0].json


def test_why_an_exchange_was_not_made_is_kept(tmp_path, contract):
    made = {
        ("inbox_items", ()): exchange({}),
        ("a", ()): CouldNotTellError("too thin", next_step="Add data.", unsettled_shape=True),
        ("b", ()): NotClaimedError("claims.generation"),
    }
    _, _, found = written(made, tmp_path, contract)
    assert [row[0] for row in found.own["stopped"]] == ["a", "b"]
    assert found.own["stopped"][0][2]["cause"] == "too thin"
    assert found.own["stopped"][1][2] == {"key": "claims.generation", "operation": ""}
