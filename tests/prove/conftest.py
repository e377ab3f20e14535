"""What a fault-free run gave, made once for all that makes mutants of it."""

import pytest
from shared import recorded

from golive.mutation.judge import Mutant
from golive.mutation.proof import mutants_of
from golive.mutation.record import Recording


@pytest.fixture(scope="session")
def recording() -> Recording:
    return recorded()


@pytest.fixture(scope="session")
def mutants(recording: Recording) -> list[Mutant]:
    """Every mutant of it."""
    return mutants_of(recording)
