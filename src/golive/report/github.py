"""Which remarks a run leaves in a pull request, and at which line: its YAML, or where the check is written.

Errors are what the verdict rests on, warnings what decides nothing, notices what is tolerated.

What a GitHub Actions job is told of a run besides its log: the job summary, and the step's outputs.
"""

from __future__ import annotations

import secrets
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from golive.checks.verdict import MEANINGS, TITLES, ExitCode, Outcome
from golive.kit.files import resources
from golive.report.markdown import plain
from golive.report.text import label_of
from golive.report.workflow_commands import Annotation, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive.environment import GithubActions
    from golive.kit.problems import ConfigurationProblem
    from golive.pytest_plugin.state import Run


ROWS = Path("schemas") / "errors.yaml"


def of_problem(problem: ConfigurationProblem, workspace: Path) -> Iterator[Annotation]:
    """Yield an error for each mistake in what a user wrote."""
    for one in problem.problems:
        words = f"{one.key}: {one.message} {one.cure}" if one.key else f"{one.message} {one.cure}"
        title = f"golive: {TITLES[ExitCode.CONFIGURATION]}"
        place = _in(workspace, Path(one.file), one.line)
        yield Annotation(Severity.ERROR, title, words.strip(), *place)


def of_run(run: Run, verdict: ExitCode, workspace: Path) -> list[Annotation]:
    """Return what is to be said of a run; `workspace` is the root of the repository."""
    return [
        *(Annotation(Severity.ERROR, "golive: internal error", fault) for fault in run.faults),
        *_stop(run, verdict, workspace),
        *_results(run, verdict, workspace),
        *_entries(run, workspace),
    ]


def _stop(run: Run, verdict: ExitCode, workspace: Path) -> Iterator[Annotation]:
    diagnosis = run.walk.diagnosis if run.walk else None
    if diagnosis is None:
        return
    file, line = run.environment.path, run.environment.line_of("tenant")
    change = diagnosis.change
    if change and change.place:
        name, _, number = change.place.rpartition(":")
        if name and number.isdecimal():
            file, line = Path(name), int(number)
    words = f"{diagnosis.cause}\n{diagnosis.cure}"
    if change:
        words += f"\n{change.text}"
    title = f"golive: {TITLES[verdict]} ({diagnosis.id})"
    yield Annotation(Severity.ERROR, title, words, *_in(workspace, file, line))


def _results(run: Run, verdict: ExitCode, workspace: Path) -> Iterator[Annotation]:
    for result in run.results:
        place = _of_check(run, result, workspace)
        match Outcome(result["outcome"]):
            case Outcome.FAILED:
                yield Annotation(Severity.ERROR, _title(result), _found(result), *place)
            case Outcome.ADVICE:
                title = f"{_title(result)} (advice)"
                yield Annotation(Severity.WARNING, title, _found(result), *place)
            case Outcome.KNOWN_DEVIATION:
                entry = result["deviation"]
                why = f"Tolerated until {entry['until']}: {entry['reason']} ({entry['ticket']})"
                yield Annotation(Severity.NOTICE, _title(result), why, *place)
            case Outcome.INTERNAL_ERROR:
                yield Annotation(Severity.ERROR, _title(result), result["cause"], *place)
            case _:
                pass
    yield from _could_not_tell(run, verdict, workspace)


def _could_not_tell(run: Run, verdict: ExitCode, workspace: Path) -> Iterator[Annotation]:
    """Say a cause once, at the environment that it concerns: the checks have no part in it."""
    told_by_these = {ExitCode.COULD_NOT_TELL: False, ExitCode.CONFIGURATION: True}
    place = _in(workspace, run.environment.path, run.environment.line_of("api"))
    groups: dict[str, list[dict[str, Any]]] = {}
    for result in run.results:
        if result["outcome"] == Outcome.COULD_NOT_TELL:
            said = f"{result['cause']} {result.get('next_step') or ''}".strip()
            groups.setdefault(said, []).append(result)
    for said, results in groups.items():
        grave = any(
            one["deciding"]
            and not one["unsettled_shape"]
            and told_by_these.get(verdict) is one["configuration"]
            for one in results
        )
        severity = Severity.ERROR if grave else Severity.WARNING
        number = "1 check" if len(results) == 1 else f"{len(results)} checks"
        yield Annotation(severity, f"golive: could not tell ({number})", said, *place)


