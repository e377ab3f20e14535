"""From what a check raised to its outcome, in pytest's words and in golive's.

Broken contract is FAILED, could not tell is ERROR, not claimed is SKIPPED, advice is a pass with a remark.
Any other exception is the suite's own fault; it is put into words and redacted before a reporter sees it.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from golive.checks.coverage import Strength, proves
from golive.checks.findings import FindingsError
from golive.checks.verdict import Outcome
from golive.contract.apis import known_apis
from golive.contract.outcomes import (
    CouldNotTellError,
    InvalidRequestError,
    NotClaimedError,
    SuiteError,
)
from golive.environment import run_words
from golive.exchanges.model import exchanges_in
from golive.kit.problems import place_of, shown_path
from golive.pytest_plugin.fixtures import check_of, is_generated, skip_unclaimed
from golive.pytest_plugin.making import needed
from golive.pytest_plugin.own_mistakes import is_own_file, of_mistake
from golive.pytest_plugin.recording import correct
from golive.pytest_plugin.results import (
    ProjectTestError,
    result_of,
    result_of_project,
    tolerate,
)
from golive.pytest_plugin.state import RUN, Run
from golive.redaction import redact
from golive.report.text import deviation_words, failure_text

if TYPE_CHECKING:
    from collections.abc import Generator

STATUS = {
    Outcome.PASSED: ("passed", ".", "PASSED"),
    Outcome.FAILED: ("failed", "F", "FAILED"),
    Outcome.KNOWN_DEVIATION: ("known deviation", "d", "KNOWN DEVIATION"),
    Outcome.ADVICE: ("advice", "a", "ADVICE"),
    Outcome.COULD_NOT_TELL: ("could not tell", "?", "COULD NOT TELL"),
    Outcome.NOT_CLAIMED: ("not claimed", "-", "NOT CLAIMED"),
    Outcome.NOT_SEEN: ("not seen", "-", "NOT SEEN"),
    Outcome.INTERNAL_ERROR: ("internal error", "!", "INTERNAL ERROR"),
}

FINDINGS = pytest.StashKey[Any]()
"""What a check has found, as it stands in `summary.json`."""


class _Unread(NamedTuple):
    """In place of pytest's own: golive's words replace those for which pytest would parse a whole file each time."""

    value: Exception


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Let nothing but findings, «could not tell» and a skip leave a check's body."""
    __tracebackhide__ = True
    try:
        return (yield)
    except InvalidRequestError as error:
        if not is_own_file(pyfuncitem.path):
            raise
        raise of_mistake(error) from None
    except (FindingsError, CouldNotTellError, SuiteError, pytest.skip.Exception):
        raise
    except NotClaimedError as absent:
        skip_unclaimed(absent)
    except pytest.fail.Exception as error:
        if check_of(pyfuncitem) is not None or isinstance(error, pytest.xfail.Exception):
            raise
        raise ProjectTestError(redact(str(error.msg))) from None
    except Exception as error:
        kind = ProjectTestError if check_of(pyfuncitem) is None else SuiteError
        raise kind(redact(f"{type(error).__name__}: {error} ({place_of(error)})")) from None


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Attach golive's result to the report of the phase in which the check ended."""
    raised, check = call.excinfo, check_of(item)
    if check is not None and raised and isinstance(raised.value, Exception):
        call.excinfo = _Unread(raised.value)  # type: ignore[assignment]
    report = yield
    call.excinfo = raised
    # Reports of every phase: what a test printed comes with that of its teardown, too.
    report.sections = [(name, redact(text)) for name, text in report.sections]
    error = raised.value if raised else None
    if isinstance(error, KeyboardInterrupt) or (error is None and call.when != "call"):
        return report
    if check is None:
        report.golive_test = result_of_project(item, error, report)  # type: ignore[attr-defined]
        return report
    run = item.config.stash[RUN]
    result = result_of(check, error, report, fail_on_advice=run.fail_on_advice)
    correct(run, result)
    tolerate(run, result)
    result["nodeid"] = item.nodeid
    result["line"] = (item.location[1] or 0) + 1
    result["seconds"] = round(call.duration, 4)
    if result["findings"]:
        result["again"] = again(item)
    # Random data proves nothing, whatever the environment lets it decide.
    read = [] if is_generated(item) else list(getattr(item, "funcargs", {}).values())
    result["proves"] = _proves(run, read)
    result["operations"] = sorted(operations_of(run, item))
    result["exchanges"] = _numbers(run, read, result["findings"])
    result["against_success"] = any(one.succeeded for one in exchanges_in(read))
    _put_in_pytests_words(report, result)
    report.golive = result  # type: ignore[attr-defined]
    item.stash[FINDINGS] = [*result["findings"]]
    return report


