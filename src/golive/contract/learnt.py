"""Lines of a contract that were seen in answers: for golive's schemas, and for its OpenAPI documents as an Overlay 1.0.

`API/NAME.learnt.yaml`: by JSON pointers into golive's `API/NAME.schema.json`, what was seen there
`API/openapi.learnt.yaml`: an OpenAPI Overlay 1.0 whose actions add to golive's `API/openapi.yaml`

A line may only say what golive inferred or does not know: nothing that is documented gets looser.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

from golive.contract.label import Basis
from golive.contract.operations import ADDRESS, SCHEMA
from golive.contract.project_files import Reading
from golive.kit.pointers import nodes, steps_of, value_at
from golive.kit.problems import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from golive.contract.mapping import Mapping as Roles

LEARNT = ".learnt.yaml"
OVERLAY_VERSION = "1.0.0"
SAID = frozenset({"type", "x-basis", "x-source"})
"""The keywords of a line: what was seen at a place is its type; how often it is there, no number of answers shows."""

TARGET = re.compile(r"\$(?:\.[A-Za-z_][\w-]*|\['(?:[^'\\]|\\.)*'\])*")
STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\['((?:[^'\\]|\\.)*)'\]")


def files(own: Path) -> list[Path]:
    """Return the files of learnt lines in a project's `schemas` folder, less the OpenAPI overlays."""
    return [one for one in sorted(own.glob(f"*/*{LEARNT}")) if one.name != f"openapi{LEARNT}"]


def overlays(own: Path) -> list[Path]:
    """Return the OpenAPI overlays in a project's `schemas` folder."""
    return sorted(own.glob(f"*/openapi{LEARNT}"))


def with_learnt(documents: Mapping[str, Any], own: Path) -> dict[str, Any]:
    """Return schemas by their addresses with what was seen at their places."""
    found = dict(documents)
    for file in files(own):
        address = ADDRESS + file.relative_to(own).as_posix().removesuffix(LEARNT) + SCHEMA
        found[address] = _with_lines(found[address], Reading(file).content)
    return found


def _with_lines(schema: Any, lines: Mapping[str, Any]) -> Any:
    whole = copy.deepcopy(schema)
    for pointer, line in lines.items():
        *above, name = steps_of(pointer)
        holder = value_at(whole, above)
        holder[name] = {**holder.get(name, {}), **line}
    return whole


def overlaid(document: dict[str, Any], own: Path, folder: str) -> dict[str, Any]:
    """Return golive's OpenAPI document of an API with the actions of the project's overlay applied."""
    file = own / folder / f"openapi{LEARNT}"
    if not file.is_file():
        return document
    whole = copy.deepcopy(document)
    for action in Reading(file).content["actions"]:
        node = value_at(whole, steps(action["target"]))
        for name, value in action["update"].items():
            node.setdefault(name, value)
    return whole


def worded(document: dict[str, Any], mapping: Roles) -> dict[str, Any]:
    """Return an OpenAPI document whose parameters allow the words that a deployment has in place of golive's."""
    whole = copy.deepcopy(document)
    for one in nodes(whole["paths"]):
        others = mapping.other_words(str(one.get("operationId"))) if isinstance(one, dict) else {}
        for parameter in one["parameters"] if others else ():
            if words := others.get(parameter.get("name"), {}):
                parameter["schema"] = _replaced(parameter["schema"], words)
    return whole


def _replaced(value: Any, words: Mapping[str, str]) -> Any:
    match value:
        case dict():
            return {name: _replaced(one, words) for name, one in value.items()}
        case list():
            return [_replaced(one, words) for one in value]
    return words.get(value, value) if isinstance(value, str) else value


def steps(target: str) -> list[str]:
    """Return the steps of a JSONPath that names one place (RFC 9535 §2.7)."""
    return [plain or re.sub(r"\\(.)", r"\1", quoted) for plain, quoted in STEP.findall(target)]


