"""`golive exchanges`: what a check can take, and who reads it."""

from __future__ import annotations

import json

import pytest

OWN = '''
from golive import Exchange, MessagesApi, exchange

@exchange
def own_inbox(api: MessagesApi, inbox_items: Exchange) -> Exchange:
    """The inbox as we read it.

    More about it.
    """
    return api.plain("listInboxItems", name="own_inbox")
'''
CHECK = '''
from golive import Exchange, check, expect

@check("own-reads", level="should", basis="own", source="our agreement")
def test_reads(own_inbox: Exchange):
    """It is read."""
'''


@pytest.mark.measured
def test_each_exchange_has_its_sentence_its_operation_and_its_readers(golive_process):
    outcome = golive_process("exchanges", "--json")
    assert (outcome.code, outcome.err) == (0, "")
    rows = {row["name"]: row for row in json.loads(outcome.out)}
    inbox = rows["inbox_items"]
    assert inbox["sentence"].startswith("The inbox of the reading patient")
    assert inbox["operations"] == ["listInboxItems"]
    assert "inbox-status-is-200" in inbox["checks"]
    assert "one_message" in inbox["exchanges"]
    assert rows["key_set"]["operations"] == []
    assert all(row["sentence"] and (row["checks"] or row["exchanges"]) for row in rows.values())


@pytest.mark.measured
def test_a_project_s_own_exchange_is_listed_with_golive_s(golive_process, folder):
    own = folder / "suites" / "own"
    own.mkdir(parents=True)
    (own / "conftest.py").write_text(OWN)
    (own / "test_own.py").write_text(CHECK)
    outcome = golive_process("exchanges", "twin")
    assert outcome.code == 0, outcome.err
    said = " ".join(outcome.out.split())
    assert "own_inbox The inbox as we read it. read by own-reads" in said
    assert "More about it" not in said
    (own / "test_own.py").write_text(CHECK.replace("own_inbox", "own_inbx"))
    wrong = golive_process("exchanges")
    assert wrong.code == 4
    assert "suites/own/test_own.py:4: it takes own_inbx" in wrong.err
