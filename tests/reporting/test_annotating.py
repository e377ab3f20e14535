"""Which remarks a run leaves, and where."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from golive.checks.verdict import ExitCode
from golive.diagnosis.causes import Change
from golive.environment import KnownDeviation
from golive.kit.files import resources
from golive.kit.problems import ConfigurationProblem, Problem
from golive.pytest_plugin.conclude import summary
from golive.report.github import of_problem, of_run

from .conftest import finding, result

TWIN = "environments/twin.yaml"
DEVIATION = {"reason": "a known one", "ticket": "T-1", "until": "2026-12-31"}


@pytest.fixture
def said(run):
    def make(verdict=ExitCode.NO_GO, workspace=None):
        return of_run(summary(run, verdict), run.environment, workspace or resources())

    return make


def line_of(text, file=TWIN):
    lines = (resources() / file).read_text().splitlines()
    return next(n for n, line in enumerate(lines, 1) if line.strip().startswith(text))


def test_a_go_says_nothing(run, said):
    run.results = [result("a"), result("b", "not claimed", reason="x")]
    assert said(ExitCode.GO) == []


def test_a_failure_is_an_error_at_the_line_of_its_check(run, said):
    nodeid = "suites/oauth/test_key_set.py::test_x"
    run.results = [result("a", "failed", findings=[finding(), finding(1)], nodeid=nodeid, line=42)]
    (one,) = said()
    assert (one.severity, one.file, one.line) == ("error", "suites/oauth/test_key_set.py", 42)
    assert one.title == "golive: a"
    assert one.message == (
        "Every item has an id. (must, documented: RFC 9110 §15.1)\n"
        "at /items/0/id: expected a text, actual a number (and 1 more places)\nReport it."
    )


def test_an_annotation_gives_the_reason_of_what_decides(run, said):
    guess = finding(basis="inferred", advice=True)
    rfc = finding(1, basis="standard", source="RFC 6749 §5.2")
    run.results = [result("a", "failed", findings=[guess, rfc])]
    (one,) = said()
    assert "(must, standard: RFC 6749 §5.2)\nat /items/1/id" in one.message


def test_a_row_of_the_error_catalogue_has_its_line_there(run, said):
    run.results = [result("token-wrong-secret", "failed", findings=[finding()])]
    (one,) = said()
    expected = line_of("- id: token-wrong-secret", "schemas/errors.yaml")
    assert (one.file, one.line) == ("schemas/errors.yaml", expected)


def test_a_row_of_an_api_s_own_catalogue_has_its_line_there(run, said):
    row = "group-inboxes-name-and-id"
    run.results = [result(row, "failed", findings=[finding()])]
    (one,) = said()
    file = "schemas/recipient-20241001/errors.yaml"
    assert (one.file, one.line) == (file, line_of(f"- id: {row}", file))


def test_where_golive_is_installed_elsewhere_the_environment_takes_the_check_s_place(
    run, said, tmp_path
):
    file = tmp_path / "environments" / "mine.yaml"
    run.environment = replace(run.environment, path=file)
    run.results = [result("a", "failed", findings=[finding()])]
    (one,) = said(workspace=tmp_path)
    assert (one.file, one.line) == ("environments/mine.yaml", line_of("base_url:"))


def test_where_nothing_lies_in_the_repository_there_is_no_file(run, said, tmp_path):
    run.results = [result("a", "failed", findings=[finding()])]
    (one,) = said(workspace=tmp_path)
    assert (one.file, one.line) == ("", None)


def test_advice_warns_and_a_known_deviation_is_a_notice(run, said):
    run.results = [
        result("a", "advice", findings=[finding(advice=True)]),
        result("b", "known deviation", findings=[finding()], deviation=DEVIATION),
        result("c", "internal error", cause="KeyError"),
    ]
    advice, known, internal = said(ExitCode.INTERNAL_ERROR)
    assert (advice.severity, advice.title) == ("warning", "golive: a (advice)")
    assert known.severity == "notice"
    assert known.message == "Tolerated until 2026-12-31: a known one (T-1)"
    assert (internal.severity, internal.message) == ("error", "KeyError")


def test_could_not_tell_is_said_once_and_is_an_error_only_where_it_decides(run, said):
    run.results = [
        result("a", "could not tell", cause="It was down.", next_step="Wait."),
        result("b", "could not tell", cause="It was down.", next_step="Wait."),
        result("c", "could not tell", cause="Thin data.", unsettled_shape=True),
    ]
    down, thin = said(ExitCode.COULD_NOT_TELL)
    assert (down.severity, down.title) == ("error", "golive: could not tell (2 checks)")
    assert (down.message, down.file, down.line) == ("It was down. Wait.", TWIN, line_of("apis:"))
    assert (thin.severity, thin.title) == ("warning", "golive: could not tell (1 check)")
    assert {one.severity for one in said(ExitCode.NO_GO)} == {"warning"}
    assert {one.severity for one in said(ExitCode.CONFIGURATION)} == {"warning"}
    run.results.append(result("d", "could not tell", cause="A sign-in page.", configuration=True))
    by_cause = {one.message: one.severity for one in said(ExitCode.CONFIGURATION)}
    assert by_cause.pop("A sign-in page.") == "error"
    assert {*by_cause.values()} == {"warning"}


def test_a_stop_is_an_error_at_the_line_to_change(run, said, stopped_walk):
    def stopped(change):
        run.preflight = replace(
            stopped_walk, diagnosis=replace(stopped_walk.diagnosis, change=change)
        )
        (one,) = said(ExitCode.CONFIGURATION)
        assert (one.severity, one.title) == ("error", "golive: CONFIGURATION (wrong-cloud)")
        return one

    place = resources() / "environments" / "sandbox.yaml"
    one = stopped(Change("url: x", f"{place}:19"))
    assert (one.file, one.line) == ("environments/sandbox.yaml", 19)
    assert one.message.endswith("Take the token from the right cloud.\nurl: x")
    for change in (None, Change("golive envs"), Change("url: x", "token.url")):
        one = stopped(change)
        assert (one.file, one.line) == (TWIN, line_of("tenant:"))


def test_stale_entries_and_lacking_proofs_are_errors_at_their_lines(run, said):
    entry = KnownDeviation("gone", "It is mended", "SUP-1", date(2025, 1, 1))
    lines = {**run.environment.lines, "known_deviations[0]": 71, "demands.getMessage": 81}
    run.environment = replace(
        run.environment, known_deviations=(entry,), demands={"getMessage": 5}, lines=lines
    )
    stale, lacking = said(ExitCode.NOTHING_PROVEN)
    assert (stale.title, stale.file) == ("golive: stale deviation gone", TWIN)
    assert stale.message.endswith("Delete this entry.")
    assert (lacking.file, lacking.line) == (TWIN, 81)
    assert lacking.message == "getMessage: 0 of 5 proofs that are demanded."


def test_the_suite_s_own_failures_are_errors(run, said):
    run.faults = ["junit.xml can't be written"]
    (one,) = said(ExitCode.INTERNAL_ERROR)
    assert (one.severity, one.message) == ("error", "junit.xml can't be written")


def test_each_mistake_in_a_file_has_its_line(monkeypatch):
    monkeypatch.chdir(resources())
    problem = ConfigurationProblem(
        [
            Problem("environments/x.yaml", 3, "tenant", "It is wrong.", "Mend it."),
            Problem("nosuch", None, "", "There is no such environment."),
        ]
    )
    first, second = of_problem(problem, Path.cwd())
    assert (first.file, first.line) == ("environments/x.yaml", 3)
    assert first.message == "tenant: It is wrong. Mend it."
    assert (second.line, second.message) == (None, "There is no such environment.")
