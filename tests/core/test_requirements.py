"""The requirement table: whole, true to the checks and to the facts; and what is wrong with a wrong one."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from golive.cli.commands.checks import collected
from golive.contract.label import Basis
from golive.contract.outcomes import SuiteError
from golive.contract.requirements import Held, load, sections
from golive.kit.files import resources

FACTS = (resources() / "docs" / "contract-facts.md").read_text("utf-8")
TABLE = load(resources() / "schemas")
# Open questions and what golive assumes where the facts are silent: sources of advice only.
OPEN_OR_ASSUMED = re.compile(r"contract-facts §[79](\.|$)")
COVERED = frozenset().union(*(sections(row.source) for row in TABLE))
HEADING = re.compile(r"^#{2,3} (?P<number>\d+(?:\.\d+)?)\.? .*$", re.MULTILINE)
ROW: dict[str, Any] = {
    "id": "a-row",
    "statement": "The inbox lists messages.",
    "basis": "documented",
    "source": "contract-facts §2.1",
    "checks": ["inbox-status-is-200"],
}


@pytest.fixture(scope="module")
def checks():
    return {check.id: check for check in collected()}


def documented_sections() -> list[str]:
    """Name each numbered section of the facts that holds a documented fact of its own."""
    found = list(HEADING.finditer(FACTS))
    ends = [heading.start() for heading in found[1:]] + [len(FACTS)]
    return [
        f"contract-facts §{heading['number']}"
        for heading, end in zip(found, ends, strict=True)
        if heading["number"] != "0" and "[D" in FACTS[heading.end() : end]
    ]


def test_every_check_that_a_row_names_exists(checks):
    assert [(row.id, name) for row in TABLE for name in row.checks if name not in checks] == []


def test_every_section_that_a_check_cites_is_the_source_of_a_row(checks):
    missing = {
        (check.id, section)
        for check in checks.values()
        for section in sections(check.source)
        if section not in COVERED and not OPEN_OR_ASSUMED.match(section)
    }
    assert missing == set()


def test_every_check_with_a_firm_basis_holds_a_row_of_one_of_its_sources(checks):
    held = {
        name: {section for row in TABLE if name in row.checks for section in sections(row.source)}
        for name in checks
    }
    without = [
        check.id
        for check in checks.values()
        if check.basis is not Basis.INFERRED and not held[check.id] & sections(check.source)
    ]
    assert without == []


def test_every_source_in_the_schemas_is_the_source_of_a_row():
    missing = {
        (file.name, section)
        for file in (resources() / "schemas").rglob("*")
        if file.suffix in {".json", ".yaml"}
        for cited in re.findall(r'"?x-source"?: *"?([^"\n}]*)', file.read_text("utf-8"))
        for section in sections(cited)
        if section not in COVERED | {"contract-facts §2"} and not OPEN_OR_ASSUMED.match(section)
    }
    assert missing == set()


def test_the_facts_have_documented_sections():
    assert {"contract-facts §1", "contract-facts §2.6", "contract-facts §6.2"} <= set(
        documented_sections()
    )
    assert "contract-facts §9" not in documented_sections()


@pytest.mark.parametrize("section", documented_sections())
def test_every_section_with_documented_facts_has_rows(section):
    assert section in COVERED


def test_every_row_cites_a_section_and_none_cites_what_is_open_or_assumed():
    for row in TABLE:
        assert sections(row.source), row.id
        assert not [name for name in sections(row.source) if OPEN_OR_ASSUMED.match(name)], row.id


def test_every_section_of_the_facts_that_a_row_cites_exists():
    numbers = {heading["number"] for heading in HEADING.finditer(FACTS)}
    cited = {name.split("§")[1] for name in COVERED if name.startswith("contract-facts")}
    assert cited <= numbers


def test_a_row_that_is_tested_names_checks_and_any_other_gives_a_reason():
    for row in TABLE:
        assert bool(row.checks) == (row.held is Held.TESTED) != bool(row.reason), row.id


def test_no_two_rows_make_the_same_statement():
    assert len({row.statement for row in TABLE}) == len(TABLE)


def test_the_sections_of_a_source_are_named_one_by_one():
    assert sections("RFC 7523 §3 item 4, §3.2; contract-facts §5 rows 1 and 4; page.html §7") == {
        "RFC 7523 §3",
        "RFC 7523 §3.2",
        "contract-facts §5",
    }
    assert sections("api-messages.html") == frozenset()


@pytest.fixture
def folder(tmp_path: Path):
    def make(*rows: dict[str, Any]) -> Path:
        shutil.copy(resources() / "schemas" / "requirements.schema.json", tmp_path)
        (tmp_path / "requirements.yaml").write_text(yaml.safe_dump({"requirements": list(rows)}))
        return tmp_path

    return make


def without_checks(**more: str) -> dict[str, Any]:
    return {name: value for name, value in ROW.items() if name != "checks"} | more


REASON = "The answer shows nothing of it."


@pytest.mark.parametrize(
    "rows",
    [
        [without_checks()],
        [ROW | {"checks": []}],
        [ROW | {"untestable": REASON}],
        [without_checks(untestable="No.")],
        [ROW | {"basis": "inferred"}],
        [ROW | {"source": "somebody said so"}],
    ],
    ids=["neither", "no-check", "both", "no-reason", "inferred", "no-source"],
)
def test_a_row_that_is_not_whole_is_refused_by_name(folder, rows):
    with pytest.raises(SuiteError, match=r"requirements\.yaml:\d+: requirements\[0\]"):
        load(folder(*rows))


def test_two_rows_with_one_id_are_refused(folder):
    with pytest.raises(SuiteError, match=r"two rows have the id a-row"):
        load(folder(ROW, ROW | {"statement": "Another statement."}))


def test_a_row_without_checks_says_why(folder):
    (row,) = load(folder(without_checks(untestable=REASON)))
    assert (row.held, row.reason, row.checks) == (Held.UNTESTABLE, REASON, ())
    assert row.as_dict() == without_checks(held=str(Held.UNTESTABLE), reason=REASON)
