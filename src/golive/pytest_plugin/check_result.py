"""From what a check, or a test of the project's own, raised to its result as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from golive.checks.deviations import tolerated
from golive.checks.findings import FindingsError
from golive.checks.verdict import Outcome
from golive.contract.harm import harm_of
from golive.contract.outcomes import NOT_SEEN, CouldNotTellError, SuiteError
from golive.redaction import redact

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
