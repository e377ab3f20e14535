"""The fingerprint of a run: every situation's shape, and never a value; `fingerprint.json` in the run folder.

Generated requests stay out: which of them are kept depends on what they met.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from golive import __version__
from golive.drift.observation import Reader, Situation
from golive.drift.shape import merged
from golive.drift.traits import merged_traits
from golive.exchanges.model import NO_STATUS, exchanges_in
from golive.kit.files import MOST_BYTES, read_regular, write_whole
from golive.kit.invisible import has_unseen
from golive.kit.json_schema import form_of
from golive.kit.json_text import utc
from golive.kit.packed import pack, unpack
from golive.kit.pointers import nodes
from golive.kit.problems import ConfigurationProblem, shown_path
from golive.redaction import REDACTOR, redact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from golive.contract.document import Contract
    from golive.exchanges.registry import Key
    from golive.exchanges.schedule import Result

FILE = "fingerprint.json"
FORM = "fingerprint.schema.json"
SCHEMA_VERSION = 2


@dataclass(frozen=True)
class Fingerprint:
    """What one run saw: situations by their name, and the ids of the checks that read each.

    `environment` is the environment's name, `started` when the run began (UTC), `run` what the run is called, its
    folder's name. `twin` says that the embedded twin was asked, `tenant` which tenant, empty where that is not known.
    """

    environment: str
    started: datetime
    situations: Mapping[str, Situation]
    checks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    golive_version: str = __version__
    run: str = ""
    twin: bool = False
    tenant: str = ""

    def is_of(self, other: Fingerprint) -> bool:
        """Whether two runs are of one environment and of one tenant, as far as both are known."""
        same = not (self.tenant and other.tenant) or self.tenant == other.tenant
        return same and self.environment == other.environment

    @property
    def digest(self) -> str:
        """A hash of the situations: equal where two runs saw the very same."""
        return digest_of(self.situations)

    def as_dict(self) -> dict[str, Any]:
        """Return the fingerprint as JSON can hold it (`schemas/fingerprint.schema.json`)."""
        return {
            "schema_version": SCHEMA_VERSION,
            "golive_version": self.golive_version,
            "environment": self.environment,
            **({"tenant": self.tenant} if self.tenant else {}),
            "started": utc(self.started),
            "digest": self.digest,
            **({"twin": True} if self.twin else {}),
            "situations": dict(sorted(self.situations.items())),
            "checks": {name: list(ids) for name, ids in sorted(self.checks.items())},
        }


def digest_of(situations: Mapping[str, Situation]) -> str:
    """Return `sha256:` and the hash of the situations in their canonical form."""
    # What values have in common depends on the data.
    plain = {
        name: {key: value for key, value in one.items() if key != "traits"}
        for name, one in situations.items()
    }
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def fingerprint(
    environment: str,
    started: datetime,
    made: Mapping[Key, Result],
    contract: Contract,
    checks: Mapping[Key, Iterable[str]] | None = None,
    without: frozenset[str] = frozenset(),
) -> Fingerprint:
    """Return the fingerprint of what a run made.

    `checks` names the checks that read each exchange; definitions named in `without` are left out.
    """
    reader = Reader(contract)
    found: dict[str, Situation] = {}
    readers: dict[str, set[str]] = {}
    seen: set[int] = set()
    for key, result in made.items():
        if key[0] in without:
            continue
        for exchange in exchanges_in([result]):
            readers.setdefault(exchange.name, set()).update((checks or {}).get(key, ()))
            # It is made once and known by two names; what is not HTTP has no shape.
            if id(exchange) in seen or exchange.status == NO_STATUS:
                continue
            seen.add(id(exchange))
            one = reader.situation(exchange)
            known = found.get(exchange.name)
            found[exchange.name] = merged_situation(known, one) if known else one
    ids = {name: tuple(sorted(checks)) for name, checks in readers.items()}
    return Fingerprint(environment, started, found, ids)


def merged_situation(first: Situation, second: Situation) -> Situation:
    """Return the second look at a situation with what the first had seen of its shapes besides."""
    if first["status"] != second["status"]:
        return second
    shapes = {
        part: merged(first["shapes"].get(part, {}), second["shapes"].get(part, {}))
        for part in sorted(first["shapes"].keys() | second["shapes"].keys())
    }
    found = {**second, "shapes": shapes}
    before, after = first.get("traits", {}), second.get("traits", {})
    if traits := {
        path: merged_traits(before.get(path, {}), after.get(path, {}))
        for path in sorted(before.keys() | after.keys())
    }:
        found["traits"] = traits
    return found


def write(folder: Path, found: Fingerprint) -> Path:
    """Write `fingerprint.json` into a run folder in one step; raises OSError."""
    # Only secrets: every name in it was held against the run's personal data when it was made,
    # and a person's text could be a piece of the contract's own words.
    return write_whole(folder / FILE, _text(found.as_dict()))


PACKED = ("situations", "checks")
"""Members that are as long as the rest of a run folder, and that nobody but `golive diff` and `golive learn` reads."""


def _text(found: dict[str, Any]) -> str:
    """Write JSON with a line for each member, without secrets; what a comparison reads is packed."""
    packed = {name: found[name] for name in PACKED}
    outer = {name: value for name, value in found.items() if name not in PACKED}
    inner = REDACTOR.without_secrets(json.dumps(packed, ensure_ascii=False))
    return REDACTOR.without_secrets(json.dumps(outer | {"packed": pack(inner)}, indent=1) + "\n")


SHARED = ("shapes", "traits", "headers")
"""Members that situations had alike in files of version 1, each written once."""


def _whole(data: dict[str, Any]) -> dict[str, Any]:
    """Return a fingerprint with what is packed, or in version 1 shared, where it belongs; the rest stays as it is."""
    if "packed" in data:
        unpacked = unpack(data.pop("packed"))
        return {**data, **{name: unpacked[name] for name in PACKED if name in unpacked}}
    shared, situations = data.pop("shared", None), data.get("situations")
    ids, checks = data.pop("check_ids", None), data.get("checks")
    if isinstance(shared, dict) and isinstance(situations, dict):

        def whole(value: Any) -> Any:
            return shared.get(value, value) if isinstance(value, str) else value

        for name, named in situations.items():
            one = whole(named)
            if isinstance(one, dict):
                members = {member: whole(one[member]) for member in SHARED if member in one}
                situations[name] = {**one, **members}
    if isinstance(ids, list) and isinstance(checks, dict):
        for name, numbers in checks.items():
            if isinstance(numbers, list):
                known = range(len(ids))
                checks[name] = [ids[n] if type(n) is int and n in known else n for n in numbers]
    return data


def read(file: Path) -> Fingerprint:
    """Read a fingerprint; raises ConfigurationProblem where the file is none."""
    shown = shown_path(file)
    try:
        text = read_regular(file, MOST_BYTES).decode("utf-8")
        data = json.loads(text)
        data = _whole(data) if isinstance(data, dict) else data
        if any(has_unseen(text) for node in nodes(data) for text in _texts(node)):
            raise ValueError("an invisible character")
    except (OSError, ValueError, TypeError, RecursionError, OverflowError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not JSON"
        raise ConfigurationProblem.of(shown, f"the fingerprint can't be read: {why}.") from None
    flaw = next(iter(form_of(FORM).iter_errors(data)), None)
    if flaw is not None:
        at = "/".join(map(str, flaw.instance_path))
        where = f": see /{redact(at)[:80]}" if at else ""
        cure = "Make the run again, or read it with the golive that wrote it."
        raise ConfigurationProblem.of(shown, f"this is not a fingerprint of golive{where}.", cure)
    try:
        return replace(from_dict(data), run=file.parent.name)
    except (ValueError, OverflowError):
        raise ConfigurationProblem.of(shown, "the fingerprint's time is not a time.") from None


def _texts(node: Any) -> Iterable[str]:
    """Return the text that a node is, or the names of its members."""
    return [node] if isinstance(node, str) else node if isinstance(node, dict) else ()


def from_dict(data: Mapping[str, Any]) -> Fingerprint:
    """Return the fingerprint that `as_dict` described."""
    return Fingerprint(
        environment=data["environment"],
        started=datetime.fromisoformat(data["started"]).astimezone(UTC),
        situations=data["situations"],
        checks={name: tuple(ids) for name, ids in data.get("checks", {}).items()},
        golive_version=data["golive_version"],
        twin=data.get("twin", False),
        tenant=data.get("tenant", ""),
    )
