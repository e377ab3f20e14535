from __future__ import annotations

import json

import pytest

FILE = """\
environment: sandbox
tenants:
  - name: river
    tenant: 11111111-1111-4111-8111-111111111111
    variables: {GOLIVE_CLIENT_SECRET: GOLIVE_RIVER_SECRET}
  - name: hill
    tenant: 22222222-2222-4222-8222-222222222222
"""


@pytest.fixture
def tenants(folder):
    (folder / "tenants.yaml").write_text(FILE)
    return "tenants.yaml"


def test_every_tenant_is_listed_with_what_it_lacks(golive, tenants, monkeypatch):
    monkeypatch.setenv("GOLIVE_CLIENT_ID", "3a5e58c6-51ad-4d4f-9b8b-0d4b8e4a3c11")
    monkeypatch.setenv("GOLIVE_CLIENT_SECRET", "not-to-be-shown-anywhere")
    outcome = golive("tenants", tenants)
    assert outcome.code == 4
    assert "GOLIVE_RIVER_SECRET" in outcome.out
    hill = next(line for line in outcome.out.splitlines() if line.startswith("hill"))
    assert hill.endswith("yes")
    assert "2 tenants, 1 of them can be run" in outcome.out
    assert "not-to-be-shown" not in outcome.out
    monkeypatch.setenv("GOLIVE_RIVER_SECRET", "not-to-be-shown-either")
    assert golive("tenants", tenants).code == 0


def test_the_list_for_a_matrix_is_one_line_of_flat_objects(golive, tenants):
    outcome = golive("tenants", tenants, "--json")
    assert outcome.code == 0
    assert outcome.out.count("\n") == 1
    assert json.loads(outcome.out) == [
        {"TENANT": "river", "ENVIRONMENT": "sandbox"},
        {"TENANT": "hill", "ENVIRONMENT": "sandbox"},
    ]


def test_some_are_chosen_by_name_and_by_shard(golive, tenants):
    assert "hill" not in golive("tenants", tenants, "--json", "--only", "river").out
    assert "river" not in golive("tenants", tenants, "--json", "--shard", "2/2").out
    wrong = golive("tenants", tenants, "--only", "rver")
    assert (wrong.code, wrong.out) == (4, "")
    assert 'tenants.yaml has no tenant rver. Did you mean "river"?' in wrong.err


def test_a_file_that_is_not_there_is_4(golive, folder):
    outcome = golive("tenants", "nowhere.yaml")
    assert outcome.code == 4
    assert "nowhere.yaml: there is no such file." in outcome.err
