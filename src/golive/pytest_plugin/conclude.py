"""The verdict, and the files that state it: written in one step, so that none contradicts the exit code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from golive.checks.verdict import Ending, ExitCode, Outcome, decide
from golive.kit.files import write_together
from golive.pytest_plugin.reaching import lacks_reach
from golive.pytest_plugin.summary import summary
from golive.redaction import redact
from golive.report import files, junit

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from golive.pytest_plugin.state import Run
    from golive.report.summary import Summary

    Makers = dict[Path, Callable[[], str]]


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
