"""What a run learnt, as plain data: all that a report knows, and what `summary.json` holds.

The shape is that of `schemas/summary.schema.json`. The plugin makes it once at a run's end; what has only begun,
or could not begin, has the summary that `begun` returns.

Of thousands of nights only the beginning is read (`Head`): a summary has hundreds of kilobytes, nearly all of them
checks, which stand last. It is input then: anything may stand there that a person, a full disk or another version left.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NotRequired, TypeAlias, TypedDict

from golive import __version__
from golive.checks.verdict import TITLES, ExitCode, Outcome
from golive.contract.label import Basis, Level
from golive.kit.files import MOST_BYTES
from golive.kit.json_text import leading_members, utc
from golive.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Callable


SCHEMA_VERSION = 2
MEMBERS = (
    "id", "statement", "area", "level", "basis", "source", "outcome", "deciding", "against_success", "nodeid", "line",
    "seconds", "findings", "harm", "again", "cause", "next_step", "reason", "deviation", "operations", "proves",
    "exchanges",
)  # fmt: skip
"""What a file keeps of a check. In memory `configuration` and `unsettled_shape` stand beside them."""

UNEVENTFUL = frozenset({Outcome.PASSED, Outcome.NOT_CLAIMED, Outcome.NOT_SEEN})
"""Outcomes of which a file says in short what is not as usual."""

NOT_IN_SHORT = frozenset({"nodeid", "line", "seconds"})

UNFINISHED = "The run has not ended yet, or was killed before it could say how it ended."

Data: TypeAlias = Mapping[str, Any]


class Summary(TypedDict):
    """A run; what an older version did not write yet is not required."""

    schema_version: int
    golive_version: str
    verdict: str
    exit_code: int
    meaning: str
    finished: NotRequired[bool]
    problems: NotRequired[list[str]]
    part: NotRequired[str]
    recorded: NotRequired[bool]
    twin: bool
    double: NotRequired[str]
    environment: Data
    started: str
    ended: str
    counts: dict[str, int]
    requests: int
    token_requests: int
    repeated_requests: NotRequired[int]
    written: NotRequired[list[Data]]
    visibility: NotRequired[list[Data]]
    asked_again: NotRequired[list[Data]]
    response_times: NotRequired[list[Data]]
    walk: list[Data]
    diagnosis: Data | None
    proofs: list[Data]
    reach: NotRequired[Data]
    known_deviations: list[Data]
    internal_errors: list[str]
    project_tests: NotRequired[list[Data]]
    taught: NotRequired[list[str]]
    before_curl: NotRequired[list[str]]
    sources: NotRequired[list[str]]
    checks: list[Data]


def begun(name: str, environment: Data | None = None, *, twin: bool = False) -> Summary:
    """Return the summary of a run that has only begun: INTERRUPTED, and not finished.

    `name` is the environment's; `environment` is its section of the summary, once its file has been read.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "golive_version": __version__,
        "verdict": TITLES[ExitCode.INTERRUPTED],
        "exit_code": int(ExitCode.INTERRUPTED),
        "meaning": UNFINISHED,
        "finished": False,
        "part": "",
        "twin": twin,
        "environment": {"name": name} if environment is None else environment,
        "started": utc(datetime.now(UTC)),
        "ended": utc(datetime.now(UTC)),
        "counts": dict.fromkeys(map(str, Outcome), 0),
        "requests": 0,
        "token_requests": 0,
        "repeated_requests": 0,
        "written": [],
        "response_times": [],
        "walk": [],
        "diagnosis": None,
        "proofs": [],
        "known_deviations": [],
        "internal_errors": [],
        "checks": [],
    }


def same_deployment(one: Data, other: Data) -> bool:
    """Return whether two runs are of one environment and, as far as they know it, of one tenant."""
    sections = [one["environment"], other["environment"]]
    tenants = {section["tenant"] for section in sections if "tenant" in section}
    return sections[0]["name"] == sections[1]["name"] and len(tenants) < 2


