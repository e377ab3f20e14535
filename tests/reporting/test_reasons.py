"""Why a run came to its verdict, and the links behind a source."""

from __future__ import annotations

from golive.checks.verdict import ExitCode
from golive.report.published import linked
from golive.report.reasons import reasons
from golive.report.reasons import tested as what_was_tested

from .conftest import finding, result


def run_of(code, checks, **more):
    known = {
        "exit_code": int(code), "checks": checks, "diagnosis": None, "internal_errors": [], "proofs": [],
        "known_deviations": [], "requests": 3,
    }  # fmt: skip
    return known | more


def proofs(operation, number, *, demanded=None):
    return {
        "operation": operation, "proofs": number, "envelope_only": 0, "demanded": demanded,
        "lacking": demanded is not None and number < demanded, "unproven": not number,
    }  # fmt: skip


def test_a_go_has_no_reasons():
    assert reasons(run_of(ExitCode.GO, [result("a", "advice", findings=[finding()])])) == []


def test_a_finding_explains_the_checks_that_it_left_open_and_they_are_no_reason_of_their_own():
    broken = finding(at="status", expected="200", actual="500")
    why = "inbox_items answered 500, not a list"
    checks = [
        result("inbox-status-is-200", "failed", findings=[broken]),
        *(result(f"list-{n}", "could not tell", cause=why) for n in range(4)),
        result("other", "could not tell", cause="No answer", next_step="Wait."),
    ]
    first, second = reasons(run_of(ExitCode.NO_GO, checks))
    assert (first.explains, first.harm.name) == ("5 checks", "access broken")
    assert (second.sentence, second.next_step) == ("Could not tell: No answer.", "Wait.")


def test_the_first_refused_connection_comes_before_what_follows_from_it():
    silent = "h: not asked: 3 requests in a row had no answer"
    checks = [
        *(result(f"a-{n}", "could not tell", cause=silent) for n in range(3)),
        result("b", "could not tell", cause="h: the connection was refused"),
    ]
    first, second = reasons(run_of(ExitCode.COULD_NOT_TELL, checks))
    assert first.sentence == "Could not tell: h: the connection was refused."
    assert second.explains == "3 checks"


def test_what_keeps_most_checks_from_a_verdict_comes_first_whatever_its_next_steps():
    checks = [
        result("a", "could not tell", cause="few", next_step="x"),
        *(
            result(f"b-{n}", "could not tell", cause="many", next_step=f"step {n}")
            for n in range(3)
        ),
        result("c", "could not tell", cause="advice only", deciding=False),
    ]
    found = reasons(run_of(ExitCode.COULD_NOT_TELL, checks))
    assert [(one.sentence, one.explains) for one in found] == [
        ("Could not tell: many.", "3 checks"),
        ("Could not tell: few.", "1 check"),
    ]


def test_where_nothing_is_proven_the_operation_that_lacks_it_comes_first():
    checks = [result("a", "could not tell", cause="no items", next_step="x")]
    known = [proofs("getMessage", 0), proofs("listInboxItems", 1, demanded=5), proofs("x", 3)]
    found = reasons(run_of(ExitCode.NOTHING_PROVEN, checks, proofs=known))
    assert [one.sentence for one in found] == [
        "getMessage: nothing is proven against a real success.",
        "listInboxItems: 1 proofs, and 5 are demanded.",
        "Could not tell: no items.",
    ]


def test_operations_without_any_proof_are_one_reason():
    known = [proofs("getMessage", 0), proofs("listInboxItems", 0)]
    [found] = reasons(run_of(ExitCode.NOTHING_PROVEN, [result("a")], proofs=known))
    assert found.sentence == (
        "getMessage, listInboxItems: nothing is proven against a real success."
    )


def test_what_was_tested_counts_what_was_decided_and_names_what_was_proven():
    checks = [result("a"), result("b", "could not tell", cause="x")]
    [said] = what_was_tested(run_of(ExitCode.GO, checks, proofs=[proofs("getMessage", 2)]))
    assert said.startswith(
        "Tested: 1 of 2 checks were decided, from 3 requests, none of them writing"
    )
    assert said.endswith("success: getMessage.")
    assert what_was_tested(run_of(ExitCode.CONFIGURATION, [])) == []


def test_a_source_is_linked_where_it_stands_and_the_pages_behind_a_section_after_it():
    found = linked(
        "must, documented: contract-facts §1; RFC 9110 §15", "contract-facts §1; RFC 9110 §15"
    )
    words = "".join(piece for piece, _ in found)
    assert words.startswith("must, documented: contract-facts §1; RFC 9110 §15")
    by_words = dict(found)
    assert by_words["RFC 9110 §15"] == "https://www.rfc-editor.org/rfc/rfc9110#section-15"
    assert by_words["intro.html"].startswith("https://docs.oracle.com/")
    assert linked("own words", "our handbook") == [("own words", "")]
