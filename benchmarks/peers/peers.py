"""What the peers cost and find: schemathesis's command and Tavern, beside golive. Prints Markdown.

    make benchmark                                       this, after the other tables
    python benchmarks/peers/peers.py --tavern .venv-tavern/bin/python

Tavern has a virtual environment of its own because it wants other versions than golive. All three run in one
go on one machine against twins of the same build: the honest one, and then one with a single deciding defect
at a time, of which every Nth is taken (`--every`, in the order of `golive twin --list-defects`). A defect is
found when a run has a failure that none of the honest runs of the same tool had (`--honest`: a tool that stops
after so many seconds does not get equally far each time). What was found is printed, so that anyone can object.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

sys.path.insert(0, str(Path(__file__).parents[1]))

import httpx
from measuring import Measured, run, typical
from outside_twin import OutsideTwin, outside_twin

from golive import __version__
from golive.mutation.defects import expectations
from golive.twin.defects import DEFECT_FACTS

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
SCOPE = "oraclehealth:millennium:message"
OPENAPI = HERE.parents[1] / "schemas" / "messages-20241001" / "openapi.yaml"
VERSION = "from importlib.metadata import version"
CHECKS = 14
"""Of schemathesis, all that it has; each is one statement for each of the five operations."""

STATEMENTS = 26
"""Expected statuses, headers, bodies and schemas in the file for Tavern, a repeated stage counted once."""


@dataclass(frozen=True)
class Outcome:
    """A run of one tool: what it cost, and the names of its failures."""

    cost: Measured
    failures: frozenset[str]
    statements: int


def golive(twin: OutsideTwin, folder: Path, _: argparse.Namespace) -> Outcome:
    """Run golive's fixed suites."""
    file, env = twin.environment(folder)
    command = [sys.executable, "-m", "golive", "run", str(file)]
    cost = run(command, twin, env=env, cwd=folder)
    (summary,) = sorted(folder.glob("reports/*/summary.json"))[-1:] or [None]
    checks = json.loads(summary.read_text(encoding="utf-8"))["checks"] if summary else []
    failed = [one["id"] for one in checks if one["deciding"] and one["outcome"] == "failed"]
    # A walk that stops is a finding, too: there is no check then.
    names = failed or ([f"exit code {cost.code}"] if cost.code else [])
    return Outcome(cost, frozenset(names), sum(one["deciding"] for one in checks))


def schemathesis(twin: OutsideTwin, folder: Path, chosen: argparse.Namespace) -> Outcome:
    """Run schemathesis's own command with its default checks and a fixed seed."""
    account = twin.accounts["system"]
    pair = account["client_id"], account["client_secret"]
    form = {"grant_type": "client_credentials", "scope": SCOPE}
    answer = httpx.post(twin.token_url, data=form, auth=pair, trust_env=False)
    token = answer.json().get("access_token", "none") if answer.status_code == 200 else "none"
    report = folder / "schemathesis.xml"
    command = [
        str(Path(sys.executable).with_name("st")), "run", str(OPENAPI), "--url", twin.api,
        "--header", f"Authorization: Bearer {token}", "--continue-on-failure", "--checks", "all", "--seed", "1",
        "--max-time", str(chosen.seconds), "--report-junit-path", str(report),
    ]  # fmt: skip
    cost = run(command, twin, env=dict(os.environ), cwd=folder)
    found = set()
    if report.exists():
        for case in ET.parse(report).iter("testcase"):  # noqa: S314 - a file of our own making
            for failure in (*case.iter("failure"), *case.iter("error")):
                told = f"{failure.get('message') or ''} {failure.text or ''}"
                # "- Server error", "- Undocumented HTTP status code": one line for each kind.
                kinds = re.findall(r"^\s*- (.+)$", told, re.MULTILINE) or ["error"]
                found |= {f"{case.get('name')}: {kind}" for kind in kinds}
    return Outcome(cost, frozenset(found), CHECKS * 5)


