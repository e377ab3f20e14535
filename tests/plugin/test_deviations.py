"""Known deviations and demands in whole runs: what is shown, what the exit code is."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

TOKEN = "suites/oauth/test_token_success.py"
WINDOW = ("--defect=inbox-window-is-30-days", TOKEN, "suites/messages/test_inbox_window.py")
BROKEN = "inbox-window-is-90-days"


def entry(check: str, days: int = 10) -> dict[str, str]:
    until = (datetime.now(UTC) + timedelta(days)).date().isoformat()
    return {"check": check, "reason": "the vendor knows", "ticket": "ABC-12", "until": until}


@pytest.mark.parametrize("workers", [pytest.param("0", marks=pytest.mark.measured), "1"])
def test_a_known_deviation_is_shown_and_decides_nothing(
    go, environment_file, tmp_path, workers: str
) -> None:
    known = entry(BROKEN)
    file = environment_file({"known_deviations": [known]})
    junit = tmp_path / "junit.xml"
    ended = go(f"--env={file}", "-n", workers, f"--junitxml={junit}", *WINDOW)
    assert ended.code == 0, ended.out
    said = " ".join(ended.out.split())
    assert f"{BROKEN}: known deviation: the vendor knows (ABC-12, until {known['until']})" in said
    assert "passed, or is a known deviation (1)." in said
    assert ended.outcomes()[BROKEN] == "known deviation"
    [one] = [check for check in ended.summary["checks"] if check["id"] == BROKEN]
    assert one["findings"]
    assert one["deviation"] == {name: known[name] for name in ("reason", "ticket", "until")}
    assert [one["state"] for one in ended.summary["known_deviations"]] == ["live"]
    assert 'failures="0"' in junit.read_text()
    assert "known deviation: the vendor knows (ABC-12, until" in junit.read_text()


def test_an_entry_that_has_had_its_day_is_7_with_the_yaml_to_delete(go, environment_file) -> None:
    entries = [
        entry("token-status-is-200"),
        entry("inbox-no-such-check"),
        entry("inbox-newest-first", -1),
        entry(BROKEN),
    ]
    file = environment_file({"known_deviations": entries})
    ended = go(f"--env={file}", "-k", "token_success")
    assert ended.code == 7, ended.out
    assert ended.summary["verdict"] == "STALE DEVIATION"
    states = [one["state"] for one in ended.summary["known_deviations"]]
    assert states == ["passes now", "matches nothing", "expired", "not judged"]
    line = yaml_line(file, "token-status-is-200")
    said = " ".join(ended.out.split())
    assert f"{file}:{line}: known_deviations[0]: token-status-is-200 passes now. Delete" in said
    assert "\n  - check: inbox-no-such-check\n    reason: the vendor knows\n" in ended.out
    assert said.count("stale deviation: ") == 3


def yaml_line(file: str, check: str) -> int:
    lines = Path(file).read_text().splitlines()
    return next(n for n, line in enumerate(lines, 1) if f"check: {check}" in line)


def test_nobody_says_that_an_entry_matches_nothing_where_only_a_part_was_collected(
    go, environment_file
) -> None:
    file = environment_file({"known_deviations": [entry("inbox-no-such-check")]})
    ended = go(f"--env={file}", "suites/oauth/test_key_set.py")
    assert ended.code == 0, ended.out
    assert [one["state"] for one in ended.summary["known_deviations"]] == ["not judged"]


def test_a_failure_is_no_go_again_when_its_entry_has_expired(go, environment_file) -> None:
    file = environment_file({"known_deviations": [entry(BROKEN, -1)]})
    ended = go(f"--env={file}", *WINDOW)
    assert ended.code == 1, ended.out
    assert f"{BROKEN} still fails" in " ".join(ended.out.split())


def test_a_proposal_is_shown_and_written_and_changes_neither_file_nor_verdict(
    go, environment_file
) -> None:
    file = environment_file({"known_deviations": [entry("token-status-is-200")]})
    before = Path(file).read_text()
    ended = go(f"--env={file}", "--update-deviations", *WINDOW)
    assert ended.code == 1, ended.out
    proposed = (ended.folder / "known-deviations.yaml").read_text()
    assert proposed in ended.out
    [one] = yaml.safe_load(proposed)["known_deviations"]
    assert (one["check"], one["reason"], one["ticket"]) == (BROKEN, None, None)
    assert one["until"] <= (datetime.now(UTC) + timedelta(30)).date()
    assert Path(file).read_text() == before


def test_where_nothing_fails_nothing_is_proposed(go) -> None:
    ended = go("--update-deviations", TOKEN)
    assert ended.code == 0, ended.out
    assert "No entry to propose" in ended.out
    assert not (ended.folder / "known-deviations.yaml").exists()


def test_an_advice_that_is_known_stays_quiet_even_where_advice_decides(
    go, environment_file
) -> None:
    options = ("--fail-on-advice", "--defect=key-set-holds-one-generation")
    options += ("suites/oauth/test_key_set.py",)
    free = go(*options)
    assert free.code == 1, free.out
    failed = [name for name, outcome in free.outcomes().items() if outcome == "failed"]
    file = environment_file({"known_deviations": [entry(name) for name in failed]})
    assert go(f"--env={file}", *options).code == 0


def test_fewer_proofs_than_demanded_is_5_and_says_of_what(go, environment_file) -> None:
    changes = {"demands": {"listInboxItems": 2, "listSentItems": 1}}
    ended = go(f"--env={environment_file(changes)}", "-k", "token_success or inbox_types")
    assert ended.code == 5, ended.out
    said = " ".join(ended.out.split())
    assert "made.yaml:" in said
    assert " demands: listSentItems 0 of 1." in said
    found = {one["operation"]: one for one in ended.summary["proofs"]}
    assert found["listInboxItems"]["proofs"] >= 2
    assert found["listSentItems"]["lacking"] is True


def test_an_empty_inbox_proves_the_envelope_and_not_the_item(go, environment_file) -> None:
    changes = {"test_data.patient": "12700200", "demands": {"listInboxItems": 1}}
    ended = go(f"--env={environment_file(changes)}", "-k", "test_inbox.py or token_success")
    assert ended.code == 5, ended.out
    inbox = ended.summary["proofs"][0]
    assert inbox["proofs"] == 0
    assert inbox["envelope_only"] > 0
    assert "of the empty list alone: of its items nothing is proven" in " ".join(ended.out.split())


def test_rules_of_all_lists_that_met_empty_ones_alone_prove_nothing(go, environment_file) -> None:
    empty = dict.fromkeys(("test_data.patient", "test_data.other_patient"), "12700200")
    changes = {**empty, "demands": {"listInboxItems": 1}}
    chosen = "one_patient or (every_list and inbox) or token_success"
    ended = go(f"--env={environment_file(changes)}", "--profile=nightly", "-k", chosen)
    assert ended.code == 5, ended.out
    assert ended.summary["proofs"][0]["proofs"] == 0
    outcomes = ended.outcomes()
    undecided = ["inbox-is-of-one-patient", "inbox-takes-no-list-of-patients"]
    undecided += ["every-inbox-is-newest-first"]
    undecided += ["every-inbox-keeps-its-window", "every-inbox-lists-an-entry-once"]
    assert {outcomes[one] for one in undecided} == {"could not tell"}
