"""Looks up what golive itself names: a cause, a row of the error catalogue, a defect of the twin, a check."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from golive.contract.harm import OF_CLIENTS
from golive.diagnosis.causes import Change, entries, filled
from golive.diagnosis.paste.answer import Answer, exact
from golive.diagnosis.paste.requests import right_urls

if TYPE_CHECKING:
    from collections.abc import Iterable

    from golive.contract.catalogue import ErrorCase


GENERATED = "generated requests"
"""The area of the checks that only a run with `--generated` makes."""


def _typical(entry: dict[str, Any]) -> dict[str, Any]:
    """Return words for an entry that is explained without an answer at hand: the values that it asks for.

    Who asks for a cause by its name has it from the doctor or a run, so the places are those of an environment file.
    """
    when = entry["when"][0] if isinstance(entry["when"], list) else entry["when"]
    single = {name: value for name, value in when.items() if isinstance(value, str | int)}
    facts = {"api_cloud": "production", **single}
    return facts if facts["api_cloud"] == "sandbox" else {**right_urls({}), **facts}


def cause(word: str) -> list[Answer]:
    """Return the cause of that id, explained without an answer at hand, in a list, or an empty one."""
    entry = next((one for one in entries() if one["id"] == word), None)
    if entry is None:
        return []
    words = _typical(entry)
    details = [("apart", filled(entry["differs"], words)), ("change", filled(entry["cure"], words))]
    if "guess" in entry:
        details.insert(0, ("guess", f"What settles it: {filled(entry['settles'], words)}"))
    change = entry.get("change", {})
    if change and "{file}" not in change.get("command", ""):
        text = filled(change.get("yaml") or change["command"], words)
        details.append(("exactly", exact(Change(text, change.get("key", "")))))
    if "give" in entry:
        details.append(("support", ", ".join(entry["give"])))
    ends = f"a stop for this cause ends a run with {entry['exit']}"
    details.append(("exit", ends if entry["exit"] else "it stops nothing; a run goes on"))
    return [Answer("cause", word, filled(entry["cause"], words), tuple(details), entry["source"])]


RULE = re.compile(r"^  - rule: (\S+)$", re.MULTILINE)
"""A rule about who may ask, which is a row at each operation."""


def row(word: str) -> list[Answer]:
    """Return the row of the error catalogue of that id, in a list, or an empty one."""
    from golive.contract.catalogue import NAME, load
    from golive.contract.tables import files
    from golive.kit.files import resources

    texts = [file.read_text("utf-8") for file in files(resources() / "schemas", NAME)]
    ends = tuple(f"-{rule}" for text in texts for rule in RULE.findall(text))
    if not word.endswith(ends) and all(f"id: {word}\n" not in text for text in texts):
        return []  # reading the catalogue checks all of it, which takes a while
    case = next((one for one in load(resources() / "schemas") if one.id == word), None)
    if case is None:
        return []
    expected = ", ".join(f"{name} {value}" for name, value in case.expect.items())
    details = (
        ("basis", f"{case.level}, {case.basis}"),
        ("asked", f"a valid request ({case.base}) with one change: {case.change[0]}"),
        ("expect", expected),
        *_of_oracle(case),
        ("run it", f"golive run ENV -k {case.id}"),
    )
    return [Answer("check", case.id, case.statement, details, case.source)]


def _of_oracle(case: ErrorCase) -> tuple[tuple[str, str], ...]:
    """Return what the row demands of Oracle's own hosts alone, and how that is known."""
    if case.oracle is None:
        return ()
    wanted = ", ".join(f"{name} {value}" for name, value in case.oracle.expect.items())
    return (("Oracle's", f"{wanted} ({case.oracle.basis}: {case.oracle.source})"),)


def defect(word: str) -> list[Answer]:
    """Return the defect of that name, likewise."""
    from golive.twin.defects import DEFECT_FACTS, command

    facts = DEFECT_FACTS.get(word)
    if facts is None:
        return []
    details = (
        ("basis", f"{facts.basis}; seen in {facts.kind.replace('-', ' ')}, area {facts.area}"),
        ("try it", command(word)),
    )
    return [Answer("defect", word, f"A defect of the twin: {facts.sentence}", details)]


def _command(check: Any) -> str:
    if check.id.startswith(OF_CLIENTS):
        return "golive client -- COMMAND"
    return f"golive run ENV {'--generated ' if check.area == GENERATED else ''}-k {check.id}"


def check(word: str, checks: Iterable[Any]) -> list[Answer]:
    """Return the check of that id, likewise."""
    found = next((one for one in checks if one.id == word), None)
    if found is None:
        return []
    details = (
        ("basis", f"{found.level}, {found.basis}: area {found.area}"),
        ("verdict", "decides" if found.deciding else "advice only"),
        ("run it", _command(found)),
    )
    return [Answer("check", found.id, found.statement, details, found.source)]
