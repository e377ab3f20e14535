"""Links lead somewhere, and files that a page names exist."""

from __future__ import annotations

import re

from .conftest import PAGES, ROOT, blocks, prose

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"(?m)^#{1,6} (.+)$")
FILE = re.compile(
    r"(?<![\w/.-])((?:suites|schemas|environments|src/golive|tests|docs|benchmarks|\.ci|\.github)/[\w@./-]+)"
)
OWN = {
    *("environments/mine.yaml", ".github/workflows/golive-tenants.yml"),
    *("suites/own", "suites/own/conftest.py", "suites/own/test_limit.py"),
    *("schemas/messages-20241001/inbox-items.overlay.yaml", "schemas/NAME-VERSION/openapi.yaml"),
}
"""Files that a reader makes, or that `golive init` writes."""


def anchors(page):
    """The anchors that GitHub gives a page's headings."""
    plain = (re.sub(r"[`*]", "", heading.lower()) for heading in HEADING.findall(prose(page)))
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}


def made_by_diffs():
    """Files that the diffs of CONTRIBUTING.md add."""
    for block in blocks(ROOT / "CONTRIBUTING.md"):
        if block.language == "diff":
            yield from re.findall(r"(?m)^\+\+\+ b/(\S+)", block.text)


def test_every_relative_link_and_anchor_resolves():
    broken, seen = [], 0
    for page in PAGES:
        for link in LINK.findall(prose(page)):
            if "://" in link or link.startswith("mailto:"):
                continue
            seen += 1
            name, _, anchor = link.partition("#")
            target = (page.parent / name).resolve() if name else page
            if not target.exists() or (anchor and anchor not in anchors(target)):
                broken.append(f"{page.relative_to(ROOT)}: {link}")
    assert seen >= 40
    assert broken == []


def test_every_file_that_a_page_names_exists():
    made = OWN | set(made_by_diffs())
    missing = []
    for page in PAGES:
        names = {name.rstrip(".") for name in FILE.findall(page.read_text(encoding="utf-8"))}
        missing += [
            f"{page.relative_to(ROOT)}: {name}"
            for name in sorted(names - made)
            if not (ROOT / name.split("::")[0]).exists()
        ]
    assert missing == []


def test_the_index_names_every_page():
    index = ROOT / "docs" / "README.md"
    linked = {(index.parent / link).resolve() for link in LINK.findall(index.read_text())}
    unnamed = {page for page in PAGES if page not in {index, ROOT / "README.md"}} - linked
    assert unnamed == set()
