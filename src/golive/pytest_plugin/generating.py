"""Generated requests, as the plugin sees them: collected when they are asked for, made last, never proof.

Nothing here imports schemathesis or hypothesis: only the exchanges of `suites/generated` do, when they are made.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import pytest

from golive.kit.files import resources

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from golive.environment import Environment
    from golive.exchanges.registry import Key

    Profile = Literal["gate", "nightly"]

FOLDER = "generated"
EXCHANGE_KEY = "generated_requests"
LARGEST_SEED = 2**32


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the suite of generated requests out of every run that does not ask for it."""
    if config.getoption("--generated"):
        return None
    return True if collection_path == resources() / "suites" / FOLDER else None


def with_generation(
    environment: Environment, *, wanted: bool, profile: Profile, seed: int | None
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


def last(keys: Iterable[Key]) -> tuple[list[Key], list[Key]]:
    """Part the exchanges from the generated requests, which come when all others are made.

    They write to the same test patient, and no fixed exchange shall see what they did.
    """
    keys = list(keys)
    generated = [key for key in keys if key[0] == EXCHANGE_KEY]
    return [key for key in keys if key[0] != EXCHANGE_KEY], generated


def is_generated(item: pytest.Item) -> bool:
    """Return whether a check reads generated requests."""
    return item.get_closest_marker(FOLDER) is not None
