"""Pipelines as files, and a small stand-in for the service that would run them.

It knows what these workflows use: `run:` steps under bash, `env:`, `if:` of `always()` and `… != ''`, outputs of
earlier steps, secrets, and nothing else. A step that `uses:` something is left out, with outputs given by the test.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from golive.scaffold import Answers, plan

ROOT = Path(__file__).parents[2]
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


def workflow(text):
    """Read a workflow; PyYAML takes the key `on` for true."""
    data = yaml.safe_load(text)
    data["on"] = data.pop(True, None)
    return data


def repository_workflows():
    return {path.name: path.read_text() for path in (ROOT / ".github/workflows").glob("*.yml")}


def written(pipeline="github", **changes):
    """What `golive init` writes of a pipeline."""
    return plan(Answers(pipeline=pipeline, **changes))


@dataclass
class Job:
    """What became of a job: the log, and each step's exit code (None: left out)."""

    log: str = ""
    codes: dict[str, int | None] = field(default_factory=dict)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def failed(self):
        return any(self.codes.values())


class Service:
    """Runs the steps of a job in a folder, with the programs of `bin` before all others."""

    def __init__(self, folder):
        self.folder = folder
        self.bin = folder.parent / f"{folder.name}-bin"
        self.bin.mkdir()
        self.variables = {}

    def program(self, name, text):
        path = self.bin / name
        path.write_text(text)
        path.chmod(0o755)

    def golive(self):
        """Put the real golive in place."""
        self.program("golive", f'#!/bin/sh\nexec "{sys.executable}" -m golive "$@"\n')

    def run(self, job, *, secrets=(), given=None, matrix=None, inputs=None):
        made = Job(outputs=dict(given or {}))
        contexts = {
            "secrets": dict(secrets),
            "matrix": matrix or {},
            "inputs": inputs or {},
            "github": {
                "token": "a-token",
                "repository": "o/r",
                "run_id": "1",
                "server_url": "https://github.example",
            },
        }
        for number, step in enumerate(job["steps"]):
            name = step.get("id") or step.get("name") or step.get("uses") or str(number)
            if "run" not in step or not self._wanted(step, made):
                made.codes[name] = None
                continue
            output = self.folder / f".output-{number}"
            output.touch()
            told = {**job.get("env", {}), **step.get("env", {})}
            env = {
                **{k: v for k, v in os.environ.items() if not k.startswith(("GOLIVE_", "PYTEST"))},
                "PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}",
                "PYTHONPATH": str(ROOT / "src"),
                "GITHUB_ACTIONS": "true",
                "GITHUB_WORKSPACE": str(self.folder),
                "GITHUB_OUTPUT": str(output),
                **self.variables,
                **{key: self._filled(str(value), contexts, made) for key, value in told.items()},
            }
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                cwd=self.folder,
                env=env,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=120,
                check=False,
            )
            made.log += done.stdout
            made.codes[name] = done.returncode
            lines = output.read_text().splitlines()
            made.outputs[name] = dict(line.split("=", 1) for line in lines)
        return made

    def _wanted(self, step, made):
        condition = step.get("if", "success()")
        if "always()" not in condition and made.failed:
            return False
        for part in condition.split("&&"):
            match = re.fullmatch(r"steps\.(\w+)\.outputs\.([\w-]+) != ''", part.strip())
            if match:
                if not made.outputs.get(match[1], {}).get(match[2]):
                    return False
            else:
                assert part.strip() in {"always()", "success()"}, f"unknown condition: {part}"
        return True

    def _filled(self, text, contexts, made):
        def one(path):
            if quoted := re.fullmatch(r"'([^']*)'", path):
                return quoted[1]
            if step := re.fullmatch(r"steps\.(\w+)\.outputs\.([\w-]+)", path):
                return made.outputs.get(step[1], {}).get(step[2], "")
            if known := re.fullmatch(r"(\w+)\.(\w[\w-]*)", path):
                return contexts[known[1]].get(known[2], "")
            pytest.fail(f"unknown expression: {path}")

        def all_of(text):
            """The last of what `&&` joins, or the first that is nothing, as GitHub takes it."""
            found = ""
            for part in text.split(" && "):
                left, equals, right = part.partition(" == ")
                found = (one(left) == one(right)) if equals else one(part)
                if not found:
                    return found
            return found

        def value(match):
            found = next((got for part in match[1].split(" || ") if (got := all_of(part))), "")
            return str(found)

        return EXPRESSION.sub(value, text)


@pytest.fixture
def service(tmp_path):
    folder = tmp_path / "repository"
    folder.mkdir()
    return Service(folder)


@pytest.fixture
def repository(service):
    """A repository that `golive init` filled."""
    from golive.scaffold import write

    write(service.folder, written())
    return service.folder
