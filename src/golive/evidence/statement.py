"""The evidence of a run: an in-toto Statement v1 with a test result (v0.1) about the files of its folder.

Fields and types are those of the published formats (in-toto attestation framework, spec/v1/statement.md and
spec/predicates/test-result.md). What golive adds stands in the member `golive` of the predicate, which other tools
ignore (`schemas/evidence.schema.json`). All of it comes from what the run has written, redacted as that is.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from golive.checks.verdict import ExitCode, Outcome
from golive.drift.fingerprint import FILE as FINGERPRINT
from golive.evidence.envelope import signed
from golive.exchanges.har import FILE as EXCHANGES
from golive.kit.files import MOST_BYTES, own_folder, read_regular, resources, write_whole
from golive.report.files import unwritable
from golive.report.reach import what_of
from golive.report.summary import SUMMARY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from golive.report.summary import Data

FILE = "evidence.json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://in-toto.io/attestation/test-result/v0.1"
SCHEMA_VERSION = 1
FILES = (SUMMARY, FINGERPRINT, EXCHANGES)
"""The files of a run folder that evidence is about; every GO has all of them."""

ENVIRONMENT, CONTRACT, SUITES = "environment", "contract", "suites"
"""What a run was configured with: the environment without its secrets, what is promised, and what asks for it."""

LISTS = {
    "passedTests": {Outcome.PASSED},
    "warnedTests": {Outcome.KNOWN_DEVIATION, Outcome.ADVICE},
    "failedTests": {Outcome.FAILED},
}
"""The predicate's lists, and the outcomes of the checks whose ids they hold."""


def keep_evidence(folder: Path, key: Ed25519PrivateKey | None = None) -> str:
    """Write the evidence of a run that has ended, signed where there is a key; return what kept it from being written.

    It comes last: each file has been redacted then. A run that was refused or killed has none.
    """
    try:
        text = as_text(statement_of(folder))
        if key is not None:
            text = as_text(signed(text.encode(), key))
        write_whole(folder / FILE, text)
    except OSError as error:
        (folder / FILE).unlink(missing_ok=True)
        return unwritable(FILE, error)
    return ""


def statement_of(folder: Path) -> dict[str, Any]:
    """Return the statement about a run that has ended; raises OSError and ValueError where it can't be made."""
    summary = json.loads(read_regular(folder / SUMMARY, MOST_BYTES))
    digests = {name: digest_of(folder / name) for name in FILES if (folder / name).is_file()}
    return {
        "_type": STATEMENT_TYPE,
        "subject": [_resource(name, digest) for name, digest in digests.items()],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            **results_of(summary),
            "configuration": [
                _resource(ENVIRONMENT, environment_digest(summary)),
                *(_resource(name, digest) for name, digest in configured().items()),
            ],
            "golive": {**claims_of(summary), "kill_score": kill_score()},
        },
    }


def as_text(statement: Mapping[str, Any]) -> str:
    """Return the text of an evidence file."""
    return json.dumps(statement, separators=(",", ":"), ensure_ascii=False) + "\n"


def results_of(summary: Data) -> dict[str, Any]:
    """Return the members of a test result that a summary decides: `result`, and the ids of checks by their outcome.

    What came to no verdict is in none of the lists, and what is not claimed was not tested.
    """
    checks = summary["checks"]
    lists = {
        name: sorted(one["id"] for one in checks if one["outcome"] in outcomes)
        for name, outcomes in LISTS.items()
    }
    passed = "WARNED" if lists["warnedTests"] else "PASSED"
    return {"result": passed if summary["exit_code"] == ExitCode.GO else "FAILED", **lists}


def claims_of(summary: Data) -> dict[str, Any]:
    """Return golive's own part, as far as the summary decides it."""
    environment = summary["environment"]
    reach = summary.get("reach", {})
    apis = environment.get("apis", {})
    return {
        "schema_version": SCHEMA_VERSION,
        "golive_version": summary["golive_version"],
        "verdict": summary["verdict"],
        "exit_code": summary["exit_code"],
        "part": summary.get("part", ""),
        "recorded": summary.get("recorded", False),
        "double": summary.get("double", ""),
        "environment": environment["name"],
        "tenant": environment.get("tenant", ""),
        "token_url": environment.get("token", {}).get("url", ""),
        "apis": {name: {key: apis[name][key] for key in ("base_url", "version")} for name in apis},
        "started": summary["started"],
        "ended": summary["ended"],
        "requests": summary["requests"],
        "counts": summary["counts"],
        "reach": {
            name: reach[name]
            for name in ("percent", "reached", "of_mode", "all", "mode")
            if name in reach
        },
        "proven": sorted(
            one["operation"]
            for one in summary["proofs"]
            if one["proofs"] and not (one["lacking"] or one["unproven"])
        ),
        "known_deviations": [
            {name: one[name] for name in ("check", "reason", "ticket", "until", "state")}
            for one in summary["known_deviations"]
        ],
        "undecided": sorted(
            one["id"]
            for one in summary["checks"]
            if one["outcome"] in (Outcome.COULD_NOT_TELL, Outcome.INTERNAL_ERROR)
        ),
        "not_tested": [
            {"what": what_of(one), **{name: one[name] for name in ("why", "key", "adds")}}
            for one in reach.get("missing", [])
        ],
    }


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a regular file, in hexadecimal; raises OSError."""
    if not file.is_file():
        raise FileNotFoundError(2, "it is not a regular file", str(file))
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def environment_digest(summary: Data) -> str:
    """Return the SHA-256 of the environment as the summary shows it: JSON with sorted keys and no spaces."""
    text = json.dumps(summary["environment"], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def configured() -> dict[str, str]:
    """Return the digests of what this golive, with the project in the current folder, promises and asks."""
    return {name: _tree(folder) for name, folder in ((CONTRACT, "schemas"), (SUITES, "suites"))}


def _tree(name: str) -> str:
    """Return the SHA-256 of a folder's files, golive's and the project's, in lines as `sha256sum` writes them."""
    folders = {"golive": resources() / name, "project": own_folder(name)}
    lines = [
        f"{digest_of(file)}  {owner}/{file.relative_to(folder).as_posix()}\n"
        for owner, folder in folders.items()
        if folder is not None
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.suffix in {".json", ".py", ".yaml", ".yml"}
    ]
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def kill_score() -> dict[str, Any]:
    """Return how many known faults golive's checks detect, as it was measured for this version."""
    score = json.loads((resources() / "schemas" / "score.json").read_text(encoding="utf-8"))
    return {
        "golive_version": score["golive_version"],
        "measured": score["measured"],
        **{name: _counts(score[name]["deciding"]) for name in ("defects", "mutants")},
        "false_alarms": score["false_alarms"],
    }


def _counts(column: dict[str, int]) -> dict[str, int]:
    return {"known": column["told"], "detected": column["noticed"]}


def _resource(name: str, digest: str) -> dict[str, Any]:
    return {"name": name, "digest": {"sha256": digest}}
