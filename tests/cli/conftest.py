"""A command line in a folder of its own: in this process where it is cheap, else as a process."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import forked
import pytest

from golive.cli import exit_code_of

ROOT = Path(__file__).parents[2]
VARIABLES = (
    "GOLIVE_CLIENT_ID",
    "GOLIVE_CLIENT_SECRET",
    "GOLIVE_PATIENT_ID",
    "GOLIVE_PRODUCTION_TENANT",
    "GOLIVE_PRODUCTION_PATIENT_ID",
    "PYTEST_ADDOPTS",
    "PYTEST_XDIST_WORKER",
    "COLUMNS",
)


@dataclass
class Outcome:
    code: int
    out: str
    err: str


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty current folder, without golive's variables."""
    monkeypatch.chdir(tmp_path)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def golive(folder, capsys):
    """The command line in this process."""

    def call(*arguments):
        code = exit_code_of([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Outcome(code, said.out, said.err)

    return call


@pytest.fixture
def golive_process(folder):
    """The command line as a process, for what starts pytest."""

    def call(*arguments, cwd=folder):
        done = forked.run(
            command(*arguments),
            cwd=cwd,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    return call


def command(*arguments):
    return [sys.executable, "-m", "golive", *map(str, arguments)]


def environment():
    kept = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    return kept | {"PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"}
