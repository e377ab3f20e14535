"""What a CI server is told of a run as a whole by its JUnit file."""

from __future__ import annotations

from xml.etree import ElementTree


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
    known = {one.get("name"): one.get("value") for one in case.find("properties")}
    assert known["id"] == "token-status-is-200"
