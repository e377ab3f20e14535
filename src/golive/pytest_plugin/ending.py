"""The end of a run: collects results on the controller, writes the summary, sets the one exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from golive.pytest_plugin.state import CONTROLLER, RUN, Run, is_worker
from golive.redaction import redact
from golive.verdict import Ending, ExitCode, Outcome, decide

if TYPE_CHECKING:
    from collections.abc import Generator


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
    run.faults.append(redact(f"{excinfo.typename}: {excinfo.value}").split("\n")[0])
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


def verdict_of(run: Run) -> ExitCode:
    """Return the run's exit code from all that it knows."""
    endings = [
        Ending(
            outcome=Outcome(result["outcome"]),
            deciding=result["deciding"],
            against_success=result["against_success"],
            unsettled_shape=result["unsettled_shape"],
        )
        for result in run.results
    ]
    diagnosis = run.walk.diagnosis if run.walk else None
    return decide(
        endings,
        stop=diagnosis.exit_code if diagnosis else None,
        interrupted=run.interrupted,
        internal=bool(run.faults),
        fail_on_advice=run.fail_on_advice,
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(
    session: pytest.Session, exitstatus: int
) -> Generator[None, object, object]:
    """Set the exit code here and nowhere else; print the verdict as the last thing."""
    config = session.config
    if is_worker(config) or config.option.collectonly:
        return (yield)
    run = config.stash[RUN]
    verdict = verdict_of(run)
    session.exitstatus = verdict
    if run.folder is not None:
        _write(run, verdict)
    result = yield
    session.exitstatus = verdict
    reporter: Any = config.pluginmanager.getplugin("terminalreporter")
    if reporter is not None:
        from golive.reporting.terminal import closing

        reporter.ensure_newline()
        width = reporter._tw.fullwidth
        reporter.write_line(closing(run, verdict, width=width, color=reporter.hasmarkup))
    return result


def _write(run: Run, verdict: ExitCode) -> None:
    from golive.reporting.summary import write

    try:
        write(run, verdict)
    except OSError as error:
        run.faults.append(f"summary.json can't be written: {error.strerror}")
