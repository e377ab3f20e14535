"""What a CI server is told of a run as a whole by its JUnit file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

ENVIRONMENTS = Path(__file__).parents[1] / "environments"
TWIN = (Path(__file__).parents[2] / "environments" / "twin.yaml").read_text(encoding="utf-8")
TOKEN = "suites/oauth/test_token_success.py"
STALE = """
known_deviations:
  - {check: token-status-is-200, reason: It was broken, ticket: T-1, until: SOON}
""".replace("SOON", (datetime.now(UTC).date() + timedelta(days=30)).isoformat())


def cases(folder):
    (suite,) = ElementTree.parse(folder / "reports" / "latest" / "junit.xml").iter("testsuite")
    found = list(suite.iter("testcase"))
    assert int(suite.get("tests")) == len(found)
    assert int(suite.get("errors")) == sum(one.find("error") is not None for one in found)
    return found


def test_a_run_that_stopped_before_its_first_check_is_a_case_with_an_error(golive_process, folder):
    assert golive_process("run", str(ENVIRONMENTS / "forum-7979.yaml")).code == 4
    (case,) = cases(folder)
    assert (case.get("classname"), case.get("name")) == ("golive.verdict", "CONFIGURATION")
    error = case.find("error")
    assert error.get("message").startswith("CONFIGURATION: The environment file")
    assert "cause: The token comes from the sandbox cloud" in error.text
    assert "next: Take the token from authorization.cerner.com" in error.text


def test_a_verdict_that_no_check_states_is_a_case_beside_those_that_passed(golive_process, folder):
    (folder / "stale.yaml").write_text(TWIN + STALE, encoding="utf-8")
    assert golive_process("run", "stale.yaml", TOKEN, "-k", "token-status-is-200").code == 7
    passed, verdict = cases(folder)
    assert passed.find("error") is None
    assert "token-status-is-200 passes now" in verdict.find("error").text


def test_where_a_check_states_the_verdict_no_case_is_added(golive_process, folder):
    words = ("run", "twin", TOKEN, "-k", "token-type-is-bearer", "--defect", "token-type-is-mac")
    assert golive_process(*words).code == 1
    (case,) = cases(folder)
    assert case.find("failure") is not None
    known = {one.get("name"): one.get("value") for one in case.find("properties")}
    assert known["id"] == "token-type-is-bearer"


def test_the_file_names_verdict_environment_and_version(golive_process, folder):
    assert golive_process("run", "twin", "suites/oauth", "-k", "token-status-is-200").code == 0
    (suite,) = ElementTree.parse(folder / "reports" / "latest" / "junit.xml").iter("testsuite")
    told = {one.get("name"): one.get("value") for one in suite.find("properties")}
    assert suite.get("name") == "golive twin"
    assert told["golive.verdict"] == "GO"
    assert told["golive.exit_code"] == "0"
    assert told["golive.environment"] == "twin"
    assert set(told) >= {"golive.tenant", "golive.golive_version"}
    (case,) = suite.iter("testcase")
    assert case.find("properties") is None  # which only checks with a problem need
