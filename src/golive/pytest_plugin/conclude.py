"""The run as plain data, its verdict, and the files that state it, written together: none contradicts the exit code."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from golive import __version__
from golive.checks.verdict import TITLES, Ending, ExitCode, Outcome, decide
from golive.drift.observation import operation_of
from golive.exchanges.curl import first_commands
from golive.exchanges.model import Exchange, exchanges_in, percentile_95
from golive.exchanges.repeated import asked_again
from golive.kit.files import write_together
from golive.kit.json_text import utc
from golive.pytest_plugin.fixtures import EXCHANGES
from golive.pytest_plugin.meaning import meaning
from golive.pytest_plugin.reach import lacks_reach, reach_data
from golive.pytest_plugin.state import REQUESTS, TOKEN_REQUESTS
from golive.redaction import redact
from golive.report import files, junit
from golive.report.groups import grouped
from golive.report.summary import SCHEMA_VERSION, Summary

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from golive.pytest_plugin.state import Run
    from golive.report.summary import Summary

    Makers = dict[Path, Callable[[], str]]
    from collections.abc import Iterable

    from golive.report.summary import Data


def verdict_of(run: Run) -> ExitCode:
    """Return the run's exit code from all that it knows."""
    known = ("deciding", "against_success", "unsettled_shape", "configuration")
    endings = [
        Ending(Outcome(result["outcome"]), **{name: result[name] for name in known})
        for result in run.results
    ]
    endings += [
        Ending(Outcome(test["outcome"]))
        for test in run.project_tests
        if test["outcome"] in (Outcome.FAILED, Outcome.COULD_NOT_TELL)
    ]
    diagnosis = run.preflight.diagnosis if run.preflight else None
    stop = diagnosis.exit_code if diagnosis else None
    return decide(
        endings,
        stop=ExitCode.CONFIGURATION if run.usage_error or run.mistakes else stop,
        interrupted=run.interrupted,
        cut_short=run.cut_short,
        internal=bool(run.faults),
        fail_on_advice=run.fail_on_advice,
        lacking=any(one.lacking or one.unproven for one in run.proofs) or lacks_reach(run),
        stale=any(one.stale for one in run.deviations),
    )


def conclude(config: pytest.Config, run: Run) -> Summary:
    """Write every file that names the verdict, and return what they say.

    Where one can't be written, that is a failure of the suite: the others say so, too, and it is taken away.
    """
    run.concluded = True
    try:
        for folder in (run.folder, run.allure):
            if folder is not None:
                Path(folder).mkdir(parents=True, exist_ok=True)
        data = summary(run, verdict_of(run))
        makers = _makers(config, run, data)
        write_together({file: make() for file, make in makers.items()})
        if run.folder is not None and not (run.interrupted or run.faults):
            files.forget_results(run.folder)
    except Exception as error:
        run.faults.append(fault_of(error, unwritten=True))
        makers = _makers(config, run, summary(run, verdict_of(run)))
        run.faults += [fault_of(one, unwritten=True) for one in files.write_or_remove(makers)]
        data = summary(run, verdict_of(run))
    return data


def _makers(config: pytest.Config, run: Run, data: Summary) -> Makers:
    """Return what makes the text of each file that names the verdict."""
    makers: Makers = {
        file: lambda: junit.text(config, data) for file in junit.places(config, run.folder)
    }
    if run.folder is not None:
        makers |= files.pages(run.folder, data)
    if run.allure:
        from golive.report.allure import categories, properties

        results = Path(run.allure)
        makers[results / "environment.properties"] = lambda: properties(data)
        makers[results / "categories.json"] = categories
    return makers


def fault_of(error: BaseException, *, unwritten: bool = False) -> str:
    """Put what stopped the suite into one line: what could not be written, else the exception."""
    if isinstance(error, OSError) and (unwritten or error.errno in files.CURES):
        return redact(files.unwritable(files.named(error), error))
    return redact(f"{type(error).__name__}: {error}").split("\n")[0]


def summary(run: Run, verdict: ExitCode) -> Summary:
    """Return all that the run has learnt, with nothing secret in it."""
    counts = Counter(result["outcome"] for result in run.results)
    preflight, client, api = run.preflight, run.client, run.services.get("api")
    double, reach = run.double, reach_data(run)
    asked = list(exchanges_in([run.made.get((REQUESTS, ()))]))
    granted = len(list(exchanges_in([run.made.get((TOKEN_REQUESTS, ()))])))
    data: Summary = {
        "schema_version": SCHEMA_VERSION,
        "golive_version": __version__,
        "verdict": TITLES[verdict],
        "exit_code": int(verdict),
        "meaning": meaning(run, verdict, double, reach),
        "part": run.part,
        "twin": run.embedded,
        "double": double,
        "environment": run.environment.redacted(),
        "started": utc(run.started),
        "ended": utc(datetime.now(UTC)),
        "counts": {str(outcome): counts[outcome] for outcome in Outcome},
        "requests": client.requests if client else len(asked),
        "token_requests": client.token_requests if client else granted,
        "repeated_requests": client.repeated if client else 0,
        "written": list(api.written) if api else [],
        "visibility": list(api.visibility) if api else [],
        "asked_again": sorted(asked_again(EXCHANGES, run.made), key=lambda one: one["operation"]),
        "response_times": times(made for made in run.made.values() if isinstance(made, Exchange)),
        "walk": [
            stage.as_dict() | {"detail": redact(stage.detail)}
            for stage in (preflight.stages if preflight else [])
        ],
        "diagnosis": preflight.diagnosis.as_dict() if preflight and preflight.diagnosis else None,
        "proofs": [one.as_dict() for one in run.proofs],
        "known_deviations": [one.as_dict() for one in run.deviations],
        "internal_errors": list(dict.fromkeys(run.faults)),
        "checks": [],  # the last and longest, below: who reads how thousands of runs ended stops before it
    }
    if reach:
        data["reach"] = reach
    if run.archive is not None:
        data["recorded"] = True
    if run.mistakes:
        data["problems"] = list(dict.fromkeys(run.mistakes))
    if run.taught:
        data["taught"] = [redact(one) for one in run.taught]
    if not run.of_client and any(result["findings"] for result in run.results):
        data["before_curl"] = [redact(one) for one in _before_curl(run)]
    if run.project_tests:
        data["project_tests"] = [*run.project_tests]
    del data["checks"]  # type: ignore[misc]
    data["checks"] = sorted(run.results, key=lambda one: (one["area"], one["id"]))
    return data


def _before_curl(run: Run) -> list[str]:
    """Return the commands that go before the curl command of a finding; a recording of golive's own has its run's."""
    kept: list[str] = run.archive.own.get("first", []) if run.archive else []
    return kept or first_commands(run.environment, run.twin.address if run.twin else "")


def times(exchanges: Iterable[Exchange]) -> list[Data]:
    """Return answers, median, 95th percentile and slowest, in whole milliseconds, by operation."""
    return [
        {
            "operation": operation,
            "answers": len(asked),
            "median": round(1000 * median(one.seconds for one in asked)),
            "p95": percentile_95(asked),
            "slowest": round(1000 * max(one.seconds for one in asked)),
        }
        for operation, asked in sorted(grouped(exchanges, operation_of).items())
    ]
