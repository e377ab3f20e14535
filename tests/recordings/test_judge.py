"""`golive judge`: the checks on what was recorded, by golive itself and by others; nothing is sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from har_files import ROOT, Ended, as_others_write, golive

from golive.exchanges.har_reading import log_of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.whole_run

UNSIGNED = "access-token-signature-verifies"
"""The one check that needs the signature of a token, which no file of golive's holds."""


def essence(check):
    findings = [
        (one["at"], one["expected"], one["actual"], one["advice"], one["exchange"]["number"])
        for one in check["findings"]
    ]
    return check["outcome"], check.get("cause"), findings


def test_the_recording_of_a_run_gives_its_own_findings_check_by_check(
    faulty_run: Ended, tmp_path: Path
):
    recording = faulty_run.folder / "reports/latest/exchanges.har"
    judged = golive(tmp_path, "judge", recording)
    ours = {one["id"]: essence(one) for one in judged.summary["checks"]}
    theirs = {one["id"]: essence(one) for one in faulty_run.summary["checks"]}
    assert sum(outcome == "failed" for outcome, _, _ in theirs.values()) > 5
    assert {name for name in theirs if ours[name] != theirs[name]} <= {UNSIGNED}
    assert ours[UNSIGNED][0] == "could not tell"
    assert ours[UNSIGNED][1].startswith("not in the recording: the token's signature")
    assert (judged.code, judged.summary["requests"]) == (faulty_run.code, 0)
    assert "nothing was sent" in judged.out
    assert (tmp_path / "reports/latest/report.html").stat().st_size > 10_000


def test_what_was_taken_out_of_a_recording_is_named_and_accuses_nobody(
    faulty_run: Ended, tmp_path: Path
):
    data = faulty_run.har
    data["log"]["entries"] = [
        one for one in data["log"]["entries"] if one["comment"] != "one_message"
    ]
    (tmp_path / "less.har").write_text(json.dumps(data), "utf-8")
    judged = golive(tmp_path, "judge", "less.har", "suites/messages")
    ours = {one["id"]: one for one in judged.summary["checks"]}
    assert ours["message-agrees-with-list-on-subject"]["outcome"] == "could not tell"
    assert "not in the recording" in ours["message-agrees-with-list-on-subject"]["cause"]
    before = {one["id"] for one in faulty_run.summary["checks"] if one["outcome"] == "failed"}
    assert {name for name, one in ours.items() if one["outcome"] == "failed"} < before


@pytest.mark.parametrize(
    ("credentials", "answered"),
    [
        pytest.param(True, 430, marks=pytest.mark.measured),
        pytest.param(False, 300, marks=pytest.mark.exhaustive),
    ],
)
def test_a_recording_of_others_is_matched_to_what_checks_ask_and_accuses_nobody(
    recording, tmp_path: Path, credentials: bool, answered: int
):
    file = as_others_write(recording, tmp_path / "others.har", credentials=credentials)
    judged = golive(tmp_path, "judge", file, "--env", "twin")
    outcomes = [one["outcome"] for one in judged.summary["checks"]]
    assert outcomes.count("passed") > answered
    assert set(outcomes) == {"passed", "could not tell"}
    assert judged.code == 0, judged.out[-2000:]
    assert "A recording was judged" in judged.summary["meaning"]


def test_a_few_calls_are_judged_as_far_as_they_go(recording, tmp_path: Path):
    file = as_others_write(recording, tmp_path / "whole.har")
    data = json.loads(file.read_text("utf-8"))
    wanted = ("inboxItems?patientId=12700100", "/patientMessages/9")
    few = [one for one in data["log"]["entries"] if one["request"]["url"].endswith(wanted[0])][:1]
    few[0]["response"]["content"]["text"] = few[0]["response"]["content"]["text"].replace(
        '"MESSAGE"', '"LETTER"', 1
    )
    data["log"]["entries"] = few
    (tmp_path / "few.har").write_text(json.dumps(data), "utf-8")
    judged = golive(tmp_path, "judge", "few.har", "--env=twin")
    failed = {one["id"]: one for one in judged.summary["checks"] if one["outcome"] == "failed"}
    assert judged.code == 1
    found = [finding["at"] for one in failed.values() for finding in one["findings"]]
    assert "/items/0/notificationType" in found
    assert "1 of its 1 exchanges" in judged.summary["part"]


