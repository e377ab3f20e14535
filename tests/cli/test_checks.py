from __future__ import annotations

import json

import pytest

MEMBERS = {"id", "statement", "level", "basis", "source", "area"}


def test_the_checks_are_listed_for_machines(golive_process):
    outcome = golive_process("checks", "--json")
    assert (outcome.code, outcome.err) == (0, "")
    listed = json.loads(outcome.out)
    assert len({check["id"] for check in listed}) == len(listed) > 100
    assert all(set(check) - {"at_oracle"} == MEMBERS and all(check.values()) for check in listed)


def test_what_oracle_s_hosts_alone_must_do_is_listed_with_how_it_is_known(golive_process):
    (one,) = json.loads(golive_process("checks", "--json", "-k", "token-wrong-secret").out)
    assert (one["basis"], one["source"]) == ("standard", "RFC 6749 §5.2")
    assert one["at_oracle"] == "observed: contract-facts §5 row 7"
    words = " ".join(golive_process("checks", "-k", "token-wrong-secret").out.split())
    assert "RFC 6749 §5.2; of Oracle's hosts also observed: contract-facts §5 row 7" in words


def test_the_checks_are_listed_for_people_and_can_be_chosen(golive_process):
    outcome = golive_process("checks", "-k", "key-set", "-m", "oauth")
    assert outcome.code == 0
    assert "key set\n\n  key-set-" in outcome.out
    assert "RFC 7517" in outcome.out
    assert outcome.out.endswith(" checks\n")
    assert "inbox" not in outcome.out


OBSERVED = """\
roles:
  status:
    places: {listInboxItems: /items/*/state}
    words: {UNREAD: NEW}
    x-basis: observed
    x-source: "seen in sandbox, 2026-12-01: 31 answers of 2 runs"
"""
TYPES = """\
/properties/id: {type: integer, x-basis: observed, x-source: "seen in sandbox, 2026-12-01: 9 answers of 2 runs"}
"""


def test_what_was_observed_is_listed_with_the_checks_that_read_it(golive_process, folder):
    own = folder / "schemas" / "messages-20241001"
    own.mkdir(parents=True)
    (own.parent / "mapping.yaml").write_text(OBSERVED, "utf-8")
    (own / "list-item.learnt.yaml").write_text(TYPES, "utf-8")
    listed = json.loads(golive_process("checks", "--json").out)
    observed = {one["id"]: one["observed"] for one in listed if "observed" in one}
    assert observed["inbox-lists-both-types"] == ["status"]
    assert {"key-set-coordinates-are-whole", "message-expired-token"}.isdisjoint(observed)
    out = golive_process("checks", "-k", "inbox-lists-both-types").out
    assert "reads answers by 1 place, observed" in out
    assert "observed (2 places of schemas)" in out
    assert "  status (mapping.yaml)\n      /items/*/state (listInboxItems); NEW for UNREAD\n" in out
    assert "      observed: seen in sandbox, 2026-12-01: 31 answers of 2 runs\n" in out
    assert "  /properties/id (messages-20241001/list-item.learnt.yaml)\n      type integer\n" in out


def test_nothing_chosen_is_an_empty_list(golive_process):
    outcome = golive_process("checks", "--json", "-k", "inbox and not inbox")
    assert (outcome.code, json.loads(outcome.out)) == (0, [])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-k", "(("], "Wrong expression"),
        (["-k", "nothing-has-this-name"], "no check has the word 'nothing-has-this-name'"),
        (["twn"], 'Did you mean "twin"?'),
        (["sandbox"], "GOLIVE_CLIENT_ID is not set"),
    ],
)
@pytest.mark.measured
def test_a_users_mistake_gives_4(golive_process, arguments, said):
    outcome = golive_process("checks", *arguments)
    assert outcome.code == 4
    assert said in outcome.err
    assert "Traceback" not in outcome.err


class Item:
    """What the listing needs of pytest's own items."""

    def __init__(self, found):
        self.found = found


def test_a_check_that_is_not_whole_is_the_suites_own_fault(monkeypatch, capsys, folder):
    from types import SimpleNamespace

    from golive.cli.commands import checks as listing_checks
    from golive.contract.outcomes import SuiteError
    from golive.pytest_plugin.state import RUN

    def check_of(item):
        if isinstance(item.found, Exception):
            raise item.found
        return item.found

    def collect(_arguments, plugins):
        (gathering,) = plugins
        gathering.pytest_collectreport(SimpleNamespace(failed=True, nodeid="suites/x.py"))
        gathering.pytest_collectreport(SimpleNamespace(failed=False, nodeid="suites/y.py"))
        config = SimpleNamespace(
            stash={RUN: SimpleNamespace(faults=["two have one id"], mistakes=[])}
        )
        items = [Item(SuiteError("the check lacks 'id'")), Item(None)]
        gathering.pytest_collection_finish(SimpleNamespace(config=config, items=items))
        return 0

    monkeypatch.setattr("golive.pytest_plugin.fixtures.check_of", check_of)
    monkeypatch.setattr(listing_checks.pytest, "main", collect)
    code = listing_checks.list_checks("twin", json_wanted=True)
    said = capsys.readouterr()
    assert (code, said.out) == (3, "")
    assert said.err.splitlines() == [
        "internal error: suites/x.py can't be collected",
        "internal error: two have one id",
        "internal error: the check lacks 'id'",
    ]
