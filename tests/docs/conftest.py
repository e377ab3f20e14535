"""The pages that people read: README, CONTRIBUTING, CHANGELOG and docs, as text, blocks and links."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import forked
import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(r"(?ms)^```(\w*)\n(.*?)^```$")


@dataclass(frozen=True)
class Block:
    """One fenced block of a page; `line` is that of its first line of content."""

    page: Path
    language: str
    text: str
    line: int

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page):
    text = page.read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        line = text.count("\n", 0, found.start(2)) + 1
        yield Block(page, found[1], found[2], line)


def prose(page):
    """A page without its fenced blocks, which hold no links and no headings."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


@pytest.fixture
def golive_process():
    """The command line as a process in a folder, 80 columns wide; its output as lines.

    The folder's own `src` is what runs, where it has one.
    """

    def call(arguments, folder):
        own = folder if (folder / "src").is_dir() else ROOT
        done = forked.run(
            [sys.executable, "-m", "golive", *arguments],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(own / "src"), "COLUMNS": "80"},
            stdout=forked.PIPE,
            stderr=forked.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        return done.stdout.splitlines()

    return call
