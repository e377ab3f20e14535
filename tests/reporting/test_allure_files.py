"""What stands beside Allure's results, and that a run's results are found by it."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import forked
import pytest
import yaml
from shared import once

from golive.checks.verdict import ExitCode
from golive.pytest_plugin.conclude import summary
from golive.redaction import REDACTOR
from golive.report.allure import categories, properties

pytestmark = pytest.mark.whole_run

ROOT = Path(__file__).parents[2]


def test_the_environment_is_reported_escaped_and_without_secrets(run):
    data = summary(run, ExitCode.NO_GO)
    REDACTOR.protect("hush-hush-hush")
    data["environment"]["name"] = "näme\n#x\\ hush-hush-hush"
    told = dict(line.split("=", 1) for line in properties(data).splitlines())
    assert told["verdict"] == "NO-GO (exit code 1)"
    assert told["environment"] == r"n\u00e4me #x\\ [redacted]"
    assert told["api.version"] == "20241001"


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """The results of two runs of a twin with a defect, one of them with a worker."""
    folder = once(tmp_path_factory, "allure", _make)
    return [
        [json.loads(file.read_text("utf-8")) for file in run.glob("allure-results/*-result.json")]
        for run in sorted((folder / "reports").glob("defective-*"))
    ]


def _make(folder):
    text = (ROOT / "environments" / "twin.yaml").read_text(encoding="utf-8")
    text = text.replace("  seed: 1", "  seed: 1\n  defects: [token-type-is-mac]")
    (folder / "defective.yaml").write_text(text, encoding="utf-8")
    chosen = (
        "-k",
        "token or key-set or malformed or inbox-status or group-inboxes or code-value-is",
    )
    for options in ((), ("-n", "1")):
        command = [
            sys.executable,
            "-m",
            "golive",
            "run",
            "defective.yaml",
            "--allure",
            *chosen,
            *options,
        ]
        done = forked.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 1, done.stdout[-2000:]


def test_the_history_of_a_check_is_the_same_in_each_run(results):
    first, second = ({one["historyId"] for one in run} for run in results)
    assert first == second
    assert len(first) == len(results[0])


def test_every_outcome_but_passed_is_in_exactly_one_category(results):
    for one in results[0]:
        message = one.get("statusDetails", {}).get("message", "")
        for match in (re.fullmatch, re.search):  # Allure 2's way, and Allure 3's
            matching = [
                category["name"]
                for category in json.loads(categories())
                if one["status"] in category["matchedStatuses"]
                and match(category.get("messageRegex", r"[\s\S]*"), message)
            ]
            assert len(matching) == (one["status"] != "passed"), (one["status"], message)
    assert {one["status"] for one in results[0]} >= {"passed", "failed"}


@pytest.mark.parametrize(
    ("status", "message", "name"),
    [
        (
            "broken",
            "golive.contract.outcomes.CouldNotTellError: no answer",
            "Could not tell",
        ),
        ("broken", "golive.contract.outcomes.ThinDataError: empty", "Could not tell"),
        (
            "broken",
            "golive.contract.outcomes.SuiteError: golive.contract.outcomes.ThinDataError",
            "The suite itself",
        ),
        ("skipped", "XFAIL advice\n\nSkipped: XFAIL known deviation", "Advice"),
        ("skipped", "XFAIL known deviation: XFAIL advice", "Known deviation"),
        ("skipped", "Skipped: not claimed by the environment: XFAIL advice", "Not claimed"),
    ],
)
def test_no_message_leads_into_a_second_category(status, message, name):
    for match in (re.fullmatch, re.search):
        (found,) = [
            one["name"]
            for one in json.loads(categories())
            if status in one["matchedStatuses"] and match(one.get("messageRegex", ".*"), message)
        ]
        assert found.startswith(name)


def test_allure_3_is_given_the_same_categories_in_its_own_file():
    settings = yaml.safe_load((ROOT / "allurerc.yaml").read_text(encoding="utf-8"))
    assert settings["categories"] == json.loads(categories())


def test_a_result_has_the_requirement_and_a_step_for_each_exchange(results):
    one = next(one for one in results[0] if _is(one))
    labels = {label["name"]: label["value"] for label in one["labels"]}
    assert labels["epic"] == "Messages API 20241001"
    assert labels["story"]
    (step,) = one["steps"]
    assert re.match(r"inbox_items: GET → 200 in \d+ ms, opc-request-id \S+", step["name"])


def _is(one, check="inbox-status-is-200"):
    return {"name": "golive-id", "value": check} in one["labels"]


@pytest.mark.parametrize(
    ("check", "epic"),
    [
        ("token-status-is-200", "OAuth 2.0 client credentials"),
        ("token-wrong-secret", "OAuth 2.0 client credentials"),
        ("send-malformed-json", "Messages API 20241001"),
        ("group-inboxes-are-json", "Recipients API 20241001"),
        ("validation-malformed-json", "Recipients API 20241001"),
        ("code-value-is-json", "Code System API 20240101"),
    ],
)
def test_the_epic_of_a_result_is_the_api_that_the_check_is_about(results, check, epic):
    one = next(one for one in results[0] if _is(one, check))
    assert {"name": "epic", "value": epic} in one["labels"]
