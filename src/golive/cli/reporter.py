"""What `golive run` shows while pytest works: whom it asks, preflight, a dot for each check, failures.

pytest's own reporter shows sessions, root folders and plugins. A release manager wants none of
that, so this reporter takes its place, through the same hooks. The plugin adds the verdict.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import pytest

from golive.checks.verdict import Outcome
from golive.kit.problems import counted, shown_path
from golive.pytest_plugin.state import RUN
from golive.redaction import redact
from golive.report.causes import entries
from golive.report.text import header, wrapped

if TYPE_CHECKING:
    from collections.abc import Generator

    from golive.pytest_plugin.state import Run

STAGE = re.compile(r"  (ok  |STOP|note) ")
ESCAPE = "\x1b"


def client_header(run: Run) -> list[str]:
    """Say whose requests are judged."""
    archive = run.archive
    number = len(archive.exchanges) if archive else 0
    where = shown_path(archive.file) if archive else ""
    return [f"golive: {counted(number, 'request')} of a client", f"  from {where}"]


class Replacing:
    """A plugin for one call of pytest: puts the reporter in place before xdist looks for it."""

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Register the reporter under the name that everybody knows."""
        manager = config.pluginmanager
        if manager.hasplugin("terminalreporter"):
            manager.unregister(name="terminalreporter")
            manager.register(RunReporter(config, sys.stdout), "terminalreporter")


# pytest calls the class final, yet offers no other way to keep its progress line without the rest.
class RunReporter(pytest.TerminalReporter):  # type: ignore[misc]
    """pytest's reporter with the words of golive."""

    def __init__(self, config: pytest.Config, file: Any) -> None:
        super().__init__(config, file)
        self.showfspath = False

    @property
    def showheader(self) -> bool:
        """No: the header here is golive's."""
        return False

    @property
    def _width(self) -> int:
        return int(self._tw.fullwidth)

    def write_line(self, line: str | bytes, **markup: bool) -> None:
        """Write a line, broken at the terminal's width (coloured text comes broken already)."""
        text = line.decode(errors="replace") if isinstance(line, bytes) else line
        if "\n" not in text and ESCAPE not in text:
            stage = STAGE.match(text)
            text = wrapped(text, self._width, hanging=stage.end() if stage else None)
        super().write_line(text, **markup)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Say whom the run is about to ask."""
        super().pytest_sessionstart(session)
        run = self.config.stash[RUN]
        title, *rest = client_header(run) if run.of_client else header(run.environment)
        self.write_line(title, bold=True)
        for line in rest:
            self.write_line(line)
        self.line("")

    def pytest_collection(self) -> None:
        """Say nothing before it is known how many checks there are."""

    def report_collect(self, final: bool = False) -> None:
        """Say how many checks were chosen."""
        if final and self.verbosity >= 0:
            left_out = len(self.stats.get("deselected", []))
            total = self._numcollected
            chosen = f"{total - left_out} of {total}" if left_out else str(total)
            self.write_line(f"  {chosen} {'check' if total == 1 else 'checks'}")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Generator[None, object, object]:
        """Keep the dots apart from what stands before and after them."""
        run = self.config.stash[RUN]
        if run.preflight and not run.preflight.diagnosis:
            self.line("")
        result = yield from super().pytest_runtestloop()
        if self._tw.width_of_current_line:
            self.line("")
        return result

    def _locationline(self, nodeid: object, *_: object) -> str:
        """Name a check of `-v` as `golive run` takes it, wherever it was started, and by its id."""
        known = self.config.stash[RUN].ids.get(str(nodeid), "")
        return f"{nodeid} " if f"[{known}]" in str(nodeid) or not known else f"{nodeid} {known} "

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Say nothing: the verdict says that the run was stopped."""

    def pytest_unconfigure(self) -> None:
        """Say nothing after the verdict."""

    def pytest_internalerror(self, excrepr: Any) -> bool:
        """Show where golive itself failed only to whom asks for it."""
        if self.config.option.fulltrace:
            for line in redact(str(excrepr)).split("\n"):
                super().write_line(line)
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(
        self,
        session: pytest.Session,
        exitstatus: int | pytest.ExitCode,  # noqa: ARG002 - pytest's name for it; golive has its own
    ) -> Generator[None]:
        """Show each failure on a screen of its own, whatever the run came to."""
        try:
            return (yield)
        finally:  # a report that can't be written hides no failure
            self._show_failures(session)

    def _show_failures(self, session: pytest.Session) -> None:
        self.ensure_newline()
        if self.config.option.tbstyle != "no":
            for report in self.stats.get("error", []):
                if hasattr(report, "own_mistake"):
                    continue  # the verdict's page has it, in a line
                self._show("CAN'T BE COLLECTED", redact(report.longreprtext))
            for report in self._in_full(self.stats.get("failed", [])):
                self._show("FAILED", report.longreprtext)
        reason = session.shouldfail or session.shouldstop
        if reason:
            self.write_line(f"\n{reason}")

    def _in_full(self, failed: list[pytest.TestReport]) -> list[pytest.TestReport]:
        """Return the failures that are shown in full: all with `-v`, else a single cause; the verdict names each."""
        if self.verbosity > 0:
            return failed
        results = [one.golive for one in failed if hasattr(one, "golive")]
        found = entries(results, Outcome.FAILED)
        roots = [one.root["nodeid"] for one in found] if len(found) == 1 else []
        return [one for one in failed if not hasattr(one, "golive") or one.nodeid in roots]

    def _show(self, title: str, text: str) -> None:
        self.line("")
        self.write_sep("─", title, red=True)
        first, *rest = text.split("\n")
        self.write_line(first, bold=True)
        for line in rest:
            super().write_line(wrapped(line, self._width, hanging=12))
