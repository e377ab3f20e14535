"""Verifying evidence without a network: its form, its signature, its run's files, and whether these agree with it.

Unsigned evidence shows slips: a file that was changed, exchanged or lost, a claim that its run does not make. Anybody
who can write all of a run folder can make unsigned evidence that agrees with itself; a signature excludes that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from golive.checks.kill_matrix import WRITES, shipped
from golive.checks.reach import Known, reach
from golive.checks.verdict import TITLES, ExitCode, Outcome
from golive.drift.fingerprint import FILE as FINGERPRINT
from golive.evidence.envelope import BrokenEnvelopeError, is_signed_by, key_id, signatures_of
from golive.evidence.statement import (
    CONTRACT,
    ENVIRONMENT,
    FILES,
    SUITES,
    claims_of,
    digest_of,
    environment_digest,
    kill_score,
    results_of,
)
from golive.kit.files import MOST_BYTES, read_regular
from golive.kit.invisible import with_escapes
from golive.kit.json_text import NotJsonError, read_json
from golive.report.summary import SUMMARY, Summary, whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from golive.evidence.reading import Evidence


@dataclass
class Verified:
    """What was verified, what is wrong, and what could not be compared: sentences."""

    good: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def verify(
    evidence: Evidence,
    key: Ed25519PublicKey | None,
    here: Mapping[str, str],
    *,
    alone: bool = False,
) -> Verified:
    """Verify evidence; `here` are the digests of what this golive promises and asks (`configured`).

    `alone` lets it be without the files of its run, where none of them is beside it.
    """
    found = Verified()
    same = evidence.digests().get(CONTRACT) == here[CONTRACT]
    _signature(evidence, key, found)
    _configuration(evidence, here, found)
    if alone and not evidence.present:
        found.remarks.append("The files of its run are not beside it; it has their digests.")
    else:
        _files(evidence, found)
        if SUMMARY in evidence.present:
            _summary(evidence, found, same_contract=same)
    _itself(evidence, found, same_contract=same)
    return found


def _signature(evidence: Evidence, key: Ed25519PublicKey | None, found: Verified) -> None:
    if evidence.envelope is None:
        if key is None:
            found.remarks.append("It is not signed: anybody who can write its folder can make it.")
        else:
            found.faults.append("It is not signed.")
        return
    try:
        signatures_of(evidence.envelope)
        if key is None:
            unsaid = "without --key nobody says whose signature it has to be"
            found.remarks.append(f"It is signed, but {unsaid}.")
        elif is_signed_by(evidence.envelope, key):
            found.good.append(f"It is signed by the key {key_id(key)[:16]}.")
        else:
            found.faults.append(_wrong_signature(evidence.envelope, key))
    except BrokenEnvelopeError as error:
        found.faults.append(str(error))


def _wrong_signature(envelope: dict[str, Any], key: Ed25519PublicKey) -> str:
    """Say which of two is the case; what an envelope says of its keys is a hint, and decides nothing."""
    ids = [str(one.get("keyid", ""))[:16] for one in signatures_of(envelope)]
    if key_id(key)[:16] in ids:
        return "Its signature does not fit: it is not what was signed."
    return f"It is signed by another key ({with_escapes(', '.join(ids))}) than the one given ({key_id(key)[:16]})."


def _configuration(evidence: Evidence, here: Mapping[str, str], found: Verified) -> None:
    digests = evidence.digests()
    lacking = [name for name in (ENVIRONMENT, CONTRACT, SUITES) if name not in digests]
    known = "that the run was made with"
    found.faults += [f"It has no digest of the {name} {known}." for name in lacking]
    found.remarks += others(evidence, here)


def others(evidence: Evidence, here: Mapping[str, str]) -> list[str]:
    """Say of what configured the run that this golive has another."""
    called = {CONTRACT: "another contract (schemas)", SUITES: "other checks (suites)"}
    digests = evidence.digests()
    return [
        f"It was made with {called[name]} than this golive has."
        for name, digest in here.items()
        if digests.get(name, digest) != digest
    ]


def _files(evidence: Evidence, found: Verified) -> None:
    """Compare the files of the run with their digests, and what the evidence says with its summary."""
    digests, folder = evidence.digests(), evidence.file.parent
    # Of a recording that is judged, no fingerprint is taken.
    optional = {FINGERPRINT} if evidence.golive["recorded"] else set()
    for name in FILES:
        if name not in digests:
            is_whole = evidence.golive["exit_code"] == ExitCode.GO and name not in optional
            if name in evidence.present or is_whole:
                found.faults.append(f"It has no digest of {name}, which a run writes.")
        elif name not in evidence.present:
            found.faults.append(f"{name} is missing beside it.")
        elif _digest(folder / name) != digests[name]:
            found.faults.append(
                f"{name} is not the file that the run wrote: its digest is another."
            )
        else:
            found.good.append(f"{name} is as the run wrote it.")


def _digest(file: Path) -> str:
    try:
        return digest_of(file)
    except OSError:
        return ""


def _summary(evidence: Evidence, found: Verified, *, same_contract: bool) -> None:
    try:
        summary = whole(read_json(read_regular(evidence.file.parent / SUMMARY, MOST_BYTES)))
        claims, results = claims_of(summary), results_of(summary)
        environment = environment_digest(summary)
        reached = _reach_again(summary) if same_contract and "reach" in summary else None
    except (OSError, NotJsonError, KeyError, TypeError, AttributeError, ValueError):
        found.faults.append(f"{SUMMARY} is not the summary of a run.")
        return
    if evidence.digests().get(ENVIRONMENT, environment) != environment:
        found.faults.append(
            f"The environment in {SUMMARY} is not the one that the run was made with."
        )
    said = evidence.golive
    for name, value in claims.items():
        if said.get(name) != value:
            both = _both(said.get(name), value)
            found.faults.append(f"Its {name} is not what {SUMMARY} says{both}.")
    for name, value in results.items():
        if evidence.statement["predicate"].get(name) != value:
            found.faults.append(f"Its {name} is not what the checks in {SUMMARY} came to.")
    failed = sorted(one["id"] for one in summary["checks"] if one["outcome"] == Outcome.FAILED)
    if claims["exit_code"] == ExitCode.GO and failed:
        found.faults.append(f"{SUMMARY} says GO, though {failed[0]} failed in it.")
    percent = claims["reach"].get("percent")
    if reached is not None and percent != reached:
        found.faults.append(
            f"{SUMMARY} says a reach of {percent} %; its checks come to {reached} %."
        )
    if not found.faults:
        found.good.append(f"What it says is what {SUMMARY} says.")


def _both(said: object, value: object) -> str:
    """Show two values that can be shown in a line."""
    plain = all(isinstance(one, str | int) and len(str(one)) < 80 for one in (said, value))
    return f": {said} there, {value} here" if plain and "" not in (said, value) else ""


def _reach_again(summary: Summary) -> int:
    """Work out the reach from the results in a summary, by the kill matrix of this golive."""
    mode = summary["reach"]["mode"]
    known = Known(
        results={one["id"]: one for one in summary["checks"]},
        answers=frozenset(summary["reach"]["answers"]),
        mode=frozenset({*mode["apis"], *([WRITES] if mode[WRITES] else [])}),
    )
    return reach(shipped(), known).percent


def _itself(evidence: Evidence, found: Verified, *, same_contract: bool) -> None:
    """Verify what no other file is needed for: that the statement does not contradict itself."""
    said, predicate = evidence.golive, evidence.statement["predicate"]
    code = said["exit_code"]
    if said["verdict"] != TITLES.get(code):
        found.faults.append(f"Its verdict {said['verdict']} does not go with its exit code {code}.")
    if (code == ExitCode.GO) != (predicate["result"] != "FAILED"):
        result = predicate["result"]
        found.faults.append(f"Its result {result} does not go with its exit code {code}.")
    if code == ExitCode.GO and predicate["failedTests"]:
        found.faults.append(f"It says GO, though it lists {predicate['failedTests'][0]} as failed.")
    if said["started"] > said["ended"]:
        found.faults.append("It ends before it starts.")
    if same_contract and said["kill_score"] != kill_score():
        found.faults.append("Its kill score is not the one that was measured for this golive.")
