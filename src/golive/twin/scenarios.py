"""Bad days as data: their form (`scenario.schema.json`), those with a name (`scenarios.toml`), and those of a file.

A scenario is a list of steps: the requests that a step is for, and what becomes of them. What the steps do is the
business of `bad_days`.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal


@dataclass(frozen=True, kw_only=True)
class CannedAnswer:
    """An answer that the service did not give: see `scenario.schema.json` for the members."""

    status: int
    body: Literal["html", "json", "empty"] = "html"
    retry_after: int | None = None
    retry_after_as: Literal["seconds", "date"] = "seconds"
    location: str | None = None
    handled: bool = False


@dataclass(frozen=True, kw_only=True)
class Then:
    """What becomes of a request: see `scenario.schema.json` for the members; times are in seconds."""

    expire_tokens: bool = False
    rotate_keys: bool = False
    unknown_key: bool = False
    clock_behind: float = 0.0
    change_messages: bool = False
    add_messages: int = 0
    answer: CannedAnswer | None = None
    wait: float = 0.0
    reset: Literal["before", "within", "after"] | None = None
    unknown_members: bool = False
    unknown_words: bool = False
    gzip: bool = False
    chunks: int = 0
    header_names: Literal["upper", "mixed"] | None = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """The requests that something becomes of: of the operations ``on``, from the one ``after`` so many."""

    on: frozenset[str]
    then: Then
    after: int = 0
    times: int | None = None
    seconds: float | None = None
    chance: float = 1.0


@dataclass(frozen=True)
class Scenario:
    """One bad day."""

    sentence: str
    steps: tuple[Step, ...]


Given = str | Path | Mapping[str, Any]
"""A name of `SCENARIOS`, a TOML file, or what such a file says."""


def _resource(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")


_NAMED: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    tomllib.loads(_resource("scenarios.toml"))
)
SCENARIOS: Mapping[str, str] = MappingProxyType(
    {name: scenario["sentence"] for name, scenario in _NAMED.items()}
)
"""Name of each scenario -> its sentence."""


@cache
def schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario."""
    document: dict[str, Any] = json.loads(_resource("scenario.schema.json"))
    return document


def scenario_of(given: Given) -> Scenario:
    """Return the scenario of that name, of that file, or with that content.

    A text that ends in ``.toml`` or has a slash is a file's name. Raises ValueError, with the place and what is
    wrong there, for an unknown name, a file that can't be read, and whatever the JSON Schema forbids.
    """
    if isinstance(given, Mapping):
        return _read(given, "the scenario", "")
    if isinstance(given, Path) or given.endswith(".toml") or "/" in given:
        return _of_file(Path(given))
    if given not in _NAMED:
        near = get_close_matches(given, _NAMED, n=1)
        hint = f'Did you mean "{near[0]}"?' if near else "`golive twin --scenarios` lists them all."
        raise ValueError(f'The twin knows no scenario "{given}". {hint} A file ends in .toml.')
    return _read(_NAMED[given], given, "")


def _of_file(file: Path) -> Scenario:
    try:
        text = file.read_text("utf-8")
        given = tomllib.loads(text)
    except OSError as error:
        raise ValueError(f"{file} can't be read: {error.strerror}.") from None
    except ValueError as error:
        raise ValueError(f"{file} is not TOML: {error}.") from None
    return _read(given, str(file), text)


def _read(given: Mapping[str, Any], name: str, text: str) -> Scenario:
    # A tenth of a second that only a twin with a scenario should pay for.
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    wrong = best_match(Draft202012Validator(schema()).iter_errors(given))
    if wrong is not None:
        place = _line(text, wrong.absolute_path)
        key = wrong.json_path.removeprefix("$").removeprefix(".")
        raise ValueError(f"{name}{place}: {f'{key}: ' if key else ''}{wrong.message}.")
    steps = []
    for step in given["steps"]:
        then = dict(step["then"])
        if "answer" in then:
            then["answer"] = CannedAnswer(**then["answer"])
        steps.append(Step(**{**step, "on": frozenset(step["on"]), "then": Then(**then)}))
    return Scenario(given["sentence"], tuple(steps))


def _line(text: str, path: Any) -> str:
    """Return ``:LINE`` of the step that a path leads into, counted in the text of a file; else nothing."""
    heads = [
        number for number, line in enumerate(text.splitlines(), 1) if line.strip() == "[[steps]]"
    ]
    match list(path):
        case ["steps", int(index), *_] if index < len(heads):
            return f":{heads[index]}"
    return ""
