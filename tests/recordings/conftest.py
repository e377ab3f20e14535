"""Recordings to judge: a faulty run of golive's own, and the exchanges of a fault-free one as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from har_files import golive

from golive.mutation.record import record

if TYPE_CHECKING:
    from har_files import Ended

DEFECTS = (
    "detail-disagrees-with-list",
    "every-third-token-expires-early",
    "token-claims-name-two-tenants",
    "token-response-may-be-cached",
    "token-response-repeats-the-secret",
)


@pytest.fixture(scope="session")
def faulty_run(tmp_path_factory) -> Ended:
    """A whole run of the twin with faults in messages, lists and tokens."""
    folder = tmp_path_factory.mktemp("faulty")
    return golive(folder, "run", "twin", "-v", *(f"--defect={one}" for one in DEFECTS))


@pytest.fixture(scope="session")
def recording():
    """Every exchange of a fault-free run as it was, credentials included, and its checks."""
    return record()
