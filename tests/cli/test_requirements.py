from __future__ import annotations

import json

import pytest

from golive.cli.commands import checks as listing_requirements
from golive.cli.commands.checks import list_requirements
from golive.contract.label import Basis
from golive.contract.requirements import Held, Requirement


@pytest.mark.measured
def test_the_requirements_are_listed_for_machines_and_none_is_blank(golive_process):
    outcome = golive_process("checks", "--requirements", "--json")
    assert (outcome.code, outcome.err) == (0, "")
    listed = json.loads(outcome.out)
    rows, number = listed["requirements"], listed["counts"]
    assert number["rows"] == len(rows) > 200
    assert number["rows"] == number["tested"] + number["not_testable"]
    assert number["tested_by_advice_only"] == len(
        [row for row in rows if "checks" in row and not row["deciding"]]
    )
    assert all(("checks" in row) != ("reason" in row) for row in rows)


@pytest.mark.measured
def test_the_requirements_are_listed_for_people_and_counted(golive_process):
    outcome = golive_process("checks", "--requirements")
    assert outcome.code == 0
    assert "rfc6749-success-not-cached\n" in outcome.out
    assert "\n    tested: token-is-not-stored-by-caches, every-grant-is-not-stored\n" in outcome.out
    assert "\n    tested by advice only: " in outcome.out
    assert "\n    not testable from outside: " in outcome.out
    assert " requirements: " in outcome.out.splitlines()[-2]
    assert "Inferred statements are no requirements" in outcome.out.splitlines()[-1]


def test_the_table_is_not_cut_by_a_choice_of_checks(golive_process):
    outcome = golive_process("checks", "--requirements", "-k", "inbox")
    assert outcome.code == 4
    assert "without -k and -m" in outcome.err


def test_a_row_that_names_no_check_is_the_suites_own_fault(monkeypatch, capsys):
    row = Requirement("a-row", "It holds.", Basis.DOCUMENTED, "RFC 6749 §5.1", Held.TESTED, ("x",))
    monkeypatch.setattr(listing_requirements, "load_requirements", lambda *_, **__: (row,))
    monkeypatch.setattr(listing_requirements, "collected", lambda *_, **__: [])
    assert list_requirements("twin", json_wanted=False) == 3
    assert (
        capsys.readouterr().err == "internal error: requirements.yaml: a-row: there is no check x\n"
    )
