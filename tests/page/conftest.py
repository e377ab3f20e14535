"""Summaries of real runs against the twin, made once for all tests of the page."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import forked
import pytest
from shared import once

from golive.report.html.render import page
from golive.report.summary import whole

ROOT = Path(__file__).parents[2]
DEFECTS = "[token-type-is-mac, sent-window-is-30-days]"
UNTIL = (datetime.now(UTC) + timedelta(days=300)).date().isoformat()
DEVIATIONS = """
known_deviations:
  - check: inbox-status-is-200
    reason: It was broken in spring
    ticket: SR-1234
    until: UNTIL
"""


@pytest.fixture(scope="session")
def broken_run(tmp_path_factory) -> Path:
    """The folder of a run whose twin has two defects, with a known deviation that is stale."""
    return once(tmp_path_factory, "broken-run", _make) / "reports" / "latest"


def _make(folder: Path) -> None:
    text = (ROOT / "environments" / "twin.yaml").read_text(encoding="utf-8")
    text = text.replace("  seed: 1", f"  seed: 1\n  defects: {DEFECTS}") + DEVIATIONS
    text = text.replace("UNTIL", UNTIL)
    (folder / "broken.yaml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "golive", "run", "broken.yaml"]
    variables = {name: v for name, v in os.environ.items() if not name.startswith("COVERAGE")}
    done = forked.run(command, cwd=folder, env=variables, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout[-2000:] + done.stderr[-2000:]


@pytest.fixture
def data(broken_run: Path):
    """What the summary of that run holds, to be changed by a test."""
    return whole(json.loads((broken_run / "summary.json").read_text(encoding="utf-8")))


@pytest.fixture
def shown(data):
    """The page of the data as they are now."""
    return lambda: page(data, [data])
