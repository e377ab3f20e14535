"""What the page shows, from what `summary.json` holds: plain data for the template, no markup."""

from __future__ import annotations

import json
from collections import Counter
from statistics import median
from typing import TYPE_CHECKING, Any

from golive.checks.verdict import ExitCode, Outcome
from golive.contract.harm import harms
from golive.environment import asked
from golive.exchanges.repeated import repeated_words
from golive.exchanges.writes import late_words
from golive.kit.files import resources
from golive.report.causes import entries, found_in, harm_in
from golive.report.groups import by_cause, by_exchange, grouped, requirements_of, with_outcome
from golive.report.published import ticket
from golive.report.reach import out_of_reach, sentence
from golive.report.reasons import reasons, tested
from golive.report.text import named_apis, way_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from golive.report.causes import Entry
    from golive.report.summary import Data, Summary

TONES = {0: "good", 1: "bad"}
WHAT_TO_DO = {
    0: "No blocking findings.",
    1: "Do not go live yet: each finding below names its next step.",
    3: "The suite itself failed, so this run says nothing about the API. Report it to the maintainers of the suite.",
    4: "Nothing was checked. Correct the configuration as described below and run again.",
    5: "Do not base a decision on this run: it proved too little. See what was not proven.",
    6: "Do not base a decision on this run: some questions got no usable answer. Run again, or follow the next steps.",
    7: "Delete the known deviations that are out of date, listed below, and run again.",
    130: "The run was stopped before its end. Run again.",
}
UNKNOWN = "not known: the run has not ended, or it was killed"
OUTCOMES = tuple(str(outcome) for outcome in Outcome)
NOT_ASKED = (Outcome.NOT_CLAIMED, Outcome.NOT_SEEN)
WITHOUT_VERDICT = (Outcome.COULD_NOT_TELL, Outcome.INTERNAL_ERROR, *NOT_ASKED)


def view(data: Summary, runs: Sequence[Summary]) -> dict[str, Any]:
    """Return the template's variables; `runs` are the summaries up to this one, oldest first."""
    checks, areas = data["checks"], _areas(data["checks"])
    score = json.loads((resources() / "schemas" / "score.json").read_text(encoding="utf-8"))
    green, unasked = _with(areas, Outcome.PASSED), _with(areas, *NOT_ASKED)
    found = found_in(checks)
    first_of_each = {one.harm: one for one in reversed(found.failed)}
    reach = data.get("reach") or {}
    return {
        "data": data,
        "tone": TONES.get(data["exit_code"], "warn"),
        "what_to_do": _what_to_do(data),
        "counted": _counted(data),
        "totals": _totals(checks),
        "facts": _facts(data, score),
        "reasons": reasons(data),
        "tested": tested(data),
        "outcomes": [one for one in OUTCOMES if any(c["outcome"] == one for c in checks)],
        "harms": list(harms()),
        "areas": {name: _totals(one) for name, one in areas.items()},
        "green": green,
        "unasked": unasked,
        "unasked_outcomes": NOT_ASKED,
        "not_green": {n: one for n, one in areas.items() if n not in green | unasked},
        "findings": [
            _finding(one, first_of_its_harm=first_of_each[one.harm] is one) for one in found.failed
        ],
        "tolerated": [_finding(one) for one in entries(checks, Outcome.KNOWN_DEVIATION)],
        "advice": [_finding(one) for one in found.advised],
        "unproven": sorted(
            by_cause(found.rest, *WITHOUT_VERDICT),
            key=lambda one: (one.outcome in NOT_ASKED, -len(one.ids)),
        ),
        "lacking": any(one["lacking"] or one.get("unproven") for one in data["proofs"]),
        "out_of_reach": out_of_reach(reach),
        "times": data.get("response_times", []) if checks else [],
        "runs": _runs(runs),
        "requirements": requirements_of(checks),
        "score": score,
    }


def _totals(checks: Sequence[Data]) -> list[tuple[str, int]]:
    counts = Counter(check["outcome"] for check in checks)
    return [(one, counts[one]) for one in OUTCOMES if counts[one]]


def _areas(checks: Sequence[Data]) -> dict[str, list[Data]]:
    """Return the checks of each area in alphabetical order, each with its harm."""
    known: list[Data] = [{**check, "harm": harm_in(check)} for check in checks]
    return dict(sorted(grouped(known, lambda one: str(one["area"])).items()))


def _with(areas: dict[str, list[Data]], *outcomes: Outcome) -> dict[str, list[Data]]:
    """Return the areas in which all checks came to one of these outcomes."""
    return {
        name: checks
        for name, checks in areas.items()
        if len(with_outcome(checks, *outcomes)) == len(checks)
    }


