"""golive's verdict about each stranger: the whole suite, read-only and writing, each run in a process of its own.

A stranger is honest, so whatever accuses it is a false alarm. `python -m tests.strangers.judging` prints the table
(personality by mode) as Markdown; names after it choose some.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import yaml

from golive.checks.verdict import ExitCode, Outcome
from golive.environment import load
from golive.kit.problems import ConfigurationProblem
from golive.mutation.runs import run_all
from golive.pytest_plugin.conclude import summary
from golive.pytest_plugin.state import RUN

from . import PERSONALITIES, Stranger
from .accounts import CODE_SYSTEM, CONDITION, MESSAGE, RECIPIENT
from .mixed import EVERY, members_of
from .neighbours import LARGE_SET, SET
from .personality import Neighbourly

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pytest

    from golive.pytest_plugin.state import Run

Mode = Literal["reading", "writing", "neighbours"]
MODES: tuple[Mode, ...] = ("reading", "writing", "neighbours")
BY_THEIR_NEIGHBOURS = frozenset(
    {"baseline", "integer-codes", "opaque-gateway", "refusals-without-request-id", "number-ids"}
    | {"methods-not-implemented", "strict-request-id", "stranger-than-most"}
)
"""Personalities whose other choices show in the neighbours of Messages, too."""
READING = ["listInboxItems", "listSentItems", "getMessage"]
WRITING = ["sendMessage", "updateMessageStatus"]
NEIGHBOURS = ["listGroupInboxes", "validateRecipients", "listCodeValues", "getCodeValue"]
HEAD = """# Verdicts about independent servers

The server under test was written independently of golive, from `contract-facts.md` and the RFCs alone. It keeps
every documented, observed and standard fact and makes other choices where they are silent. Each personality is one
correct way to implement them (`python -m tests.strangers --list` says why each is), so a failed check here is a
false positive. Reading is a run whose environment claims the three reading operations of Messages, writing one that
claims all five, neighbours one that claims the four operations of the Recipients and the Code System API. Exit code 5
is right where nothing could be proven: a list that golive can't read, or an operation whose guessed names the service
refuses. The proofs are those of listInboxItems, listSentItems, getMessage, sendMessage and updateMessageStatus, or of
listGroupInboxes, validateRecipients, listCodeValues and getCodeValue, in this order.

Written by `python -m tests.strangers.judging --write docs/strangers.md`; `tests/strangers/test_honest_strangers.py`
verifies that there is no failed check, no GO without proofs, and no exit code 3 or 4.
"""


@dataclass(frozen=True)
class Verdict:
    """What golive said of one stranger in one mode; `findings` are (check id, place, expected, actual)."""

    personality: str
    mode: str
    exit_code: int
    meaning: str
    outcomes: dict[str, int]
    proofs: dict[str, int]
    findings: list[tuple[str, str, str, str]] = field(default_factory=list)
    advice: list[tuple[str, str, str, str]] = field(default_factory=list)
    open: list[tuple[str, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def environment_of(stranger: Stranger, mode: Mode) -> dict[str, Any]:
    """Return the environment file that a user of this deployment would write, as plain data."""
    facts = stranger.facts
    patients = {name: patient.id for name, patient in stranger.patients.items()}
    writing = mode == "writing"
    environment: dict[str, Any] = {
        "title": "A stranger",
        "tenant": facts["tenant"],
        "token": {
            "url": facts["token_url"],
            "scopes": ["oraclehealth:millennium:message"],
            "client_authentication": "client_secret_basic",
            "credential": _secret("full"),
            **_form(facts),
        },
        "api": {"base_url": f"{facts['api_base']}/{{tenant}}/message", "version": "20241001"},
        "test_data": {
            "patient": patients["anna"],
            "empty_patient": patients["empty"],
            "crowded_patient": patients["crowded"],
            "other_patient": patients["ben"],
        },
        "claims": {
            "operations": READING + (WRITING if writing else []),
            "organization_summary": True,
            "accounts": _accounts(stranger),
        },
        "safety": {
            "writes": "allowed" if writing else "forbidden",
            "test_tenants": [facts["tenant"]] if writing else [],
            "attack_credential": "allowed" if writing else "forbidden",
            "rate": 1000,
            "concurrency": 8,
            "budget": 2000,
            "retries": 2,
            "access_rules": "everywhere",
        },
        "data": "synthetic",
    }
    if stranger.ca_path:
        environment["safety"]["ca_bundle"] = str(stranger.ca_path)
    if facts["generation"] == "new":
        environment["claims"]["generation"] = "new"
    if writing:
        people = stranger.recipients
        environment["test_data"] |= {
            "write_patient": patients["cleo"],
            "recipient": {"id": people[0].id, "type": people[0].type},
            "copy_recipient": {"id": people[1].id, "type": people[1].type},
        }
    return environment


def environment_of_neighbours(stranger: Stranger) -> dict[str, Any]:
    """Return the environment file of a deployment of which the neighbours of Messages are judged."""
    environment = environment_of(stranger, "writing")
    facts, base = stranger.facts, stranger.facts["api_base"]
    environment["token"] |= {
        "scopes": [MESSAGE, RECIPIENT, CODE_SYSTEM],
        "credential": _secret("neighbours"),
    }
    del environment["api"]
    environment["apis"] = {
        "messages": {"base_url": f"{base}/{{tenant}}/message", "version": "20241001"},
        "recipient": {"base_url": f"{base}/{{tenant}}/recipient", "version": "20241001"},
        "code-system": {"base_url": f"{base}/{{tenant}}/codeSystem", "version": "20240101"},
    }
    environment["test_data"] = {
        "write_patient": stranger.patients["cleo"].id,
        "recipient": environment["test_data"]["recipient"],
        "code_set": SET,
        "other_code_set": LARGE_SET,
    }
    accounts = environment["claims"]["accounts"]
    accounts["without_message_scope"] = {
        "scopes": [CONDITION],
        "credential": _secret("no_neighbours_scope"),
    }
    accounts["other_tenant"] = {
        "tenant": facts["other_tenant"],
        "token_url": facts["other_tenant_token_url"],
        "scopes": [RECIPIENT, CODE_SYSTEM],
        "credential": _secret("neighbours_elsewhere"),
    }
    environment["claims"] = {"operations": NEIGHBOURS, "accounts": accounts}
    return environment


def _form(facts: dict[str, Any]) -> dict[str, Any]:
    """Return what has to be said of an authorization server that is not Oracle's."""
    if facts["oracle"]:
        return {}
    return {
        "key_set_url": facts["jwks_url"],
        "issuer": facts["issuer"],
        **({"parameters": facts["extra_form"]} if facts["extra_form"] else {}),
    }


