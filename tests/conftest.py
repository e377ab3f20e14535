"""golive's own tests are no run in somebody's pipeline, even where they run in one."""

from __future__ import annotations

import os

import pytest

NAMES = ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "GITHUB_WORKSPACE")


@pytest.fixture(autouse=True, scope="session")
def _no_pipeline():
    kept = {name: os.environ.pop(name) for name in NAMES if name in os.environ}
    yield
    os.environ.update(kept)
