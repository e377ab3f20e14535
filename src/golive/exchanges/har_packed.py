"""What golive's archives keep for golive alone, packed together: what people and other tools have no use for.

Among it is what the exchanges of a run came to, by the keys under which checks take them: a row has the name of an
exchange, its parameters, and the number of the request, the numbers of a chain's steps, or why it was not made.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from golive.contract.outcomes import (
    CouldNotTellError,
    NotClaimedError,
    NotRecordedError,
    SuiteError,
)
from golive.exchanges.model import Exchange, Steps
from golive.kit.packed import pack, unpack
from golive.kit.wire import http_date
from golive.redaction import REDACTOR

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from golive.exchanges.registry import Key
    from golive.exchanges.schedule import Result


Json = dict[str, Any]

LONGEST_BODY = 1024
"""Characters of a body that an entry has whole; of a longer one it shows the beginning, the whole is packed."""

BEGINNING = 128
SAME_TIME = 2
"""Seconds from an answer to what its header Date may say of it: the header has no fractions."""


@dataclass
class Packed:
    """Bodies with their numbers, what may be known of tokens by their names, and what entries have beside HTTP.

    `shown` has the number of the first exchange with each body: only that one shows it whole.
    """

    bodies: dict[str, int] = field(default_factory=dict)
    tokens: Json = field(default_factory=dict)
    own: Json = field(default_factory=dict)
    shown: dict[str, int] = field(default_factory=dict)

    def fold(self, entry: Json) -> Json:
        """Leave in an entry what people read in it, and keep the rest by its number."""
        own = entry["_golive"]
        asked, answered = entry["request"], entry["response"]
        for name, part in (("posted", asked.get("postData", {})), ("body", answered["content"])):
            text = part.get("text", "")
            if len(text) <= BEGINNING or part.keys() & {"comment", "encoding"}:
                continue
            first = self.shown.setdefault(text, own["number"])
            if len(text) > LONGEST_BODY or first != own["number"]:
                own[name] = self.bodies.setdefault(text, len(self.bodies))
                part["text"] = text[:BEGINNING]
                where = f"exchange {first}" if len(text) <= LONGEST_BODY else "`golive show --full`"
                part["comment"] = f"{BEGINNING} of {len(text)} characters; all: {where}"
        fields = answered["headers"]
        own["headers"] = [
            [place, one] for place, one in enumerate(fields) if _is_said_elsewhere(one, entry)
        ]
        for place, _ in reversed(own["headers"]):
            del fields[place]
        self.own[str(own["number"])] = own
        entry["_golive"] = {"number": own["number"]}
        return entry

    def as_text(self, **more: Any) -> str:
        """Return it all, and more, as text."""
        whole = {"bodies": [*self.bodies], "tokens": self.tokens, "own": self.own, **more}
        return pack(json.dumps(whole))


def _is_said_elsewhere(header: Json, entry: Json) -> bool:
    """Return whether a header of an answer only repeats what another member of the entry, or the archive, says."""
    value, answered = str(header["value"]), entry["response"]
    match header["name"].lower():
        case "content-type":
            return value == str(answered["content"]["mimeType"])
        case "content-length":
            return value == str(answered["bodySize"])
        case "x-golive-twin":
            return value == "1"
        case "date":
            answered = http_date(value)
            if answered is None:
                return False
            passed = answered - datetime.fromisoformat(entry["startedDateTime"])
            seconds = float(entry["time"]) / 1000
            return abs(passed.total_seconds() - seconds) < SAME_TIME
    return False


def unfold(packed: object, entries: list[Json]) -> Json:
    """Put what was packed where it belongs, and return what is of no entry; raises ValueError where that can't be.

    In archives of version 2 the entries have members of their own, and only bodies and tokens are packed.
    """
    try:
        shared: Json = unpack(packed)
        bodies, kept = shared.pop("bodies"), shared.pop("own", {})
        for entry in entries:
            own = entry.get("_golive", {})
            own |= kept.get(str(own.get("number")), {})
            if (number := own.pop("body", None)) is not None:
                entry["response"]["content"]["text"] = bodies[number]
            if (number := own.pop("posted", None)) is not None:
                entry["request"]["postData"]["text"] = bodies[number]
            for place, header in own.pop("headers", ()):
                entry["response"]["headers"].insert(place, header)
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise ValueError(str(error)) from None
    return shared


def kept_results(made: Mapping[Key, Result]) -> dict[str, list[Any]]:
    """Return the rows of an archive: `made` of what was made, `stopped` of what was not."""
    found: list[Any] = []
    stopped: list[Any] = []
    for (name, parameters), result in made.items():
        key = [name, dict(parameters)]
        if isinstance(result, Exchange):
            found.append([*key, result.number])
        elif isinstance(result, Steps):
            found.append([*key, {step: one.number for step, one in result.items()}])
        else:
            stopped.append([*key, _why(result)])
    return {"made": found, "stopped": stopped}


def _why(result: Exception) -> Json:
    """Return why an exchange was not made."""
    match result:
        case CouldNotTellError():
            names = ("cause", "next_step", "unsettled_shape", "configuration")
            return {name: getattr(result, name) for name in names}
        case NotClaimedError():
            return {"key": result.key, "operation": result.operation}
    return {"suite_error": REDACTOR.redact(str(result))}


def results_in(
    own: Mapping[str, Any], exchanges: Iterable[Exchange], known: Container[str]
) -> dict[Key, Result]:
    """Return what golive's own recording has, by the keys of its run; `known` are names that still mean something."""
    by_number = {one.number: one for one in exchanges}
    made: dict[Key, Result] = {}
    for name, parameters, numbers in _rows(own, "made"):
        if name in known:
            made[_key(name, parameters)] = _result(by_number, numbers)
    for name, parameters, stop in _rows(own, "stopped"):
        made[_key(name, parameters)] = _stop(stop)
    return made


def _rows(own: Mapping[str, Any], name: str) -> list[list[Any]]:
    rows = own.get(name)
    return [row for row in rows if isinstance(row, list) and len(row) == 3] if rows else []


def _key(name: Any, parameters: Any) -> Key:
    pairs = parameters.items() if isinstance(parameters, dict) else ()
    return str(name), tuple(sorted((str(one), str(value)) for one, value in pairs))


def _result(by_number: Mapping[int, Exchange], numbers: Any) -> Result:
    if not isinstance(numbers, dict):
        found = by_number.get(numbers)
        return found or NotRecordedError(f"exchange {numbers}, which was taken out of it")
    steps = {str(step): by_number.get(number) for step, number in numbers.items()}
    lacking = [step for step, one in steps.items() if one is None]
    if lacking:
        return NotRecordedError(f"step {lacking[0]}, which was taken out of it")
    return Steps({step: one for step, one in steps.items() if one is not None})


def _stop(stop: Any) -> Result:
    stop = stop if isinstance(stop, dict) else {}
    if "key" in stop:
        return NotClaimedError(str(stop["key"]), operation=str(stop.get("operation", "")))
    if "suite_error" in stop:
        return SuiteError(str(stop["suite_error"]))
    said = {name: str(stop.get(name, "")) for name in ("cause", "next_step")}
    flags = {name: bool(stop.get(name)) for name in ("unsettled_shape", "configuration")}
    return CouldNotTellError(said["cause"], next_step=said["next_step"], **flags)
