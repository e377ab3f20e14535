"""`golive verify` and `golive gate` as they are typed: what they print, refuse and end with."""

from __future__ import annotations

import json
import shutil

import pytest
from har_files import golive as whole_run

from golive.evidence.statement import FILE

from .conftest import TENANT

pytestmark = [pytest.mark.whole_run, pytest.mark.measured]


def test_the_evidence_of_a_run_holds(run_of_twin, golive):
    folder = run_of_twin / "reports/latest"
    for named in (folder, folder / FILE):
        code, out = golive("verify", named, "--key", run_of_twin / "release.pub")
        assert code == 0, out
        assert "It is signed by the key" in out
        assert out.count(" is as the run wrote it.") == 3
        assert out.endswith("The evidence holds.")


def test_verify_says_what_was_decided_and_what_was_not_tested(live_run, golive):
    def without_sending(summary):
        summary["reach"]["missing"] = [
            {"why": "not claimed", "key": "safety.writes", "adds": 9, "adds_of_mode": 0}
        ]

    code, out = golive("verify", live_run(change=without_sending))
    assert code == 0, out
    assert f"GO of production, tenant {TENANT}, " in out
    assert "reach 100 %, 0 known deviations; not tested: sending and changing messages" in out


def test_without_a_key_verify_says_what_a_signature_is_worth(run_of_twin, golive):
    code, out = golive("verify", run_of_twin / "reports/latest")
    assert code == 0
    assert "without --key nobody says whose signature it has to be" in out


def test_every_reason_is_a_line_of_its_own(live_run, golive):
    folder = live_run()
    (folder / "exchanges.har").write_text("{}")
    (folder / "fingerprint.json").unlink()
    code, out = golive("verify", folder)
    assert code == 1
    assert out.count("NO ") == 2
    assert out.endswith("The evidence does not hold: 2 reasons.")


def test_signs_that_a_terminal_would_obey_are_shown(live_run, golive):
    folder = live_run(name="production\x1b[2J")
    code, out = golive("verify", folder)
    assert (code, "\x1b" in out, r"\x1b[2J" in out) == (0, False, True)


def test_the_last_run_is_verified_where_none_is_named(live_run, golive, here):
    (here / "reports").mkdir()
    (here / "reports/latest").symlink_to(live_run().name)
    assert golive("verify")[0] == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("verify", "nothing"), "nothing: there is no such file."),
        (("verify", "empty"), "empty: this folder has no evidence.json: the run was refused"),
        (("verify", "--key", "nothing"), "nothing: there is no such file."),
        (("gate", "--env", "production"), "Name a tenant, by --tenant or --tenants."),
        (("gate", "--tenant", "a"), "Missing option '--env'"),
        (("gate", "--env", "e", "--tenant", "a", "nowhere"), "nowhere: there is no such file"),
        (("gate", "--env", "e", "--tenant", "a", "--max-age", "1 day"), "write a number with m, h"),
        (
            ("gate", "--env", "e", "--tenant", "a", "--min-reach", "101"),
            "write whole per cent: 85%",
        ),
        (
            ("gate", "--env", "e", "--tenant", "a", "--require", "inbox-newest-frist"),
            'there is no such check or operation. Did you mean "inbox-newest-first"?',
        ),
        (("gate", "--env", "e", "--tenants", "two.txt"), "two.txt:2: a line holds one tenant's id"),
        (("gate", "--env", "e", "--tenants", "none.txt"), "none.txt: it names no tenant."),
    ],
)
def test_what_was_typed_wrong_is_a_sentence_and_exit_code_4(golive, here, words, sentence):
    (here / "empty").mkdir()
    (here / "two.txt").write_text("a\nb c\n")
    (here / "none.txt").write_text("# nobody\n")
    code, out = golive(*words)
    assert code == 4, out
    assert sentence in out


def test_without_any_run_the_gate_is_shut(golive):
    code, out = golive("gate", "--env", "production", "--tenant", TENANT)
    assert code == 1
    assert "There is no evidence of production for this tenant." in out


def test_evidence_that_can_t_be_read_shuts_the_gate_and_is_named(live_run, golive, here):
    live_run()
    (here / "reports/broken").mkdir()
    (here / "reports/broken" / FILE).write_text("<html>")
    code, out = golive("gate", "--env", "production", "--tenant", TENANT)
    assert code == 1
    assert "reports/broken/evidence.json can't be read: It is not JSON" in out


def test_a_go_of_the_twin_lets_nothing_go_live_not_even_in_its_own_environment(run_of_twin, golive):
    asked = ("gate", run_of_twin / "reports", "--env", "twin", "--min-reach", "85")
    tenant = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
    code, out = golive(*asked, "--tenant", tenant)
    assert (code, "may go live" in out) == (1, False), out
    # To try the gate, the one reason that is left.
    assert out.count(" NO ") == 1
    assert "Not the service answered, but the embedded twin." in out
    [row] = json.loads(golive(*asked, "--tenant", tenant, "--json")[1])
    assert (row["may_go_live"], len(row["reasons"])) == (False, 1)


def test_what_is_no_evidence_and_no_run_is_passed_over(live_run, golive, here):
    folder = live_run()
    shutil.copytree(folder, here / "reports" / "copy")
    (here / "reports/other").mkdir()
    (here / "reports/other/summary.json").write_text("[1]")
    assert golive("gate", "--env", "production", "--tenant", TENANT)[0] == 0


def test_a_check_of_the_project_s_own_can_be_demanded(live_run, golive):
    def with_own(summary):
        own = summary["checks"][0] | {"id": "own-limit-holds", "outcome": "passed"}
        summary["checks"].append(own)

    live_run(change=with_own)
    code, out = golive(
        "gate", "--env", "production", "--tenant", TENANT, "--require", "own-limit-holds"
    )
    assert code == 0, out


def test_evidence_of_a_recording_holds_and_opens_no_gate(run_of_twin, golive, here):
    judged = whole_run(here, "judge", run_of_twin / "reports/latest/exchanges.har")
    assert judged.code == 0, judged.out[-500:]
    [folder] = here.glob("reports/judged-*")
    assert golive("verify", folder)[0] == 0
    tenant = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
    code, out = golive("gate", "--env", "twin", "--tenant", tenant)
    assert code == 1
    assert "A recording was judged; the service was not asked." in out