def _accounts(stranger: Stranger) -> dict[str, Any]:
    facts = stranger.facts
    found: dict[str, Any] = {
        "without_message_scope": {
            "scopes": ["oraclehealth:millennium:recipient"],
            "credential": _secret("no_message_scope"),
        },
        "other_tenant": {
            "tenant": facts["other_tenant"],
            "token_url": facts["other_tenant_token_url"],
            "credential": _secret("other_tenant"),
        },
        "private_key_jwt": _keyed(stranger, "key_es384", "ES384"),
        "private_key_jwt_rsa": _keyed(stranger, "key_rs384", "RS384"),
    }
    if facts["other_cloud_account"]:
        found["other_cloud"] = {
            "tenant": stranger.tenants.other_cloud,
            "token_url": facts["other_cloud_token_url"],
            "credential": _secret("other_cloud"),
        }
    return found


def _secret(account: str) -> dict[str, str]:
    name = f"GOLIVE_{account.upper()}"
    return {"client_id": f"${{{name}_ID}}", "client_secret": f"${{{name}_SECRET}}"}


def _keyed(stranger: Stranger, account: str, algorithm: str) -> dict[str, Any]:
    name = f"GOLIVE_{account.upper()}"
    return {
        "client_authentication": "private_key_jwt",
        "credential": {
            "client_id": f"${{{name}_ID}}",
            "private_key": f"${{{name}_KEY}}",
            "key_id": stranger.accounts[account].kid,
            "algorithm": algorithm,
        },
    }


def variables_of(stranger: Stranger) -> dict[str, str]:
    """Return the variables that the environment file names."""
    found = {}
    for name, account in stranger.accounts.items():
        found[f"GOLIVE_{name.upper()}_ID"] = account.client_id
        if account.secret:
            found[f"GOLIVE_{name.upper()}_SECRET"] = account.secret
        if account.private_key_pem:
            found[f"GOLIVE_{name.upper()}_KEY"] = account.private_key_pem
    return found


