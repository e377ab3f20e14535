"""What a job of GitHub Actions shows of a run besides its log: annotations, the job summary, the step's outputs.

An annotation stands at a line of the environment's YAML, or where the check is written. Errors are what the
verdict rests on, warnings what decides nothing, GitHub notices what is tolerated.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from golive.checks.verdict import MEANINGS, TITLES, ExitCode, Outcome
from golive.contract.catalogue import NAME
from golive.contract.tables import files
from golive.kit.files import resources
from golive.kit.problems import counted
from golive.report.groups import by_cause
from golive.report.markdown import plain
from golive.report.text import label_of
from golive.report.workflow_commands import Annotation, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive.environment import Environment, GithubActions
    from golive.kit.problems import ConfigurationProblem
    from golive.report.summary import Data, Summary


def of_problem(problem: ConfigurationProblem, workspace: Path) -> Iterator[Annotation]:
    """Yield an error for each mistake in what a user wrote."""
    for one in problem.problems:
        words = f"{one.key}: {one.message} {one.cure}" if one.key else f"{one.message} {one.cure}"
        title = f"golive: {TITLES[ExitCode.CONFIGURATION]}"
        yield Annotation(Severity.ERROR, title, words.strip(), *_in(workspace, one.file, one.line))


def of_run(data: Summary, environment: Environment, workspace: Path) -> list[Annotation]:
    """Return what is to be said of a run; `workspace` is the root of the repository."""
    internal, at = data["internal_errors"], _Places(environment, workspace)
    return [
        *(Annotation(Severity.ERROR, "golive: internal error", fault) for fault in internal),
        *_stop(data, at),
        *_results(data["checks"], at),
        *_could_not_tell(data, at),
        *_entries(data, at),
    ]


@dataclass(frozen=True)
class _Places:
    """Where an annotation of a run may stand: at a key of its environment, or where a check is written."""

    environment: Environment
    workspace: Path

    def key(self, key: str) -> tuple[str, int | None]:
        """Give the line of a key, or of one below `apis`; in a file with the short form, of `api`."""
        of_short_form = "api.base_url" if "." in key else "api"
        found = self.environment.line_of
        line = found(key) or (found(of_short_form) if key.startswith("apis") else None)
        return self.line(line)

    def line(self, line: int | None) -> tuple[str, int | None]:
        """Give a line of the environment's file."""
        return _in(self.workspace, self.environment.path, line)

    def check(self, result: Data) -> tuple[str, int | None]:
        """Give the check's place: its row, else its line; its environment's where golive is installed."""
        # A project's own file is named as it is found from the current folder.
        root = Path.cwd() if result["nodeid"].startswith("./") else resources()
        test = root / result["nodeid"].split("::")[0], result.get("line")
        place = _in(self.workspace, *_rows().get(result["id"], test))
        return place if place[0] else self.key(f"apis.{next(iter(self.environment.apis))}.base_url")


def _stop(data: Summary, at: _Places) -> Iterator[Annotation]:
    diagnosis = data["diagnosis"]
    if diagnosis is None:
        return
    change, place = diagnosis["change"] or {}, at.key("tenant")
    name, _, number = change.get("place", "").rpartition(":")
    if name and number.isdecimal():
        place = _in(at.workspace, name, int(number))
    words = [diagnosis["cause"], diagnosis["cure"]]
    words += [text for key, text in change.items() if key != "place"]
    title = f"golive: {data['verdict']} ({diagnosis['id']})"
    yield Annotation(Severity.ERROR, title, "\n".join(words), *place)


def _results(checks: list[Data], at: _Places) -> Iterator[Annotation]:
    for result in checks:
        place = at.check(result)
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