def target(way: list[str]) -> str:
    """Write steps as a JSONPath that names one place, in its normalized form (RFC 9535 §2.7)."""
    return "$" + "".join("['" + re.sub(r"(['\\])", r"\\\1", step) + "']" for step in way)


def check_learnt(own: Path, folder: Path, documents: Mapping[str, dict[str, Any]]) -> list[Reading]:
    """Look at what a project says was seen; `folder` is golive's `schemas`, `documents` are its OpenAPI ones."""
    readings = []
    for file in files(own):
        reading = Reading(file)
        readings.append(reading)
        name = file.relative_to(own).as_posix()
        schema = folder / (name.removesuffix(LEARNT) + SCHEMA)
        if not schema.is_file():
            known = [
                one.relative_to(folder).as_posix().removesuffix(SCHEMA) + LEARNT
                for one in folder.glob(f"*/*{SCHEMA}")
            ]
            words = "golive has no schema of this name of which places could be learnt."
            reading.problem("", words, did_you_mean(name, known))
        elif reading.is_mapping():
            _check_lines(reading, Reading(schema).content)
    for file in overlays(own):
        reading = Reading(file)
        readings.append(reading)
        if file.parent.name not in documents:
            cure = did_you_mean(file.parent.name, documents)
            reading.problem("", "golive describes no API of this name.", cure)
        elif reading.is_mapping():
            _check_overlay(reading, documents[file.parent.name])
    return readings


def _check_lines(reading: Reading, schema: Any) -> None:
    for pointer, line in reading.content.items():
        try:
            *above, name = steps_of(pointer)
            holder = value_at(schema, above)
        except (LookupError, ValueError, AttributeError):
            reading.problem((pointer,), "golive's schema has no such place.", "Delete the line.")
            continue
        if not isinstance(line, dict) or line.get("x-basis") != Basis.OBSERVED:
            cure = "Write {type: …, x-basis: observed, x-source: …}."
            reading.problem((pointer,), "this does not say that it was seen.", cure)
            continue
        for key in line.keys() - SAID:
            cure = "Demand more in an overlay of the project's own (NAME.overlay.yaml)."
            reading.problem((pointer, key), "what was seen at a place is its type.", cure)
        there = isinstance(holder, dict) and name in holder
        if above[-1:] != ["properties"] or (
            there and basis_at(schema, [*above, name]) is not Basis.INFERRED
        ):
            cure = "Delete the line; what differs from it is a finding, or a known deviation."
            reading.problem((pointer,), "this place is documented, and is not loosened.", cure)


def basis_at(schema: Any, way: list[str]) -> Basis:
    """Return how the place at the end of a way is known: by the nearest marked node above it."""
    found, node = Basis.DOCUMENTED, schema
    for step in [*way, ""]:
        if isinstance(node, dict) and "x-basis" in node:
            found = Basis(node["x-basis"])
        if step:
            node = value_at(node, [step])
    return found


def _check_overlay(reading: Reading, document: dict[str, Any]) -> None:
    content = reading.content
    if content.get("overlay") != OVERLAY_VERSION or not isinstance(content.get("actions"), list):
        cure = f"Write overlay: {OVERLAY_VERSION}, info and actions (OpenAPI Overlay 1.0)."
        reading.problem("", "this is not an OpenAPI Overlay 1.0.", cure)
        return
    for number, action in enumerate(content["actions"]):
        way = ("actions", number)
        said = action if isinstance(action, dict) else {}
        where, update = said.get("target"), said.get("update")
        if (
            not isinstance(where, str)
            or not TARGET.fullmatch(where)
            or not isinstance(update, dict)
        ):
            cure = "Write target (a JSONPath that names one place) and update (a mapping)."
            reading.problem(way, "golive applies actions of this kind only.", cure)
            continue
        try:
            node = value_at(document, steps(where))
        except LookupError:
            reading.problem(
                (*way, "target"), "golive's document has no such place.", "Delete the action."
            )
            continue
        for name in update:
            if isinstance(node, dict) and name in node:
                cure = "An overlay adds. Delete this key."
                reading.problem((*way, "update", name), "golive's document says this itself.", cure)
