"""`summary.md`: a run on one page of Markdown, for a job summary, a ticket or a chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.checks.verdict import Outcome
from golive.environment import asked
from golive.exchanges.model import status_words
from golive.exchanges.schedule import repeated_words
from golive.report.causes import found_in
from golive.report.groups import by_cause, with_outcome
from golive.report.markdown_text import cell, code, plain, plain_with_keys
from golive.report.reach import out_of_reach, sentence
from golive.report.reasons import MOST as REASONS
from golive.report.reasons import reasons
from golive.report.text import label_of, named_apis, some, way_of

if TYPE_CHECKING:
    from golive.report.summary import Data, Summary

NAME = "summary.md"
FINDINGS_SHOWN = 10
PLACES_SHOWN = 3
IDS_SHOWN = 5
SIGNS = {0: "✅", 1: "❌"}


def overview(data: Summary) -> str:
    """Return the page for what `summary.json` holds."""
    blocks = [
        _verdict(data),
        _why(data),
        _asked(data),
        _section("What has to be corrected", _points(data.get("problems", []))),
        _stop(data["diagnosis"]),
        _section("The suite itself failed", _points(data["internal_errors"])),
        _findings(data["checks"]),
        _project_tests(data.get("project_tests", [])),
        _advice(data["checks"]),
        _deviations(data),
        _not_proven(data),
        _section("What this service taught", _points(data.get("taught", []))),
        _not_looked_at(data.get("reach") or {}),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _verdict(data: Summary) -> list[str]:
    sign = SIGNS.get(data["exit_code"], "⚠️")
    name = plain(data["environment"]["name"])
    return [f"# {sign} golive {name}: {data['verdict']}", "", plain(data["meaning"])]


def _asked(data: Summary) -> list[str]:
    environment, counts = data["environment"], data["counts"]
    if "api" not in environment:  # its file could not be read, or was not read yet
        when = f"{data['started']} to {data['ended']}"
        return ["| | |", "|---|---|", f"| when | {when} |", f"| exit code | {data['exit_code']} |"]
    token = environment["token"]
    counted = ", ".join(f"{number} {outcome}" for outcome, number in counts.items() if number)
    again = repeated_words(data.get("asked_again", []))
    part = f" ({data['part'].rstrip('.')})" if data.get("part") else ""
    rows = {
        "environment": plain(environment["title"]),
        "tenant": code(environment["tenant"]),
        "token from": plain(asked(token["url"], embedded=data["twin"])),
        **{
            f"{plain(label)} at": f"{plain(asked(api['base_url'], embedded=data['twin']))}, "
            f"version {code(str(api['version']))}"
            for label, api in named_apis(environment)
        },
        **{what: code(name) for what, name in way_of(environment).items()},
        "when": f"{data['started']} to {data['ended']}",
        "checks": f"{len(data['checks'])}: {counted}{part}" if counted else "none",
        "requests": f"{data['requests']}, {data['token_requests']} of them for tokens",
        **({"repetition": again} if again else {}),
        **({"reach": plain(sentence(data["reach"]))} if data.get("reach") else {}),
        "golive": f"version {code(data['golive_version'])}",
        "exit code": str(data["exit_code"]),
    }
    return ["| | |", "|---|---|", *(f"| {key} | {cell(value)} |" for key, value in rows.items())]


def _stop(diagnosis: Data | None) -> list[str]:
    if diagnosis is None:
        return []
    lines = ["## Stopped before the first check", "", f"- **cause** {plain(diagnosis['cause'])}"]
    lines += [f"- evidence: {plain(one)}" for one in diagnosis["evidence"]]
    lines.append(f"- **next step** {plain(diagnosis['cure'])}")
    change = diagnosis.get("change")
    if change and "yaml" in change:
        lines.append(f"- write {code(change['yaml'])} at {code(change['place'])}")
    elif change:
        lines.append(f"- run {code(change['command'])}")
    if diagnosis.get("guess"):
        lines.append(f"- this is a guess; what would settle it: {plain(diagnosis['settles'])}")
    return [*lines, f"- source: {plain(diagnosis['source'])}"]


def _section(title: str, lines: list[str]) -> list[str]:
    """Return a section of these lines; none where there are no lines."""
    return [f"## {title}", "", *lines] if lines else []


def _points(texts: list[str]) -> list[str]:
    return [f"- {plain(text)}" for text in texts]


def _why(data: Summary) -> list[str]:
    """Name the first reasons, each with the number of checks that it explains and the next step."""
    lines: list[str] = []
    for one in reasons(data)[:REASONS]:
        harm = f"**{one.harm.name}**: " if one.harm else ""
        explains = f" Explains {one.explains}." if one.explains else ""
        call = f" **{plain(one.harm.call)}**" if one.harm and one.harm.call and not lines else ""
        lines.append(f"- {harm}{plain(one.sentence)}{explains}{call}")
    return _section("Why", lines if data["checks"] else [])


def _findings(checks: list[Data]) -> list[str]:
    """Show what failed by cause, the worst harm first."""
    found = found_in(checks).failed
    if not found:
        return []
    lines = [f"## Findings ({len(found)})"]
    for one in found[:FINDINGS_SHOWN]:
        also = f"; the same was found by {_ids(one.others)}" if one.others else ""
        harm = f"- harm: **{one.harm.name}**{also}"
        lines += ["", f"### {code(one.root['id'])}", "", *_failure(one.root), harm]
    rest = [one.root for one in found[FINDINGS_SHOWN:]]
    if rest:
        lines += ["", f"{len(rest)} more, in full in `summary.json`: {_ids(rest)}"]
    return lines


def _project_tests(tests: list[Data]) -> list[str]:
    """Name the project's tests that did not pass; they are no findings about the API."""
    told = [one for one in tests if one["cause"]]
    lines = [f"- {code(one['nodeid'])}: {one['outcome']}: {code(one['cause'])}" for one in told]
    if lines:
        lines = ["They are no checks of the contract.", "", *lines]
    return _section("The project's own tests", lines)


