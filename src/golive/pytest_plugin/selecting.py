"""What the command line selects, and the environment as it wants it; mistyped options and words of `-k` and `-m`.

Those are refused before anything is sent, with what was probably meant.
pytest takes a mistyped word for one that matches no test. After `not` that selects every test, and a run would send
what somebody wanted to leave out.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Literal

import pytest

from golive.environment.settings import LONGEST_RUN
from golive.kit.problems import did_you_mean, shown_path
from golive.pytest_plugin.project import suites_folders
from golive.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from golive.environment import Environment

WORD = re.compile(r"[\w:+\-.\[\]\\/]+")
LARGEST_SEED = 2**32
MISSPELT = 0.8
"""How much of an option must be right for a mistyped one; pytest has hundreds, and another plugin's may be meant."""

OPERATORS = frozenset({"and", "or", "not", "True", "False", "None"})


def takes_all(config: pytest.Config) -> bool:
    """Return whether every check there is was collected, however few are selected afterwards."""
    options = config.option
    left_out = getattr(options, "lf", False) or options.ignore or options.ignore_glob
    here = config.invocation_params.dir
    chosen = [(here / argument).resolve() for argument in config.args]
    return not left_out and all(
        any(folder.resolve().is_relative_to(one) for one in chosen) for folder in suites_folders()
    )


def spread(environment: Environment, config: pytest.Config) -> Environment:
    """Return the environment with the access rules spread or everywhere, where it leaves that to the profile.

    Who selects checks wants these, whatever they vary.
    """
    if environment.safety.access_rules != "by-profile":
        return environment
    option = config.option
    selects = option.keyword or option.markexpr or getattr(option, "deselect", None)
    gate = config.getoption("--profile") == "gate" and takes_all(config) and not selects
    safety = replace(environment.safety, access_rules="spread" if gate else "everywhere")
    return replace(environment, safety=safety)


def with_twin(environment: Environment, defects: list[str], seed: int | None) -> Environment:
    """Return the environment with these defects of its twin as well, and with this seed where there is one."""
    if not defects and seed is None:
        return environment
    if not environment.needs_twin:
        message = "--defect and --twin-seed need an environment that starts the embedded twin"
        raise pytest.UsageError(message)
    twin = environment.twin
    chosen = twin.seed if seed is None else seed
    twin = replace(twin, defects=(*twin.defects, *defects), seed=chosen)
    return replace(environment, twin=twin)


def with_generation(
    environment: Environment, *, wanted: bool, profile: Literal["gate", "nightly"], seed: int | None
) -> Environment:
    """Return the environment with the profile and the seed of this run, and time for as many requests more.

    A nightly run takes a fresh seed, which its summary states. Raises UsageError for a seed without `--generated`,
    which would do nothing.
    """
    if not wanted:
        if seed is not None:
            raise pytest.UsageError("--seed belongs to generated requests: add --generated")
        return environment
    if seed is None:
        fresh = profile == "nightly"
        seed = secrets.randbelow(LARGEST_SEED) if fresh else environment.generated.seed
    generated = replace(environment.generated, profile=profile, seed=seed)
    seconds = environment.safety.time_limit + generated.budget
    safety = replace(environment.safety, time_limit=seconds)
    return replace(environment, generated=generated, safety=safety)


def within(environment: Environment, requests: int | None) -> Environment:
    """Return the environment with the command line's budget, where there is one; raises UsageError for a larger one."""
    if requests is None:
        return environment
    budget = environment.safety.budget
    if not 1 <= requests <= budget:
        line = environment.line_of("safety.budget")
        place = f" at {shown_path(environment.path)}:{line}" if line else ""
        raise pytest.UsageError(
            f"--budget takes a number of requests from 1 to {budget}, which is `safety.budget`{place}"
        )
    return replace(environment, safety=replace(environment.safety, budget=requests))


def within_time(environment: Environment, seconds: float | None) -> Environment:
    """Return the environment with the time limit of the command line, where there is one."""
    if seconds is None:
        return environment
    if not 0 < seconds <= LONGEST_RUN:
        raise pytest.UsageError(f"--time-limit takes a number of seconds, at most {LONGEST_RUN}")
    return replace(environment, safety=replace(environment.safety, time_limit=seconds))


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, args: list[str]
) -> Generator[None, object, object]:
    """Refuse an option that is like a known one, once every plugin and conftest.py has added its own.

    Where a path is refused, it may be the value of such an option, and that is said instead.
    """
    try:
        return (yield)
    finally:
        _refuse_misspelt(early_config, args)


def _refuse_misspelt(early_config: pytest.Config, args: list[str]) -> None:
    parser: Any = early_config._parser
    _, unknown = parser.parse_known_and_unknown_args(args)
    groups = [*parser._groups, parser._anonymous]
    known = [name for group in groups for option in group.options for name in option.names()]
    for word in (one.split("=")[0] for one in unknown if one.startswith("--")):
        for near in get_close_matches(word, known, 1, MISSPELT):
            words = f'{word}: there is no such option. Did you mean "{near}"?'
            raise pytest.UsageError(redact(words))


def refuse_unknown_words(
    config: pytest.Config, items: Iterable[pytest.Item], *, whole: bool
) -> None:
    """Raise pytest's UsageError for a word that no collected test has.

    Where these are not the `whole` of all tests, one of the others may have it: then only one that is like another.
    """
    items = list(items)
    if keywords := _words(config.option.keyword):
        names = {name for item in items for name in _names(item)}
        text = "\n".join(names).casefold()
        ids = [name for item in items for name in item.extra_keyword_matches]
        unknown = (word for word in keywords if word.casefold() not in text)
        _refuse("-k", unknown, ids, whole=whole)
    if markers := _words(config.option.markexpr):
        lines = config.getini("markers")
        known = {re.split(r"[:(]", line)[0].strip() for line in lines}
        known |= {mark.name for item in items for mark in item.iter_markers()}
        _refuse("-m", (word for word in markers if word not in known), known, whole=whole)


def _words(expression: str) -> list[str]:
    """Return the words of an expression; none of one that gives a marker arguments."""
    found = [] if "=" in expression else WORD.findall(expression)
    return [word for word in found if word not in OPERATORS]


def _names(item: pytest.Item) -> Iterator[str]:
    """Yield what pytest compares with a word of `-k`."""
    yield item.nodeid
    yield from item.listnames()
    yield from item.extra_keyword_matches
    yield from (mark.name for mark in item.iter_markers())
    yield from vars(getattr(item, "function", None) or object).keys()


def _refuse(option: str, unknown: Iterable[str], known: Iterable[str], *, whole: bool) -> None:
    for word in unknown:
        hint = did_you_mean(word, known)
        if not (hint or whole):
            continue
        hint = hint or "`golive checks` lists the ids of all checks."
        raise pytest.UsageError(redact(f"{option}: no check has the word {word!r}. {hint}"))
