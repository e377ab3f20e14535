"""What a job of GitHub Actions is told besides its log."""

from __future__ import annotations

import pytest

from golive.environment import GithubActions, github_actions
from golive.kit.problems import ConfigurationProblem, Problem
from golive.report import github as job


@pytest.fixture
def actions(tmp_path):
    return GithubActions(tmp_path, tmp_path / "summary.md", tmp_path / "output")


def test_outputs_are_added_a_line_each(actions):
    actions.output.write_text("before=1\n")
    job.outputs(actions, 1, "reports/x")
    assert actions.output.read_text() == "before=1\nverdict=NO-GO\nexit-code=1\nreport=reports/x\n"


def test_an_output_of_several_lines_sets_no_other_output(actions):
    job.outputs(actions, 0, "reports/x\nexit-code=0\nPATH=/evil")
    lines = actions.output.read_text().splitlines()
    name, end = lines[2].split("<<")
    assert name == "report"
    assert len(end) > 32
    assert lines[3:] == ["reports/x", "exit-code=0", "PATH=/evil", end]


def test_a_page_is_added_to_the_summary_and_cut_where_github_would_drop_it(actions):
    job.summary(actions, "# one")
    job.summary(actions, "é" * 1_000_000)
    text = actions.step_summary.read_text()
    assert text.startswith("# one\n")
    assert len(text.encode()) < 1024 * 1024


def test_a_job_without_these_files_gets_nothing(tmp_path):
    nowhere = GithubActions(tmp_path, None, None)
    job.outputs(nowhere, 0)
    job.summary(nowhere, "x")
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_could_not_begin_has_a_page_of_its_own():
    page = job.problem_page(
        ConfigurationProblem([Problem("x.yaml", 3, "a_b", "It is <wrong>.", "Mend it.")])
    )
    assert page.startswith("# ⚠️ golive: CONFIGURATION\n")
    assert "- x.yaml:3: a_b: It is &lt;wrong&gt;. Mend it." in page


def test_the_job_is_read_from_its_variables(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert github_actions() is None
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert github_actions() == GithubActions(tmp_path, None, None)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "w"))
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "o"))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "s"))
    assert github_actions() == GithubActions(tmp_path / "w", tmp_path / "s", tmp_path / "o")
