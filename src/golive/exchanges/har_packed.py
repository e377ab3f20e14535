"""What golive's archives keep for golive alone, packed together: what people and other tools have no use for."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from golive.kit.json_text import pack, unpack
from golive.kit.wire import http_date

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
