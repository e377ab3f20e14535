"""`--generated` as a user meets it: asked for, advice, repeatable, never proof."""

import subprocess
import sys

import pytest

from golive.environment import find, load
from golive.pytest_plugin.selecting import with_generation
from golive.pytest_plugin.state import fixed


@pytest.fixture
def environment():
    return load(find("twin"))


def test_without_the_option_no_generated_check_is_collected_and_no_library_loaded(go):
    ended = go("--collect-only", "-q", "suites")
    assert "generated" not in ended.out
    code = (
        "import sys, pytest; pytest.main(['--collect-only', '-q', '-p', 'no:cacheprovider']); "
        "print([m for m in ('schemathesis', 'hypothesis') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")


@pytest.mark.measured
def test_a_finding_of_generated_requests_is_advice_with_seed_source_and_a_curl_command(go):
    ended = go("--generated", "-k", "generated-inbox", "--defect=year-1-breaks-the-server", "-n0")
    found = {c["id"]: c for c in ended.summary["checks"]}["generated-inbox-no-server-error"]
    assert (found["outcome"], found["deciding"], found["against_success"]) == (
        "advice",
        False,
        False,
    )
    assert found["source"] == "RFC 9110 §15.6"
    [finding] = found["findings"][:1]
    assert "--seed 1 -k generated-inbox" in finding["next_step"]
    assert (
        "curl -i -H 'Accept: application/json' -H \"Authorization: Bearer $TOKEN\""
        in finding["next_step"]
    )
    assert ended.code == 5
    assert ended.summary["environment"]["generated"]["seed"] == 1


@pytest.mark.exhaustive
def test_an_environment_can_let_generated_requests_decide(go, tmp_path):
    def chosen(budget):
        text = f"generated:\n  decides: true\n  gate_budget: {budget}\n"
        file = tmp_path / f"strict-{budget}.yaml"
        file.write_text(f"{find('twin').read_text('utf-8')}\n{text}", encoding="utf-8")
        return "--generated", "-k", "generated-inbox", f"--env={file}"

    ended = go(*chosen(700), "--defect=limit-zero-accepted", "-n1", "--seed=3")
    assert ended.outcomes()["generated-inbox-invalid-refused"] == "failed"
    assert ended.code == 1
    honest = go(*chosen(30))
    assert set(honest.outcomes().values()) == {"passed"}
    assert honest.code == 5  # green, and still no proof


def test_a_seed_alone_is_a_mistake_of_the_user_s(go):
    ended = go("--seed=1")
    assert ended.code == 4
    assert "add --generated" in ended.out


def test_a_gate_has_a_fixed_seed_and_a_night_a_fresh_one(environment):
    gate = with_generation(environment, wanted=True, profile="gate", seed=None).generated
    assert (gate.seed, gate.budget) == (1, environment.generated.gate_budget)
    nights = {
        with_generation(environment, wanted=True, profile="nightly", seed=None).generated.seed
        for _ in range(5)
    }
    assert len(nights) > 1
    night = with_generation(environment, wanted=True, profile="nightly", seed=9).generated
    assert (night.seed, night.budget) == (9, environment.generated.nightly_budget)
    assert with_generation(environment, wanted=False, profile="gate", seed=None) == environment


def test_generated_requests_are_no_fixed_exchanges():
    keys = [("generated_requests", (("operation", "send"),)), ("inbox_items", ())]
    assert fixed(keys) == [keys[1]]