def _counted(data: Summary) -> str:
    """Say how many checks there were and what they came to, in the order of the outcomes."""
    said = ", ".join(f"{number} {one}" for one, number in _totals(data["checks"]))
    return f"{len(data['checks'])} checks: {said}." if said else ""


def _facts(data: Summary, score: Data) -> list[tuple[str, str]]:
    environment = data["environment"]
    when = f"{_to_the_second(data['started'])} to {_to_the_second(data['ended'])} (UTC)"
    version = f"version {data['golive_version']}; exit code {data['exit_code']}"
    if "api" not in environment:  # its file could not be read, or was not read yet
        return [("Environment", environment["name"]), ("When", when), ("golive", version)]
    token = environment["token"]["url"]
    return [
        ("Environment", f"{environment['title']} ({environment['name']})"),
        ("Tenant", environment["tenant"]),
        ("Token from", asked(token, embedded=data["twin"])),
        *(
            (
                label,
                f"{asked(api['base_url'], embedded=data['twin'])}, contract version {api['version']}",
            )
            for label, api in named_apis(environment)
        ),
        *((what[0].upper() + what[1:], name) for what, name in way_of(environment).items()),
        ("When", when),
        ("Checks selected", data.get("part") or "all"),
        ("Requests", _requests(data)),
        *_reach(data),
        ("Written", _written(data)),
        ("golive", version),
        ("Kill score", _kill_score(score)),
    ]


def _reach(data: Data) -> list[tuple[str, str]]:
    """Say how many known faults the run could have detected; a summary of an older version does not know."""
    if not data.get("reach"):
        return []
    said = sentence(data["reach"])
    return [("Reach", f"{said[0].upper()}{said[1:]}")]


def _to_the_second(moment: str) -> str:
    """Return a moment as people write it, to the second."""
    return moment[:19].replace("T", " ")


def _kill_score(score: Data) -> str:
    """Say how many of the injected faults the suite detected; the page's end says what they are."""
    faults = [counts for kind in ("defects", "mutants") for counts in score[kind].values()]
    detected, whole = (sum(one[key] for one in faults) for key in ("noticed", "told"))
    return (
        f"{detected} of {whole} injected faults detected, {score['false_alarms']} false positives"
    )


def _what_to_do(data: Summary) -> str:
    if data.get("double") and data["exit_code"] == ExitCode.GO:
        return "The suite works here. Run it against your own deployment next."
    if data["exit_code"] == ExitCode.CONFIGURATION and data["checks"]:
        return "Not every check could be made. Correct the configuration as described below and run again."
    if data["exit_code"] == ExitCode.COULD_NOT_TELL and not data["checks"]:
        return "Nothing was checked, so this run says nothing about the contract. Follow the next step and run again."
    return WHAT_TO_DO.get(data["exit_code"], "")


def _requests(data: Summary) -> str:
    if data.get("finished") is False:
        return UNKNOWN
    said = f"{data['requests']}, {data['token_requests']} of them for tokens"
    again = repeated_words(data.get("asked_again", []))
    return f"{said}; {again}" if again else said


def _written(data: Summary) -> str:
    if data.get("finished") is False:
        return UNKNOWN
    number = len(data.get("written", []))
    late = late_words(data.get("visibility", []))
    said = f"{number} writing requests, to a tenant listed for tests" if number else "nothing"
    return f"{said}; {late}" if late else said


def _finding(entry: Entry, *, first_of_its_harm: bool = False) -> dict[str, Any]:
    """One entry: what its root found, exchange by exchange, the checks beside it, the text for a ticket, if any."""
    check = entry.root
    # A summary of an older version has a label for the check only.
    own = {name: check[name] for name in ("level", "basis", "source")}
    findings = [{**own, **finding} for finding in check["findings"]]
    return {
        "check": check,
        "harm": entry.harm,
        "first_of_its_harm": first_of_its_harm,
        "title": entry.sentence if entry.server_fails or entry.without_json else check["statement"],
        "why": entry.why,
        "exchanges": by_exchange(findings),
        "steps": list(dict.fromkeys(finding["next_step"] for finding in findings)),
        "ticket": ticket(check["statement"], findings, entry.harm),
        "others": entry.others,
        "left_open": entry.left_open,
    }


def _runs(runs: Sequence[Summary]) -> list[Data]:
    rows: list[Data] = []
    for run in runs:
        medians = [one["median"] for one in run.get("response_times", [])]
        found = sum(check["outcome"] == Outcome.FAILED for check in run["checks"])
        rows.append(
            {
                "started": _to_the_second(run["started"]),
                "verdict": run["verdict"],
                "tone": TONES.get(run["exit_code"], "warn"),
                "findings": found,
                "checks": len(run["checks"]),
                "reach": run["reach"]["percent"] if run.get("reach") else None,
                "milliseconds": round(median(medians)) if medians else None,
            }
        )
    return rows
