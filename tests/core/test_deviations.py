"""Known deviations: what is tolerated, what has had its day, what is proposed."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from golive.checks.deviations import LONGEST_PROPOSAL, State, proposal, standings, tolerated
from golive.environment import Environment, find, load
from golive.kit.problems import ConfigurationProblem
from golive.redaction import REDACTOR

TODAY = date(2026, 6, 15)
ENTRIES = """
known_deviations:
  - check: inbox-newest-first
    reason: "the vendor: knows"
    ticket: ABC-12
    until: 2026-06-15
  - {check: inbox-schema, reason: slow, ticket: "12", until: 2026-06-14}
"""
FAILURE = {"at": "status", "expected": "200", "actual": "500\nand more"}


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    file = tmp_path / "made.yaml"
    file.write_text(find("twin").read_text() + ENTRIES)
    return load(file, variables={})


def result(check_id: str, outcome: str) -> dict[str, object]:
    findings = [FAILURE] if outcome in ("failed", "known deviation", "advice") else []
    return {"id": check_id, "outcome": outcome, "findings": findings}


def test_a_failure_is_tolerated_to_the_end_of_its_last_day(environment) -> None:
    entry = tolerated(environment, "inbox-newest-first", TODAY)
    assert entry is not None
    assert (entry.ticket, entry.until) == ("ABC-12", TODAY)
    assert tolerated(environment, "inbox-newest-first", date(2026, 6, 16)) is None
    assert tolerated(environment, "inbox-schema", TODAY) is None
    assert tolerated(environment, "another", TODAY) is None


@pytest.mark.parametrize(
    ("outcome", "known", "state", "stale"),
    [
        ("known deviation", {"inbox-newest-first"}, State.LIVE, False),
        ("passed", {"inbox-newest-first"}, State.PASSES, True),
        ("could not tell", {"inbox-newest-first"}, State.NOT_JUDGED, False),
        ("not claimed", {"inbox-newest-first"}, State.NOT_JUDGED, False),
        ("internal error", {"inbox-newest-first"}, State.NOT_JUDGED, False),
        (None, {"inbox-newest-first"}, State.NOT_JUDGED, False),
        (None, None, State.NOT_JUDGED, False),
        (None, {"inbox-is-newest-first"}, State.MATCHES_NOTHING, True),
    ],
)
def test_only_a_verdict_makes_an_entry_stale(environment, outcome, known, state, stale) -> None:
    results = [result("inbox-newest-first", outcome)] if outcome else []
    one = standings(environment, results, TODAY, known)[0]
    assert (one.state, one.stale) == (state, stale)


def test_an_entry_is_named_by_file_line_and_yaml(environment) -> None:
    REDACTOR.protect("the vendor")
    one = standings(environment, [], TODAY, {"inbox-newest-first-x"})[0]
    file = environment.path
    line = file.read_text().splitlines().index("  - check: inbox-newest-first") + 1
    assert one.place == f"{file}:{line}: known_deviations[0]"
    assert one.words.endswith('Did you mean "inbox-newest-first-x"?')
    assert yaml.safe_load(one.yaml) == [
        {
            "check": "inbox-newest-first",
            "reason": "the vendor: knows",
            "ticket": "ABC-12",
            "until": TODAY,
        }
    ]
    shown = one.as_dict()
    assert (shown["line"], shown["until"], shown["stale"]) == (line, "2026-06-15", True)
    assert "the vendor" not in str(shown)


def test_an_entry_without_a_line_is_named_by_its_key(environment) -> None:
    one = standings(replace(environment, lines={}), [], TODAY)[0]
    assert one.place == f"{environment.path}: known_deviations[0]"


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("failed", "2026-06-14 has passed, and inbox-schema still fails."),
        ("passed", "2026-06-14 has passed."),
        (None, "2026-06-14 has passed."),
    ],
)
def test_an_expired_entry_is_stale_whatever_ran(environment, outcome, words) -> None:
    results = [result("inbox-schema", outcome)] if outcome else []
    one = standings(environment, results, TODAY)[1]
    assert (one.state, one.stale, one.words) == (State.EXPIRED, True, words)


def proposed(environment, *results) -> str:
    found = standings(environment, results, TODAY)
    return proposal(environment, results, found, TODAY)


def test_a_proposal_keeps_what_is_live_and_leaves_reason_and_ticket_to_a_person(
    environment,
) -> None:
    text = proposed(
        environment,
        result("inbox-newest-first", "known deviation"),
        result("inbox-schema", "failed"),
        result("a-check", "failed"),
        result("advice", "advice"),
    )
    kept, first, second = yaml.safe_load(text)["known_deviations"]
    assert (kept["check"], kept["reason"]) == ("inbox-newest-first", "the vendor: knows")
    until = TODAY + LONGEST_PROPOSAL
    assert first == {"check": "a-check", "reason": None, "ticket": None, "until": until}
    assert second == {"check": "inbox-schema", "reason": None, "ticket": None, "until": until}
    assert "  # status: expected 200, got 500 and more\n" in text
    assert "  # expired 2026-06-14: slow (12)\n" in text
    line = environment.line_of("known_deviations")
    assert f"in place of line {line} and what belongs to it" in text


def test_golive_does_not_load_a_proposal_before_somebody_has_completed_it(
    environment, tmp_path
) -> None:
    bare = replace(environment, known_deviations=(), lines={})
    file = tmp_path / "pasted.yaml"
    text = proposed(bare, result("a-check", "failed"))
    assert ", at the end." in text
    file.write_text(find("twin").read_text() + text)
    with pytest.raises(
        ConfigurationProblem, match=r"known_deviations\[0\]\.reason: this key needs"
    ):
        load(file, variables={})
    file.write_text(
        file.read_text().replace("reason:", "reason: x").replace("ticket:", "ticket: y")
    )
    assert load(file, variables={}).known_deviations[0].until == TODAY + LONGEST_PROPOSAL


def test_where_nothing_is_left_the_section_goes(environment) -> None:
    text = proposed(environment, result("inbox-newest-first", "passed"))
    assert yaml.safe_load(text) is None
    assert "no entry is left: delete the section" in text


def test_where_all_is_right_nothing_is_proposed(environment) -> None:
    entries = environment.known_deviations[:1]
    right = replace(environment, known_deviations=entries)
    assert proposed(right, result("inbox-newest-first", "known deviation")) == ""
