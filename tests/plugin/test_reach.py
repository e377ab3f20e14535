"""A run says which known faults it could have detected, exactly as the kill matrix and its own results have it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from golive.report.summary import whole

from .conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.whole_run

DECIDED = {"passed", "failed", "advice", "known deviation"}
MATRIX = json.loads((ROOT / "schemas" / "kill-matrix.json").read_text(encoding="utf-8"))
GATE = 260
"""Requests that an ordinary run on the twin takes at most."""
FEWER = 90
"""Requests that a read-only run on production's claims takes at most."""


@pytest.fixture
def production(tmp_path: Path) -> Any:
    """Write the claims of production.yaml for the twin, with more at the end."""

    def write(more: dict[str, Any] | None = None) -> str:
        text = (ROOT / "environments" / "production.yaml").read_text(encoding="utf-8")
        data = yaml.safe_load(text)
        for place, key in (("token", "url"), ("api", "base_url")):
            data[place][key] = data[place][key].replace("https://", "{twin}/")
        data["tenant"] = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
        data["token"]["credential"] = {"twin": "system"}
        data["test_data"] = {"patient": "12700100"}
        del data["safety"]["proxy"]
        data["safety"] |= {"rate": 1000}
        file = tmp_path / "production-on-twin.yaml"
        file.write_text(yaml.safe_dump({**data, **(more or {})}, sort_keys=False))
        return f"--env={file}"

    return write


def counted(folder: Path, mode: set[str]) -> tuple[int, int, int]:
    """Count the deciding faults within reach, of the mode, and in all: from the files alone."""
    summary = whole(json.loads((folder / "summary.json").read_text(encoding="utf-8")))
    results = {one["id"]: one for one in summary["checks"]}
    answers = set(summary["reach"]["answers"])
    within = of_mode = every = 0
    for group in MATRIX["groups"]:
        if group["column"] != "deciding":
            continue
        reached = possible = False
        for check, _, answer in (one.partition("@") for one in group["by"]):
            needs = {*MATRIX["checks"][check]}
            if answer:
                needs |= {*MATRIX["checks"][MATRIX["readers"][answer]]}
            possible |= needs <= mode
            if check not in results or results[check]["outcome"] not in DECIDED:
                continue
            empty = {*results[check]["proves"].values()} == {"envelope"}
            shows = not (empty and group.get("in_items"))
            reached |= needs <= mode and shows and (not answer or answer in answers)
        number = len(group["faults"])
        every, of_mode, within = (
            every + number,
            of_mode + number * possible,
            within + number * reached,
        )
    return within, of_mode, every


def line_of(ended) -> str:
    """The sentence about the run's reach as the terminal has it, on one line."""
    said = " ".join(ended.out.split())
    return said[said.index("reach: this run ") :]


def test_the_whole_suite_on_the_twin_reaches_every_known_fault(go):
    ended = go("--env=twin", "--profile=nightly")
    within, of_mode, whole = counted(
        ended.folder, {"messages", "recipient", "code-system", "writes"}
    )
    assert within == of_mode == whole
    assert line_of(ended).startswith(
        f"reach: this run could have detected {whole:,} of {whole:,} known faults (100 %) run folder"
    )
    assert "Not tested" not in ended.summary["meaning"]
    assert ended.summary["reach"]["missing"] == []


def test_an_ordinary_run_leaves_out_what_only_varies_and_says_so(ordinary):
    ended = ordinary
    assert ended.code == 0, ended.out
    assert ended.summary["requests"] <= GATE
    results = {one["id"]: one["outcome"] for one in ended.summary["checks"]}
    assert set(results.values()) == {"passed", "not claimed"}
    answers = set(ended.summary["reach"]["answers"])
    lost = [
        name
        for group in MATRIX["groups"]
        if group["source"] == "defect"
        and not any(_shows(one, results, answers) for one in group["by"])
        for name in group["faults"]
    ]
    defects = sum(len(one["faults"]) for one in MATRIX["groups"] if one["source"] == "defect")
    assert 0 < len(lost) <= defects / 5
    said = " ".join(ended.out.split())
    assert "profile gate: without what only varies another question" in said
    left_out = "each access rule at each operation, and what varies another question"
    assert f"Not tested: {left_out} (`--profile nightly`)." in ended.summary["meaning"]
    assert f"{left_out}: `--profile nightly` adds" in line_of(ended)


def _shows(killer, results, answers):
    check, _, answer = killer.partition("@")
    return results[check] == "passed" and (not answer or answer in answers)


