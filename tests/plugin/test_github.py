"""The plugin for GitHub Actions by itself: sessions that never began, and terminals that are not there."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from golive.checks.verdict import ExitCode
from golive.environment import GithubActions, find, load
from golive.pytest_plugin.conclude import summary
from golive.pytest_plugin.github import InActions
from golive.pytest_plugin.state import RUN, Run


@pytest.fixture
def made(tmp_path):
    """The plugin, the run that it tells of, and what it printed."""
    printed: list[str] = []
    reporter = SimpleNamespace(
        ensure_newline=lambda: None, _tw=SimpleNamespace(line=printed.append)
    )
    environment = load(find("twin"), variables={})
    run = Run(environment=environment, started=datetime.now(UTC))
    plugins = SimpleNamespace(getplugin=lambda name: reporter)
    config = SimpleNamespace(stash={RUN: run}, pluginmanager=plugins)
    actions = GithubActions(tmp_path, tmp_path / "step.md", None)
    return SimpleNamespace(
        plugin=InActions(config, actions), run=run, printed=printed, plugins=plugins
    )


def test_a_session_that_never_began_has_nothing_to_give_back(made, tmp_path):
    made.plugin.pytest_unconfigure()
    assert made.printed == []
    assert not (tmp_path / "step.md").exists()


def test_commands_are_taken_again_where_there_is_nothing_to_annotate(made, tmp_path):
    made.plugin.pytest_sessionstart()
    made.plugin.pytest_sessionfinish()
    made.plugin.pytest_unconfigure()
    begin, end = made.printed
    assert begin == f"::stop-commands::{end.strip(':')}"
    assert not (tmp_path / "step.md").exists()  # without a run folder there is no page


def test_annotations_stand_between_two_silences_and_the_page_comes_last(made, tmp_path):
    made.run.faults = ["it broke"]
    made.run.summary = summary(made.run, ExitCode.INTERNAL_ERROR)
    made.run.folder = tmp_path
    (tmp_path / "summary.md").write_text("# the page\n")
    made.plugin.pytest_sessionstart()
    made.plugin.pytest_sessionfinish()
    made.plugin.pytest_unconfigure()
    begin, end, command, again, last = made.printed
    assert (begin, end) == (again, last)
    assert command == "::error title=golive%3A internal error::it broke"
    assert (tmp_path / "step.md").read_text() == "# the page\n\n"


def test_without_a_terminal_nothing_is_printed(made):
    made.plugins.getplugin = lambda name: None
    made.plugin.pytest_sessionstart()
    made.plugin.pytest_unconfigure()
    assert made.printed == []
