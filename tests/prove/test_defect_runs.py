"""Each area's lies are noticed by the right check, for the right reason, in words that help."""

from typing import NamedTuple

import pytest

from golive.checks.findings import INFERRED_STEP
from golive.checks.verdict import Outcome
from golive.cli.commands.checks import collected
from golive.mutation.defects import TOLD, DefectRun, defect_runs, expectations, honest_runs, judge
from golive.twin import DEFECT_FACTS

REPORT = (
    "Compare the exchange with the source. If they differ, report it to Oracle with the time and the "
    "correlation ids shown."
)
WHOEVER = REPORT.replace("Oracle", "whoever runs authorization.cerner.com")
ROTATE = "Treat it as leaked: replace it, and report this to whoever runs authorization.cerner.com."
ASK = "Have the missing scope added to the application; it was dropped silently."
CLAIM = "If no message of this patient has an organization, say claims.organization_summary: false."
PAGE_FOR_JSON = ("a JSON text", "the body is a markup page, not JSON")


class Row(NamedTuple):
    """Who notices a lie, in which area, and what the person is told: the sentence and one finding."""

    defect: str
    code: int
    check: str
    area: str
    sentence: str
    at: str
    expected: str
    actual: str
    next_step: str = REPORT


NOTICED = [
    Row("scope-silently-dropped", 4, "token-scope-covers-what-was-asked", "token success",
        "Every scope that was asked for is granted; an absent scope member means all of them.",
        "/scope", "at least oraclehealth:millennium:message", "without oraclehealth:millennium:message", ASK),
    Row("token-ids-repeat", 1, "access-token-id-is-unique", "access token",
        "Two tokens carry two different jti.",
        "/access_token", "a jti of its own", "the same again", WHOEVER),
    Row("signing-key-missing-from-key-set", 1, "access-token-key-is-in-key-set", "access token",
        "The key that signed the token is in the key set of the host that granted it.",
        "/keys", "a key with kid 20", "8 other keys"),
    Row("two-keys-share-a-kid", 1, "key-set-kids-are-unique", "key set",
        "No two keys of the set share a kid.",
        "/keys", "distinct kids", "twice: "),
    Row("token-error-repeats-the-credential", 1, "token-wrong-secret", "token errors",
        "A known client with a wrong secret is refused as invalid_client.",
        "relation:nothing-secret-comes-back", "an answer without any credential or token of this run",
        "the answer repeats the credential of this request", ROTATE),
    Row("other-tenants-token-accepted", 1, "token-of-other-tenant", "API access",
        "A token of another tenant does not open this tenant's inbox.",
        "status", "401", "200"),
    Row("service-errors-are-html", 1, "inbox-without-patient", "requests in general",
        "An inbox request without patientId is refused.",
        "body", *PAGE_FOR_JSON, INFERRED_STEP),
    Row("service-errors-are-html", 1, "send-without-content", "send, refused",
        "A message without content is refused.",
        "body", *PAGE_FOR_JSON),
    Row("service-errors-are-html", 1, "status-without-status", "status, refused",
        "A status update that does not say which status is refused.",
        "body", *PAGE_FOR_JSON),
    Row("callers-request-id-refused", 1, "callers-request-id-is-accepted", "requests",
        "A caller may send an opc-request-id of letters, digits, underscores and hyphens.",
        "status", "200", "400"),
    Row("redirect-to-another-host", 1, "inbox-status-is-200", "inbox",
        "A valid inbox request succeeds; that the status is 200 and no other 2xx is advice.",
        "status", "2xx", "302"),
    Row("duplicate-item", 0, "crowded-inbox-names-each-message-once", "inbox size",
        "No two items of a full page have the same id.",
        "relation:unique-ids", "each id once", "more than once: ", INFERRED_STEP),
    Row("inbox-lacks-request-id", 0, "inbox-answers-every-option", "options",
        "An inbox request with a documented parameter and value is answered with 2xx and JSON.",
        "header:opc-request-id", "present", "absent", INFERRED_STEP),
    Row("reminders-listed-unasked", 1, "inbox-lists-messages-by-default", "inbox types",
        "Without notificationType, the inbox lists messages and no reminders.",
        "/items/1/notificationType", "MESSAGE in every item", "2 items of another type"),
    Row("organization-never-listed", 1, "inbox-shows-organization", "inbox organization",
        "With the option, inbox items have their organization.",
        "/items", "an organization in at least one item", "none", CLAIM),
    Row("inbox-ignores-sort-order", 0, "inbox-sorts-by-priority", "inbox order",
        "With sortBy=priority, inbox items of one priority stand together.",
        "relation:items-of-one-priority-stand-together", "2 groups", "13 groups", INFERRED_STEP),
    Row("long-windows-are-cut-to-90-days", 1, "inbox-window-reaches-back", "inbox window",
        "A lower bound beyond 90 days adds the older items and loses none.",
        "relation:no-item-is-missing", "every item of inbox_items and of inbox_before_the_window", "missing: "),
    Row("long-windows-are-cut-to-90-days", 1, "sent-items-window-reaches-back", "sent items window",
        "A lower bound beyond 90 days adds the older sent items and loses none.",
        "relation:no-item-is-missing", "every item of sent_items and of sent_before_the_window", "missing: "),
    Row("sent-item-listed-twice", 0, "sent-items-name-each-message-once", "sent items",
        "No two sent items have the same id.",
        "relation:unique-ids", "each id once", "more than once: ", INFERRED_STEP),
    Row("detail-has-another-status", 0, "message-stays-unread", "one message",
        "An unread message that was read by id is still UNREAD.",
        "/status", "UNREAD", "DELETED", INFERRED_STEP),
    Row("detail-disagrees-with-list", 1, "message-agrees-with-list-on-subject", "message agrees",
        "A message and its inbox item have the same subject.",
        "/subject", 'as in the list: "Question about', "(changed)"),
    Row("sent-message-kept-twice", 1, "send-item-is-listed-once", "send",
        "A message that was sent is among the patient's sent items, once.",
        "relation:sent-message-is-listed", "one item with the subject of the message just sent", "2 of"),
    Row("reply-names-another-message", 0, "reply-names-the-message-before", "reply",
        "A reply that is read has the id of the message before it in previousMessageId.",
        "/previousMessageId", "what was sent or, for what is carried forward, what the message before has",
        "something else", INFERRED_STEP),
    Row("deleted-message-vanishes", 1, "status-deleted-message-stays-listed", "status",
        "A message that was set to DELETED is still listed: status alone separates inbox and trash.",
        "relation:deleted-stays", "the message, listed", "not listed"),
    Row("status-change-does-not-stick", 1, "status-unread-to-opened-is-seen", "status",
        "After the change unread-to-opened the inbox shows the new status, until the next change of the message.",
        "relation:status-after-change", "OPENED", "UNREAD"),
    Row("change-deletes-other-patients-messages", 1, "status-change-leaves-other-patients-alone", "other patients",
        "A message of another patient has the status that it had before all changes; the rest is advice.",
        "/status", '"UNREAD", as before', '"DELETED"'),
]  # fmt: skip