def _proves(run: Run, read: list[object]) -> dict[str, str]:
    """Return the operations whose success a check has read; of a client, also where a list was empty."""
    if not run.of_client:
        return proves(read, run.services["contract"])
    asked = {one.request.operation for one in exchanges_in(read) if one.succeeded}
    return dict.fromkeys(sorted(asked - {""}), str(Strength.FULL))


def _numbers(run: Run, read: list[object], findings: list[Any]) -> list[int]:
    """Return the exchanges that a check has read; of a client, which may ask ten thousand, those with findings."""
    if run.of_client:
        return [one["exchange"]["number"] for one in findings]
    return [one.number for one in exchanges_in(read)]


def again(item: pytest.Item) -> str:
    """Return the command that runs a check again as it was run now."""
    run = item.config.stash[RUN]
    if run.of_client and run.archive:
        return redact(shlex.join(["golive", "client", "--judge", shown_path(run.archive.file)]))
    environment, option = item.config.stash[RUN].environment, item.config.getoption
    words = ["golive", "run", *run_words(environment), item.nodeid]
    for defect in option("--defect"):
        words += ["--defect", defect]
    if option("--twin-seed") is not None:
        words += ["--twin-seed", str(option("--twin-seed"))]
    if option("--generated"):
        words += ["--generated", "--profile", option("--profile")]
        words += ["--seed", str(environment.generated.seed)]
    return redact(shlex.join(words))


def operations_of(run: Run, item: pytest.Item) -> frozenset[str]:
    """Return the operationIds that a check is about; a check of generated requests stands for none."""
    if is_generated(item):
        return frozenset()
    return frozenset().union(*(run.operations.get(key, frozenset()) for key in needed([item])))


def _put_in_pytests_words(report: pytest.TestReport, result: dict[str, Any]) -> None:
    outcome = Outcome(result["outcome"])
    if outcome in (Outcome.PASSED, Outcome.NOT_CLAIMED, Outcome.NOT_SEEN):
        return
    report.longrepr = failure_text(result)
    if outcome in (Outcome.ADVICE, Outcome.KNOWN_DEVIATION):
        report.outcome = "skipped"
        report.wasxfail = "advice" if outcome is Outcome.ADVICE else deviation_words(result)
    elif outcome is not Outcome.FAILED:
        # As if the fixture had raised it: an error, not a failure of the contract.
        report.when, report.outcome = "setup", "failed"


def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Describe a check to Allure, at its end: so a check whose exchange failed is described, too."""
    if not item.config.getoption("allure_report_dir", None):
        return
    from golive.report.allure import describe

    check = check_of(item)
    if check is not None and FINDINGS in item.stash:
        read = getattr(item, "funcargs", {}).values()
        exchanges = list(exchanges_in(read))
        apis = (one.label for one in known_apis().values() if item.get_closest_marker(one.suite))
        describe(
            check.as_dict(),
            exchanges,
            deciding=check.deciding,
            api=next(apis, ""),
            findings=item.stash[FINDINGS],
        )


def pytest_report_teststatus(
    report: pytest.CollectReport | pytest.TestReport,
) -> tuple[str, str, str] | None:
    """Name golive's outcomes in pytest's progress and counts."""
    result = getattr(report, "golive", None)
    return STATUS[Outcome(result["outcome"])] if result else None
