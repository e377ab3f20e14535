"""`golive checks`: the checks as pytest collects them, or the table of requirements; nothing is sent."""

from __future__ import annotations

from collections import Counter
from contextlib import redirect_stdout
from io import StringIO
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click
import pytest

from golive.checks.verdict import ExitCode
from golive.cli.observed import observed_text, roles_read
from golive.cli.output import as_json
from golive.contract.document import Contract
from golive.contract.outcomes import SuiteError
from golive.contract.requirements import Held, Requirement
from golive.contract.requirements import load as load_requirements
from golive.environment import find, load
from golive.kit.files import resources
from golive.kit.problems import counted
from golive.pytest_plugin.project import settings_arguments
from golive.report.text import label_of, terminal_width, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from golive.pytest_plugin.fixtures import Check


class Gathering:
    """A plugin for one call of pytest: keeps the checks, and what kept others from being found."""

    def __init__(self) -> None:
        self.checks: list[Check] = []
        self.items: list[pytest.Item] = []
        self.faults: list[str] = []
        self.mistakes: list[str] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep why a file can't be collected."""
        if mistake := getattr(report, "own_mistake", None):
            self.mistakes.append(mistake)
        elif report.failed:
            self.faults.append(f"{report.nodeid or 'the suites'} can't be collected")

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Keep the checks."""
        from golive.pytest_plugin.fixtures import check_of
        from golive.pytest_plugin.state import RUN

        run = session.config.stash[RUN]
        self.faults += run.faults
        self.mistakes += run.mistakes
        self.items = session.items
        for item in session.items:
            try:
                check = check_of(item)
            except SuiteError as error:
                self.faults.append(str(error))
                continue
            if check is not None:
                self.checks.append(check)


@click.command()
@click.argument("environment", metavar="[ENV]", default="twin")
@click.option(
    "--json", "json_wanted", is_flag=True, help="Print a JSON array with one object per check."
)
@click.option("-k", "expression", default="", metavar="EXPR", help="Only checks that match.")
@click.option("-m", "markers", default="", metavar="EXPR", help="Only checks with these markers.")
@click.option("--client", is_flag=True, help="Those of clients, which `golive client` makes.")
@click.option(
    "--requirements", is_flag=True, help="The contract's statements, and what holds each."
)
def command(
    environment: str,
    json_wanted: bool,
    expression: str,
    markers: str,
    client: bool,
    requirements: bool,
) -> int:
    """List the checks: id, level, basis, area, statement, source, and what they read at observed places."""
    if requirements:
        if expression or markers:
            raise click.UsageError("--requirements prints the whole table, without -k and -m.")
        return list_requirements(environment, json_wanted=json_wanted, of_clients=client)
    options = ["-k", expression, "-m", markers, *(["--client"] if client else [])]
    return list_checks(environment, *options, json_wanted=json_wanted)


def list_checks(environment: str, *options: str, json_wanted: bool) -> int:
    """Print the checks and return the exit code: 0, 3 for the suite's own fault, 4 for a mistake.

    `options` are pytest's. Raises ConfigurationProblem when the environment can't be used.
    """
    gathering, code = gather(environment, *options)
    if code != ExitCode.GO:
        return code
    found = sorted(gathering.checks, key=lambda check: (check.area, check.id))
    contract = Contract()
    observed = roles_read(gathering.items, contract)
    if json_wanted:
        places = [{"observed": observed[one.id]} if one.id in observed else {} for one in found]
        click.echo(as_json([one.as_dict() | at for one, at in zip(found, places, strict=True)]))
    else:
        lines = observed_text(contract, terminal_width()) if found else []
        click.echo("\n".join([*as_text(found, observed), *lines, f"{len(found)} checks"]))
    return ExitCode.GO


def _own_fault(*faults: object) -> int:
    for fault in faults:
        click.echo(f"internal error: {fault}", err=True)
    return ExitCode.INTERNAL_ERROR


def collected(
    environment: str = "twin", *, generated: bool = False, of_clients: bool = False
) -> list[Check]:
    """Return every check, without printing; those that read generated requests, or those of clients, where wanted.

    Raises SuiteError where the suites can't be collected, click's exception for mistakes in the project's own.
    """
    wanted = {"--generated": generated, "--client": of_clients}
    gathering, _ = _gather(environment, *(name for name, given in wanted.items() if given))
    if gathering.mistakes:
        raise click.ClickException("\n".join(dict.fromkeys(gathering.mistakes)))
    if gathering.faults:
        raise SuiteError("; ".join(dict.fromkeys(gathering.faults)))
    return gathering.checks


def gather(environment: str, *options: str) -> tuple[Gathering, int]:
    """Collect the checks, and return them with the exit code, 0 unless something was wrong; what that was is printed.

    `options` are pytest's. Raises ConfigurationProblem when the environment can't be used.
    """
    gathering, code = _gather(environment, *options)
    if gathering.mistakes:
        click.echo("\n".join(dict.fromkeys(gathering.mistakes)), err=True)
        return gathering, ExitCode.CONFIGURATION
    if gathering.faults:
        return gathering, _own_fault(*dict.fromkeys(gathering.faults))
    if code == pytest.ExitCode.USAGE_ERROR:
        return gathering, ExitCode.CONFIGURATION  # pytest has said on stderr what is wrong
    return gathering, ExitCode.GO


def _gather(environment: str, *options: str) -> tuple[Gathering, int]:
    path = load(find(environment)).path
    gathering = Gathering()
    arguments = [
        *(*settings_arguments(), f"--env={path}"),
        *("--collect-only", "-qq", "-p", "no:cacheprovider"),
        *("-p", "golive.pytest_plugin", "-p", "golive.cli.pytest_call"),
        *options,
    ]
    with redirect_stdout(StringIO()):
        code = pytest.main(arguments, plugins=[gathering])
    return gathering, code


def as_text(checks: list[Check], observed: Mapping[str, list[str]]) -> list[str]:
    """Return the checks for people, area by area; `observed` are the roles that a check reads at observed places."""
    width = terminal_width()
    lines: list[str] = []
    for area, members in groupby(checks, key=lambda check: check.area):
        lines += [area, ""]
        for check in members:
            said = label_of(check.as_dict())
            if check.at_oracle:
                said += f"; of Oracle's hosts also {check.at_oracle}"
            lines.append(f"  {check.id}")
            lines.append(wrapped(f"      {check.statement}", width, hanging=6))
            lines.append(wrapped(f"      {said}", width, hanging=6))
            if check.id in observed:
                places = counted(len(observed[check.id]), "place")
                lines.append(f"      reads answers by {places}, observed: see the end")
        lines.append("")
    return lines


def list_requirements(environment: str, *, json_wanted: bool, of_clients: bool = False) -> int:
    """Print the table and return the exit code: 0, or 3 for the suite's own fault.

    Raises ConfigurationProblem when the environment can't be used.
    """
    try:
        table = load_requirements(resources() / "schemas", of_clients=of_clients)
        checks = collected(environment, of_clients=of_clients)
        deciding = {check.id: check.deciding for check in checks}
        for row in table:
            for name in set(row.checks) - set(deciding):
                raise SuiteError(f"requirements.yaml: {row.id}: there is no check {name}")
    except SuiteError as fault:
        return _own_fault(fault)
    advisory = {row.id for row in table if row.checks and not any(map(deciding.get, row.checks))}
    shown = requirements_as_json if json_wanted else requirements_as_text
    click.echo(shown(table, advisory))
    return ExitCode.GO


def counts(table: tuple[Requirement, ...], advisory: set[str]) -> dict[str, int]:
    """Count the rows: all, tested (and of those by advice only), not testable."""
    held = Counter(row.held for row in table)
    return {
        "rows": len(table),
        "tested": held[Held.TESTED],
        "tested_by_advice_only": len(advisory),
        "not_testable": held[Held.UNTESTABLE],
    }


def requirements_as_json(table: tuple[Requirement, ...], advisory: set[str]) -> str:
    """Return `{"counts": {…}, "requirements": […]}`; `deciding` says whether a breach can be a NO-GO."""
    rows: list[dict[str, Any]] = [
        {**row.as_dict(), "deciding": bool(row.checks) and row.id not in advisory} for row in table
    ]
    return as_json({"counts": counts(table, advisory), "requirements": rows})


def requirements_as_text(table: tuple[Requirement, ...], advisory: set[str]) -> str:
    """Return the table for people."""
    width = terminal_width()
    lines: list[str] = []
    for row in table:
        held = "tested by advice only" if row.id in advisory else row.held
        lines.append(f"{row.id}")
        why = f"{held}: {row.reason or ', '.join(row.checks)}"
        said = (row.statement, f"{row.basis}: {row.source}", why)
        lines += [*(wrapped(f"    {words}", width, hanging=4) for words in said), ""]
    lines.append(
        "{rows} requirements: {tested} tested ({tested_by_advice_only} of them by advice only), "
        "{not_testable} not testable from outside".format_map(counts(table, advisory))
    )
    lines.append("Inferred statements are no requirements; checks on them are advice.")
    return "\n".join(lines)