@pytest.mark.usefixtures("in_pipeline")
def test_no_secret_of_a_recording_gets_into_a_file(recording, tmp_path: Path):
    file = as_others_write(recording, tmp_path.parent / f"{tmp_path.name}.har")
    tokens = {
        value.removeprefix("Bearer ")
        for one in json.loads(file.read_text("utf-8"))["log"]["entries"]
        for value in (h["value"] for h in one["request"]["headers"] if h["name"] == "authorization")
        if value.startswith("Bearer eyJ") and len(value.rsplit(".", 1)[-1]) > 20
    }
    judged = golive(tmp_path, "judge", file, "--env", "twin", "-k", "token or inbox")
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) > 10
    assert tokens
    for token in tokens:
        signature = token.rsplit(".", 1)[-1]
        assert signature not in judged.out
        assert not [path.name for path in written if signature in path.read_text("utf-8")]


BROKEN = {
    "not JSON": ("<html>", "this is not JSON, and so no HTTP Archive"),
    "cut": ('{"log": {"entries": [', "this is not JSON, and so no HTTP Archive (it ends in the middle)"),
    "another JSON": ('{"items": []}', "this is JSON, but no HTTP Archive: it has no list `log.entries`."),
    "nothing in it": ('{"log": {"entries": []}}', "the archive holds no answer at all."),
    "no request": (
        '{"log": {"entries": [{"response": {}}]}}',
        "log.entries[0]: request must be an object.",
    ),
    "no URL": (
        '{"log": {"entries": [{"request": {"method": "GET"}, "response": {"status": 200}}]}}',
        "log.entries[0]: request.url must be text.",
    ),
    "half a URL": (
        '{"log": {"entries": [{"request": {"method": "GET", "url": "/a"}, "response": {"status": 200}}]}}',
        "log.entries[0]: request.url must be a whole URL.",
    ),
    "no time": (
        '{"log": {"entries": [{"startedDateTime": "today", "request": {"method": "GET", "url": "https://a.b/c",'
        ' "headers": []}, "response": {"status": 200, "headers": []}}]}}',
        "log.entries[0]: startedDateTime must be a time (ISO 8601).",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_archive_is_named_with_the_place_and_the_cure(
    tmp_path: Path, text: str, message: str
):
    (tmp_path / "broken.har").write_text(text, "utf-8")
    ended = golive(tmp_path, "judge", "broken.har", "--env", "twin")
    assert ended.code == 4
    assert "broken.har" in ended.out
    assert message in " ".join(ended.out.split())
    assert "Export it again" in ended.out
    assert "Traceback" not in ended.out
    assert not (tmp_path / "reports").exists()


def test_an_archive_of_others_needs_the_environment_to_be_named(recording, tmp_path: Path):
    file = as_others_write(recording, tmp_path / "others.har")
    ended = golive(tmp_path, "judge", file)
    assert ended.code == 4
    assert "Name it: `--env sandbox`." in ended.out


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "two workers"])
def test_a_recording_without_values_gives_the_run_s_own_findings(tmp_path: Path, workers):
    text = (ROOT / "environments" / "twin.yaml").read_text("utf-8")
    (tmp_path / "phi.yaml").write_text(text.replace("data: synthetic", "data: phi"), "utf-8")
    chosen = "inbox-is-json or inbox-lower or message-agrees or token-wrong-secret"
    defects = ["--defect", "detail-disagrees-with-list", "--defect", "wrong-secret-accepted"]
    ran = golive(tmp_path, "run", "phi.yaml", "-k", chosen, *defects)
    file = next((tmp_path / "reports").glob("phi-*/exchanges.har"))
    entries = log_of(file)["entries"]
    names = {field["name"] for one in entries for field in one["response"]["headers"]}
    assert {"date", "content-type", "opc-request-id"} <= names
    theirs = {one["id"]: one for one in ran.summary["checks"]}
    ended = golive(tmp_path, "judge", file, "--env", "phi.yaml", "-k", chosen, *workers)
    ours = {one["id"]: one for one in ended.summary["checks"]}
    failed = {name for name, one in theirs.items() if one["outcome"] == "failed"}
    assert {"message-agrees-with-list-on-subject", "token-wrong-secret"} <= failed
    assert {name for name, one in ours.items() if one["outcome"] == "failed"} == failed
    assert all(essence(ours[name]) == essence(theirs[name]) for name in failed)
    assert "not in the recording" in ours["inbox-lower-bound-holds"]["cause"]
    assert ended.code == ran.code == 1
    again = golive(
        tmp_path, "judge", "reports/latest/exchanges.har", "--env", "phi.yaml", "-k", chosen
    )
    assert again.code == 1


def test_no_credential_is_needed_to_judge(recording, tmp_path: Path):
    """The sandbox's variables are not set; its hosts are not those of the recording, so nothing is proven."""
    file = as_others_write(recording, tmp_path / "others.har")
    ended = golive(tmp_path, "judge", file, "--env", "sandbox", "-k", "inbox")
    assert ended.code in (0, 5), ended.out[-1500:]
    assert ended.summary["requests"] == 0
