"""The recording that the tables start from, made in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

BARE = """
import sys
from pathlib import Path

import pytest

sys.path.insert(0, "{here}")

from replayed import replay


@pytest.fixture(scope="session")
def exchanges():
    return replay(Path("{told}"), {many})


@pytest.mark.parametrize("n", range({n}))
def test_nothing(n, exchanges):
    pass
"""


@dataclass(frozen=True)
class Told:
    """A recording: its file, its longest chain of requests, and the number of checks."""

    file: Path
    chain: int
    checks: int


def of(environment: Path, env: Mapping[str, str], folder: Path) -> Told:
    """Record the requests of a run on this environment."""
    file = folder / "recorded.json"
    script = Path(__file__).with_name("recorded.py")
    subprocess.run([sys.executable, script, environment, file], env=env, check=True, cwd=folder)
    told = json.loads(file.read_text(encoding="utf-8"))
    return Told(file, told["chain"], told["checks"])
