"""`golive diff`: what it prints, its exit codes, its files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from golive.drift.fingerprint import FILE, from_dict, read, write
from golive.kit.files import resources

SHAPE = {
    "": {"types": ["object"]},
    "/items": {"types": ["array"], "presence": "always", "evidence": "few"},
}
NEW = {"/archived": {"types": ["boolean"], "presence": "always", "evidence": "few"}}


def situation(**changes):
    return {
        "operation": "listInboxItems",
        "status": 200,
        "media_type": "application/json",
        "form": "json",
        "headers": ["content-type", "opc-request-id"],
        "shapes": {"body": SHAPE},
        **changes,
    }


def run(folder: Path, hour: int, environment="sandbox", version="0.1.0", **situations):
    found = from_dict(
        {
            "environment": environment,
            "started": f"2026-11-24T{hour:02}:00:00.000Z",
            "golive_version": version,
            "situations": situations,
            "checks": {"inbox_items": [f"check-{one}" for one in "abcde"]},
        }
    )
    path = folder / "reports" / f"{environment}-20261124T{hour:02}0000Z"
    path.mkdir(parents=True)
    write(path, found)
    return path


@pytest.fixture
def three(folder):
    """Three runs of the sandbox; in the last two there is a new member."""
    fresh = situation(shapes={"body": SHAPE | NEW})
    run(folder, 1, inbox_items=situation(), empty_inbox=situation())
    run(folder, 2, inbox_items=fresh)
    last = run(folder, 3, inbox_items=fresh, one_message=situation())
    (last / "summary.json").write_text(
        json.dumps({"checks": [{"id": "check-b", "findings": [{"at": "/archived"}]}]}), "utf-8"
    )
    return folder


def test_two_runs_that_saw_the_same_differ_in_nothing(golive, three):
    done = golive("diff", "--last")
    assert done.code == 0
    assert "No difference; 1 situation compared." in done.out
    assert done.out == golive("diff").out
    assert golive("diff", "--last", "sandbox", "--fail-on", "cosmetic").code == 0


def test_a_change_is_reported_with_all_that_it_touches(golive, three):
    done = golive("diff", "sandbox-20261124T010000Z", "reports/sandbox-20261124T030000Z")
    assert done.code == 0
    for words in (
        "from sandbox-20261124T010000Z (sandbox, 2026-11-24 01:00 UTC)",
        "visible: listInboxItems /archived: is now present (boolean); the contract does not know it",
        "  seen in   inbox_items",
        "  since     sandbox-20261124T020000Z",
        "  contract  does not know it; nearest: schemas/messages-20241001/inbox-items.schema.json#",
        "  checks    check-b found something there; 4 more read it",
        "0 breaking, 1 visible, 0 cosmetic, counted for each operation; 1 situation compared.",
        "Asked in the first run only, so no change: empty_inbox.",
        "Asked in the second run only, so no change: one_message.",
    ):
        assert words in done.out


@pytest.mark.parametrize(("limit", "code"), [("breaking", 0), ("visible", 1), ("cosmetic", 1)])
def test_a_gate_ends_with_1_from_its_severity_on(golive, three, limit, code):
    words = ("diff", "sandbox-20261124T010000Z", "sandbox-20261124T030000Z", "--fail-on", limit)
    assert golive(*words).code == code


def test_the_last_runs_of_two_environments_are_compared(golive, three):
    run(three, 0, "production", "0.2.0", inbox_items=situation(), one_message=situation())
    done = golive("diff", "--env", "production", "--env", "sandbox")
    assert "from production-20261124T000000Z" in done.out
    assert "  since     sandbox-20261124T020000Z" in done.out
    assert "made by golive 0.2.0 and 0.1.0: a difference may be golive's own" in done.out
    back = golive("diff", "--env", "sandbox", "--env", "production")
    assert "No difference" in back.out


def test_a_change_that_every_run_shows_is_dated_so(golive, three):
    run(three, 0, "production", inbox_items=situation(status=500))
    done = golive("diff", "--env", "production", "--env", "sandbox")
    assert "breaking: listInboxItems: answered with 200, was 500" in done.out
    assert "  since     every run looked at, back to sandbox-20261124T010000Z" in done.out
    assert "check-a, check-b, check-c and 2 more read it" in done.out


def test_runs_without_a_common_situation_have_nothing_to_compare(golive, folder):
    run(folder, 1, inbox_items=situation())
    run(folder, 2, one_message=situation())
    assert "no situation in common" in golive("diff").out


def test_what_several_operations_show_is_reported_once(golive, folder):
    bare = {"headers": ["content-type"]}
    run(folder, 1, inbox_items=situation(), sent=situation(operation="listSentItems"))
    run(folder, 2, inbox_items=situation(**bare), sent=situation(operation="listSentItems", **bare))
    done = golive("diff")
    told = "breaking: listInboxItems, listSentItems header opc-request-id: is no longer present"
    assert done.out.count("breaking: ") == 1
    assert told in done.out
    assert "2 breaking" in done.out
    assert "openapi.yaml, listInboxItems/responses/200/headers and 1 more" in done.out.replace(
        "\n            ", " "
    )


def test_the_json_keeps_its_schema(golive, three):
    done = golive(
        *("diff", "sandbox-20261124T010000Z", "sandbox-20261124T030000Z", "--json", "d.json")
    )
    assert done.code == 0
    data = json.loads(Path("d.json").read_text("utf-8"))
    rules = json.loads((resources() / "schemas/drift.schema.json").read_text("utf-8"))
    Draft202012Validator(rules).validate(data)
    assert data["counts"] == {"breaking": 0, "visible": 1, "cosmetic": 0}
    assert data["situations"]["only_in_first"] == ["empty_inbox"]
    (one,) = data["changes"]
    assert one["noticed_by"] == ["check-b"]
    assert one["since"] == {"run": "sandbox-20261124T020000Z", "in_all_runs": False}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["x"], "Two runs are compared; 1 named."),
        (["x", "y"], "x: there is no such run."),
        (["--env", "sandbox"], "Two environments are compared: `--env sandbox --env production`"),
        (["--env", "sandbox", "--env", "nope"], "there is no run of nope"),
        (["--env", "sandbox", "--last"], "one of them"),
        (["--last", "nope"], "There are runs of sandbox."),
        (["--fail-on", "nothing"], "is not one of 'breaking', 'visible', 'cosmetic'"),
        (["--json", "none/d.json"], "none/d.json can't be written"),
        (["--history", "h", "x", "y"], "--history takes one run"),
        (["--history", "h", "x", "--env", "y"], "--history takes one run"),
        (["--nonsense"], "No such option"),
    ],
)
def test_a_mistake_ends_with_4_and_is_reported(golive, three, words, message):
    done = golive("diff", *words)
    assert done.code == 4
    assert message in done.err


def test_without_any_run_the_cure_is_reported(golive):
    done = golive("diff")
    assert (done.code, done.out) == (4, "")
    assert "Make one with `golive run`." in done.err


def test_a_damaged_fingerprint_is_named(golive, three):
    (three / "reports/sandbox-20261124T030000Z" / FILE).write_text("{", "utf-8")
    done = golive("diff")
    assert done.code == 4
    assert "reports/sandbox-20261124T030000Z/fingerprint.json: " in done.err


def test_a_history_reports_each_change_once(golive, three):
    words = ("diff", "--history", "drift/h.jsonl", "--fail-on", "visible")
    first = golive(*words, "sandbox-20261124T010000Z", "--json", "d.json")
    assert first.code == 0
    assert "is the first run of sandbox in drift/h.jsonl" in first.out
    assert json.loads(Path("d.json").read_text("utf-8"))["first"] is None
    second = golive(*words, "sandbox-20261124T020000Z")
    assert second.code == 1
    assert "since     this run" in second.out
    third = golive(*words, "--env", "sandbox")
    assert third.code == 0
    assert "No difference" in third.out
    lines = Path("drift/h.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 3
    again = golive(*words, "--last", "sandbox")
    assert "already holds sandbox-20261124T030000Z; nothing was added" in again.out
    assert Path("drift/h.jsonl").read_text("utf-8").splitlines() == lines


def test_a_history_keeps_its_order(golive, three):
    assert golive("diff", "--history", "h.jsonl").code == 0
    done = golive("diff", "--history", "h.jsonl", "sandbox-20261124T010000Z")
    assert done.code == 4
    assert "already holds sandbox-20261124T030000Z, which is later" in done.err


def test_a_run_writes_a_fingerprint_and_the_next_one_is_compared_with_it(golive_process, folder):
    chosen = ("suites/oauth/test_token_success.py", "-k", "token-status-is-200")
    for workers in ((), ("-n", "1")):
        done = golive_process("run", "twin", *chosen, *workers)
        assert done.code == 0, done.out
    told = golive_process("diff", "--fail-on", "cosmetic")
    assert told.code == 0, told.out
    assert "No difference" in told.out
    found = read(folder / "reports/latest" / FILE)
    assert "token-status-is-200" in found.checks["token_granted"]


def test_runs_that_were_moved_are_compared_by_their_paths(golive, three):
    shutil.move("reports", "kept")
    done = golive("diff", "kept/sandbox-20261124T010000Z", "kept/sandbox-20261124T030000Z")
    assert "0 breaking, 1 visible" in done.out
    assert "since     this run" in done.out
