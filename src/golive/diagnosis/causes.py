"""Finds the cause of a stop among the entries of `causes.yaml` and of `named_errors.yaml`, found by words.

An entry compares parsed fields only (stage, status, error, URN, cloud …), never raw text, and the first
match counts. What no entry knows is said to be unknown.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from golive.checks.verdict import ExitCode
from golive.kit.files import shipped
from golive.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

When: TypeAlias = "dict[str, Any] | list[dict[str, Any]]"
"""What must hold for an entry: field to value, or several such sets of which one must hold."""


STAND_IN = re.compile(r"(?:the|your) ")
"""How a stand-in begins; at the beginning of a sentence it needs a capital, a host's name does not."""

SHELL = ("exports",)
"""Words that are shell already: names of variables, which golive itself has joined."""

TWICE = re.compile(r"\b(the \w+ \w+) \1\b", re.IGNORECASE)
"""«the API host the API host»: a template's words before a stand-in of the same words."""


@dataclass(frozen=True)
class Change:
    """The cure in a form to copy: a line of YAML and its place in the file, or a command.

    `place` is `FILE:LINE`, or the dotted key where no file is known; empty for a command.
    """

    text: str
    place: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return the change as JSON holds it."""
        return {"place": self.place, "yaml": self.text} if self.place else {"command": self.text}


@dataclass(frozen=True)
class Diagnosis:
    """One cause of a stop: a sentence, what supports it, what to change, and the exit code it gives.

    `differs` separates it from the others; `guess` marks what the facts only make likely, and `settles` says what
    would prove or refute it; `give` are the ids that Oracle's support asks for.
    """

    id: str
    cause: str
    evidence: tuple[str, ...]
    cure: str
    source: str
    exit_code: ExitCode
    differs: str = ""
    change: Change | None = None
    guess: bool = False
    settles: str = ""
    give: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return the diagnosis as it stands in `summary.json`."""
        return {
            **vars(self),
            "evidence": list(self.evidence),
            "change": self.change.as_dict() if self.change else None,
            "give": list(self.give),
            "exit_code": int(self.exit_code),
        }


def _knowledge() -> dict[str, Any]:
    return shipped("golive.diagnosis", "causes.yaml")


def errors() -> tuple[dict[str, Any], ...]:
    """Return the rows of `named_errors.yaml`, as `schemas/named-errors.schema.json` describes them."""
    return tuple(shipped("golive.diagnosis", "named_errors.yaml")["errors"])


OF_AN_ERROR = ("id", "cause", "differs", "cure", "source", "guess", "settles", "change")


@cache
def entries() -> tuple[dict[str, Any], ...]:
    """Return every known cause, in the order in which they are tried; some share an id.

    The members are those of `schemas/causes.schema.json`; texts are templates, see `filled`. Words that are a
    cause by themselves are a `kind` of failure of the same name.
    """
    named = (
        {name: row[name] for name in OF_AN_ERROR if name in row}
        | {"when": {"kind": row["id"]}, "exit": 4}
        for row in errors()
    )
    return (*named, *_knowledge()["causes"])


def symptom_of(cause: str) -> str | None:
    """Return which symptom a cause names, `page` or `any`; None where it names more than one."""
    return next((one.get("symptom") for one in entries() if one["id"] == cause), None)


def is_thin(cause: str) -> bool:
    """Return whether a cause of that id fits by the status alone."""
    return any(one["id"] == cause and "thin" in one for one in entries())


@cache
def fields() -> dict[str, dict[str, Any]]:
    """Return the fields that `when` may compare: what each means, its values, its stand-in."""
    known: dict[str, dict[str, Any]] = _knowledge()["fields"]
    kinds = [*known["kind"]["values"], *(row["id"] for row in errors())]
    return known | {"kind": known["kind"] | {"values": kinds}}


def places_in_files() -> dict[str, str]:
    """Return the words for places in an environment file, each with the dotted key that stands there."""
    found: dict[str, str] = _knowledge()["places"]
    return found


def places_in_pastes() -> dict[str, str]:
    """Return what to say instead where a person has requests and no environment file."""
    found: dict[str, str] = _knowledge()["pasted"]
    return found


