"""What runs taught: an answer to each open question, the rows of a mapping that follow from settled ones, and files.

The files are those of a project's `schemas` folder: rows that add to golive's own, each with how it was seen.
`mapping.yaml` keeps every row that the project demands itself (`own`); a row that was observed is replaced by the newer
one. Files of learnt lines (`*.learnt.yaml`) are golive's alone; their lines are added to, and a newer one replaces an
older one of its place. To write the same lessons twice changes nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from golive.contract.apis import read_document
from golive.contract.learnt import check_learnt
from golive.contract.mapping import INSTANT, MAPPING
from golive.contract.operations import OPENAPI
from golive.contract.places import HEADER, NOWHERE
from golive.contract.project_files import Reading
from golive.contract.project_mapping import check_mapping
from golive.drift.observation import schema_of
from golive.drift.promises import Promises
from golive.kit.files import write_whole
from golive.kit.problems import ConfigurationProblem
from golive.learning.evidence import Evidence, evidence
from golive.learning.lines import overlays, schema_lines
from golive.learning.recognise import (
    Answer,
    Standing,
    header_answers,
    recognise,
    word_answers,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from golive.contract.document import Contract
    from golive.contract.roles import Role
    from golive.drift.fingerprint import Fingerprint


ROOT = "the answer itself"


@dataclass(frozen=True)
class Lessons:
    """What these runs of one environment taught, against the mapping that the contract has."""

    contract: Contract
    runs: tuple[Fingerprint, ...]
    evidence: Mapping[str, Evidence]
    answers: tuple[Answer, ...]

    @property
    def settled(self) -> list[Answer]:
        """The answers that name a place."""
        return [one for one in self.answers if one.standing is Standing.SETTLED]

    def assumed(self, answer: Answer) -> str:
        """Return the place where golive's own mapping looks for the role of an answer."""
        return self.contract.mapping.roles[answer.role].assumed(answer.operation)

    def is_news(self, answer: Answer) -> bool:
        """Return whether an answer is settled and differs from what golive assumes."""
        if answer.standing is not Standing.SETTLED:
            return False
        return answer.place != self._assumed_there(answer) or bool(answer.words) or answer.instant

    def news(self, *, unkept: bool = False) -> list[str]:
        """Return a sentence for each place that differs from what golive assumes; `unkept`: and from its mapping."""
        grouped: dict[tuple[str, str, str], list[Answer]] = {}
        for one in filter(self.is_news, self.answers):
            if not (unkept and self._is_kept(one)):
                grouped.setdefault((one.role, one.place, self.assumed(one)), []).append(one)
        return [self._sentence(answers) for answers in grouped.values()]

    def _is_kept(self, answer: Answer) -> bool:
        role = self.contract.mapping.roles[answer.role]
        real = role.known(answer.operation)
        words = {word: role.words.get(word, word) for word in answer.words}
        return role.learnt and real == answer.place and words == dict(answer.words)

    def _sentence(self, answers: Sequence[Answer]) -> str:
        answer, role = answers[0], self.contract.mapping.roles[answers[0].role]
        place, assumed = answer.place or ROOT, self.assumed(answer)
        if place == NOWHERE:
            said = [f"in no answer, at {assumed} or elsewhere"]
        elif role.word:
            said = [f"{place}, not {assumed}"]
        else:
            said = [f"at {place}, not {assumed}"] if place != assumed else []
        said += [f"says {seen} for {word}" for word, seen in sorted(answer.words.items())]
        said += ["is a text that names an instant"] if answer.instant else []
        operations = [one.operation for one in answers if one.operation]
        where = f" ({', '.join(operations)})" if operations else ""
        return f"{role.means}{where}: {'; '.join(said)}"

    def _assumed_there(self, answer: Answer) -> str:
        """Return the assumed place, as it is where the list that holds it is elsewhere."""
        assumed = self.assumed(answer)
        for outer in self.settled:
            held = f"{self.assumed(outer)}/*"
            if outer.operation == answer.operation and assumed.startswith(f"{held}/"):
                return f"{outer.place}/*{assumed.removeprefix(held)}"
        return assumed

    def rows(self) -> dict[str, dict[str, Any]]:
        """Return the rows of a project's mapping, by their roles: every settled place, with how it was seen."""
        found: dict[str, dict[str, Any]] = {}
        for name, role in self.contract.mapping.roles.items():
            settled = [one for one in self.settled if one.role == name]
            if settled:
                found[name] = self._row(role, settled)
        return found

    def _row(self, role: Role, settled: Sequence[Answer]) -> dict[str, Any]:
        row: dict[str, Any] = {}
        if role.header:
            row["header"] = settled[0].place.removeprefix(HEADER)
        elif role.word:
            row["word"] = settled[0].place
        else:
            row["places"] = {one.operation: one.place for one in settled}
        words = {word: said for one in settled for word, said in one.words.items()}
        if words:
            row["words"] = words
        if any(one.instant for one in settled):
            row["form"] = INSTANT
        source = self.source(sum(one.seen for one in settled))
        return {**row, "x-basis": "observed", "x-source": source}

    def source(self, seen: int) -> str:
        """Say where something was seen, when last, and in how many answers."""
        last, runs = max(self.runs, key=lambda run: run.started), len(self.runs)
        answers = f"{seen} {'answer' if seen == 1 else 'answers'}"
        of = "1 run" if runs == 1 else f"{runs} runs"
        return f"seen in {last.environment}, {last.started:%Y-%m-%d}: {answers} of {of}"

    def refusals(self, patterns: Sequence[str]) -> dict[str, Counter[str]]:
        """Return how the situations whose names fit were answered: statuses with their bodies' members, counted."""
        found: dict[str, Counter[str]] = {}
        fits = re.compile("|".join(re.escape(one).replace(r"\*", ".*") for one in patterns))
        for run in self.runs if patterns else ():
            for name, one in run.situations.items():
                if one["status"] < 400 or not fits.fullmatch(name):
                    continue
                members = [
                    path.removeprefix("/")
                    for path in one["shapes"].get("body", {})
                    if path.count("/") == 1
                ]
                body = f"{{{', '.join(members)}}}" if members else one["form"]
                found.setdefault(f"{one['status']} {body}", Counter())[name] += 1
        return dict(sorted(found.items()))


