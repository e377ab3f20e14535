from __future__ import annotations

import pytest

from .elsewhere import Project


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)
