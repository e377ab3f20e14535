"""What a client must do is a table: whole, true to the checks and to the facts; each check has a harm."""

from __future__ import annotations

import re

from golive.cli.commands.checks import collected
from golive.client.judging import rules
from golive.contract.harm import OF_CLIENTS, harm_by, harm_of, harms, has_rule
from golive.contract.label import Basis
from golive.contract.requirements import load, sections
from golive.kit.files import resources

TABLE = load(resources() / "schemas", of_clients=True)
CHECKS = {rule.check.id: rule.check for rule in rules()}
FACTS = (resources() / "docs" / "contract-facts.md").read_text("utf-8")


def test_the_checks_called_in_process_are_those_that_pytest_collects():
    assert {check.id: check for check in collected(of_clients=True)} == CHECKS
    assert not CHECKS.keys() & {check.id for check in collected()}


def test_every_check_with_a_firm_basis_holds_a_row_of_its_source():
    held = {name: row for row in TABLE for name in row.checks}
    firm = {name for name, check in CHECKS.items() if check.basis is not Basis.INFERRED}
    assert held.keys() == firm
    for name, row in held.items():
        assert (row.basis, sections(row.source)) == (
            CHECKS[name].basis,
            sections(CHECKS[name].source),
        )


def test_every_section_of_the_facts_that_a_check_cites_exists():
    numbers = set(re.findall(r"^#{2,3} (\d+(?:\.\d+)?)", FACTS, re.MULTILINE))
    cited = {name for check in CHECKS.values() for name in sections(check.source)}
    assert {name.split("§")[1] for name in cited if name.startswith("contract-facts")} <= numbers
    assert [check.id for check in CHECKS.values() if not sections(check.source)] == []


def test_every_check_has_a_harm_and_its_developers_are_called():
    assert [one.id for one in CHECKS.values() if not has_rule(one.id, one.area)] == []
    assert [name for name in CHECKS if not name.startswith(OF_CLIENTS)] == []
    worst = harm_by(
        "client-keeps-its-secret-out-of-urls",
        harm_of("client-keeps-its-secret-out-of-urls", "credentials kept"),
    )
    assert (worst.name, worst.call) == ("personal data exposed", harms()["client breaks"].call)


def test_there_are_checks_of_token_use_reading_writing_and_bad_days():
    areas = {check.area for check in CHECKS.values()}
    assert {"token use", "client windows", "client sending", "bad days"} <= areas
    assert len(CHECKS) >= 40
    assert sum(check.deciding for check in CHECKS.values()) >= 40


def test_explain_knows_the_checks_of_clients():
    from click.testing import CliRunner

    from golive.cli import cli

    said = CliRunner().invoke(cli, ["explain", "client-limit-is-1000"]).output
    assert "A list asks for 1000 items or gives no limit" in said
    assert "golive client -- COMMAND" in said