def test_a_selection_is_asked_whole_in_every_profile_and_the_environment_s_own_word_holds(
    go, production
):
    chosen = "token-longer-secret or token-form-in-query"
    assert set(go("--env=twin", "-k", chosen).outcomes().values()) == {"passed"}
    spread = go(production(), "--profile=nightly", "-k", "sent-garbage-token")
    assert set(spread.outcomes().values()) == {"not claimed"}


def test_a_read_only_run_on_production_s_claims_says_what_it_reaches_and_what_it_does_not(
    go, production
):
    ended = go(production({"demands": {"reach": "36%"}}))
    assert ended.code == 0, ended.out  # as much as is demanded
    assert ended.summary["requests"] <= FEWER
    within, of_mode, whole = counted(ended.folder, {"messages"})
    reach = ended.summary["reach"]
    assert reach["demanded"] == 36
    assert (reach["reached"], reach["of_mode"], reach["all"]) == (within, of_mode, whole)
    defects = reach["defects"]
    sentence = (
        f"could have detected {within:,} of {of_mode:,} known faults that a read-only run of messages can show "
        f"({100 * within // of_mode} %; defects: {defects['reached']} of {defects['of_mode']}), and of {whole:,} in all"
    )
    assert line_of(ended).startswith(f"reach: this run {sentence} not looked at: ")
    markdown = (ended.folder / "summary.md").read_text(encoding="utf-8")
    assert sentence in " ".join(markdown.split())
    assert sentence.removeprefix("c") in (ended.folder / "report.html").read_text(encoding="utf-8")
    keys = {one["key"]: one for one in reach["missing"]}
    other = keys["claims.accounts.other_tenant"]
    assert (
        f"another tenant's token: `claims.accounts.other_tenant` adds {other['adds']}" in markdown
    )
    assert "token-for-any-tenant-granted" in other["defects"]
    meaning = ended.summary["meaning"]
    assert "Not tested: sending and changing messages (this run was read-only); " in meaning
    # The file itself spreads the rules, so no profile asks more.
    assert "varies another question (`safety.access_rules: everywhere`)" in meaning
    assert "--profile nightly" not in ended.out


def test_a_selection_reaches_what_its_checks_detect_and_names_the_rest_as_not_selected(go):
    ended = go("--env=twin", "-m", "oauth")
    within, of_mode, whole = counted(
        ended.folder, {"messages", "recipient", "code-system", "writes"}
    )
    assert of_mode == whole
    assert 0 < within < whole
    assert line_of(ended).startswith(
        f"reach: this run could have detected {within:,} of {whole:,} known faults "
        f"({100 * within // whole} %) not looked at: checks that were not selected: a run without `-k`, `-m` and "
        f"paths adds {whole - within:,} "
    )


@pytest.mark.parametrize(
    ("budget", "share", "workers"),
    [
        pytest.param(40, 0.8, (), marks=pytest.mark.measured),
        pytest.param(70, 0.95, ("-n", "2"), marks=pytest.mark.exhaustive),
    ],
)
def test_a_small_budget_keeps_most_of_what_the_mode_reaches_and_says_what_it_gave_up(
    go, production, budget, share, workers
):
    ended = go(production(), f"--budget={budget}", *workers)
    assert ended.code == 0, ended.out
    assert ended.summary["requests"] <= budget
    within, _, _ = counted(ended.folder, {"messages"})
    reach = ended.summary["reach"]
    assert reach["reached"] == within
    [left] = [one for one in reach["missing"] if one["why"] == "over budget"]
    assert within >= share * (within + left["adds_of_mode"])
    assert f"what the budget left out: a larger `--budget` adds {left['adds']}" in line_of(ended)
    assert f"`--budget {budget}` left out" in ended.summary["meaning"]
    assert not any(one["outcome"] == "could not tell" for one in ended.summary["checks"])


def test_a_budget_is_never_larger_than_the_environment_allows(go, production):
    ended = go(production(), "--budget=301")
    assert ended.code == 4
    said = " ".join(ended.out.split())
    assert "--budget takes a number of requests from 1 to 300, which is `safety.budget` at " in said
    assert "production-on-twin.yaml:" in said


def test_less_reach_than_is_demanded_is_exit_code_5_and_names_what_would_help(go, production):
    ended = go(production({"demands": {"reach": "99%"}}))
    assert ended.code == 5, ended.out
    meaning = ended.summary["meaning"]
    assert meaning.startswith("Less reach than ")
    assert f"({ended.summary['reach']['percent']} % of 99 %)" in meaning
    assert "production-on-twin.yaml:" in meaning
    assert "`claims.accounts." in meaning
