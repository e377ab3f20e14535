"""What a fault-free run gave, made once for all that makes mutants of it."""

from collections.abc import Iterator
from functools import cache

import pytest
from shared import as_in_its_run, recorded

from golive.mutation.judge import Mutant
from golive.mutation.proof import mutants_of
from golive.mutation.record import Recording


@pytest.fixture
def recording() -> Iterator[Recording]:
    with as_in_its_run():
        yield recorded()


@cache
def made() -> list[Mutant]:
    return mutants_of(recorded())


@pytest.fixture
def mutants(recording: Recording) -> list[Mutant]:
    """Every mutant of it."""
    return made()
