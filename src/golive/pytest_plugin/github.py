"""A run inside GitHub Actions: annotations and the job summary (`golive run` itself sets the step's outputs).

Registered only there. From the first line to the last the runner takes no commands from what is
printed, except while the annotations are.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest

from golive.pytest_plugin.state import RUN
from golive.report import github as job
from golive.report.markdown import NAME
from golive.report.workflow_commands import commands, silence

if TYPE_CHECKING:
    from golive.environment import GithubActions


class InActions:
    """The plugin for one session on a controller."""

    def __init__(self, config: pytest.Config, actions: GithubActions) -> None:
        self._config = config
        self._actions = actions
        self._silence, self._speech = silence()
        self._begun = False

    def pytest_sessionstart(self) -> None:
        """Let the runner take no commands from what an API answered."""
        self._begun = True
        self._print(self._silence)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Leave the annotations; failures and the verdict come after them."""
        run = self._config.stash[RUN]
        if run.summary is None:
            return
        annotations = job.of_run(run.summary, run.environment, self._actions.workspace)
        shown = commands(annotations, more=f"in {NAME} of the run folder")
        if shown:
            self._print(self._speech, *shown, self._silence)

    def pytest_unconfigure(self) -> None:
        """Give the runner its commands back, and add the run's page to the job's summary."""
        if not self._begun:
            return
        self._print(self._speech)
        folder = self._config.stash[RUN].folder
        with contextlib.suppress(OSError):  # the run said that its page can't be written
            if folder is not None:
                job.summary(self._actions, (folder / NAME).read_text(encoding="utf-8"))

    def _print(self, *lines: str) -> None:
        reporter: Any = self._config.pluginmanager.getplugin("terminalreporter")
        if reporter is None:
            return
        reporter.ensure_newline()
        for line in lines:  # not by the reporter itself, which would break them
            reporter._tw.line(line)
