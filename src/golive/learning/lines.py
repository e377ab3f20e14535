"""Lines for schemas and for OpenAPI documents: types of places that golive inferred or does not know, and headers.

One line for each place. A place where different types stood gets none: nothing says which of them is the rule.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from golive.contract.label import Basis
from golive.contract.learnt import LEARNT, OVERLAY_VERSION, basis_at, steps, target
from golive.contract.mapping import MAPPING
from golive.contract.operations import SCHEMA
from golive.contract.places import HEADER
from golive.drift.change import Proposal
from golive.drift.observation import schema_of
from golive.drift.promises import ITEM, OTHER, Promises
from golive.kit.pointers import found_at, steps_of, written
from golive.learning.evidence import path_of
from golive.learning.recognise import FEWEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from golive.drift.promises import Promise
    from golive.learning.evidence import Evidence
    from golive.learning.lessons import Lessons

Lines = dict[str, dict[str, Any]]
"""By a file below `schemas`: its lines."""


def schema_lines(found: Lessons) -> Lines:
    """Return the lines for golive's schemas, by their files and pointers."""
    said: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    counts: dict[tuple[str, str], int] = {}
    for (operation, path), place in _places(found).items():
        seen = found.evidence[operation]
        said.setdefault(place, set()).add(tuple(sorted(seen.kinds(path))))
        counts[place] = counts.get(place, 0) + seen.seen(path)
    lines: Lines = {}
    for (file, pointer), types in sorted(said.items()):
        if len(types) == 1:
            (kinds,) = types
            kind = kinds[0] if len(kinds) == 1 else list(kinds)
            source = found.source(counts[file, pointer])
            line = {"type": kind, "x-basis": "observed", "x-source": source}
            lines.setdefault(file, {})[pointer] = line
    return lines


def _places(found: Lessons) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the file and the pointer of the line of each place that deserves one, by operation and path."""
    places = {}
    for operation, seen in found.evidence.items():
        schema = schema_of(found.contract, operation, min(seen.statuses))
        promises = Promises(found.contract, schema)
        read = _read_places(found, operation)
        for path in seen.shape:
            place = _node_of(found, path, read, promises, seen)
            if place is not None:
                places[operation, path] = place
    return places


def proposals(found: Lessons) -> dict[tuple[str, str], Proposal]:
    """Return the line that keeps what was seen at a place, by operation and place: a path, or `header:NAME`."""
    lines, proposed = schema_lines(found), dict[tuple[str, str], Proposal]()
    for (operation, path), (file, pointer) in _places(found).items():
        if line := lines.get(file, {}).get(pointer):
            proposed[operation, path] = Proposal(file, pointer, json.dumps(line))
    for file, overlay in overlays(found).items():
        operations = {one.pointer: one.operation_id for one in found.contract.operations.values()}
        for action in overlay["actions"]:
            operation = operations[written(steps(action["target"])[:3])]
            for name, line in action["update"].items():
                one = Proposal(file, action["target"], json.dumps({name: line}))
                proposed[operation, f"header:{name}"] = one
    for answer in filter(found.is_news, found.settled):
        at = f"/roles/{answer.role}"
        word = found.contract.mapping.roles[answer.role].word
        key = "word" if word else answer.operation or "header"
        one = Proposal(MAPPING, at, json.dumps({key: answer.place}))
        proposed[answer.operation, path_of(answer.place)] = one
    return proposed


def _read_places(found: Lessons, operation: str) -> dict[str, str]:
    """Return the path that checks read by the real one, for what is elsewhere in an operation's answers."""
    return {
        path_of(one.place): path_of(found.assumed(one))
        for one in found.settled
        if one.operation == operation and one.place != found.assumed(one)
    }


def _node_of(
    found: Lessons, path: str, read: Mapping[str, str], promises: Promises, seen: Evidence
) -> tuple[str, str] | None:
    """Return the file and the pointer of the line that a place deserves, None for none."""
    step = [ITEM, *steps_of(path)][-1]
    held = any(real == path or real.startswith(f"{path}/") for real in read)
    if held or step in (ITEM, OTHER) or seen.mixed(path) or seen.seen(path) < FEWEST:
        return None
    kinds = seen.kinds(path)
    if not kinds:
        return None
    for real, assumed in sorted(read.items(), key=lambda pair: -len(pair[0])):
        if path.startswith(f"{real}/{ITEM}"):
            path = assumed + path.removeprefix(real)
            break
    promise = promises.at(path)
    if promise.known:
        return None if kinds <= _allowed(promise) else _loosened(found, promise)
    parent = promises.at(path.rpartition("/")[0])
    holder = promise.holder
    if not parent.known or holder is None or "properties" not in holder.schema:
        return None
    return _address(f"{holder.address}/properties/{step}")


def _allowed(promise: Promise) -> frozenset[str]:
    return promise.types | ({"integer"} if "number" in promise.types else frozenset())


def _loosened(found: Lessons, promise: Promise) -> tuple[str, str] | None:
    """Return where a place is described that golive only inferred, None for any other."""
    nodes = [one for one in promise.nodes if isinstance(one.schema, dict) and "type" in one.schema]
    if len(nodes) != 1 or nodes[0].basis is not Basis.INFERRED or "$ref" in nodes[0].schema:
        return None
    file, _, pointer = nodes[0].address.partition("#")
    whole = found.contract.schema(file.removesuffix(SCHEMA))
    # A schema that an inferred place refers to may be a documented one of others.
    if basis_at(whole, steps_of(pointer)) is not Basis.INFERRED:
        return None
    above = pointer.rpartition("/")[0]
    return _address(nodes[0].address) if above.endswith("/properties") else None


def _address(address: str) -> tuple[str, str]:
    file, _, pointer = address.partition("#")
    return file.removesuffix(SCHEMA) + LEARNT, pointer


def overlays(found: Lessons) -> Lines:
    """Return an OpenAPI Overlay 1.0 for each API: the headers of every answer of an operation that golive lacks."""
    actions: dict[str, list[dict[str, Any]]] = {}
    for operation, seen in found.evidence.items():
        known = found.contract.operations[operation]
        for status, update in _headers(found, operation, seen):
            responses = known.description["responses"]
            # Where the document refers to a response that others share, an addition would be theirs as well.
            named = str(status) if str(status) in responses else f"{status // 100}XX"
            way = ["paths", known.path, known.method.lower(), "responses", named, "headers"]
            if isinstance(found_at(found.contract.apis[known.folder], written(way)), dict):
                one = {"target": target(way), "update": update}
                actions.setdefault(known.folder, []).append(one)
    return {
        f"{folder}/openapi{LEARNT}": {
            "overlay": OVERLAY_VERSION,
            "info": {"title": "What golive learn saw", "version": "1"},
            "actions": some,
        }
        for folder, some in actions.items()
    }


def _headers(
    found: Lessons, operation: str, seen: Evidence
) -> Iterator[tuple[int, dict[str, Any]]]:
    if len(seen.statuses) != 1:
        return
    ((status, times),) = seen.statuses.items()
    known = {name.lower() for name in found.contract.operations[operation].headers(status)}
    learnt = {one.place.removeprefix(HEADER) for one in found.settled if not one.operation}
    names = sorted(
        name
        for name, count in seen.headers.items()
        if count == times >= FEWEST and name not in known | learnt | {OTHER, "content-type"}
    )
    source = found.source(times)
    if names:
        yield (
            status,
            {
                name: {"x-basis": "observed", "x-source": source, "schema": {"type": "string"}}
                for name in names
            },
        )
