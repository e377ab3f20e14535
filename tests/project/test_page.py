"""What docs/own-checks.md shows is a project that works."""

from __future__ import annotations

import re

import pytest

from .conftest import ROOT

PAGE = ROOT / "docs" / "own-checks.md"
BLOCK = re.compile(r"(?ms)^```(python|yaml)\n(.*?)^```")
FILES = (
    "suites/own/test_limit.py",
    "suites/own/conftest.py",
    "schemas/errors.yaml",
    "schemas/messages-20241001/inbox-items.overlay.yaml",
)
"""Where each block of the page belongs, in its order."""


@pytest.mark.whole_run
def test_the_files_of_the_page_make_a_project_that_passes(golive, put):
    blocks = [text for _, text in BLOCK.findall(PAGE.read_text(encoding="utf-8"))]
    for name, text in zip(FILES, blocks, strict=True):
        put(name, text)
    put(
        "suites/own/test_exchange.py",
        "def test_the_exchange_of_the_page_is_made(whole_inbox):\n    assert whole_inbox.status == 200\n",
    )
    chosen = "own-inbox or inbox-keeps-its-schema or exchange_of_the_page"
    done = golive("run", "twin", "-k", chosen)
    assert done.code == 0, done.out + done.err
    assert done.check("own-inbox-fits")["outcome"] == "passed"
    assert done.check("own-inbox-limit-below-zero")["outcome"] == "passed"
    assert [one["outcome"] for one in done.summary["project_tests"]] == ["passed"]
