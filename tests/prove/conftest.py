"""What a fault-free run gave, made once for all that makes mutants of it."""

import pytest

from golive.mutation.record import Recording, record


@pytest.fixture(scope="session")
def recording() -> Recording:
    return record()
