"""From what a check, or a test of the project's own, raised to its result as plain data.

Besides, what comes in while a run lasts, on the controller: each check's result, and what went wrong on the way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from golive.checks.deviations import tolerated
from golive.checks.findings import FindingsError
from golive.checks.verdict import Outcome
from golive.contract.harm import harm_of
from golive.contract.outcomes import NOT_SEEN, CouldNotTellError, SuiteError
from golive.kit.signals import raise_if_asked, was_asked
from golive.pytest_plugin.conclude import fault_of
from golive.pytest_plugin.state import CONTROLLER, RUN, is_worker
from golive.redaction import redact
from golive.report import files

if TYPE_CHECKING:
    from golive.pytest_plugin.fixtures import Check
    from golive.pytest_plugin.state import Run


class ProjectTestError(AssertionError):
    """A test of the project that is no check has failed; in words that are redacted, and without its variables."""


def result_of_project(
    item: pytest.Item, error: BaseException | None, report: pytest.TestReport
) -> dict[str, str]:
    """Return the result of a test that is no check: nothing in it is a finding about the API."""
    match error:
        case CouldNotTellError():
            outcome, cause = Outcome.COULD_NOT_TELL, error.cause
        case None if report.failed:  # a test that was expected to fail, and did not
            outcome, cause = Outcome.FAILED, report.longreprtext
        case None:
            outcome, cause = Outcome.PASSED, ""
        case _ if report.skipped:
            reason = redact(str(getattr(error, "msg", None) or error))
            return {"nodeid": item.nodeid, "outcome": "skipped", "cause": reason}
        case ProjectTestError():
            outcome, cause = Outcome.FAILED, str(error)
        case _:
            outcome, cause = Outcome.FAILED, f"{type(error).__name__}: {error}"
    cause = redact(" ".join(cause.split()))
    if cause:
        report.longrepr = f"{item.nodeid}: {cause}"
    return {"nodeid": item.nodeid, "outcome": str(outcome), "cause": cause}


def result_of(
    check: Check, error: BaseException | None, report: pytest.TestReport, *, fail_on_advice: bool
) -> dict[str, Any]:
    """Return the result of a check as plain data."""
    result: dict[str, Any] = {
        **check.as_dict(),
        "deciding": check.deciding,
        "findings": [],
        "unsettled_shape": False,
        "configuration": False,
    }
    match error:
        case None:
            outcome = Outcome.PASSED
        case FindingsError():
            found = error.under(check.label)
            decides = not check.advisory and not all(one.advice for one in found)
            outcome = Outcome.FAILED if decides or fail_on_advice else Outcome.ADVICE
            result["findings"] = [one.as_dict(advisory=check.advisory) for one in found]
            result["harm"] = harm_of(check.id, check.area, result["findings"])
        case CouldNotTellError():
            outcome = Outcome.COULD_NOT_TELL
            result |= {"cause": error.cause, "next_step": error.next_step}
            result["unsettled_shape"] = error.unsettled_shape
            result["configuration"] = error.configuration
        case pytest.skip.Exception():
            reason = redact(str(error.msg))
            outcome = Outcome.NOT_SEEN if reason.startswith(NOT_SEEN) else Outcome.NOT_CLAIMED
            result["reason"] = reason
        case _:
            outcome = Outcome.INTERNAL_ERROR
            kind = "" if isinstance(error, SuiteError) else f"{type(error).__name__}: "
            result["cause"] = redact(f"{kind}{error}")
    if report.when == "teardown" and outcome is not Outcome.PASSED:
        outcome = Outcome.INTERNAL_ERROR
    result["outcome"] = str(outcome)
    return result


def tolerate(run: Run, result: dict[str, Any]) -> None:
    """Let a failure that the environment knows of, and tolerates today, decide nothing."""
    if result["outcome"] not in (Outcome.FAILED, Outcome.ADVICE):
        return
    entry = tolerated(run.environment, result["id"], run.today)
    if entry is not None:
        result["outcome"] = str(Outcome.KNOWN_DEVIATION)
        result["deviation"] = {
            "reason": redact(entry.reason),
            "ticket": redact(entry.ticket),
            "until": entry.until.isoformat(),
        }


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
    """Remember that somebody stopped the run, or that workers stopped it after so many failures."""
    if isinstance(excinfo.value, KeyboardInterrupt) and (run := CONTROLLER.get("run")):
        # The workers' own stop is a subclass.
        run.cut_short = type(excinfo.value) is not KeyboardInterrupt and not was_asked()
        run.interrupted = not run.cut_short


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
