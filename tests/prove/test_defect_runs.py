"""Faults are detected by the right check, for the right reason; `golive prove` injects all of them."""

from typing import NamedTuple

import pytest

from golive.checks.findings import INFERRED_STEP
from golive.mutation.defects import (
    INJECTED,
    DefectRun,
    defect_runs,
    expectations,
    judge,
    judged_defects,
    whole_ones,
)

pytestmark = pytest.mark.whole_run

REPORT = (
    "Compare the exchange with the source. If they differ, report it to Oracle with the time and the "
    "correlation ids shown."
)
OPERATOR = REPORT.replace("Oracle", "the operator of authorization.cerner.com")
ROTATE = (
    "Treat it as leaked: replace it, and report this to the operator of authorization.cerner.com."
)
ASK = "Have the missing scope added to the application; it was dropped silently."
CLAIM = "If no message of this patient has an organization, say claims.organization_summary: false."


class Row(NamedTuple):
    """Which check detects a fault, and what the person reads: the sentence and one finding."""

    defect: str
    code: int
    check: str
    sentence: str
    at: str
    expected: str
    actual: str
    next_step: str = REPORT


DETECTED = [
    Row("scope-silently-dropped", 4, "token-scope-covers-what-was-asked",
        "Every scope that was asked for is granted; an absent scope member means all of them.",
        "/scope", "at least oraclehealth:millennium:code-system oraclehealth:millennium:message",
        "without oraclehealth:millennium:message", ASK),
    Row("token-ids-repeat", 1, "access-token-id-is-unique",
        "No two tokens carry the same jti; one that is granted again is the same token.",
        "/access_token", "a jti of its own", "that of another token", OPERATOR),
    Row("token-error-repeats-the-credential", 1, "token-wrong-secret",
        "A known client with a wrong secret is refused as invalid_client.",
        "relation:nothing-secret-comes-back", "an answer without any credential or token of this run",
        "the answer repeats the credential of this request", ROTATE),
    Row("duplicate-item", 1, "crowded-inbox-names-each-message-once",
        "No two items of a full page have the same id.",
        "relation:unique-ids", "each id once", "more than once: ", INFERRED_STEP),
    Row("organization-never-listed", 1, "inbox-shows-organization",
        "With the option, inbox items have their organization.",
        "/items", "an organization in at least one item", "none", CLAIM),
]  # fmt: skip


@pytest.fixture(scope="module")
def runs():
    told = dict.fromkeys(row.defect for row in DETECTED)
    whole = {
        row.defect for row in DETECTED if row.code == 4
    }  # what ends a run shows in a whole one
    return {run.name: run for run in defect_runs(list(told), 2, whole)}


@pytest.mark.parametrize("row", DETECTED, ids=lambda row: row.check)
def test_a_fault_is_detected_for_its_own_reason_in_words_that_help(row, runs):
    run = runs[row.defect]
    result = judge(run)
    assert run.exit_code == row.code
    assert row.check in (*result.detected_by, *result.advised_by)
    assert not result.crashed
    found = next(one for one in run.results if one["id"] == row.check)
    assert found["statement"] == row.sentence
    finding = next(f for f in found["findings"] if f["at"] == row.at)
    assert row.expected in finding["expected"]
    assert row.actual in finding["actual"]
    assert finding["next_step"] == row.next_step
    assert finding["exchange"]["url"]


EXPIRES = "every-third-token-expires-early"


@pytest.fixture(scope="module")
def few():
    """Runs of the checks that the rows of these defects name, and of no other."""
    names = ["scope-silently-dropped", EXPIRES, "answers-lack-date"]
    return {run.name: run for run in defect_runs(names, 2, whole=frozenset())}


def test_a_run_of_the_checks_that_the_row_names_detects_the_defect_and_asks_for_nothing_else(few):
    run = few["scope-silently-dropped"]
    assert [one["id"] for one in run.results] == ["token-scope-covers-what-was-asked"]
    assert judge(run).detected_by == ["token-scope-covers-what-was-asked"]


