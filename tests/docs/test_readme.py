"""The README is one page, and what it says of exit codes and URLs is what golive does."""

from __future__ import annotations

import json
import re

import yaml

from golive.checks.verdict import ExitCode

from .conftest import ROOT, blocks

README = ROOT / "README.md"
TEXT = README.read_text(encoding="utf-8")
ROW = re.compile(r"(?m)^\| (\d+) \| ([A-Z -]+) \|")


def test_it_is_one_page():
    assert len(TEXT.splitlines()) <= 150


def test_it_has_every_exit_code_with_its_verdict():
    for page in (README, ROOT / "docs" / "findings.md"):
        rows = {int(code): name for code, name in ROW.findall(page.read_text(encoding="utf-8"))}
        assert rows == {
            int(code): code.name.replace("_", " ").replace("NO GO", "NO-GO") for code in ExitCode
        }


def test_it_answers_the_question_of_the_forum():
    """Which URLs are for sandbox, which for production, and is the flow right?"""
    sandbox = yaml.safe_load((ROOT / "environments" / "sandbox.yaml").read_text(encoding="utf-8"))
    production = yaml.safe_load((ROOT / "environments" / "production.yaml").read_text("utf-8"))
    urls = {each["token"]["url"] for each in (sandbox, production)}
    assert len(urls) == 1
    for url in (
        *urls,
        sandbox["api"]["base_url"],
        sandbox["tenant"].rpartition(":-")[2].rstrip("}"),
    ):
        assert url in TEXT
    for word in (
        "authorization.sandboxcerner.com",
        "unknown_kid",
        "invalid_token",
        "flow is right",
    ):
        assert word in TEXT


def test_the_first_command_is_one_of_the_makefile():
    first = next(block for block in blocks(README) if block.language == "sh")
    target = first.text.split()[1]
    assert re.search(rf"(?m)^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"))


def test_the_score_that_the_page_shows_is_the_one_that_was_measured():
    score = json.loads((ROOT / "schemas" / "score.json").read_text(encoding="utf-8"))
    page = (ROOT / "docs" / "fault-detection.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| (defects|mutants) that .* \| (\d+) \| (\d+) \|$", page)
    measured = [
        (source, *map(str, pair.values()))
        for source in ("defects", "mutants")
        for pair in score[source].values()
    ]
    assert rows == measured
