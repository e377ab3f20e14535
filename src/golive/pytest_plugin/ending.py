"""The end of a run: collects results on the controller, writes the summary, sets the one exit code."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest

from golive.pytest_plugin.concluding import conclude, fault_of, verdict_of
from golive.pytest_plugin.generating import RECIPE
from golive.pytest_plugin.state import CONTROLLER, RUN, Run, is_worker
from golive.redaction import redact
from golive.reporting import junit
from golive.reporting.files import RESULTS, append, unwritable
from golive.stopping import raise_if_asked, was_asked

if TYPE_CHECKING:
    from collections.abc import Generator

PROPOSAL = "known-deviations.yaml"


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run no check where the walk or the suite's own mistake has ended the run."""
    run = session.config.stash[RUN]
    if not is_worker(session.config) and run.stopped:
        return True
    return None


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep the result that came with the report."""
    result = getattr(report, "golive", None)
    run = CONTROLLER.get("run")
    if run is None:
        return
    if result is not None:
        known = [old for old in run.results if old["nodeid"] == result["nodeid"]]
        for old in known:  # a teardown's error replaces the verdict that the body had reached
            run.results.remove(old)
        run.results.append(result)
        _keep(run, result)


def _keep(run: Run, result: dict[str, Any]) -> None:
    """Write a result down as it comes; a disk that is full is told once."""
    if run.folder is None:
        return
    try:
        append(run.folder, result)
    except OSError as error:
        run.faults.append(unwritable(RESULTS, error))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol() -> None:
    """Begin no check after Ctrl-C, wherever the interrupt got lost."""
    raise_if_asked()


@pytest.hookimpl(tryfirst=True)
def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Count a file that can't be collected as the suite's own failure, and redact why."""
    run = CONTROLLER.get("run")
    if report.failed:
        report.longrepr = redact(report.longreprtext)
    if report.failed and run is not None:
        run.faults.append(f"{report.nodeid or 'the suites'} can't be collected")


def pytest_keyboard_interrupt(excinfo: pytest.ExceptionInfo[BaseException]) -> None:
    """Remember that somebody stopped the run."""
    run = CONTROLLER.get("run")
    if run is not None and isinstance(excinfo.value, KeyboardInterrupt):
        run.interrupted = True


def pytest_internalerror(
    excrepr: object, excinfo: pytest.ExceptionInfo[BaseException]
) -> bool | None:
    """Put a crash of the suite into one redacted line."""
    run = CONTROLLER.get("run")
    if run is None:
        return None
    run.faults.append(fault_of(excinfo.value))
    return None


@pytest.hookimpl(optionalhook=True)
def pytest_handlecrashitem(crashitem: str) -> None:
    """Remember the check in which a worker crashed."""
    run = CONTROLLER.get("run")
    if run is not None:
        run.faults.append(f"a worker crashed in {crashitem}")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(error: object | None) -> None:
    """Remember a worker that ended with an error."""
    run = CONTROLLER.get("run")
    if run is not None and error is not None:
        run.faults.append("a worker process ended before its work was done")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(
    session: pytest.Session, exitstatus: int
) -> Generator[None, object, object]:
    """Set the exit code here and nowhere else; print the verdict as the last thing."""
    config = session.config
    if is_worker(config) or config.option.collectonly:
        return (yield)
    run = config.stash[RUN]
    if exitstatus == pytest.ExitCode.USAGE_ERROR and not run.misused:
        run.misused = "a path names nothing that is there"  # pytest tells which on stderr
    run.interrupted = run.interrupted or was_asked()
    _write_fingerprint(run)
    session.exitstatus = verdict_of(run)
    junit.describe(config, run, verdict_of(run))
    result = None
    try:
        result = yield
    except KeyboardInterrupt:
        run.interrupted = True
    except Exception as error:  # another reporter, or its file; the verdict is still to be told
        run.faults.append(fault_of(error))
    reporter: Any = config.pluginmanager.getplugin("terminalreporter")
    proposed = _proposed(run) if run.update_deviations else ""
    session.exitstatus = verdict = conclude(config, run)
    if reporter is not None:
        from golive.reporting.terminal import closing

        reporter.ensure_newline()
        if proposed:
            reporter.write_line(f"\n{proposed}")
        width = reporter._tw.fullwidth
        reporter.write_line(closing(run, verdict, width=width, color=reporter.hasmarkup))
    return result


def _write_fingerprint(run: Run) -> None:
    """Keep the shape of what was answered, where anything was."""
    from golive.drift.fingerprint import FILE, fingerprint, write

    if run.folder is None or "contract" not in run.services:
        return
    found = fingerprint(
        run.environment.name,
        run.started,
        run.made,
        run.services["contract"],
        run.readers,
        without=frozenset({RECIPE}),
    )
    try:
        if found.situations:
            write(run.folder, found)
    except OSError as error:
        run.faults.append(unwritable(FILE, error))


def _proposed(run: Run) -> str:
    """Return what the environment's known deviations would have to be, and keep it beside the summary."""
    from golive.deviations import proposal

    text = proposal(run.environment, run.results, run.deviations, run.today)
    if not text:
        return "No entry to propose: the known deviations are as they should be."
    if run.folder is not None:
        with contextlib.suppress(OSError):  # it is shown; the file is for convenience
            (run.folder / PROPOSAL).write_text(text, encoding="utf-8")
    return text
