"""What the contract marks as telling of a person (`x-golive-personal`), as redaction needs it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from golive.kit.pointers import nodes
from golive.redaction.personal import PersonalMarks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from golive.contract.operations import Operation, Place

INSTANT = "INSTANT"
"""What is shown in place of a date and time of a person."""


def personal_marks(operations: Iterable[Operation], members: frozenset[str]) -> PersonalMarks:
    """Return what is marked as personal: parameters of the operations, and the names of `members` of bodies."""
    operations = list(operations)
    named = {
        name: word
        for one in operations
        for (place, name), word in _personal(one)
        if place != "path"
    }
    versions = {one.version for one in operations}
    literals: dict[str, set[str]] = {}
    marked: dict[str, str] = {}
    for one in operations:
        steps, words = one.path.strip("/").split("/"), dict(_personal(one))
        for index, step in enumerate(steps):
            before = _before(steps[:index])
            if not step.startswith("{"):
                literals.setdefault(before, set()).add(step)
            elif word := words.get(("path", step.strip("{}"))):
                marked[before] = word
    return PersonalMarks(
        named,
        tuple((_step(b, literals.get(b, ()), versions), word) for b, word in marked.items()),
        members,
    )


def marked_members(documents: Iterable[Any]) -> frozenset[str]:
    """Return the names of the properties that are marked as personal, anywhere in these schemas."""
    maps = (node.get("properties") for node in nodes([*documents]) if isinstance(node, dict))
    return frozenset(
        name
        for properties in maps
        if isinstance(properties, dict)
        for name, one in properties.items()
        if isinstance(one, dict) and one.get("x-golive-personal")
    )


def _before(steps: list[str]) -> str:
    """Return the pattern of what stands before a step: the last literal one, and any parameters after it."""
    for back in range(len(steps) - 1, -1, -1):
        if not steps[back].startswith("{"):
            return f"/{re.escape(steps[back])}/" + "[^/?]+/" * (len(steps) - 1 - back)
    return "/" + "[^/?]+/" * len(steps)


def _step(before: str, literals: Iterable[str], versions: Iterable[str]) -> str:
    """Return the pattern of a personal step: none that another path writes out, no version after an API's name."""
    others = [f"{re.escape(one)}(?:[/?]|$)" for one in sorted(literals)]
    others += [f"{re.escape(one)}/" for one in sorted(versions)]
    return f"({before})(?!{'|'.join(others)})([^/?]+)"


def _personal(operation: Operation) -> Iterator[tuple[Place, str]]:
    """Yield the parameters that identify a person, and what is shown in place of each value."""
    for parameter in operation.parameters:
        if parameter.get("x-golive-personal"):
            yield (parameter["in"], parameter["name"]), _stand_in(parameter)


def _stand_in(parameter: dict[str, Any]) -> str:
    """Return what is shown in place of a personal value: the key of its test data, or its own name."""
    if parameter.get("schema", {}).get("format") == "date-time":
        return INSTANT
    name = parameter.get("x-golive-test-data", parameter["name"])
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", "_", name).upper()
