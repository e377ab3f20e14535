"""VS Code finds the checks by the settings that stand in the repository, and in a project that `golive init` made.

Its Python extension calls `python -m pytest --rootdir=WORKSPACE` with the words of `python.testing.pytestArgs`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import forked
import pytest

ROOT = Path(__file__).parents[2]
KNOWN = {
    "python.testing.pytestEnabled": bool,
    "python.testing.unittestEnabled": bool,
    "python.testing.pytestArgs": list,
    "yaml.schemas": dict,
    "json.schemas": list,
}
"""Settings of VS Code and of its extensions for Python and YAML."""


def discovered(folder: Path, *words: str) -> list[str]:
    """Return the tests that VS Code lists in a workspace, or what pytest says of those that it runs."""
    settings = json.loads((folder / ".vscode" / "settings.json").read_text("utf-8"))
    assert {name: type(value) for name, value in settings.items()}.items() <= KNOWN.items()
    assert settings["python.testing.pytestEnabled"] is True
    command = [sys.executable, "-m", "pytest", f"--rootdir={folder}", *words]
    command += settings["python.testing.pytestArgs"]
    done = forked.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


@pytest.mark.unmeasured
def test_the_settings_of_the_repository_find_every_suite():
    lines = discovered(ROOT, "--collect-only", "-q")
    found = {line.partition("::")[0] for line in lines if "::" in line}
    of_clients = (ROOT / "suites" / "client").rglob("test_*.py")
    files = {f"{one.relative_to(ROOT)}" for one in (ROOT / "suites").rglob("test_*.py")}
    assert files - {f"{one.relative_to(ROOT)}" for one in of_clients} - found <= {
        "suites/generated/test_generated_requests.py"
    }


def test_the_settings_of_a_new_project_find_its_checks_and_run_them(golive, folder):
    assert golive("init", "--yes", "--pipeline", "none").code == 0
    lines = discovered(folder, "--collect-only", "-q")
    assert "suites/own/test_example.py::test_the_inbox_answers_in_time" in "\n".join(lines)
    assert "2 checks passed, in 1 area" in discovered(folder)
