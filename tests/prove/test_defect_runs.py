"""Each area's lies are noticed by the right check, for the right reason, in words that help."""

import pytest

from golive.prove.defect_runs import TOLD, DefectRun, defect_runs, expectations, honest_runs, judge
from golive.twin import DEFECT_FACTS
from golive.verdict import Outcome

REPORT = "Compare the exchange with the source. If they differ, report it to Oracle with the time"
ROTATE = "Treat the secret as leaked: replace it, and report this to Oracle."
ASK = "Have the missing scope added to the application; it was dropped silently."

# area: the lie, the exit code of its run, who notices, where, what was expected and found, what to do next
NOTICED = {
    "token success": (
        "scope-silently-dropped",
        4,
        "token-scope-covers-what-was-asked",
        "/scope",
        "oraclehealth:millennium:message",
        "",
        ASK,
    ),
    "access token": (
        "token-ids-repeat",
        1,
        "access-token-id-is-unique",
        "/access_token",
        "jti",
        "",
        REPORT,
    ),
    "key set": (
        "signing-key-missing-from-key-set",
        1,
        "access-token-key-is-in-key-set",
        "/keys",
        "",
        "",
        REPORT,
    ),
    "token errors": (
        "token-error-repeats-the-credential",
        1,
        "token-wrong-secret",
        "relation:nothing-secret-comes-back",
        "an answer without the credential or the token",
        "the answer repeats a secret that was sent",
        ROTATE,
    ),
    "API access": (
        "other-tenants-token-accepted",
        1,
        "token-of-other-tenant",
        "status",
        "401",
        "200",
        REPORT,
    ),
    "requests in general": (
        "redirect-to-another-host",
        1,
        "inbox-status-is-200",
        "status",
        "2xx",
        "302",
        REPORT,
    ),
    "inbox": (
        "deleted-message-vanishes",
        1,
        "status-deleted-message-stays-listed",
        "relation:deleted-stays",
        "the message, listed",
        "not listed",
        REPORT,
    ),
    "sent items": (
        "sent-item-listed-twice",
        0,
        "sent-items-name-each-message-once",
        "relation:unique-ids",
        "each id once",
        "more than once:",
        REPORT,
    ),
    "one message": (
        "detail-disagrees-with-list",
        1,
        "message-agrees-with-list-on-subject",
        "/subject",
        "as in the list:",
        "(changed)",
        REPORT,
    ),
    "window": (
        "long-windows-are-cut-to-90-days",
        1,
        "sent-items-window-reaches-back",
        "relation:no-item-is-missing",
        "every item of sent_items and of sent_before_the_window",
        "missing:",
        REPORT,
    ),
    "sorting": (
        "inbox-ignores-sort-order",
        0,
        "inbox-sorts-by-priority",
        "relation:items-of-one-priority-stand-together",
        "2 groups",
        "groups",
        REPORT,
    ),
    "send": (
        "sent-message-kept-twice",
        1,
        "send-item-is-listed-once",
        "relation:sent-message-is-listed",
        "one item with the subject of the message just sent",
        "2 of",
        REPORT,
    ),
    "status update": (
        "status-change-does-not-stick",
        1,
        "status-unread-to-opened-is-seen",
        "relation:status-after-change",
        "OPENED",
        "UNREAD",
        REPORT,
    ),
}


@pytest.fixture(scope="module")
def runs():
    return {run.name: run for run in defect_runs([row[0] for row in NOTICED.values()], 2)}


def test_every_area_has_its_guard():
    assert NOTICED.keys() == {DEFECT_FACTS[name].area for name in TOLD}


@pytest.mark.parametrize("area", NOTICED)
def test_a_lie_is_noticed_for_its_own_reason_in_words_that_help(area, runs):
    name, code, check, at, expected, actual, next_step = NOTICED[area]
    run = runs[name]
    result = judge(run)
    assert run.exit_code == code
    assert check in (*result.noticed_by, *result.as_advice_by)
    assert not result.crashed
    found = next(one for one in run.results if one["id"] == check)
    finding = next(f for f in found["findings"] if f["at"] == at)
    assert expected in finding["expected"]
    assert actual in finding["actual"]
    assert finding["next_step"].startswith(next_step)
    assert finding["exchange"]["url"]


def test_the_honest_twin_accuses_nobody_whatever_the_seed():
    (run,) = honest_runs([7], 1)
    assert run.exit_code == 0
    assert {one["outcome"] for one in run.results} == {Outcome.PASSED}


def test_every_defect_is_expected_of_somebody():
    assert expectations().keys() == set(TOLD)
    assert all(row["by"] and row["at"] for row in expectations().values())
    assert all(row.keys() <= {"by", "at", "advice"} for row in expectations().values())


def result_of(outcome, *, at="/scope", advice=False, deciding=True, check_id=None):
    check_id = check_id or "token-scope-covers-what-was-asked"
    findings = [{"at": at, "advice": advice}] if outcome in {"failed", "advice"} else []
    return {"id": check_id, "outcome": outcome, "deciding": deciding, "findings": findings}


@pytest.mark.parametrize(
    ("result", "where"),
    [
        (result_of("failed"), "noticed_by"),
        (result_of("failed", deciding=False), "as_advice_by"),
        (result_of("advice", advice=True), "as_advice_by"),
        (result_of("failed", at="status"), "beside_the_point"),
        (result_of("failed", check_id="inbox-status-is-200"), "beside_the_point"),
        (result_of("internal error"), "crashed"),
        (result_of("passed"), None),
        (result_of("could not tell"), None),
        (result_of("not claimed"), None),
    ],
)
def test_only_who_fails_for_the_lies_own_reason_has_noticed_it(result, where):
    judged = vars(judge(DefectRun("scope-silently-dropped", 1, [result])))
    assert {name for name, checks in judged.items() if checks} == ({where} - {None})


def test_a_run_that_broke_is_a_crash():
    assert judge(DefectRun("scope-silently-dropped", 3, [], ["no twin"])).crashed == ["no twin"]
