"""`golive doctor`: runs preflight stage by stage, says where it stops, why, and what to change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from golive.checks.doubles import double
from golive.checks.verdict import TITLES, ExitCode
from golive.cli.output import PLACE, as_json
from golive.cli.targets import Asked, targets
from golive.diagnosis.preflight import (
    Diagnosis,
    Preflight,
    Stage,
    diagnose_file,
    examine,
    run_preflight,
)
from golive.environment import dotenv_remarks, find
from golive.kit.problems import ConfigurationProblem, counted, shown_path
from golive.redaction import redact
from golive.report.text import diagnosis_lines, terminal_width, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from golive.environment import Environment

SCHEMA_VERSION = 1


@dataclass
class _Visit:
    """One call of the doctor: what was shown, and whom it was about."""

    name: str
    offline: bool
    preflight: Preflight = field(default_factory=Preflight)
    requests: int = 0
    twin: bool = False
    double: str = ""

    @property
    def exit_code(self) -> ExitCode:
        """The code of the cause; without one, what was shown decides."""
        if self.preflight.diagnosis is not None:
            return self.preflight.diagnosis.exit_code
        if self.offline or self.preflight.read_with_success:
            return ExitCode.GO
        decided = self.preflight.undecided is None
        return ExitCode.NOTHING_PROVEN if decided else ExitCode.COULD_NOT_TELL

    @property
    def sentence(self) -> str:
        """What the whole visit showed, no more than was asked."""
        if self.preflight.diagnosis is not None:
            return f"Stopped: {self.preflight.diagnosis.id}."
        if self.offline:
            return (
                "Nothing looks wrong as far as can be seen without the network. The credential was not "
                "used, so this does not show whether it works."
            )
        if not self.preflight.read_with_success:
            return "The token was granted, but the API was not read with it, so this shows nothing about the API."
        who = self.double
        where = f" This was {who}: it says nothing about the real service." if who else ""
        granted = f"the token was granted, and the API answered with it.{where}"
        if self.preflight.unseen:
            unseen = " and ".join(dict.fromkeys(self.preflight.unseen))
            return f"No problem found: {granted} What can't be seen from outside: {unseen}."
        return f"Every stage is in order: {granted}"


@click.command()
@click.argument("environment", metavar="[ENV]", required=False)
@click.option(
    "--tenants",
    type=PLACE,
    metavar="FILE",
    help="Examine a tenant of this file instead of an environment: the one that --only names.",
)
@click.option("--only", metavar="NAME", multiple=True, help="The tenant of --tenants.")
@click.option("--offline", is_flag=True, help="Do only what needs no network.")
@click.option("--json", "json_wanted", is_flag=True, help="Print one JSON object.")
def command(
    environment: str | None,
    tenants: Path | None,
    only: tuple[str, ...],
    offline: bool,
    json_wanted: bool,
) -> int:
    """Find out why ENV does not work: run preflight stage by stage, name the cause and the cure."""
    found = targets([] if environment is None else [environment], Asked(tenants=tenants, only=only))
    if len(found) > 1:
        raise click.UsageError(f"{tenants} has {len(found)} tenants: name one with --only.")
    (target,) = found
    visit = _Visit(target.key if tenants else shown_path(find(target.words[0])), offline)
    width = terminal_width(most=120)

    def on_stage(stage: Stage) -> None:
        if not json_wanted:
            click.echo(wrapped(str(stage), width, hanging=9))

    if not json_wanted:
        click.echo(f"golive doctor: {visit.name}" + (", without the network" if offline else ""))
    odd = [Stage(f"{one.file}:{one.line}", False, one.message) for one in dotenv_remarks()]
    loaded = None
    try:
        loaded = target.load()
        stage = Stage("file and variables", True, f"{loaded.title}; all variables are set")
        stages = [stage, *odd]
    except ConfigurationProblem as wrong:
        stage = Stage("file and variables", False, f"{len(wrong.problems)} to correct", stops=True)
        stages = [*odd, stage]
        visit.preflight = Preflight(diagnosis=diagnose_file(wrong.problems))
    for stage in stages:
        on_stage(stage)
    if loaded is not None:
        _examine(visit, loaded, on_stage)
    visit.preflight.stages[:0] = stages
    click.echo(_json(visit) if json_wanted else "\n".join(_closing(visit, width)))
    return visit.exit_code


def _examine(visit: _Visit, environment: Environment, on_stage: Callable[[Stage], None]) -> None:
    from golive.transport.session import connect, protect

    if visit.offline:
        protect(environment)
        visit.preflight = examine(environment, on_stage)
        return
    try:
        connected = connect(environment)
    except ValueError as error:
        raise click.ClickException(f"{visit.name}: twin.defects: {error}") from None
    try:
        known = (connected.environment, connected.api, connected.tokens)
        visit.preflight = run_preflight(*known, on_stage, deep=True)
    finally:
        connected.close()
    visit.requests, visit.twin = connected.client.requests, connected.twin is not None
    made = visit.preflight.made.values()
    visit.double = double(connected.environment, made, connected.contract, embedded=visit.twin)


def _closing(visit: _Visit, width: int) -> list[str]:
    lines, diagnosis, remarks = [""], visit.preflight.diagnosis, visit.preflight.remarks
    if diagnosis is not None:
        lines += [*diagnosis_lines(diagnosis.as_dict(), width), ""]
    notes = [wrapped(f"  note: {one.cause} {one.cure}", width, hanging=8) for one in remarks]
    lines += [*notes, ""] if notes else []
    lines += [wrapped(visit.sentence, width)] if diagnosis is None else []
    asked = counted(visit.requests, "request") if visit.requests else "nothing was sent"
    # Without the network nothing was shown that would be worth the word GO.
    title = "" if visit.offline and not visit.exit_code else f"{TITLES[visit.exit_code]}, "
    lines.append(f"{title}exit code {int(visit.exit_code)}; {asked}")
    return [redact(line) for line in lines]


def _json(visit: _Visit) -> str:
    def cause(found: Diagnosis | None) -> dict[str, object] | None:
        return found.as_dict() if found else None

    document = {
        "schema_version": SCHEMA_VERSION,
        "environment": visit.name,
        "offline": visit.offline,
        "twin": visit.twin,
        "double": visit.double,
        "stages": [each.as_dict() for each in visit.preflight.stages],
        "diagnosis": cause(visit.preflight.diagnosis),
        "remarks": [cause(remark) for remark in visit.preflight.remarks],
        "credential_used": visit.preflight.used_credential,
        "requests": visit.requests,
        "summary": visit.sentence,
        "verdict": TITLES[visit.exit_code],
        "exit_code": int(visit.exit_code),
    }
    return redact(as_json(document))
