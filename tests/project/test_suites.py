"""Checks and tests in the `suites` of a project: found beside golive's, and shown as what they are."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from .conftest import CHECK

pytestmark = pytest.mark.whole_run
INBOX = "suites/messages/test_inbox.py"
WITH_GOLIVES = (INBOX, "suites/own")
"""By path: to collect all of golive's checks takes longer than the few that are looked at."""

EXCHANGE = '''
from golive import Environment, Exchange, MessagesApi, claimed_data, exchange

@exchange
def whole_inbox(api: MessagesApi, environment: Environment, inbox_items: Exchange) -> Exchange:
    """The inbox with the one legal limit, after the plain one."""
    patient = claimed_data(environment, "listInboxItems", "patient")
    query = {"patientId": patient, "limit": "1000"}
    return api.call("listInboxItems", name="whole_inbox", query=query)
'''
ON_IT = '''
from golive import Exchange, check, expect
from suites.own.words import FULL

@check("own-whole-inbox", level="must", basis="own", source="our agreement")
def test_the_whole_inbox_comes(whole_inbox: Exchange, contract, environment):
    """The inbox with a limit comes."""
    with expect(whole_inbox) as it:
        it.status(FULL)
'''


CODE = CHECK.format(most=9)
MISTAKES = {
    "level": (
        CODE.replace('"must"', '"shall"'), '4: level=\'shall\' is not one golive knows: write "must" or "should".',
    ),
    "basis": (CODE.replace('"own",', '"mine",'), '4: basis=\'mine\' is not one golive knows: write "standard",'),
    "another's basis": (
        CODE.replace('"own",', '"documented",'),
        '4: a check in ./suites is the project\'s own demand: write basis="own"',
    ),
    "keyword": (
        CODE.replace('level="must", ', ""),
        "4: TypeError: check() missing 1 required keyword-only argument: 'level'. Correct",
    ),
    "syntax": (CODE.replace("Exchange):", "Exchange)"), "5: this is not valid Python: expected ':'. Correct the line."),
    "module": (
        "import no_such_module\n" + CODE,
        "1: there is no module no_such_module. Correct its name, or install it.",
    ),
    "name": (CODE.replace("check, expect", "chek, expect"), '2: golive has nothing of the name chek.'),
    "exchange": (
        CODE.replace("inbox_items", "inbox_itms"),
        '4: it takes inbox_itms, which is neither an exchange nor a fixture. Did you mean "inbox_items"?',
    ),
    "operation in an exchange": (
        "from golive import exchange\n\n\n@exchange\ndef mine(api):\n"
        '    return api.call("listInboxItem", name="mine")\n\n\n' + CODE.replace("inbox_items", "mine"),
        '6: mine: no API has an operation listInboxItem. Did you mean "listInboxItems"?',
    ),
    "operation in a test": (
        CODE + '    api.plain("listInboxItem", name="mine")\n',
        '10: test_no_more_than_we_can_show: no API has an operation listInboxItem. Did you mean "listInboxItems"?',
    ),
    "any other": ("1 / 0\n" + CODE, "1: ZeroDivisionError: division by zero. Correct the line."),
}  # fmt: skip


@pytest.mark.measured
@pytest.mark.parametrize("what", MISTAKES)
def test_a_mistake_in_an_own_suite_is_its_author_s_with_file_line_and_cure(golive, put, what):
    text, wanted = MISTAKES[what]
    put("suites/own/test_limit.py", text)
    done = golive("run", "twin", "suites/own")
    assert done.code == 4, done.out
    assert f"suites/own/test_limit.py:{wanted}" in done.out
    assert "The project's own suites can't be run: 1 mistake, named above." in done.out
    assert done.out.count("exit code 4") == 1
    assert "Traceback" not in done.out + done.err
    assert "importlib" not in done.out + done.err
    assert done.summary["requests"] == 0
    assert len(done.summary["problems"]) == 1


