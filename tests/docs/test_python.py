"""Python that a page shows runs as it stands."""

from __future__ import annotations

import pytest

from .conftest import PAGES, blocks

SHOWN = [block for page in PAGES for block in blocks(page) if block.language == "python"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnknownMarkWarning")  # a check outside of a run
def test_every_python_block_runs(capsys):
    assert SHOWN
    for block in SHOWN:
        exec(compile(block.text, block.place, "exec"), {})
    assert "http://127.0.0.1:" in capsys.readouterr().out
