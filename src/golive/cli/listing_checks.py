"""`golive checks`: the checks as pytest collects them, without sending anything."""

from __future__ import annotations

import json
import shutil
from contextlib import redirect_stdout
from io import StringIO
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click
import pytest

from golive.environment import find, load
from golive.findings import SuiteError
from golive.resources import resources
from golive.verdict import ExitCode

if TYPE_CHECKING:
    from golive.pytest_plugin.declare import Check


class _Gathering:
    """A plugin for one call of pytest: keeps the checks, and what kept others from being found."""

    def __init__(self) -> None:
        self.checks: list[Check] = []
        self.faults: list[str] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.faults.append(f"{report.nodeid or 'the suites'} can't be collected")

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        from golive.pytest_plugin.declare import check_of
        from golive.pytest_plugin.state import RUN

        self.faults += session.config.stash[RUN].faults
        for item in session.items:
            try:
                check = check_of(item)
            except SuiteError as error:
                self.faults.append(str(error))
                continue
            if check is not None:
                self.checks.append(check)


def list_checks(environment: str, *, as_json: bool, expression: str, markers: str) -> int:
    """Print the checks and return the exit code: 0, 3 for the suite's own fault, 4 for a mistake.

    Raises ConfigurationProblem when the environment can't be used.
    """
    gathering, code = _gather(environment, expression, markers)
    if gathering.faults:
        for fault in dict.fromkeys(gathering.faults):
            click.echo(f"internal error: {fault}", err=True)
        return ExitCode.INTERNAL_ERROR
    if code == pytest.ExitCode.USAGE_ERROR:
        return ExitCode.CONFIGURATION  # pytest has said on stderr what is wrong
    found = sorted(gathering.checks, key=lambda check: (check.area, check.id))
    click.echo(as_json_text(found) if as_json else as_text(found))
    return ExitCode.GO


def collected(environment: str = "twin") -> list[Check]:
    """Return every check, without printing; raises SuiteError where the suites can't be collected."""
    gathering, _ = _gather(environment, "", "")
    if gathering.faults:
        raise SuiteError("; ".join(dict.fromkeys(gathering.faults)))
    return gathering.checks


def _gather(environment: str, expression: str, markers: str) -> tuple[_Gathering, int]:
    path = load(find(environment)).path
    gathering = _Gathering()
    root = resources()
    arguments = [
        *("-c", str(root / "pyproject.toml"), "--rootdir", str(root), f"--env={path}"),
        *("--collect-only", "-qq", "-p", "no:cacheprovider", "-p", "golive.pytest_plugin"),
        *("-k", expression, "-m", markers, str(root / "suites")),
    ]
    with redirect_stdout(StringIO()):
        code = pytest.main(arguments, plugins=[gathering])
    return gathering, code


def as_json_text(checks: list[Check]) -> str:
    """Return the checks as a JSON array."""
    listed: list[dict[str, Any]] = [check.as_dict() for check in checks]
    return json.dumps(listed, indent=2, ensure_ascii=False)


def as_text(checks: list[Check]) -> str:
    """Return the checks for people, area by area."""
    from golive.reporting.words import wrapped

    width = max(shutil.get_terminal_size((100, 24)).columns, 60)
    lines: list[str] = []
    for area, members in groupby(checks, key=lambda check: check.area):
        lines += [area, ""]
        for check in members:
            said = f"{check.level}, {check.basis}: {check.source}"
            if check.at_oracle:
                said += f"; of Oracle's hosts also {check.at_oracle}"
            lines.append(f"  {check.id}")
            lines.append(wrapped(f"      {check.statement}", width, hanging=6))
            lines.append(wrapped(f"      {said}", width, hanging=6))
        lines.append("")
    lines.append(f"{len(checks)} checks")
    return "\n".join(lines)
