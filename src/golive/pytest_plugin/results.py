"""What comes in while a run lasts, on the controller: each check's result, and what went wrong on the way."""

from __future__ import annotations

import pytest

from golive.kit.signals import raise_if_asked
from golive.pytest_plugin.conclude import fault_of
from golive.pytest_plugin.state import CONTROLLER, RUN, is_worker
from golive.redaction import redact
from golive.report import files


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run no check where preflight or the suite's own mistake has ended the run."""
    stopped = not is_worker(session.config) and session.config.stash[RUN].stopped
    return True if stopped else None


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep the result that came with the report."""
    run = CONTROLLER.get("run")
    if run is None:
        return
    result, test = getattr(report, "golive", None), getattr(report, "golive_test", None)
    if test is not None:
        run.project_tests = [one for one in run.project_tests if one["nodeid"] != test["nodeid"]]
        run.project_tests.append(test)
    if result is not None:
        # A teardown's error replaces the verdict that the body had reached.
        if result["nodeid"] in run.reported:
            run.results = [old for old in run.results if old["nodeid"] != result["nodeid"]]
        run.reported.add(result["nodeid"])
        run.results.append(result)
        if run.folder is not None:
            try:
                files.append(run.folder, result)
            except OSError as error:
                run.faults.append(files.unwritable(files.RESULTS, error))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol() -> None:
    """Begin no check after Ctrl-C, wherever the interrupt got lost."""
    raise_if_asked()


@pytest.hookimpl(tryfirst=True)
def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Count a file that can't be collected as its author's mistake or the suite's own failure, and redact why."""
    run = CONTROLLER.get("run")
    mistake = getattr(report, "own_mistake", None)
    if mistake and run is not None:
        run.mistakes.append(mistake)
        return
    if report.failed:
        report.longrepr = redact(report.longreprtext)
    if report.failed and run is not None:
        run.faults.append(f"{report.nodeid or 'the suites'} can't be collected")


def pytest_keyboard_interrupt(excinfo: pytest.ExceptionInfo[BaseException]) -> None:
    """Remember that somebody stopped the run."""
    if isinstance(excinfo.value, KeyboardInterrupt) and (run := CONTROLLER.get("run")):
        run.interrupted = True


def pytest_internalerror(
    excrepr: object, excinfo: pytest.ExceptionInfo[BaseException]
) -> bool | None:
    """Put a crash of the suite into one redacted line."""
    if run := CONTROLLER.get("run"):
        run.faults.append(fault_of(excinfo.value))
    return None


@pytest.hookimpl(optionalhook=True)
def pytest_handlecrashitem(crashitem: str) -> None:
    """Remember the check in which a worker crashed."""
    if run := CONTROLLER.get("run"):
        run.faults.append(f"a worker crashed in {crashitem}")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(error: object | None) -> None:
    """Remember a worker that ended with an error."""
    if error is not None and (run := CONTROLLER.get("run")):
        run.faults.append("a worker process ended before its work was done")
