"""docs/asvs.md is made from schemas/asvs.yaml, which has every requirement of its chapters and names only real checks.

`pytest tests/docs/test_asvs.py --renew` writes the page again.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from fnmatch import fnmatchcase

import pytest
import yaml
from jsonschema import Draft202012Validator

from golive.cli.commands.checks import collected

from .conftest import ROOT

DATA = yaml.safe_load((ROOT / "schemas" / "asvs.yaml").read_text(encoding="utf-8"))
PAGE = ROOT / "docs" / "asvs.md"
ROWS = [row for chapter in DATA["chapters"] for row in chapter["requirements"]]
ANSWERS = {
    "checks": "tested",
    "not_applicable": "not applicable",
    "outside": "not from outside",
    "not_tested": "not tested",
}
LENGTHS = {
    "V9.1": 3, "V9.2": 4,
    "V10.1": 2, "V10.2": 3, "V10.3": 5, "V10.4": 16, "V10.5": 5, "V10.6": 2, "V10.7": 3,
    "V16.1": 1, "V16.2": 5, "V16.3": 4, "V16.4": 3, "V16.5": 4,
}  # fmt: skip
"""How many requirements each section of ASVS 5.0.0 has, counted in its CSV file."""

LEVELS = {"V9": {1: 4, 2: 3}, "V10": {1: 5, 2: 24, 3: 7}, "V16": {2: 16, 3: 1}}
"""How many requirements of each level a chapter has, counted in the same file."""

HEAD = """# The security officer's table: OWASP ASVS 5.0

What golive's checks say to the chapters V9, V10 and V16 of the
{title}. This page is made from `schemas/asvs.yaml`.
The requirements are given in golive's words; their own texts, by OWASP under CC BY-SA 4.0, are in [its list]({url})
and in the chapters.

- **tested**: by these checks (a pattern with `*` stands for the same check at each operation), as far as said. Whether
  a run made them is in its `summary.json` and its [evidence](evidence.md); `golive gate --require ID` demands one.
- **not applicable**: the contract (client credentials of a system account, bearer tokens) has nothing of the kind.
- **not from outside**: logs, documents, configuration and other people's programs. Somebody else has to show it.

{counts}
"""


def answer(row):
    """The member of a row that answers it, and the answer's name."""
    member = next(one for one in ANSWERS if one in row)
    return member, ANSWERS[member]


def cell(row):
    member, _ = answer(row)
    if member != "checks":
        return row[member]
    return f"{row['covers']} {', '.join(f'`{name}`' for name in row['checks'])}"


def page():
    number = Counter(answer(row)[1] for row in ROWS)
    counts = ", ".join(f"{number[name]} {name}" for name in ANSWERS.values() if number[name])
    parts = [HEAD.format(**DATA["source"], counts=f"Of {len(ROWS)} requirements: {counts}.")]
    for chapter in DATA["chapters"]:
        lines = [
            f"## {chapter['id']} {chapter['title']}\n",
            f"[The chapter]({chapter['url']})\n",
            "| id | level | what it asks | answer | how far, or why |",
            "|---|---|---|---|---|",
        ]
        lines += [
            f"| {row['id']} | {row['level']} | {row['about']} | {answer(row)[1]} | {cell(row)} |"
            for row in chapter["requirements"]
        ]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


@pytest.fixture(scope="module")
def known():
    return {check.id for check in collected()}


def test_the_page_is_made_from_the_data(request):
    if request.config.getoption("--renew", default=False):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_data_keeps_its_schema():
    schema = json.loads((ROOT / "schemas" / "asvs.schema.json").read_text(encoding="utf-8"))
    assert [one.message for one in Draft202012Validator(schema).iter_errors(DATA)] == []


def test_every_requirement_of_the_chapters_has_one_row():
    wanted = [
        f"{section}.{number}"
        for section, length in LENGTHS.items()
        for number in range(1, length + 1)
    ]
    assert [row["id"] for row in ROWS] == wanted
    for chapter in DATA["chapters"]:
        rows = chapter["requirements"]
        assert all(row["id"].startswith(f"{chapter['id']}.") for row in rows)
        assert Counter(row["level"] for row in rows) == LEVELS[chapter["id"]]


def test_every_check_that_is_named_is_there(known):
    missing = [
        f"{row['id']}: {pattern}"
        for row in ROWS
        for pattern in row.get("checks", ())
        if not any(fnmatchcase(one, pattern) for one in known)
    ]
    assert missing == []


def test_every_check_that_a_sentence_names_is_there(known):
    sentences = [row.get(member, "") for row in ROWS for member in (*ANSWERS, "covers")]
    words = re.findall(r"\(([^)]*)\)", " ".join(one for one in sentences if isinstance(one, str)))
    named = {word for group in words for word in re.findall(r"[a-z]+(?:-[a-z0-9]+)+", group)}
    assert len(named) >= 8
    assert named - known == set()


def test_no_row_says_tested_of_another_chapter_s_subject(known):
    """Each area of checks on tokens and access serves some row: a table that forgot them would be too modest."""
    areas = {check.id: check.area for check in collected()}
    served = {
        areas[one]
        for row in ROWS
        for pattern in row.get("checks", ())
        for one in known
        if fnmatchcase(one, pattern)
    }
    assert {"API access", "access token", "token errors", "token success", "key set"} <= served