def filled(template: str, facts: Mapping[str, object]) -> str:
    """Fill a template's names in from the facts; what is not known gets its stand-in."""
    text = template.format_map(_Words({k: v for k, v in facts.items() if v not in (None, "")}))
    text = TWICE.sub(r"\1", text)
    return redact(text[0].upper() + text[1:] if STAND_IN.match(text) else text)


def in_shell(template: str, facts: Mapping[str, object]) -> str:
    """Fill a command in: each word from outside is quoted, for somebody will copy the line into a shell."""
    quoted = {k: shlex.quote(v) if isinstance(v, str) else v for k, v in facts.items()}
    return filled(template, {**quoted, **{k: facts[k] for k in SHELL if k in facts}})


def diagnose(
    facts: Mapping[str, object],
    evidence: tuple[str, ...],
    place: Callable[[str], str] = lambda key: key,
) -> Diagnosis:
    """Return the first cause whose fields all match; the last entry of the file matches any stop.

    `facts` hold fields and words by name; `place` turns a dotted key of an environment into `FILE:LINE`.
    """
    return _made(next(_matching(facts)), facts, evidence, place)


def diagnose_all(facts: Mapping[str, object], evidence: tuple[str, ...]) -> list[Diagnosis]:
    """Return every cause that the facts show, the first one first; without the last resort, `unknown`."""
    found = (_made(entry, facts, evidence, lambda key: key) for entry in _matching(facts))
    return [each for each in found if each.id != "unknown"]


OF_ORACLE_ALONE = re.compile(r"contract-facts [^;]+")
"""The source of a cause that is documented for Oracle's servers and by no standard: it explains no answer of others."""


def _matching(facts: Mapping[str, object]) -> Iterator[dict[str, Any]]:
    return (
        entry
        for entry in entries()
        if matches(entry["when"], facts)
        and not matches(entry.get("unless", []), facts)
        and not _is_of_others_than(entry, facts)
    )


def _is_of_others_than(entry: dict[str, Any], facts: Mapping[str, object]) -> bool:
    """Return whether the answer is another vendor's, and the entry does not apply to such.

    Where it is known what that server's words mean, only entries apply that ask whose answer it is.
    """
    if facts.get("owner") != "other" or facts.get("stage") not in ("token", "api"):
        return False
    sets = entry["when"] if isinstance(entry["when"], list) else [entry["when"]]
    if any("owner" in each for each in sets):
        return False
    in_words = bool(facts.get("known_reason"))
    return in_words or OF_ORACLE_ALONE.fullmatch(entry["source"]) is not None


def _made(
    entry: dict[str, Any],
    facts: Mapping[str, object],
    evidence: tuple[str, ...],
    place: Callable[[str], str],
) -> Diagnosis:
    change = entry.get("change")
    made = None
    if change:
        text = (
            filled(change["yaml"], facts)
            if "yaml" in change
            else in_shell(change["command"], facts)
        )
        made = Change(text, place(change["key"]) if "key" in change else "")
    return Diagnosis(
        id=entry["id"],
        cause=filled(entry["cause"], facts),
        evidence=tuple(map(redact, evidence)),
        cure=filled(entry["cure"], facts),
        source=entry["source"],
        exit_code=ExitCode(entry["exit"]),
        differs=filled(entry["differs"], facts),
        change=made,
        guess=entry.get("guess", False),
        settles=filled(entry.get("settles", ""), facts),
        give=tuple(entry.get("give", ())),
    )


def matches(when: When, facts: Mapping[str, object]) -> bool:
    """Return whether a set of fields holds, or one of several; a list of values is "one of these"."""
    sets = when if isinstance(when, list) else [when]
    return any(
        all(
            facts.get(name) in (wanted if isinstance(wanted, list) else [wanted])
            for name, wanted in each.items()
        )
        for each in sets
    )


class _Words(dict[str, object]):
    def __missing__(self, name: str) -> str:
        if key := places_in_files().get(name):
            return f"`{key}` of your environment file"
        stand_in = _knowledge()["words"].get(name) or fields().get(name, {}).get("unknown")
        return stand_in or f"(unknown {name.replace('_', ' ')})"
