"""The last thing that a run prints: what is open, the areas that are not green, why it failed, and the verdict."""

from __future__ import annotations

from collections import Counter
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from golive.checks.verdict import ExitCode, Outcome
from golive.exchanges.repeated import repeated_words
from golive.exchanges.writes import late_words
from golive.kit.problems import counted, shown_path
from golive.redaction import redact
from golive.report.causes import found_in
from golive.report.groups import by_area, by_cause, with_outcome
from golive.report.reach import NAMED, left_to, out_of_reach, sentence
from golive.report.reasons import MOST as REASONS
from golive.report.text import (
    NARROWEST,
    deviation_words,
    diagnosis_lines,
    project_tests,
    some,
    wrapped,
)

if TYPE_CHECKING:
    from pathlib import Path

    from golive.report.summary import Data, Summary

IDS_SHOWN = 3
CAUSES_SHOWN = 10
LONGEST = 240
"""Characters of a cause that are shown in its line."""

SEVERE = 2
"""The rank of harm from which on nobody's data is concerned."""

LEARN = "golive learn"
STYLES = {ExitCode.GO: "bold green", ExitCode.NO_GO: "bold red"}
COLUMNS = [outcome for outcome in Outcome if outcome is not Outcome.INTERNAL_ERROR]


def closing(data: Summary, *, folder: Path | None, width: int, color: bool) -> str:
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
    for block in (_stop(data["diagnosis"], width), _remarks(data, width)):
        if block:
            console.print()
            console.print(Text("\n".join(block)))
    if data["checks"]:
        console.print()
        console.print(_areas(data["checks"]))
    if taught := data.get("taught"):
        console.print()
        lines = [wrapped(f"  {one}", width, hanging=4) for one in taught]
        console.print(Text("\n".join(["what this service taught", *lines, f"  keep it: {LEARN}"])))
    console.print()
    console.print(Text("\n".join(_facts(data, folder, width))))
    if failed := _failed(data, width):
        console.print()
        console.print(failed)
    style = STYLES.get(ExitCode(data["exit_code"]), "bold yellow")
    console.print()
    console.print(Text(wrapped(f"{data['verdict']}: {data['meaning']}", width), style))
    console.print(Text(f"exit code {data['exit_code']}"))
    return out.getvalue().rstrip("\n")


def _areas(checks: list[Data]) -> Table | Text | Group:
    areas = by_area(checks)
    whole = sum(areas.values(), Counter[str]())
    open_areas = {name: one for name, one in areas.items() if set(one) != {Outcome.PASSED}}
    passed = counted(len(areas) - len(open_areas), "area")
    if not open_areas:
        return Text(f"{counted(len(checks), 'check')} passed, in {passed}")
    table = Table(box=None, pad_edge=False)
    table.add_column("area")
    rare = (Outcome.KNOWN_DEVIATION, Outcome.NOT_SEEN)
    columns = [one for one in COLUMNS if one not in rare or whole[one]]
    for outcome in columns:
        table.add_column(str(outcome), justify="right")
    for area, counts in [*open_areas.items(), ("all", whole)]:
        cells = [str(counts[outcome] or "·") for outcome in columns]
        table.add_row(area, *cells, style="bold" if counts is whole else None)
    if len(areas) == len(open_areas):
        return table
    return Group(table, Text(f"{passed} passed whole"))


def _failed(data: Summary, width: int) -> Text:
    """Say what failed, a line for each cause, the worst first; the first of each harm says who is to be called."""
    found = found_in(data["checks"]).failed
    text, called = Text(), set()
    for number, one in enumerate(found[:CAUSES_SHOWN]):
        more = f" ({one.explains} checks)" if one.explains > 1 else ""
        words = one.sentence if len(one.sentence) <= LONGEST else f"{one.sentence[:LONGEST]}…"
        line = redact(f"{one.harm.name}: {one.root['id']}: {words}{more}")
        text.append(wrapped(line, width) + "\n", "red" if one.harm.rank < SEVERE else "")
        if number < REASONS and one.harm.call and one.harm not in called:
            called.add(one.harm)
            text.append(wrapped(f"  first     {one.harm.call}", width, hanging=12) + "\n")
    if rest := len(found) - CAUSES_SHOWN:
        text.append(f"and {rest} more causes: see report.html\n" if rest > 0 else "")
    if found:
        text.append(f"exchanges of a check: golive show {found[0].root['id']}\n")
    text.rstrip()
    return text


