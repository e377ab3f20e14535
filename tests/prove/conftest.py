"""What a fault-free run gave, made once for all that makes mutants of it."""

import pytest
from shared import recorded

from golive.mutation.record import Recording


@pytest.fixture(scope="session")
def recording() -> Recording:
    return recorded()
