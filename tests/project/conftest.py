"""A folder that is a project of somebody's own, and golive run in it as a process."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

import forked
import pytest

from golive.report.summary import whole

ROOT = Path(__file__).parents[2]

CHECK = '''
from golive import Exchange, check, expect

@check("own-limit", level="must", basis="own", source="our agreement")
def test_no_more_than_we_can_show(inbox_items: Exchange):
    """The inbox has at most {most} items."""
    with expect(inbox_items) as it:
        number = len(it.json()["items"])
        it.that(number <= {most}, "/items", "at most {most}", f"{{number}} items")
'''
"""A check of the project's own on an exchange of golive's."""


@dataclass
class Outcome:
    code: int
    out: str
    err: str
    summary: dict = field(default_factory=dict)

    def check(self, name):
        """The result of this check."""
        return next(one for one in self.summary["checks"] if one["id"] == name)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The current folder: empty, with a space in its path, and none of golive's variables."""
    folder = tmp_path / "a project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in list(os.environ):
        if name.startswith(("GOLIVE_", "PYTEST_")):
            monkeypatch.delenv(name)
    return folder


@pytest.fixture
def put(project):
    """Write a file of the project."""

    def write(name, text):
        file = project / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    return write


@pytest.fixture
def golive(project):
    """The command line as a process; `summary` is that of the run it made."""

    def call(*arguments):
        done = forked.run(
            [sys.executable, "-m", "golive", *arguments],
            cwd=project,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "200"},
            capture_output=True,
            text=True,
            timeout=180,
        )
        file = project / "reports" / "latest" / "summary.json"
        summary = whole(json.loads(file.read_text())) if file.is_file() else {}
        return Outcome(done.returncode, done.stdout, done.stderr, summary)

    return call