@dataclass
class Hearing:
    """One stranger that is to be judged in one mode; it serves in the process of its run."""

    personality: str
    mode: Mode

    def begin(self, session: pytest.Session) -> None:
        """Start the stranger, and let the run ask it."""
        run = session.config.stash[RUN]
        stranger = Stranger(EVERY[self.personality]).start()
        made = (
            environment_of_neighbours(stranger)
            if self.mode == "neighbours"
            else environment_of(stranger, self.mode)
        )
        file = Path(tempfile.mkdtemp(prefix="golive-stranger-")) / "stranger.yaml"
        file.write_text(yaml.safe_dump(made), encoding="utf-8")
        try:
            run.environment = load(file, variables=variables_of(stranger))
        except ConfigurationProblem as problem:
            run.usage_error = str(problem)
        finally:
            shutil.rmtree(file.parent)

    def verdict(self, run: Run, code: int) -> Verdict:
        """Say what the run came to."""
        stopped = run.preflight and run.preflight.diagnosis
        return Verdict(
            personality=self.personality,
            mode=self.mode,
            exit_code=code,
            meaning=run.usage_error or summary(run, ExitCode(code))["meaning"],
            outcomes=dict(Counter(result["outcome"] for result in run.results)),
            proofs={one.operation: one.full for one in run.proofs},
            findings=_found(run.results, Outcome.FAILED),
            advice=_found(run.results, Outcome.ADVICE),
            open=_causes(run.results, Outcome.COULD_NOT_TELL),
            faults=[
                *run.faults,
                *(
                    f"{check}: {cause}"
                    for check, cause in _causes(run.results, Outcome.INTERNAL_ERROR)
                ),
                *([f"stopped: {stopped.cause}"] if stopped else []),
            ],
        )


def _causes(results: Iterable[dict[str, Any]], outcome: Outcome) -> list[tuple[str, str]]:
    return [(result["id"], result["cause"]) for result in results if result["outcome"] == outcome]


def _found(results: Iterable[dict[str, Any]], outcome: Outcome) -> list[tuple[str, str, str, str]]:
    return [
        (result["id"], finding["at"], finding["expected"], finding["actual"])
        for result in results
        if result["outcome"] == outcome
        for finding in result["findings"]
    ]


def modes_of(name: str) -> tuple[Mode, ...]:
    """Return in which modes a personality differs from the others."""
    if EVERY[name].neighbours != Neighbourly():
        return ("neighbours",)
    own = BY_THEIR_NEIGHBOURS.isdisjoint(members_of(name))
    return ("reading", "writing") if own else MODES


def judge_all(names: Iterable[str], modes: Iterable[Mode], jobs: int) -> Iterator[Verdict]:
    """Yield the verdict about each of these strangers in each of these modes that is one of its own, in order."""
    asked = [Hearing(name, mode) for name in names for mode in modes_of(name) if mode in modes]
    for one in asked:
        Stranger(EVERY[one.personality])  # makes its servers' keys, which all runs share
    early: dict[tuple[str, str], Verdict] = {}
    verdicts = run_all(asked, Hearing.begin, Hearing.verdict, jobs)
    for one in asked:
        while (one.personality, one.mode) not in early:
            verdict = next(verdicts)
            early[verdict.personality, verdict.mode] = verdict
        yield early.pop((one.personality, one.mode))


def table(verdicts: Iterable[Verdict]) -> str:
    """Return the verdicts as a table in Markdown."""
    lines = [
        "| personality | mode | exit | passed | failed | advice | could not tell | proofs |",
        "|---|---|---:|---:|---:|---:|---:|---|",
    ]
    for one in verdicts:
        numbers = [
            str(one.outcomes.get(outcome, 0))
            for outcome in (
                Outcome.PASSED,
                Outcome.FAILED,
                Outcome.ADVICE,
                Outcome.COULD_NOT_TELL,
            )
        ]
        proofs = " ".join(map(str, one.proofs.values()))
        cells = [one.personality, one.mode, str(one.exit_code), *numbers, proofs]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> int:
    """Print the table, and what was found, for the strangers named on the command line or for all."""
    parser = argparse.ArgumentParser(prog="python -m tests.strangers.judging", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *PERSONALITIES], metavar="NAME")
    parser.add_argument("--mode", action="append", choices=MODES)
    parser.add_argument("--details", action="store_true", help="what was found, to standard error")
    parser.add_argument(
        "--write", metavar="FILE", help="where the table goes, in place of the screen"
    )
    parser.add_argument("-j", dest="jobs", type=int, default=os.cpu_count() or 2)
    options = parser.parse_args()
    verdicts = []
    for one in judge_all(options.names or PERSONALITIES, options.mode or MODES, options.jobs):
        verdicts.append(one)
        if options.details:
            print(f"{one.personality} {one.mode}: {one.exit_code} {one.meaning}", file=sys.stderr)
            for kind in ("faults", "findings", "open"):
                for found in getattr(one, kind):
                    print(f"    {kind}: {found}", file=sys.stderr)
    page = f"{HEAD}\n{table(verdicts)}\n"
    if options.write:
        Path(options.write).write_text(page, encoding="utf-8")
    else:
        print(page, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