def tavern(twin: OutsideTwin, folder: Path, chosen: argparse.Namespace) -> Outcome:
    """Run Tavern's file."""
    account = twin.accounts["system"]
    pair = f"{account['client_id']}:{account['client_secret']}"
    report = folder / "tavern.xml"
    env = {
        **os.environ,
        "TOKEN_URL": twin.token_url,
        "API": f"{twin.api}/20241001",
        "BASIC": base64.b64encode(pair.encode()).decode(),
        "WRONG_BASIC": base64.b64encode(f"{account['client_id']}:wrong".encode()).decode(),
        "PYTHONPATH": str(HERE),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    file = HERE / "test_messages.tavern.yaml"
    command = [
        chosen.tavern, "-m", "pytest", "-q", "--noconftest", "-p", "no:cacheprovider", "--rootdir", str(HERE),
        "-c", os.devnull, f"--junitxml={report}", str(file),
    ]  # fmt: skip
    cost = run(command, twin, env=env, cwd=folder)
    cases = ET.parse(report).iter("testcase") if report.exists() else ()  # noqa: S314
    failed = {str(case.get("name")) for case in cases if len(case)}
    return Outcome(cost, frozenset(failed), STATEMENTS)


TOOLS: dict[str, Callable[[OutsideTwin, Path, argparse.Namespace], Outcome]] = {
    "golive": golive,
    "schemathesis": schemathesis,
    "Tavern": tavern,
}


def outcome(name: str, chosen: argparse.Namespace, *defects: str) -> Outcome:
    """Run one tool against a twin of its own."""
    with tempfile.TemporaryDirectory() as folder, outside_twin(defects=defects) as twin:
        return TOOLS[name](twin, Path(folder), chosen)


def honest_outcome(name: str, chosen: argparse.Namespace) -> Outcome:
    """Run one tool against honest twins; the cost is that of the typical run, the failures are of all."""
    runs = [outcome(name, chosen) for _ in range(chosen.honest)]
    cost = typical([run.cost for run in runs])
    if not cost.requests:
        raise SystemExit(f"{name} asked for nothing:\n{cost.output[-2000:]}")
    return Outcome(cost, frozenset().union(*(run.failures for run in runs)), runs[0].statements)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--tavern", required=True, type=Path, help="the Python of Tavern's environment"
    )
    parser.add_argument("--every", type=int, default=20, help="take every Nth deciding defect")
    parser.add_argument("--honest", type=int, default=2, help="honest runs of each tool")
    parser.add_argument("--seconds", type=int, default=45, help="schemathesis's --max-time")
    chosen = parser.parse_args()
    chosen.tavern = str(chosen.tavern.absolute())
    deciding = [name for name in DEFECT_FACTS if name in expectations() and decides(name)]
    sample = deciding[:: chosen.every]
    honest = {name: honest_outcome(name, chosen) for name in TOOLS}
    found: dict[str, dict[str, list[str]]] = {name: {} for name in TOOLS}
    for defect in sample:
        for name in TOOLS:
            noticed = outcome(name, chosen, defect).failures - honest[name].failures
            if noticed:
                found[name][defect] = sorted(noticed)
    tavern_version = [chosen.tavern, "-c", f"{VERSION}; print(version('tavern'))"]
    its = subprocess.run(tavern_version, capture_output=True, text=True, check=True).stdout.strip()
    print(f"golive {__version__}, schemathesis {version('schemathesis')}, Tavern {its}\n")
    many = len(sample)
    print(
        f"| | wall s | requests | statements | s each | requests each | false findings | defects found of {many} |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for name, one in honest.items():
        cost, statements = one.cost, one.statements
        print(
            f"| {name} | {cost.wall:.1f} | {cost.requests} | {statements} | {cost.wall / statements:.3f} "
            f"| {cost.requests / statements:.1f} | {len(one.failures)} | {len(found[name])} |"
        )
    print()
    for defect in sample:
        by = [f"{n} ({found[n][defect][0]})" for n in TOOLS if defect in found[n]]
        print(f"- `{defect}`: {'; '.join(by) or 'nobody'}")
    for name in ("schemathesis", "Tavern"):
        print(f"\nfalse findings of {name}: {sorted(honest[name].failures)}")


def decides(name: str) -> bool:
    """Return whether the lie is one about a firm rule that a deciding check holds."""
    return not DEFECT_FACTS[name].is_advice and not expectations()[name].get("advice")


if __name__ == "__main__":
    main()
