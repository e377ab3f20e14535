"""The last thing that a run prints: causes once, a table of areas, and the verdict."""

from __future__ import annotations

from collections import Counter
from io import StringIO
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from golive.checks.verdict import TITLES, ExitCode, Outcome
from golive.exchanges.visibility import late_words
from golive.kit.problems import shown_path
from golive.redaction import redact
from golive.report.meaning import meaning
from golive.report.text import deviation_words, diagnosis_lines, wrapped

if TYPE_CHECKING:
    from golive.diagnosis.preflight import Diagnosis
    from golive.pytest_plugin.state import Run

NARROWEST = 60
IDS_SHOWN = 3
STYLES = {ExitCode.GO: "bold green", ExitCode.NO_GO: "bold red"}
COLUMNS = [outcome for outcome in Outcome if outcome is not Outcome.INTERNAL_ERROR]


def closing(run: Run, verdict: ExitCode, *, width: int, color: bool) -> str:
    """Render the summary and the verdict as text for a terminal of this width, in columns."""
    out = StringIO()
    width = max(width, NARROWEST)
    console = Console(
        file=out,
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        highlight=False,
        soft_wrap=True,
    )
    diagnosis = run.walk.diagnosis if run.walk else None
    blocks = [_stop(diagnosis, width)] if diagnosis else []
    blocks += [_remarks(run, width)] if _remarks(run, width) else []
    for block in blocks:
        console.print()
        console.print(Text("\n".join(block)))
    if run.results:
        console.print()
        console.print(_areas(run.results))
    console.print()
    console.print(Text("\n".join(_facts(run, width))))
    style = STYLES.get(verdict, "bold yellow")
    console.print()
    console.print(Text(wrapped(f"{TITLES[verdict]}: {meaning(run, verdict)}", width), style))
    console.print(Text(f"exit code {int(verdict)}"))
    return out.getvalue().rstrip("\n")


def _areas(results: list[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("area")
    came = {result["outcome"] for result in results}
    columns = [one for one in COLUMNS if one is not Outcome.KNOWN_DEVIATION or one in came]
    for outcome in columns:
        table.add_column(str(outcome), justify="right")
    for area in [*sorted({result["area"] for result in results}), None]:
        chosen = [r for r in results if area is None or r["area"] == area]
        counts = Counter(result["outcome"] for result in chosen)
        cells = [str(counts[outcome] or "·") for outcome in columns]
        table.add_row(area or "all", *cells, style="bold" if area is None else None)
    return table


def _stop(diagnosis: Diagnosis, width: int) -> list[str]:
    """Say why no check was made: the cause, what supports it, what to change."""
    return ["Stopped before the first check", "", *diagnosis_lines(diagnosis, width)]


def _remarks(run: Run, width: int) -> list[str]:
    """Say what is neither passed nor failed; one cause is said once."""
    remarks = [*_grouped(run.results, Outcome.NOT_CLAIMED, "reason"), *_advice(run.results)]
    for result in run.results:
        if result["outcome"] == Outcome.KNOWN_DEVIATION:
            remarks.append(f"{result['id']}: {deviation_words(result)}")
    remarks += _grouped(run.results, Outcome.COULD_NOT_TELL, "cause")
    remarks += _grouped(run.results, Outcome.INTERNAL_ERROR, "cause")
    remarks += [f"internal error: {fault}" for fault in dict.fromkeys(run.faults)]
    return [*(wrapped(remark, width) for remark in remarks), *_stale(run, width)]


def _advice(results: list[dict[str, Any]]) -> list[str]:
    """Say what is advised; what several checks found in the same words is said once."""
    groups: dict[str, list[str]] = {}
    for result in results:
        if result["outcome"] == Outcome.ADVICE:
            first = result["findings"][0]
            found = f"{first['at']}: expected {first['expected']}, got {first['actual']}"
            groups.setdefault(found, []).append(result["id"])
    return [f"advice: {_named(ids)}: {found}" for found, ids in groups.items()]


def _named(ids: list[str]) -> str:
    more = f" and {len(ids) - IDS_SHOWN} more" if len(ids) > IDS_SHOWN else ""
    return f"{', '.join(ids[:IDS_SHOWN])}{more}"


def _stale(run: Run, width: int) -> list[str]:
    """Name each entry that is out of date, with what to delete, unbroken so that it can be found."""
    lines: list[str] = []
    for one in run.deviations:
        if one.stale:
            told = f"stale deviation: {one.place}: {one.words} Delete this entry:"
            lines += [wrapped(told, width), one.yaml]
    return [redact(line) for line in lines]


def _grouped(results: list[dict[str, Any]], outcome: Outcome, key: str) -> list[str]:
    """One cause is one remark, however many checks share it."""
    groups: dict[tuple[str, str], list[str]] = {}
    for result in results:
        if result["outcome"] == outcome:
            said = result[key], result.get("next_step") or ""
            groups.setdefault(said, []).append(result["id"])
    lines = []
    for (cause, next_step), ids in groups.items():
        # The outcome's own words often begin the reason, too.
        reason = cause.removeprefix("not claimed by the environment: ")
        lines.append(f"{outcome}: {reason} ({_named(ids)}) {next_step}".rstrip())
    return lines


def _facts(run: Run, width: int) -> list[str]:
    lines = []
    if run.client:
        tokens = run.client.token_requests
        repeated = run.client.repeated
        again = f", {repeated} of them repeated" if repeated else ""
        requests = "1 request" if run.client.requests == 1 else f"{run.client.requests} requests"
        lines.append(f"{requests}, {tokens} of them for tokens{again}")
    else:
        lines.append("nothing was sent")
    late = late_words(run.services["api"].visibility) if run.services.get("api") else ""
    if late:
        lines.append(wrapped(late, width))
    if run.results:
        lines.append(wrapped(f"proofs against a real success: {_proven(run)}", width))
    if run.folder:
        lines.append(wrapped(f"run folder {shown_path(run.folder)}", width))
    return lines


def _proven(run: Run) -> str:
    if not any(one.full or one.envelope_only or one.lacking for one in run.proofs):
        return "none of the API's operations"
    return ", ".join(f"{one.operation} {one.words}" for one in run.proofs)