@pytest.mark.parametrize(
    ("file", "commands"),
    [
        pytest.param(
            "suites/conftest.py",
            (("run", "twin"), ("checks",), ("explain", "own-limit")),
            marks=pytest.mark.measured,
        ),
        ("suites/own/conftest.py", (("run", "twin", "-n", "2"),)),
    ],
)
def test_a_broken_conftest_is_named_likewise_whatever_the_command(golive, put, file, commands):
    put("suites/own/test_limit.py", CODE)
    put(file, "def broken(:\n")
    for command in commands:
        done = golive(*command)
        assert done.code == 4, (command, done.out, done.err)
        assert f"{file}:1: this is not valid Python: invalid syntax." in done.out + done.err
        assert "Traceback" not in done.out + done.err


@pytest.mark.measured
def test_own_checks_run_with_golive_s_in_one_run(golive, put):
    put("suites/own/conftest.py", EXCHANGE)
    put("suites/own/words.py", "FULL = 200\n")
    put("suites/own/test_whole.py", ON_IT)
    put("suites/own/test_limit.py", CHECK.format(most=1000))
    done = golive("run", "twin", *WITH_GOLIVES, "-k", "inbox-status-is or own-limit or own-whole")
    assert done.code == 0, done.out
    ids = {one["id"] for one in done.summary["checks"]}
    assert {"own-whole-inbox", "own-limit", "inbox-status-is-200"} <= ids
    cases = Path("reports/latest/junit.xml").read_text("utf-8")
    assert 'classname="..suites.own.test_whole"' in cases, cases
    assert done.check("own-limit")["basis"] == "own"


@pytest.mark.parametrize("workers", [(), ("-n", "1")])
@pytest.mark.measured
def test_an_own_check_that_fails_is_a_no_go_that_names_it_as_the_project_s_demand(
    golive, put, project, workers
):
    put("suites/own/test_limit.py", CHECK.format(most=1))
    done = golive(
        "run", "twin", *WITH_GOLIVES, "-k", "inbox-status-is or own-limit", "--allure", *workers
    )
    assert done.code == 1, done.out
    said = " ".join(done.out.split())
    assert "must, the project's own demand: our agreement" in said
    assert (
        "A demand of the project's own is not met (own-limit); the contract is not broken." in said
    )
    assert "there is nothing to report to Oracle" in said
    folder = project / "reports" / "latest"
    page = next(folder.glob("*.html")).read_text()
    assert "own-limit" in page
    assert "Expected: The inbox has at most" not in page  # no text for a ticket to Oracle
    assert "the project&#39;s own demand" in page or "the project's own demand" in page
    assert "the project's own demand" in (folder / "summary.md").read_text()
    case = next(
        one
        for one in ET.parse(folder / "junit.xml").iter("testcase")
        if "no_more_than" in one.get("name", "")
    )
    assert {("basis", "own")} <= {(p.get("name"), p.get("value")) for p in case.iter("property")}
    results = [one.read_text() for one in (folder / "allure-results").glob("*-result.json")]
    assert any("the project's own demand: our agreement" in one for one in results)
    assert any("Demands of the project's own" in one for one in results)


@pytest.mark.measured
def test_a_plain_test_runs_beside_the_checks_and_its_failure_is_no_finding(golive, put):
    put("suites/own/test_limit.py", CHECK.format(most=1000))
    put(
        "suites/own/test_plain.py",
        "def test_good(inbox_items):\n    assert inbox_items.status == 200\n\n\n"
        "def test_bad():\n    raise ValueError('the dashboard is closed')\n",
    )
    done = golive("run", "twin", "suites/own")
    assert done.code == 1
    assert [one["outcome"] for one in done.summary["project_tests"]] == ["passed", "failed"]
    assert "ValueError: the dashboard is closed (test_plain.py:6)" in done.out
    assert (
        "Of the project's own tests, which are no checks of the contract, these failed" in done.out
    )
    assert "The contract is broken" not in done.out
    assert "Traceback" not in done.out + done.err
    assert done.summary["counts"]["failed"] == 0


