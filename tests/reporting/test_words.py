from __future__ import annotations

from dataclasses import replace

import pytest

from golive.report.text import failure_text, header, labelled, wrapped

from .conftest import EXCHANGE, finding, result


def test_the_header_names_the_twin_the_clouds_and_the_tenant(environment):
    title, *rest = header(environment)
    assert title == "golive: twin - The embedded twin"
    assert environment.tenant in rest[0]
    assert "writes to test data" in rest[0]
    assert "embedded twin, in place of authorization.cerner.com (production cloud)" in rest[1]


def test_the_header_of_a_real_environment_says_read_only_and_no_twin(environment):
    safe = replace(environment, safety=replace(environment.safety, writes="forbidden"))
    real = replace(
        safe,
        token=replace(safe.token, url="https://login.example.org/token"),
        apis={"messages": replace(safe.api, base_url="https://api.example.org/message")},
        claims=replace(safe.claims, accounts={}),
    )
    words = "\n".join(header(real))
    assert "read-only" in words
    assert "token from login.example.org (no known cloud)" in words
    assert "twin, in place" not in words


def test_what_is_left_out_is_asked_by_what_left_it_out(environment):
    """The profile of a run leaves out, and `--profile nightly` asks; where the file says so, only the file can."""
    safety = replace(environment.safety, access_rules="spread")
    by_profile = replace(environment, safety=safety)
    by_file = replace(by_profile, lines={**environment.lines, "safety.access_rules": 9})
    assert "`--profile nightly` asks it" in "\n".join(header(by_profile))
    words = "\n".join(header(by_file))
    assert "`safety.access_rules: everywhere` asks it" in words
    assert "profile" not in words


def test_a_failure_says_all_that_a_person_needs():
    text = failure_text(result(outcome="failed", findings=[finding()]))
    assert text.splitlines() == [
        "inbox-ids: Every item has an id.",
        "  must, documented: RFC 9110 §15.1",
        "  at        /items/0/id",
        "  expected  a text",
        "  actual    a number",
        "  exchange  GET http://127.0.0.1:1/api.cernermillennium.com/x → 200, "
        "2026-01-02T03:04:05.678Z, 12 ms",
        "            opc-request-id abc",
        "  next      Report it.",
    ]


def test_many_findings_are_counted_and_one_exchange_is_named_once():
    text = failure_text(result(outcome="failed", findings=[finding(n) for n in range(9)]))
    assert text.count("  expected  ") == 5
    assert "… and 4 more in summary.json" in text
    assert text.count("  exchange  ") == text.count("  next      ") == 1


def test_what_sends_a_request_again_is_shown_where_its_url_does_not_say_it():
    curl = 'curl -i -X POST --data-raw \'{"patientId": "PATIENT_ID"}\' http://127.0.0.1:1/x'
    sent = {**EXCHANGE, "method": "POST", "curl": curl}
    text = failure_text(result(outcome="failed", findings=[finding(exchange=sent)]))
    assert f"            opc-request-id abc\n  again     {curl}\n" in text
    read = {**EXCHANGE, "curl": "curl -i http://127.0.0.1:1/x"}
    assert "again" not in failure_text(result(outcome="failed", findings=[finding(exchange=read)]))


def test_advice_among_findings_is_marked_and_an_exchange_may_lack_correlation_ids():
    bare = {**EXCHANGE, "correlation": {}}
    text = failure_text(result(outcome="failed", findings=[finding(advice=True, exchange=bare)]))
    assert "/items/0/id  (advice)" in text
    assert "opc-request-id" not in text


def test_a_finding_that_is_known_otherwise_than_its_check_says_how():
    own = finding(1, level="should", basis="standard", source="RFC 6750 §3")
    text = failure_text(result(outcome="failed", findings=[finding(), own]))
    assert text.count("  must, documented: RFC 9110 §15.1") == 1
    assert text.count("  known     should, standard: RFC 6750 §3") == 1


@pytest.mark.parametrize(
    ("next_step", "lines"), [("", []), ("Run again.", ["  next      Run again."])]
)
def test_a_cause_takes_the_place_of_findings(next_step, lines):
    text = failure_text(result(outcome="could not tell", cause="It was down.", next_step=next_step))
    assert text.splitlines()[1:] == ["  cause     It was down.", *lines]


def test_a_line_is_broken_at_the_width_and_hangs_by_two():
    assert wrapped("  one two three four", 12) == "  one two\n    three\n    four"
    assert wrapped("", 12) == ""


def test_a_url_is_never_broken():
    url = "https://api.cernermillennium.com/a-b-c/message/20241001"
    assert wrapped(f"exchange GET {url} done", 20).splitlines() == [
        "exchange GET",
        f"  {url}",
        "  done",
    ]


def test_a_labelled_text_has_a_column_of_its_own():
    assert labelled("cause", "one two three", 20) == "  cause     one two\n            three"