@pytest.mark.exhaustive
def test_what_such_a_run_does_not_show_is_decided_by_a_whole_one(few):
    assert judge(few[EXPIRES]).missed_by == ["access-token-outlives-expires-in"]
    [(_, result)] = judged_defects([EXPIRES], 1, whole=frozenset())
    assert result.detected_by == ["access-token-outlives-expires-in"]


def test_a_check_that_reads_every_answer_is_given_those_of_a_whole_run(few):
    assert len(few["answers-lack-date"].results) > 500


def test_of_all_defects_some_are_run_whole_and_of_chosen_ones_each():
    assert len(INJECTED) // 12 <= len(whole_ones(list(INJECTED))) <= len(INJECTED) // 8
    assert whole_ones(list(INJECTED[:5])) == set(INJECTED[:5])


def test_every_defect_is_expected_of_somebody():
    assert expectations().keys() == set(INJECTED)
    assert all(row["by"] and row["at"] for row in expectations().values())
    assert all(row.keys() <= {"by", "at", "advice"} for row in expectations().values())


def result_of(outcome, *, at="/scope", advice=False, deciding=True, check_id=None):
    check_id = check_id or "token-scope-covers-what-was-asked"
    exchange = {"name": "token_granted"}
    findings = (
        [{"at": at, "advice": advice, "exchange": exchange}]
        if outcome in {"failed", "advice"}
        else []
    )
    return {"id": check_id, "outcome": outcome, "deciding": deciding, "findings": findings}


@pytest.mark.parametrize(
    ("result", "where"),
    [
        (result_of("failed"), "detected_by"),
        (result_of("failed", advice=True, deciding=False), "advised_by"),
        (result_of("advice", advice=True), "advised_by"),
        (result_of("failed", at="status"), "failed_elsewhere"),
        (result_of("failed", check_id="inbox-status-is-200"), "failed_elsewhere"),
        (result_of("internal error"), "crashed"),
        (result_of("passed"), None),
        (result_of("could not tell"), None),
        (result_of("not claimed"), None),
    ],
)
def test_only_a_check_that_fails_for_the_fault_s_own_reason_has_detected_it(result, where):
    judged = vars(judge(DefectRun("scope-silently-dropped", 1, [result])))
    judged.pop("why")
    judged.pop("places")
    expected = expectations()["scope-silently-dropped"]["by"]
    detected = {*judged["detected_by"], *judged["advised_by"]}
    assert judged.pop("missed_by") == [check for check in expected if check not in detected]
    assert {name for name, checks in judged.items() if checks} == ({where} - {None})


@pytest.mark.parametrize(
    ("defect", "result", "why"),
    [
        (
            "no-row-yet",
            result_of("failed"),
            [
                "no row in src/golive/mutation/defects.yaml",
                "check token-scope-covers-what-was-asked failed at /scope",
            ],
        ),
        (
            "scope-silently-dropped",
            result_of("failed", check_id="token-scope-covers-what-is-asked"),
            [
                "no such check: token-scope-covers-what-was-asked "
                '(Did you mean "token-scope-covers-what-is-asked"?)',
                "check token-scope-covers-what-is-asked failed at /scope, the row does not name it",
            ],
        ),
        (
            "scope-silently-dropped",
            result_of("failed", at="/scopes"),
            ["check token-scope-covers-what-was-asked failed at /scopes, the row says /scope"],
        ),
        ("scope-silently-dropped", result_of("failed"), []),
    ],
)
def test_a_row_that_does_not_fit_a_run_is_told_by_what_is_wrong_with_it(defect, result, why):
    assert judge(DefectRun(defect, 1, [result])).why == why


def test_a_run_that_broke_is_a_crash():
    assert judge(DefectRun("scope-silently-dropped", 3, [], ["no twin"])).crashed == ["no twin"]