def _stop(diagnosis: Data | None, width: int) -> list[str]:
    """Say why no check was made: the cause, what supports it, what to change."""
    if diagnosis is None:
        return []
    return ["Stopped before the first check", "", *diagnosis_lines(diagnosis, width)]


def _remarks(data: Summary, width: int) -> list[str]:
    """Say what is neither passed nor failed and follows from no failure; one cause is said once."""
    checks, found = data["checks"], found_in(data["checks"])
    remarks = [*_open(checks, Outcome.NOT_CLAIMED, left_to(data)), *_open(checks, Outcome.NOT_SEEN)]
    remarks += [
        f"advice: {some([check['id'] for check in one.found], IDS_SHOWN)}: {one.why}"
        for one in found.advised
    ]
    for check in with_outcome(checks, Outcome.KNOWN_DEVIATION):
        remarks.append(f"{check['id']}: {deviation_words(check)}")
    remarks += _open(found.rest, Outcome.COULD_NOT_TELL)
    remarks += _open(found.rest, Outcome.INTERNAL_ERROR)
    remarks += data.get("problems", [])
    remarks += [f"internal error: {fault}" for fault in data["internal_errors"]]
    remarks += project_tests(data)
    return [*(wrapped(remark, width) for remark in remarks), *_stale(data, width)]


def _stale(data: Summary, width: int) -> list[str]:
    """Name each entry that is out of date, with what to delete, unbroken so that it can be found."""
    lines: list[str] = []
    for one in data["known_deviations"]:
        if one["stale"]:
            sentence = f"stale deviation: {one['place']}: {one['words']} Delete this entry:"
            lines += [wrapped(sentence, width), one["yaml"]]
    return [redact(line) for line in lines]


def _open(checks: list[Data], outcome: Outcome, left: str = "") -> list[str]:
    """One cause is one remark, however many checks share it; what keeps most of them comes first."""
    causes = sorted(by_cause(checks, outcome), key=lambda one: (one.follows, -len(one.ids)))
    lines = []
    for one in causes[:CAUSES_SHOWN]:
        why = left if one.is_left_out else f"{outcome}: {one.reason}"
        lines.append(f"{why} ({some(one.ids, IDS_SHOWN)}) {one.next_step}".rstrip())
    if rest := causes[CAUSES_SHOWN:]:
        number = counted(sum(len(one.ids) for one in rest), "check")
        lines.append(f"{outcome}: {len(rest)} more reasons, of {number}: see report.html")
    return lines


def _facts(data: Summary, folder: Path | None, width: int) -> list[str]:
    lines = ["nothing was sent"]
    if data["requests"]:
        repeated = data.get("repeated_requests", 0)
        tries = f", {repeated} of them repeated" if repeated else ""
        requests = counted(data["requests"], "request")
        lines = [f"{requests}, {data['token_requests']} of them for tokens{tries}"]
    late = late_words(data.get("visibility", []))
    again = repeated_words(data.get("asked_again", []))
    lines += [wrapped(words, width) for words in (late, again) if words]
    if data["checks"]:
        lines.append(wrapped(f"proofs against a real success: {_proven(data['proofs'])}", width))
    if reach := data.get("reach"):
        missing = out_of_reach(reach)
        lines.append(wrapped(f"reach: this run {sentence(reach)}", width))
        lines += [wrapped(f"  not looked at: {one}", width) for one in missing[:NAMED]]
        if more := len(missing) - NAMED:
            lines += [f"  and {more} more: see summary.json"] if more > 0 else []
    if folder:
        lines.append(wrapped(f"run folder {shown_path(folder)}", width))
    return lines


def _proven(proofs: list[Data]) -> str:
    if not any(one["proofs"] or one["envelope_only"] or one["lacking"] for one in proofs):
        return "none of the API's operations"
    return ", ".join(f"{one['operation']} {_how_much(one)}" for one in proofs)


def _how_much(one: Data) -> str:
    said = str(one["proofs"])
    if not one["proofs"] and one["envelope_only"]:
        said = f"0 ({one['envelope_only']} of the empty list alone: of its items nothing is proven)"
    return f"{said} of {one['demanded']} demanded" if one["lacking"] else said
