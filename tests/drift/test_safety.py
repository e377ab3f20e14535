"""A fingerprint tells of nobody, stays whole, and still shows new members where data are patients'."""

from __future__ import annotations

import json

import pytest

from golive.drift.fingerprint import FILE, read, write
from golive.pytest_plugin.sinks import go_over
from golive.redaction import REDACTOR

CANARIES = (
    "Canary-Quillfeather, Ottoline",
    "canary.quill@example.org",
    "MRN-5550142-CANARY",
    "Ottoline",
    "12700100",
    "OTTOLINE",
)
TOKEN = "canary-token-canary-token"
BODY = {
    "items": [
        {
            "subject": CANARIES[0],
            "status": CANARIES[2],
            "notificationType": CANARIES[5],
            "sentBy": {CANARIES[3]: {"role": CANARIES[1]}},
            CANARIES[1]: CANARIES[4],
            "byPatient": {CANARIES[4]: 1, CANARIES[2]: TOKEN, TOKEN: 2},
        },
        {"subject": "Version"},
    ],
    **dict.fromkeys(CANARIES, True),
}
HEADERS = {
    "Content-Type": f"text/{TOKEN}",
    "X-Patient-5550142": "x",
    TOKEN: CANARIES[0],
    "WWW-Authenticate": CANARIES[0],
}


@pytest.fixture
def written(drift, tmp_path):
    """The text of the fingerprint of answers that are full of canaries, once it was gone over."""
    REDACTOR.public = drift.CONTRACT.words
    REDACTOR.protect(TOKEN)
    REDACTOR.learn(BODY, personal=True)
    jwt = "eyJhbGciOiJDYW5hcnkifQ.eyJPdHRvbGluZSI6IjEifQ.c2ln"
    keys = {"keys": [{"kty": CANARIES[3], "alg": CANARIES[2], CANARIES[0]: 1}]}
    refused = {"error": CANARIES[3], "error_uri": f"https://x/errors/{CANARIES[2]}/instances/1"}
    granted = {"access_token": jwt, "token_type": CANARIES[3], "expires_in": 570}
    found = drift.looked(
        drift.answer(body=BODY),
        drift.answer("odd headers", body=BODY, headers=HEADERS),
        drift.answer("no JSON", text=CANARIES[0].encode()),
        drift.answer("key_set", "", keys),
        drift.answer("token-wrong-secret", "", refused, status=401),
        drift.answer("token_granted", "", granted),
    )
    go_over(write(tmp_path, found))
    return tmp_path / FILE


def test_no_canary_is_in_a_fingerprint_as_a_value_or_as_a_name(written):
    text = written.read_text("utf-8") + json.dumps(read(written).as_dict(), ensure_ascii=False)
    for canary in (*CANARIES, TOKEN, "Ottoline".lower(), "5550142", "Canary"):
        assert canary not in text


def test_what_a_program_named_is_seen_all_the_same(written):
    shape = read(written).situations["inbox_items"]["shapes"]["body"]
    assert shape["/items/[]/sentBy/{}/role"]["types"] == ["string"]
    assert shape["/items/[]/byPatient/{}"]["types"] == ["integer", "string"]
    assert shape["/{}"]["types"] == ["boolean"]


def test_a_patient_s_text_that_is_a_piece_of_the_contract_s_words_leaves_them_whole(written):
    shape = read(written).situations["inbox_items"]["shapes"]["body"]
    assert REDACTOR.redact("notificationVersion") != "notificationVersion"
    assert "/items/[]/notificationType" in shape


def test_a_secret_that_got_into_a_fingerprint_is_removed_when_files_are_gone_over(tmp_path):
    REDACTOR.protect(TOKEN)
    (tmp_path / FILE).write_text(f'"{TOKEN}"', "utf-8")
    assert go_over(tmp_path / FILE)
    assert TOKEN not in (tmp_path / FILE).read_text("utf-8")


def test_lines_of_json_are_gone_over_however_many_there_are(tmp_path, monkeypatch):
    monkeypatch.setattr("golive.pytest_plugin.sinks.LARGEST", 10)
    REDACTOR.protect(TOKEN)
    lines = tmp_path / "journal.jsonl"
    lines.write_text('{"a": 1}\n' * 9 + f'{{"b": "{TOKEN}"}}\n', "utf-8")
    assert go_over(lines)
    assert lines.read_text("utf-8").startswith('{"a": 1}\n' * 9 + '{"b": "')
    assert TOKEN not in lines.read_text("utf-8")
    assert [one.name for one in tmp_path.iterdir()] == ["journal.jsonl"]
    assert not go_over(lines)
