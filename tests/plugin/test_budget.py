"""The budget is golive's own: told before anything is sent where it can't do, never called the service's fault."""

from __future__ import annotations

import re

import pytest
import yaml

from golive.environment import Safety
from golive.transport.budget import ROOM

from .conftest import ROOT


def test_a_selection_that_can_not_fit_is_reported_before_anything_is_sent(
    go, environment_file
) -> None:
    ended = go("--env=" + environment_file({"safety.budget": 40}))
    assert ended.code == 4, ended.out
    diagnosis = ended.summary["diagnosis"]
    assert diagnosis["id"] == "budget-below-the-selection"
    assert "it needs at least" in diagnosis["cause"]
    assert re.fullmatch(r".*made\.yaml:\d+", diagnosis["change"]["place"])
    assert diagnosis["change"]["yaml"] == "budget: 350"
    assert (ended.summary["requests"], ended.summary["checks"]) == (0, [])


def test_a_selection_that_fits_is_run_whatever_the_whole_would_need(go, environment_file) -> None:
    ended = go("--env=" + environment_file({"safety.budget": 12}), "-k", "token-status-is-200")
    assert ended.code == 0, ended.out


@pytest.mark.measured
def test_a_budget_that_is_spent_is_an_option_of_golive_s_and_names_the_number_to_write(
    go, environment_file
) -> None:
    ended = go("--env=" + environment_file({"safety.budget": 8}), "-k", "inbox", "--keep-going")
    assert ended.code == 4, ended.out
    assert ended.summary["requests"] == 8
    assert re.fullmatch(
        r"golive's own limit, not the service's: the budget of 8 requests is spent \(`safety\.budget` at "
        r"\S*made\.yaml:\d+\)\. Write `budget: 250` at \S*made\.yaml:\d+ and run again\. "
        r"The embedded twin was asked, not the API\.",
        ended.summary["meaning"],
    )


def test_the_shipped_environments_leave_room_for_repetitions(go, environment_file) -> None:
    """That of the twin is held to it where the whole suite is run on it (test_selecting)."""
    files = [ROOT / "environments" / f"{name}.yaml" for name in ("sandbox", "production")]
    budget = min(yaml.safe_load(file.read_text())["safety"]["budget"] for file in files)
    changes = {"claims.accounts": None, "safety.writes": "forbidden", "safety.budget": budget}
    ended = go("--env=" + environment_file(changes))
    assert ended.code == 0, ended.out
    assert ended.summary["requests"] <= ROOM * budget
    assert budget >= Safety().budget