def lessons(runs: Sequence[Fingerprint], contract: Contract) -> Lessons:
    """Return what runs of one environment taught; there must be one at least."""
    seen = evidence(runs, contract.operations)
    mapping = contract.mapping
    answers: list[Answer] = []
    for operation, one in seen.items():
        schema = schema_of(contract, operation, min(one.statuses))
        answers += recognise(operation, one, mapping, Promises(contract, schema))
    if seen:
        answers += [header_answers(role, seen) for role in mapping.roles.values() if role.header]
        answers += [one for role in mapping.roles.values() for one in word_answers(role, seen)]
    return Lessons(contract, tuple(runs), seen, tuple(answers))


HEADS = {
    MAPPING: """\
# Where this deployment has what the checks read, as far as runs showed it. Written by golive learn: a row with
# x-basis own is kept, one with observed is written again. Delete a row to have golive look where it assumes.
"""
}
HEAD = "# What runs showed of places that no public text describes. Written by golive learn.\n"


def write(folder: Path, found: Lessons) -> list[str]:
    """Write what was learnt into a `schemas` folder; returns the names of the files that changed.

    Raises ConfigurationProblem where a file that is there is wrong, and OSError.
    """
    theirs = found.contract.folder
    documents = {one.parent.name: read_document(one) for one in theirs.glob(f"*/{OPENAPI}")}
    readings = [*check_mapping(folder, theirs), *check_learnt(folder, theirs, documents)]
    problems = [problem for one in readings for problem in one.problems]
    if problems:
        raise ConfigurationProblem(problems)
    files = {MAPPING: _mapping(folder, found)} if found.rows() else {}
    files |= {name: {**_read(folder, name), **lines} for name, lines in schema_lines(found).items()}
    files |= {name: _added(_read(folder, name), one) for name, one in overlays(found).items()}
    changed = [name for name, content in files.items() if content != _read(folder, name)]
    for name in changed:
        text = yaml.safe_dump(files[name], sort_keys=False, allow_unicode=True, width=110)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_whole(folder / name, HEADS.get(name, HEAD) + text)
    return changed


def _mapping(folder: Path, found: Lessons) -> dict[str, Any]:
    before: dict[str, dict[str, Any]] = _read(folder, MAPPING).get("roles", {})
    own = {name for name, row in before.items() if row["x-basis"] == "own"}
    rows = {name: row for name, row in found.rows().items() if name not in own}
    for name in rows.keys() & before.keys():  # only a person can say it where a zone is beside
        if "form" in before[name]:
            rows[name] = {"form": before[name]["form"], **rows[name]}
    return {"roles": {**before, **rows}}


def _added(before: dict[str, Any], overlay: dict[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI overlay with the actions of an earlier one, an action for each target."""
    actions = {one["target"]: one["update"] for one in (before or overlay)["actions"]}
    for one in overlay["actions"]:
        actions[one["target"]] = {**actions.get(one["target"], {}), **one["update"]}
    return {**overlay, "actions": [{"target": t, "update": u} for t, u in actions.items()]}


def _read(folder: Path, name: str) -> dict[str, Any]:
    """Return what a file holds, an empty mapping where there is none."""
    file = folder / name
    content: dict[str, Any] = Reading(file).content if file.is_file() else {}
    return content
