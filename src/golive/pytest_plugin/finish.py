"""The end of a run: writes the summary, sets the one exit code, and closes what was opened.

A failure after the last hook of a session, or one that kept that hook from running, still decides the exit code.
"""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from golive.checks.verdict import TITLES, ExitCode, closing_words
from golive.kit.signals import finish_undisturbed, stand_by, was_asked
from golive.pytest_plugin.conclude import conclude, fault_of, summary, verdict_of
from golive.pytest_plugin.progress import release
from golive.pytest_plugin.recording import keep_findings
from golive.pytest_plugin.refusing import only_shows
from golive.pytest_plugin.sinks import SESSION, close
from golive.pytest_plugin.state import CONTROLLER, EXCHANGE_KEY, RUN, Run, is_worker
from golive.report import files

if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import NoReturn


PROPOSAL = "known-deviations.yaml"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(
    session: pytest.Session, exitstatus: int
) -> Generator[None, object, object]:
    """Set the exit code here and nowhere else; print the verdict as the last thing."""
    config = session.config
    if is_worker(config) or only_shows(config.option):
        return (yield)
    run = config.stash[RUN]
    if exitstatus == pytest.ExitCode.USAGE_ERROR and not run.usage_error:
        run.usage_error = "a path names nothing that is there"  # pytest says which on stderr
    run.interrupted = run.interrupted or was_asked()
    judged = len(run.reported) + len(run.project_tests)
    run.cut_short |= bool(session.shouldfail) and judged < session.testscollected
    keep_findings(run)
    run.faults += [run.unkept] if run.unkept else []
    _write_fingerprint(run)
    session.exitstatus = verdict = verdict_of(run)
    run.summary = summary(run, verdict)
    result = None
    try:
        result = yield
    except KeyboardInterrupt:
        run.interrupted = True
    except Exception as error:  # another reporter, or its file; the verdict is still to be given
        run.faults.append(fault_of(error))
    reporter: Any = config.pluginmanager.getplugin("terminalreporter")
    proposed = _proposed(run) if run.update_deviations else ""
    finish_undisturbed()  # there is one verdict
    data = conclude(config, run)
    session.exitstatus = data["exit_code"]
    if reporter is not None:
        from golive.report.terminal import closing

        reporter.ensure_newline()
        if proposed:
            reporter.write_line(f"\n{proposed}")
        width = reporter._tw.fullwidth
        color = reporter.hasmarkup
        reporter.write_line(closing(data, folder=run.folder, width=width, color=color))
    stand_by(data["exit_code"])
    return result


def _write_fingerprint(run: Run) -> None:
    """Keep the shape of what was answered, where anything was."""
    from golive.drift.fingerprint import FILE, fingerprint, write
    from golive.learning.lessons import lessons

    if run.folder is None or "contract" not in run.services or run.archive is not None:
        return
    found = fingerprint(
        run.environment.name,
        run.started,
        run.made,
        run.services["contract"],
        run.readers,
        without=frozenset({EXCHANGE_KEY}),
    )
    found = replace(found, twin=run.embedded, tenant=run.environment.tenant)
    try:
        if found.situations:
            write(run.folder, found)
            run.taught = lessons([found], run.services["contract"]).news(unkept=True)
    except OSError as error:
        run.faults.append(files.unwritable(FILE, error))


def _proposed(run: Run) -> str:
    """Return what the environment's known deviations would have to be, and keep it beside the summary."""
    from golive.checks.deviations import proposal

    text = proposal(run.environment, run.results, run.deviations, run.today)
    if not text:
        return "No entry to propose: the known deviations are as they should be."
    if run.folder is not None:
        with contextlib.suppress(OSError):  # it is shown; the file is for convenience
            (run.folder / PROPOSAL).write_text(text, encoding="utf-8")
    return text


UMASK = pytest.StashKey[int]()
"""What the process's umask was before the run."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_unconfigure(config: pytest.Config) -> Generator[None]:
    """Close connections, end the twin, and go over what was written.

    Whatever fails now, or kept the last hook from coming, is a failure of the suite like any other.
    """
    run = config.stash.get(RUN, None)
    try:
        yield
    except Exception as error:
        if run is None or is_worker(config):
            raise
        run.faults.append(fault_of(error))
        _report_late(config, run)
    finally:
        if run is not None and SESSION in config.stash and not run.concluded:
            _report_late(config, run)
        CONTROLLER.pop("run", None)
        if run and run.client:
            run.client.close()
        if run and run.twin:
            run.twin.stop()
        close(config)
        if UMASK in config.stash:
            os.umask(config.stash[UMASK])


def leave(config: pytest.Config) -> NoReturn:
    """End the process of a run that was asked to end and did not: say so, where it can be said, and go."""
    run = config.stash[RUN]
    code = ExitCode.INTERRUPTED
    release()
    if run.folder is not None and not only_shows(config.option):
        files.end(run.folder, run.environment.name, code)
    reporter: Any = config.pluginmanager.getplugin("terminalreporter")
    if reporter is not None:
        with contextlib.suppress(OSError, ValueError):
            reporter.write_line(closing_words(code))
            reporter.flush()
    os._exit(code)


def _report_late(config: pytest.Config, run: Run) -> None:
    """Let exit code and files report what came after the last hook, or instead of it."""
    if is_worker(config) or only_shows(config.option):
        return
    session = config.stash.get(SESSION, None)
    if session is not None and session.exitstatus == pytest.ExitCode.INTERRUPTED:
        run.interrupted = True
    code = ExitCode.INTERRUPTED if run.interrupted else ExitCode.INTERNAL_ERROR
    problems = run.faults or ["the run ended before it had begun"]
    if session is not None and session.exitstatus == pytest.ExitCode.USAGE_ERROR:
        code, problems = ExitCode.CONFIGURATION, ["the command line was refused"]
    run.concluded = True
    print(f"golive: {TITLES[code]}: {problems[-1]}", file=sys.stderr)  # noqa: T201 - no reporter is left
    if run.folder is not None:
        files.end(run.folder, run.environment.name, code, problems)
    if session is not None:
        session.exitstatus = int(code)
