"""What a run leaves as evidence: an in-toto Statement with a test result, about files that are there."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import jsonschema_rs
import pytest
from har_files import golive as whole_run

from golive.evidence.statement import FILES, configured, keep_evidence

pytestmark = [pytest.mark.whole_run, pytest.mark.measured]

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "schemas/evidence.schema.json").read_text())


@pytest.fixture(scope="session")
def envelope(run_of_twin):
    return json.loads((run_of_twin / "reports/latest/evidence.json").read_text())


@pytest.fixture(scope="session")
def statement(envelope):
    return json.loads(base64.b64decode(envelope["payload"]))


def test_evidence_has_the_published_types_and_members(statement):
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["predicateType"] == "https://in-toto.io/attestation/test-result/v0.1"
    assert set(statement) == {"_type", "subject", "predicateType", "predicate"}
    assert set(statement["predicate"]) == {
        *("result", "configuration", "passedTests", "warnedTests", "failedTests", "golive"),
    }
    for resource in (*statement["subject"], *statement["predicate"]["configuration"]):
        assert set(resource) == {"name", "digest"}


def test_evidence_keeps_its_schema(statement):
    assert [str(one) for one in jsonschema_rs.validator_for(SCHEMA).iter_errors(statement)] == []


def test_every_digest_is_that_of_the_file_beside_it(statement, run_of_twin):
    folder = run_of_twin / "reports/latest"
    found = {one["name"]: one["digest"]["sha256"] for one in statement["subject"]}
    assert found == {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES
    }


def test_evidence_says_what_the_run_said(statement, run_of_twin):
    summary = json.loads((run_of_twin / "reports/latest/summary.json").read_text())
    predicate, said = statement["predicate"], statement["predicate"]["golive"]
    assert predicate["result"] == "PASSED"
    assert predicate["passedTests"] == sorted(one["id"] for one in summary["checks"])
    for member in ("verdict", "exit_code", "started", "ended", "requests", "counts", "double"):
        assert said[member] == summary[member]
    assert said["tenant"] == summary["environment"]["tenant"]
    assert said["reach"]["percent"] == summary["reach"]["percent"]
    assert said["kill_score"]["defects"]["known"] > 300
    assert said["known_deviations"] == said["not_tested"] == said["undecided"] == []


def test_the_folder_of_a_run_that_asks_everything_is_small(run_of_twin):
    files = [one for one in (run_of_twin / "reports/latest").iterdir() if one.is_file()]
    sizes = {one.name: one.stat().st_size for one in files}
    assert sum(sizes.values()) < 1_850_000, sizes


@pytest.mark.unmeasured
def test_a_run_of_a_part_with_a_defect_says_failed_and_what_it_did_not_test(tmp_path):
    ended = whole_run(
        tmp_path, "run", "twin", "-k", "message-agrees", "--defect=detail-disagrees-with-list"
    )
    assert ended.code == 1
    evidence = json.loads((tmp_path / "reports/latest/evidence.json").read_text())
    predicate = evidence["predicate"]
    assert predicate["result"] == "FAILED"
    assert "message-agrees-with-list-on-subject" in predicate["failedTests"]
    assert predicate["golive"]["part"]
    assert predicate["golive"]["not_tested"][0]["why"] == "not selected"


def test_a_known_deviation_makes_the_result_warned(live_run):
    def tolerate(summary):
        summary["checks"][0]["outcome"] = "known deviation"

    folder = live_run(change=tolerate)
    predicate = json.loads((folder / "evidence.json").read_text())["predicate"]
    assert predicate["result"] == "WARNED"
    assert len(predicate["warnedTests"]) == 1


def test_a_project_s_own_schemas_are_part_of_the_contract_s_digest(here):
    before = configured()
    (here / "schemas").mkdir()
    (here / "schemas/errors.yaml").write_text("a: 1\n")
    assert configured()["contract"] != before["contract"]
    assert configured()["suites"] == before["suites"]


def test_evidence_that_can_t_be_written_is_a_sentence_with_a_cure(live_run):
    folder = live_run()
    (folder / "evidence.json").unlink()
    (folder / "evidence.json.part").mkdir()
    assert keep_evidence(folder).startswith("evidence.json can't be written: ")
    assert not (folder / "evidence.json").exists()


def test_a_key_that_can_t_sign_is_refused_before_anything_is_sent(golive, here):
    (here / "mine.key").write_text("not a key")
    code, said = golive("run", "twin", "--sign", "mine.key")
    assert code == 4
    assert "mine.key: this is not a private key in PEM. Make a pair: `openssl genpkey" in said
    assert "GO:" not in said
    assert json.loads((here / "reports/latest/summary.json").read_text())["requests"] == 0


def test_a_run_that_was_refused_has_no_evidence(golive, here):
    code, _ = golive("run", "nowhere")
    assert code == 4
    assert not list(here.rglob("evidence.json"))