def _could_not_tell(data: Summary, at: _Places) -> Iterator[Annotation]:
    """Say a cause once, at the environment that it concerns: the checks have no part in it."""
    blamed = {ExitCode.COULD_NOT_TELL: False, ExitCode.CONFIGURATION: True}.get(
        ExitCode(data["exit_code"])
    )
    for cause in by_cause(data["checks"], Outcome.COULD_NOT_TELL):
        decides = any(
            one["deciding"] and not one["unsettled_shape"] and one["configuration"] is blamed
            for one in cause.checks
        )
        severity = Severity.ERROR if decides else Severity.WARNING
        number = counted(len(cause.checks), "check")
        said = f"{cause.why} {cause.next_step}".strip()
        yield Annotation(severity, f"golive: could not tell ({number})", said, *at.key("apis"))


def _entries(data: Summary, at: _Places) -> Iterator[Annotation]:
    """Name the lines of the environment that are out of date, or that demand more."""
    for entry in data["known_deviations"]:
        if entry["stale"]:
            words = f"{entry['words']} Delete this entry."
            title = f"golive: stale deviation {entry['check']}"
            yield Annotation(Severity.ERROR, title, words, *at.line(entry["line"]))
    for one in data["proofs"]:
        if one["lacking"]:
            words = f"{one['operation']}: {one['proofs']} of {one['demanded']} proofs that are demanded."
            title = f"golive: {TITLES[ExitCode.NOTHING_PROVEN]}"
            place = at.key(f"demands.{one['operation']}")
            yield Annotation(Severity.ERROR, title, words, *place)


def _title(result: Data) -> str:
    return f"golive: {result['id']}"


def _found(result: Data) -> str:
    findings = result["findings"]
    # The verdict rests on what decides.
    first = next((one for one in findings if not one["advice"]), findings[0])
    more = f" (and {len(findings) - 1} more places)" if len(findings) > 1 else ""
    return (
        f"{result['statement']} ({label_of(first)})\n"
        f"at {first['at']}: expected {first['expected']}, actual {first['actual']}{more}\n"
        f"{first['next_step']}"
    )


@cache
def _rows() -> dict[str, tuple[Path, int]]:
    """Give the place of each row of the error catalogue by its id."""
    begin = "- id: "
    return {
        line.strip().removeprefix(begin): (file, number)
        for file in files(resources() / "schemas", NAME)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if line.strip().startswith(begin)
    }


def _in(workspace: Path, file: Path | str, line: int | None) -> tuple[str, int | None]:
    """Write a file as the repository knows it; nothing where it is outside."""
    try:
        return Path(file).resolve().relative_to(workspace.resolve()).as_posix(), line
    except ValueError:
        return "", None


LARGEST = 900_000
"""Bytes; GitHub drops a step's summary that is larger than 1 MiB."""


def outputs(job: GithubActions | None, code: int, folder: str = "") -> None:
    """Set the outputs `verdict`, `exit-code` and `report` (the run folder) of a step, where there is a job."""
    values = {"verdict": TITLES[ExitCode(code)], "exit-code": int(code), "report": folder}
    if job is not None:
        _append(job.output, "".join(_output(name, str(value)) for name, value in values.items()))


def _output(name: str, value: str) -> str:
    """Write one output; what has several lines stands between two of a word that nobody can guess."""
    if value.isprintable():
        return f"{name}={value}\n"
    end = f"golive-{secrets.token_hex(16)}"
    return f"{name}<<{end}\n{value}\n{end}\n"


def summary(job: GithubActions, markdown: str) -> None:
    """Add Markdown to the job's summary."""
    _append(job.step_summary, markdown.encode()[:LARGEST].decode(errors="ignore") + "\n")


def problem_page(problem: ConfigurationProblem) -> str:
    """Return Markdown for a run that could not begin."""
    code = ExitCode.CONFIGURATION
    problems = [f"- {plain(str(one))}" for one in problem.problems]
    return "\n".join([f"# ⚠️ golive: {TITLES[code]}", "", MEANINGS[code], "", *problems]) + "\n"


def _append(file: Path | None, text: str) -> None:
    """Add a text; a job that can't take it in loses nothing that is not in the run folder and on the terminal."""
    if file is not None:
        with suppress(OSError), file.open("a", encoding="utf-8") as stream:
            stream.write(text)
