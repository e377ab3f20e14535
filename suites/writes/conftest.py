"""The exchanges that write, and read what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from suites.writes.changes import *
from suites.writes.full import *
from suites.writes.further_changes import *
from suites.writes.lasting import *
from suites.writes.newest import *
from suites.writes.other_tenant import *
from suites.writes.replies import *
from suites.writes.sent import *

if TYPE_CHECKING:
    import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the checks below this folder."""
    here = __file__.removesuffix("conftest.py")
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker("writes")
            item.add_marker("messages")