def test_a_plain_test_shows_no_patient_and_no_secret(golive, put):
    put(
        "suites/own/test_plain.py",
        "def test_bad(token_granted):\n    token = token_granted.json['access_token']\n"
        "    raise ValueError(token)\n",
    )
    done = golive("run", "twin", "suites/own", "-l", "-vv")
    assert done.code == 1
    assert "ValueError: " in done.out
    assert "eyJ" not in done.out


def test_a_check_of_the_project_that_says_it_is_oracle_s_demand_is_refused(golive, put):
    put("suites/own/test_x.py", CHECK.format(most=9).replace('"own"', '"documented"', 1))
    done = golive("run", "twin", "suites/own")
    assert done.code == 4
    assert 'write basis="own"' in " ".join(done.out.split())


@pytest.mark.measured
def test_a_file_that_would_hide_golive_s_suites_is_a_configuration_error(golive, put):
    put("suites/messages/__init__.py", "")
    done = golive("run", "twin")
    assert done.code == 4
    assert "suites/messages/__init__.py: golive's suites have a folder of this name" in done.err


def test_conftest_files_outside_of_suites_are_not_read(golive, put):
    put("conftest.py", "raise SystemError('of another test suite')\n")
    put("suites/own/test_limit.py", CHECK.format(most=1000))
    done = golive("run", "twin", "suites/own")
    assert done.code == 0, done.out + done.err


def test_one_test_is_chosen_as_the_report_names_it(golive, put):
    put("suites/own/test_limit.py", CHECK.format(most=1000))
    done = golive("run", "twin", "./suites/own/test_limit.py::test_no_more_than_we_can_show")
    assert (done.code, len(done.summary["checks"])) == (0, 1)


def test_a_folder_that_both_have_means_both(golive, put):
    put("suites/oauth/test_limit.py", CHECK.format(most=1000))
    done = golive("run", "twin", "suites/oauth")
    ids = {one["id"] for one in done.summary["checks"]}
    assert {"own-limit", "token-status-is-200"} <= ids


def test_what_golive_init_wrote_runs_with_its_example(golive, project):
    assert golive("init", "--yes").code == 0
    done = golive("run", "twin", "-k", "own-inbox or inbox-status-is")
    assert done.code == 0, done.out
    assert done.check("own-inbox-answers-in-time")["outcome"] == "passed"
    assert Path(project / "reports").is_dir()


def test_the_folder_that_golive_init_wrote_ends_with_go_when_it_is_run_alone(golive):
    assert golive("init", "--yes").code == 0
    done = golive("run", "twin", "suites/own")
    assert done.code == 0, done.out
    assert done.check("own-inbox-ids-are-unique")["outcome"] == "passed"
    advice = golive("run", "twin", "suites/own", "-k", "in-time")
    assert advice.code == 5
    assert "None of the selected checks decides: each is advice" in " ".join(advice.out.split())


def test_an_operation_that_shows_only_when_it_is_asked_for_costs_no_other_result(golive, put):
    put(
        "suites/own/test_mine.py",
        "from golive import check, exchange, expect\n\n\n@exchange\ndef mine(api):\n"
        '    """Made at run time."""\n    return api.call("list" + "Inbox", name="mine")\n\n\n'
        '@check("own-mine", level="must", basis="own", source="x")\ndef test_mine(mine):\n'
        '    """It comes."""\n    with expect(mine) as it:\n        it.status(200)\n',
    )
    done = golive("run", "twin", *WITH_GOLIVES, "-k", "own-mine or inbox-status-is")
    assert done.code == 4
    assert "suites/own/test_mine.py:7: mine: no API has an operation listInbox. Did you" in done.out
    assert done.check("inbox-status-is-200")["outcome"] == "passed"
    assert done.check("own-mine")["outcome"] == "could not tell"
    said = " ".join(done.out.split())
    assert "have 1 mistake, named above: what depends on it was not judged." in said


def test_a_defect_that_only_generated_requests_meet_is_named_in_a_go(golive):
    asked = ["run", "twin", INBOX, "--defect", "long-query-answered-with-html"]
    done = golive(*asked)
    assert done.code == 0
    wanted = "Only generated requests meet long-query-answered-with-html: add `--generated`."
    assert wanted in " ".join(done.out.split())
