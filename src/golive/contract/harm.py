"""What a violation does to people and their data: `schemas/harm.yaml`, as rules by check, area and answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fnmatch import translate
from functools import cache
from typing import TYPE_CHECKING, Any

from golive.contract.project_files import whole
from golive.kit.files import resources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NAME, SCHEMA = "harm.yaml", "harm.schema.json"
OF_OWN_CHECKS = "client breaks"
OF_CLIENTS = "client-"
"""How the ids of checks of clients begin."""

BROKEN_SERVER = "access broken"
COMPLETE_ANSWER = "a complete HTTP answer"
"""What a finding expects of an answer that broke off or is not HTTP; nothing else can be read in it."""

SUCCESS = re.compile("(any )?2(xx|[0-9]{2})(?!.*(4xx|refusal))")
"""How a finding begins that expects a success, and no refusal beside it."""
GONE = frozenset({404, 410})
"""Statuses by which what was there before may be lost."""

JSON_TEXT = "a JSON text (RFC 8259)"
"""What a finding expects of a body that is none, such as a page."""


@dataclass(frozen=True)
class Harm:
    """A class of harm: `rank` is 0 for the worst, `call` says who is to be called, empty for nobody at once."""

    name: str
    rank: int
    means: str
    call: str
    severity: str


def harm_by(check: str, name: str) -> Harm:
    """Return a harm with whom to call: of what a client does wrong, its developers."""
    harm = harms()[name]
    if not check.startswith(OF_CLIENTS):
        return harm
    return replace(harm, call=harms()[OF_OWN_CHECKS].call if harm.call else "")


@cache
def harms() -> dict[str, Harm]:
    """Return the classes of harm by their names, the worst first."""
    return {
        row["harm"]: Harm(row["harm"], rank, row["means"], row.get("call", ""), row["severity"])
        for rank, row in enumerate(_table()["classes"])
    }


def worst(names: Iterable[str]) -> str:
    """Return the worst of these harms."""
    return min(names, key=lambda name: harms()[name].rank)


def harm_of(check: str, area: str, findings: Iterable[Mapping[str, Any]] = ()) -> str:
    """Return the harm of a check, or the worst of what was found, where something was.

    `findings` are those of `summary.json`: what decides counts before what is advice. A refusal where a success was
    due is no more than an operation that does not answer.
    """
    found = list(findings)
    deciding = [one for one in found if not one.get("advice")] or found
    rule = _rule(check, area)
    if rule is None:
        return OF_OWN_CHECKS
    return worst([_of(rule, one) for one in deciding] or [rule["harm"]])


def has_rule(check: str, area: str) -> bool:
    """Return whether a rule names the check or its area."""
    return _rule(check, area) is not None


def _of(rule: Mapping[str, Any], finding: Mapping[str, Any]) -> str:
    place, status = finding["at"], finding["exchange"]["status"]
    if finding.get("expected") == COMPLETE_ANSWER:
        return BROKEN_SERVER  # nothing was read that could show more
    if place.lower() in _table()["places"]:
        return str(_table()["places"][place.lower()])
    if place != "status" or not isinstance(status, int):
        return str(rule.get("unless_granted") or rule.get("elsewhere") or rule["harm"])
    if status >= 500:
        return BROKEN_SERVER
    granted = 200 <= status < 300
    if not granted and _only_refused(str(rule["harm"]), status, str(finding.get("expected"))):
        return BROKEN_SERVER
    return str(rule["harm"] if granted else rule.get("unless_granted", rule["harm"]))


def _only_refused(harm: str, status: int, expected: str) -> bool:
    """Return whether a refusal in place of a success is all that was seen, which is not yet the harm of a rule.

    What was refused shows nobody's data, and loses none unless it is what was there before.
    """
    known = harms()
    if known[harm].rank >= known[BROKEN_SERVER].rank or SUCCESS.match(expected) is None:
        return False
    return status not in GONE or known[harm].rank == 0


@cache
def _rule(check: str, area: str) -> Mapping[str, Any] | None:
    for pattern, rule in _rules():
        if area in rule.get("areas", ()) or pattern.match(check):
            return rule
    return None


@cache
def _rules() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    """Return the rules in their order, each with a pattern of the ids that it names."""
    named = [(rule.get("checks", ["!"]), rule) for rule in _table()["rules"]]
    return [(re.compile("|".join(map(translate, ids))), rule) for ids, rule in named]


@cache
def _table() -> dict[str, Any]:
    folder = resources() / "schemas"
    return whole(folder / NAME, folder / SCHEMA, NAME)
