"""A run folder from its first moment: what its files say before a run has ended, and where it can't say it."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from golive.checks.verdict import ExitCode
from golive.kit.files import resources, write_whole
from golive.pytest_plugin.conclude import summary
from golive.redaction import REDACTOR
from golive.report import files as ends
from golive.report.html import render
from golive.report.html.render import runs_before, summary_of

from .conftest import finding, result

SCHEMA = json.loads((resources() / "schemas" / "summary.schema.json").read_text())
SHAPE = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
DAMAGED = {
    "no JSON": "{",
    "an array": "[]",
    "another version": '{"schema_version": 99}',
    "only its version": '{"schema_version": 1}',
    "a number for the environment": {"environment": 5},
    "no name": {"environment": {}},
    "a check without an outcome": {"checks": [{"id": "x"}]},
    "a time that is none": {"started": "2026-99-99"},
    "a number for the time": {"started": 7},
    "a word for the checks": {"checks": "many"},
    "a time that is none of a response": {"response_times": [{"median": "1"}]},
    "no address": {"environment": {"name": "twin", "token": {}, "api": {}}},
}


def told(folder):
    return json.loads((folder / "summary.json").read_text())


def cases(folder):
    suite = ElementTree.parse(folder / "junit.xml").getroot().find("testsuite")
    return {case.get("name"): case for case in suite.iter("testcase")}, suite


def test_a_folder_that_has_only_begun_says_interrupted_and_can_be_shown(tmp_path):
    ends.begin(tmp_path, "sandbox")
    data = told(tmp_path)
    SHAPE.validate(data)
    assert (data["verdict"], data["exit_code"], data["finished"]) == ("INTERRUPTED", 130, False)
    assert data["environment"] == {"name": "sandbox"}
    assert not ends.is_finished(tmp_path)
    found, suite = cases(tmp_path)
    assert found["INTERRUPTED"].find("error") is not None
    assert (suite.get("tests"), suite.get("errors")) == ("1", "1")
    assert "INTERRUPTED" in render.write(tmp_path).read_text()


def test_a_refusal_is_in_every_file_with_what_has_to_be_corrected_and_without_a_secret(tmp_path):
    REDACTOR.protect("a-secret-in-the-way")
    ends.begin(tmp_path, "sandbox")
    ends.end(tmp_path, "sandbox", 4, ["sandbox.yaml:7: key: it holds a-secret-in-the-way."])
    SHAPE.validate(told(tmp_path))
    assert (told(tmp_path)["exit_code"], "finished" in told(tmp_path)) == (4, False)
    for name in ("summary.json", "summary.md", "report.html", "junit.xml"):
        text = (tmp_path / name).read_text()
        assert "sandbox.yaml:7" in text, name
        assert "CONFIGURATION" in text, name
        assert "INTERRUPTED" not in text, name
        assert "a-secret-in-the-way" not in text, name


def test_a_late_end_keeps_what_was_learnt_and_changes_every_verdict(run, tmp_path):
    run.results = [result("b-failed", "failed", findings=[finding()]), result("a-passed")]
    for file, make in ends.pages(tmp_path, summary(run, ExitCode.NO_GO)).items():
        write_whole(file, make())
    junit = '<testsuites><testsuite><testcase name="a"/><testcase name="b"><failure/></testcase>'
    (tmp_path / "junit.xml").write_text(f"{junit}</testsuite></testsuites>")
    (tmp_path / "allure-results").mkdir()
    (tmp_path / ends.ALLURE).write_text("verdict=NO-GO (exit code 1)\n")
    ends.end(tmp_path, "twin", 3, ["RuntimeError: late"])
    data = told(tmp_path)
    SHAPE.validate(data)
    assert (data["exit_code"], len(data["checks"]), data["problems"]) == (
        3,
        2,
        ["RuntimeError: late"],
    )
    found, suite = cases(tmp_path)
    assert set(found) == {"INTERNAL ERROR", "a", "b"}
    assert [suite.get(one) for one in ("tests", "errors", "failures")] == ["3", "1", "1"]
    assert "verdict=INTERNAL ERROR (exit code 3)" in (tmp_path / ends.ALLURE).read_text()
    assert "NO-GO" not in (tmp_path / "summary.md").read_text()


def test_a_file_that_can_not_be_written_is_taken_away_rather_than_left_to_say_something_else(
    tmp_path,
):
    ends.begin(tmp_path, "twin")
    (tmp_path / "summary.md").write_text("GO")
    (tmp_path / "summary.md.part").mkdir()  # nothing can be written there
    ends.end(tmp_path, "twin", 4)
    assert told(tmp_path)["exit_code"] == 4
    assert not (tmp_path / "summary.md").exists()
    assert (tmp_path / "report.html").is_file()


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_summary_of_an_earlier_run_is_left_out_and_named(run, tmp_path, damage):
    data = summary(run, ExitCode.GO)
    name = data["environment"]["name"]
    for moment in ("20260101T000000Z", "20260102T000000Z"):
        (tmp_path / f"{name}-{moment}").mkdir()
    own, other = sorted(tmp_path.iterdir(), reverse=True)
    text = damage if isinstance(damage, str) else json.dumps(data | damage)
    (other / "summary.json").write_text(text)
    (own / "summary.json").write_text(json.dumps(data))
    assert summary_of(other) is None
    assert runs_before(own, data) == ([data], [other.name])
    assert other.name in render.write(own).read_text()


def test_a_number_that_no_page_can_show_costs_the_past_and_not_the_page(run, tmp_path):
    data = summary(run, ExitCode.GO)
    name = data["environment"]["name"]
    times = [{"operation": "x", "answers": 1, "median": 10**400, "p95": 1, "slowest": 1}]
    for moment, changed in (
        ("20260101T000000Z", {"response_times": times}),
        ("20260102T000000Z", {}),
    ):
        folder = tmp_path / f"{name}-{moment}"
        folder.mkdir()
        (folder / "summary.json").write_text(json.dumps(data | changed))
    assert "<h1>GO</h1>" in render.write(folder).read_text()
