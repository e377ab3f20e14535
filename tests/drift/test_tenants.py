"""History, comparison and dates are keyed by environment and tenant."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from golive.cli.drift_text import as_text
from golive.drift import history
from golive.drift.compare import compare
from golive.drift.runs import Runs
from golive.kit.problems import ConfigurationProblem

ONE, OTHER = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"


@pytest.fixture
def run_of(drift, tmp_path):
    """Keep a run of an environment's tenant; its fingerprint."""

    def make(hour, tenant, body=None, environment="production"):
        found = drift.looked(drift.answer(body=body or {}), hour=hour, environment=environment)
        found = replace(found, tenant=tenant)
        return replace(found, run=drift.kept(tmp_path, found).name)

    return make


def hours(folders):
    return [int(one.name[-7:-5]) - 12 for one in folders]


def test_the_last_two_runs_are_of_one_tenant(run_of, tmp_path):
    for hour, tenant in enumerate((ONE, OTHER, OTHER, ONE)):
        run_of(hour, tenant)
    assert hours(Runs(tmp_path).last("production", 2)) == [0, 3]


def test_a_run_that_is_the_only_one_of_its_tenant_has_none_before_it(run_of, tmp_path):
    run_of(0, ONE)
    run_of(1, OTHER)
    with pytest.raises(
        ConfigurationProblem, match=f"only one run of production for its tenant {OTHER}"
    ):
        Runs(tmp_path).last("production", 2)


def test_runs_of_before_that_do_not_name_their_tenant_still_count(run_of, tmp_path):
    run_of(0, "")
    run_of(1, ONE)
    assert hours(Runs(tmp_path).last("production", 2)) == [0, 1]


def test_the_runs_of_a_listed_tenant_are_found_by_its_key(run_of, tmp_path):
    run_of(0, ONE, environment="production@river")
    run_of(1, OTHER, environment="production@hill")
    run_of(2, ONE, environment="production")
    runs = Runs(tmp_path)
    assert runs.environments() == ["production", "production@hill", "production@river"]
    assert hours(runs.of("production@river")) == [0]
    assert hours(runs.of("production")) == [2]


def test_one_history_holds_several_tenants_of_an_environment(run_of, tmp_path, drift):
    file = tmp_path / "history.jsonl"
    changes = []
    for hour, (tenant, body) in enumerate(
        [(ONE, {"items": []}), (OTHER, {"items": 1}), (ONE, {"items": []}), (OTHER, {"items": 1})]
    ):
        run = run_of(hour, tenant, body)
        last = history.last_before(history.read(file), run)
        found = compare(last, run, drift.CONTRACT) if last else None
        changes.append(len(found.changes) if found else None)
        history.append(file, history.new_line(last, run, found))
    assert changes == [None, None, 0, 0]
    assert [json.loads(line)["tenant"] for line in file.read_text().splitlines()] == [
        ONE,
        OTHER,
    ] * 2


def test_a_comparison_of_two_tenants_says_so(run_of, drift):
    first, second = run_of(0, ONE), run_of(1, OTHER)
    assert f"two tenants, {ONE} and {OTHER}" in as_text(
        first, second, compare(first, second, drift.CONTRACT)
    )
    same = run_of(2, ONE)
    assert "two tenants" not in as_text(first, same, compare(first, same, drift.CONTRACT))