def as_json(data: Summary) -> str:
    """Return the text of `summary.json`: a line for each member, and one for each check."""

    def text(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    numbers: dict[str, int] = {}
    checks = ",\n".join(f"  {text(_in_short(check, numbers))}" for check in data["checks"])
    members = {name: value for name, value in data.items() if name not in ("checks", "sources")}
    lines = [f" {text(name)}: {text(value)}" for name, value in members.items()]
    lines += [f' "sources": {text([*numbers])}', f' "checks": [\n{checks}\n ]']
    return redact("{\n" + ",\n".join(lines) + "\n}\n")


def _in_short(result: Data, numbers: dict[str, int]) -> dict[str, Any]:
    """Return what the file says of a check; of one where nothing happened, what is not as usual.

    `numbers` are the places of sources in their list.
    """
    said = in_file(result)
    if said["outcome"] not in UNEVENTFUL:
        return said
    usual = _usual(said)
    said["source"] = numbers.setdefault(said["source"], len(numbers))
    return {
        name: value
        for name, value in said.items()
        if name not in NOT_IN_SHORT and not (name in usual and usual[name] == value)
    }


def _usual(check: Data) -> dict[str, Any]:
    """Return the members of a check as they are where a file leaves them out."""
    proves, level = check.get("proves", {}), check.get("level", Level.MUST)
    return {
        "level": str(Level.MUST),
        "deciding": level == Level.MUST and check["basis"] != Basis.INFERRED,
        "against_success": bool(proves),
        "findings": [],
        "operations": sorted(proves),
        "proves": {},
        "exchanges": [],
    }


def whole(data: Summary) -> Summary:
    """Return what a file says, each check with all its members; raises ValueError where it names no source.

    Of checks that passed or were not claimed, `nodeid`, `line` and `seconds` are in no file.
    """
    sources = data.get("sources", [])
    try:
        data["checks"] = [
            {
                **_usual(check),
                **check,
                "source": sources[one] if isinstance(one := check["source"], int) else one,
            }
            for check in data["checks"]
        ]
    except LookupError:
        raise ValueError("a source that is not among the sources") from None
    return data


def in_file(result: Data) -> dict[str, Any]:
    """Return what a file keeps of a check's result."""
    return {name: result[name] for name in MEMBERS if name in result}


SUMMARY = "summary.json"
HEAD = 16 * 1024
"""Bytes; an environment of many accounts has eight thousand."""

NEEDED = frozenset({"exit_code", "twin", "environment", "started"})
"""Members of a summary; `finished` and `double` stand before the last of them."""


@dataclass(frozen=True)
class Head:
    """How a run began and ended; `key` is its environment's name or `ENVIRONMENT@TENANT`.

    `name` is that of the run's folder, `tenant` the tenant's id, empty where no environment could be read; `double`
    says who answered in place of the service, empty for the service itself; `finished` is False of a run that was
    killed or is still under way.
    """

    key: str
    tenant: str
    name: str
    started: datetime
    code: ExitCode
    double: str
    finished: bool


def head_of(name: str, read: Callable[[int], bytes]) -> Head | None:
    """Return the head of the summary in the folder of this name, None where it is no run's.

    `read` gives the first so many bytes of the summary.
    """
    content = read(HEAD)
    found = _head(name, leading_members(content.decode("utf-8", "replace"), NEEDED))
    if found is None and len(content) >= HEAD:
        text = read(MOST_BYTES).decode("utf-8", "replace")
        found = _head(name, leading_members(text, NEEDED))
    return found


def _head(name: str, data: dict[str, Any]) -> Head | None:
    if not data.keys() >= NEEDED:
        return None
    environment, started = data["environment"], data["started"]
    try:
        code = ExitCode(data["exit_code"])
        began = datetime.fromisoformat(started)
        key, tenant = environment["name"], environment.get("tenant", "")
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    if not (isinstance(key, str) and isinstance(tenant, str)) or began.tzinfo is None:
        return None
    twin = "the embedded twin" if data.get("twin") is True else ""
    double = str(data.get("double", twin) or "")
    return Head(key, tenant, name, began, code, double, data.get("finished") is not False)