@pytest.fixture(scope="module")
def runs():
    told = dict.fromkeys(row.defect for row in NOTICED)
    return {run.name: run for run in defect_runs(list(told), 2)}


def test_every_area_of_lies_and_every_area_of_checks_has_its_guard():
    assert {DEFECT_FACTS[row.defect].area for row in NOTICED} == {
        DEFECT_FACTS[name].area for name in TOLD
    }
    areas = {check.id: check.area for check in collected()}
    assert {row.area for row in NOTICED} == set(areas.values())
    assert {row.check: row.area for row in NOTICED} == {
        row.check: areas[row.check] for row in NOTICED
    }


@pytest.mark.parametrize("row", NOTICED, ids=lambda row: row.check)
def test_a_lie_is_noticed_for_its_own_reason_in_words_that_help(row, runs):
    run = runs[row.defect]
    result = judge(run)
    assert run.exit_code == row.code
    assert row.check in (*result.noticed_by, *result.as_advice_by)
    assert not result.crashed
    found = next(one for one in run.results if one["id"] == row.check)
    assert found["statement"] == row.sentence
    finding = next(f for f in found["findings"] if f["at"] == row.at)
    assert row.expected in finding["expected"]
    assert row.actual in finding["actual"]
    assert finding["next_step"] == row.next_step
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
        (result_of("failed", advice=True, deciding=False), "as_advice_by"),
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
    expected = expectations()["scope-silently-dropped"]["by"]
    noticed = {*judged["noticed_by"], *judged["as_advice_by"]}
    assert judged.pop("missed_by") == [check for check in expected if check not in noticed]
    assert {name for name, checks in judged.items() if checks} == ({where} - {None})


def test_a_run_that_broke_is_a_crash():
    assert judge(DefectRun("scope-silently-dropped", 3, [], ["no twin"])).crashed == ["no twin"]