def _failure(check: Data) -> list[str]:
    lines = [plain(check["statement"]), f"({plain(label_of(check))})", ""]
    # What the verdict rests on comes first.
    findings = sorted(check["findings"], key=lambda one: bool(one["advice"]))
    for one in findings[:PLACES_SHOWN]:
        expected, actual = code(one["expected"]), code(one["actual"])
        own = f" ({plain(label_of(one))})" if label_of(one) != label_of(check) else ""
        lines.append(f"- at {code(one['at'])}: expected {expected}, actual {actual}{own}")
    if len(findings) > PLACES_SHOWN:
        lines.append(f"- and {len(findings) - PLACES_SHOWN} more places")
    exchange = findings[0]["exchange"]
    ids = [f"{plain(name)} {code(value)}" for name, value in exchange["correlation"].items()]
    answered = status_words(exchange["status"])
    asked = f"{code(exchange['method'] + ' ' + exchange['url'])} → {answered}"
    lines.append(f"- exchange {', '.join([asked, exchange['sent_at'], *ids])}")
    steps = dict.fromkeys(one["next_step"] for one in findings)
    return [*lines, *(f"- **next step** {plain(step)}" for step in steps)]


def _advice(checks: list[Data]) -> list[str]:
    advice = with_outcome(checks, Outcome.ADVICE)
    said = [f"It decides nothing: {_ids(advice)}"] if advice else []
    return _section(f"Advice ({len(advice)})", said)


def _deviations(data: Summary) -> list[str]:
    lines = []
    for one in data["known_deviations"]:
        entry = f"{plain(one['reason'])} ({plain(one['ticket'])}, until {one['until']})"
        mark = "**stale**" if one["stale"] else one["state"]
        lines.append(f"- {code(one['check'])}: {entry}; {mark}: {plain(one['words'])}")
        if one["stale"]:
            lines.append(f"  - **next step** delete the entry at {code(one['place'])}")
    return _section("Known deviations", lines)


def _not_proven(data: Summary) -> list[str]:
    lines = []
    for one in data["proofs"]:
        if one["lacking"]:
            said = f"{one['proofs']} proofs, and the environment demands {one['demanded']}"
        elif not one["proofs"]:
            said = "no proof against a real success"
            said += " that held an item" if one["envelope_only"] else ""
        else:
            continue
        lines.append(f"- {code(one['operation'])}: {said}")
    own_words = (Outcome.NOT_CLAIMED, Outcome.NOT_SEEN)
    for outcome in (Outcome.COULD_NOT_TELL, Outcome.INTERNAL_ERROR, *own_words):
        # The reason of what is not claimed, or not seen, says so itself.
        named = "" if outcome in own_words else f"{outcome}: "
        for cause in by_cause(found_in(data["checks"]).rest, outcome):
            ids, step = _ids(cause.checks), plain(cause.next_step)
            said = f"- {named}{plain(cause.why)} ({ids}) {step}"
            lines.append(said.rstrip())
    return _section("Not proven", lines)


def _not_looked_at(reach: Data) -> list[str]:
    """Say what the run did not look at, the worst first, with the key that would."""
    return _section("Not looked at", [f"- {plain_with_keys(one)}" for one in out_of_reach(reach)])


def _ids(checks: list[Data]) -> str:
    return some([code(check["id"]) for check in checks], IDS_SHOWN)
