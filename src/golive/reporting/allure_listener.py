"""Allure's recorder, without a file for each fixture.

A check's fixtures look up what was made before the checks, and each exchange is a step of the check already
(`allure_results`). Allure would add a file for each look-up, and writing them took more than the checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import allure_pytest.plugin
from allure_pytest.listener import AllureListener

if TYPE_CHECKING:
    import pytest


class ChecksOnly(AllureListener):  # type: ignore[misc]  # it has no type annotations
    """Records tests alone; what is no function is no hook to pytest."""

    pytest_fixture_setup = None
    pytest_fixture_post_finalizer = None

    def _update_fixtures_children(self, item: pytest.Item) -> None:
        """Leave a test without the fixtures that nobody records."""


def use() -> None:
    """Let allure-pytest record with this recorder; it makes its own when it is configured."""
    allure_pytest.plugin.AllureListener = ChecksOnly