def _entries(run: Run, workspace: Path) -> Iterator[Annotation]:
    """Name the lines of the environment that have had their day, or that ask for more."""
    file = run.environment.path
    for entry in run.deviations:
        if entry.stale:
            words = f"{entry.words} Delete this entry."
            title = f"golive: stale deviation {entry.entry.check}"
            yield Annotation(Severity.ERROR, title, words, *_in(workspace, file, entry.line))
    for one in run.proofs:
        if one.lacking:
            words = f"{one.operation}: {one.full} of {one.demanded} proofs that are demanded."
            title = f"golive: {TITLES[ExitCode.NOTHING_PROVEN]}"
            yield Annotation(Severity.ERROR, title, words, *_in(workspace, file, one.line))


def _title(result: dict[str, Any]) -> str:
    return f"golive: {result['id']}"


def _found(result: dict[str, Any]) -> str:
    findings = result["findings"]
    # The verdict rests on what decides.
    first = next((one for one in findings if not one["advice"]), findings[0])
    more = f" (and {len(findings) - 1} more places)" if len(findings) > 1 else ""
    return (
        f"{result['statement']} ({label_of(first)})\n"
        f"at {first['at']}: expected {first['expected']}, actual {first['actual']}{more}\n"
        f"{first['next_step']}"
    )


def _of_check(run: Run, result: dict[str, Any], workspace: Path) -> tuple[str, int | None]:
    """Give the check's place: its row, else its line; its environment's where golive is installed."""
    row = _rows().get(result["id"])
    file = ROWS if row else Path(result["nodeid"].split("::")[0])
    place = _in(workspace, resources() / file, row or result.get("line"))
    return place if place[0] else _in(workspace, run.environment.path, _api(run))


def _api(run: Run) -> int | None:
    return run.environment.line_of("api.base_url")


@cache
def _rows() -> dict[str, int]:
    """Give the line of each row of the error catalogue by its id."""
    lines = (resources() / ROWS).read_text(encoding="utf-8").splitlines()
    begin = "- id: "
    return {
        line.strip().removeprefix(begin): number
        for number, line in enumerate(lines, start=1)
        if line.strip().startswith(begin)
    }


def _in(workspace: Path, file: Path, line: int | None) -> tuple[str, int | None]:
    """Write a file as the repository knows it; nothing where it lies outside."""
    try:
        return file.resolve().relative_to(workspace.resolve()).as_posix(), line
    except ValueError:
        return "", None


LARGEST = 900_000
"""Bytes; GitHub drops a step's summary that is larger than 1 MiB."""


def outputs(job: GithubActions, code: int, folder: str = "") -> None:
    """Set the step's outputs `verdict`, `exit-code` and `report` (the run folder); raises OSError."""
    told = {"verdict": TITLES[ExitCode(code)], "exit-code": int(code), "report": folder}
    _append(job.output, "".join(_output(name, str(value)) for name, value in told.items()))


def _output(name: str, value: str) -> str:
    """Write one output; what has several lines stands between two of a word that nobody can guess."""
    if value.isprintable():
        return f"{name}={value}\n"
    end = f"golive-{secrets.token_hex(16)}"
    return f"{name}<<{end}\n{value}\n{end}\n"


def summary(job: GithubActions, markdown: str) -> None:
    """Add Markdown to the job's summary; raises OSError."""
    _append(job.step_summary, markdown.encode()[:LARGEST].decode(errors="ignore") + "\n")


def problem_page(problem: ConfigurationProblem) -> str:
    """Return Markdown for a run that could not begin."""
    code = ExitCode.CONFIGURATION
    told = [f"- {plain(str(one))}" for one in problem.problems]
    return "\n".join([f"# ⚠️ golive: {TITLES[code]}", "", MEANINGS[code], "", *told]) + "\n"


def _append(file: Path | None, text: str) -> None:
    if file is not None:
        with file.open("a", encoding="utf-8") as stream:
            stream.write(text)
