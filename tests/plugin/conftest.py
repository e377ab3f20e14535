"""Runs of pytest with the plugin, in a process of their own, and small suites to run."""

import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import forked
import pytest
import yaml
from shared import once

from golive.report.summary import whole

ROOT = Path(__file__).parents[2]
QUIET = ("-p", "no:cacheprovider", "-p", "no:allure_pytest")
CONFTEST = (ROOT / "conftest.py").read_text(encoding="utf-8")
PYPROJECT = """
[tool.pytest.ini_options]
testpaths = ["{folder}"]
addopts = "-p no:schemathesis -p no:hypothesispytest -p no:anyio --import-mode=importlib --assert=plain"
"""
HEAD = """
from golive.diagnosis.preflight import probes as first
from golive.checks.expect import expect
from golive.pytest_plugin.fixtures import check, exchange
from golive.redaction import REDACTOR
"""


@dataclass(frozen=True)
class Ended:
    """How a run ended: its exit code, all that it printed, and its summary where it wrote one."""

    code: int
    out: str
    folder: Path

    @property
    def summary(self) -> dict[str, Any]:
        return whole(json.loads((self.folder / "summary.json").read_text(encoding="utf-8")))

    def outcomes(self) -> dict[str, str]:
        return {check["id"]: check["outcome"] for check in self.summary["checks"]}


Go = Callable[..., Ended]


def clean_variables(**more: str) -> dict[str, str]:
    """The process's variables without anything that would lead a run elsewhere."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GOLIVE_", "PYTEST_"))}
    return {
        **kept,
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(ROOT / "src"),
        "COLUMNS": "100",
        **more,
    }


@pytest.fixture
def go(tmp_path: Path) -> Go:
    """Run `pytest` in a folder (the checkout unless told) and wait for its end.

    Options that take a path are written with `=`: pytest looks for its configuration beside every
    path that stands alone.
    """
    return partial(_go, tmp_path / "run")


@pytest.fixture(scope="session")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """The whole of golive's suites on the fault-free twin, without workers: run once, to be read only."""

    def make(folder: Path) -> None:
        ended = _go(folder / "run", "--env=twin", "-p", "no:xdist")
        (folder / "out.txt").write_text(ended.out, "utf-8")
        (folder / "code.txt").write_text(str(ended.code), "utf-8")

    folder = once(tmp_path_factory, "ordinary", make)
    code, out = ((folder / f"{name}.txt").read_text("utf-8") for name in ("code", "out"))
    return Ended(int(code), out, folder / "run")


def _go(
    out: Path, *arguments: str, folder: Path = ROOT, variables: Mapping[str, str] | None = None
) -> Ended:
    ended = forked.run(
        [sys.executable, "-m", "pytest", *QUIET, f"--run-folder={out}", *arguments],
        cwd=folder,
        env=clean_variables(**(variables or {})),
        stdout=forked.PIPE,
        stderr=forked.STDOUT,
        timeout=300,
        check=False,
    )
    text = ended.stdout.decode("utf-8", "replace")
    assert "Traceback (most recent call last)" not in text, text
    return Ended(ended.returncode, text, out)


@pytest.fixture
def suite(tmp_path: Path) -> Callable[..., Path]:
    """Write a suite of one file, with exchanges of the real one beside it; give its folder.

    In a folder `suites` it is a project's own, beside golive's; in any other it stands for golive's.
    """

    def write(body: str, *, conftest: str = "", name: str = "standing_in") -> Path:
        folder = tmp_path / "small"
        (folder / name).mkdir(parents=True)
        (folder / "pyproject.toml").write_text(PYPROJECT.format(folder=name))
        (folder / "conftest.py").write_text(CONFTEST)
        shared = (ROOT / "suites" / "conftest.py").read_text(encoding="utf-8")
        (folder / name / "conftest.py").write_text(shared + conftest)
        (folder / name / "test_small.py").write_text(HEAD + body)
        return folder

    return write


@pytest.fixture
def environment_file(tmp_path: Path) -> Callable[..., str]:
    """Write an environment file: that of the twin with changes by dotted key, None to leave out."""

    def write(changes: Mapping[str, Any], *, at: str | None = None) -> str:
        text = (ROOT / "environments" / "twin.yaml").read_text(encoding="utf-8")
        data = yaml.safe_load(text.replace("{twin}", at) if at else text)
        if at:
            del data["twin"]
        for key, value in changes.items():
            *parents, last = key.split(".")
            node = data
            for part in parents:
                node = node[part]
            if value is None:
                node.pop(last, None)
            else:
                node[last] = value
        file = tmp_path / "made.yaml"
        file.write_text(yaml.safe_dump(data, sort_keys=False))
        return str(file)

    return write


@pytest.fixture
def closed_port() -> int:
    """A port on which nobody listens."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


JWT = re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}")


@pytest.fixture(scope="session")
def jwt_pattern() -> re.Pattern[str]:
    return JWT
