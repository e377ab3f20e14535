"""golive learn: run, learn, run; and what it must not learn."""

from __future__ import annotations

import pytest
import yaml

from golive.mutation.defects import INJECTED, expectations

from .elsewhere import Project

MOVED = {
    "message-list": {"places": {"listInboxItems": "/data/messages", "listSentItems": ""}},
    "message-id": {
        "places": {
            "listInboxItems": "/data/messages/*/messageId",
            "listSentItems": "/*/messageId",
            "getMessage": "/messageId",
        }
    },
    "status": {
        "places": {
            "listInboxItems": "/data/messages/*/state",
            "listSentItems": "/*/state",
            "getMessage": "/state",
        },
        "words": {"UNREAD": "NEW"},
    },
    "created-time": {
        "places": {
            "listInboxItems": "/data/messages/*/created",
            "listSentItems": "/*/created",
            "getMessage": "/created",
        },
        "form": "instant",
    },
    "priority": {
        "places": {
            "listInboxItems": "/data/messages/*/priority",
            "listSentItems": "/*/priority",
            "getMessage": "/priority",
        }
    },
    "new-message-id": {"places": {"sendMessage": "/result/messageId"}},
    "descending": {"word": "DESCENDING"},
    **{
        role: {
            "places": {
                "listInboxItems": "absent",
                "listSentItems": "absent",
                "getMessage": f"/{name}",
            }
        }
        for role, name in (
            ("owner-version", "notificationVersion"),
            ("recipient-version", "recipientNotificationVersion"),
        )
    },
}
ADVISED_OF_ABSENT_VERSIONS = frozenset(
    {"every-success-keeps-its-schema", "inbox-keeps-its-schema", "inbox-reminders-keep-the-schema"}
)
NEEDS_LISTED_VERSIONS = ["status-of-100-messages-changes-together"]
READS_LISTED_VERSIONS = frozenset({*NEEDS_LISTED_VERSIONS, "status-change-raises-the-versions"})
"""Checks that say nothing where a list shows no versions: could not tell, or not claimed."""
NEEDS_ZONES = ["send-without-time-zone-takes-none-of-another"]
"""A check that says nothing where times name instants, and no zone."""
READERS = ("suites/messages", "suites/writes")
"""What reads messages and lists, and so has to know where in an answer they are."""


@pytest.mark.whole_run
@pytest.mark.measured
def test_what_was_open_decides_after_learning_and_the_learnt_places_are_those_that_are_served(
    tmp_path,
):
    project = Project(tmp_path)
    project.serve(MOVED)
    before, summary = project.run(*READERS, measured=True)
    assert summary["exit_code"] == 5
    assert any("/data/messages/*/messageId, not /items/*/id" in one for one in summary["taught"])
    assert "Keep what this service taught (`golive learn`), and run again." in summary["meaning"]
    page = project.learn(measured=True)
    assert "at the answer itself, not /items" in page
    _, summary = project.run(*READERS)
    assert summary["exit_code"] == 0, summary["meaning"]
    assert "checks decide now that remained open in the run before" in summary["meaning"]
    project.learn()  # only now, single messages could be read
    after, summary = project.run(*READERS)
    open_before = [one for one, outcome in before.items() if outcome == "could not tell"]
    open_after = [one for one, outcome in after.items() if outcome == "could not tell"]
    assert len(open_before) > 100
    assert open_after == NEEDS_ZONES + NEEDS_LISTED_VERSIONS
    assert "taught" not in summary
    rows = yaml.safe_load((tmp_path / "schemas" / "mapping.yaml").read_text("utf-8"))["roles"]
    for name, row in MOVED.items():
        assert rows[name].items() >= row.items()
        assert rows[name]["x-basis"] == "observed"
    project.learn()
    written = project.learnt()
    assert "nothing was changed" in project.learn()
    assert project.learnt() == written


def failed_checks(folder, defect, *options):
    """The failed checks of runs against this defect: at the usual places, and behind those that were learnt."""
    found = []
    for name, rows in (("usual", {"next-page": {"header": "opc-next-page"}}), ("there", MOVED)):
        project = Project(folder / name)
        project.folder.mkdir(parents=True)
        project.serve(rows, defects=[defect])
        project.know(rows)
        outcomes, _ = project.run(*options)
        found.append({one for one, outcome in outcomes.items() if outcome in ("failed", "advice")})
    return found


@pytest.mark.exhaustive
def test_a_fault_in_a_learnt_place_is_detected_by_the_check_that_detects_it_elsewhere(tmp_path):
    usual, there = failed_checks(
        tmp_path, "notification-type-ignored", "suites/messages", "-k", "inbox"
    )
    assert usual
    assert usual <= there <= usual | ADVISED_OF_ABSENT_VERSIONS


ENDS_PREFLIGHT = "token-status-is-200"
"""What detects a defect with which a run ends before anything is read."""

SOME = sorted(INJECTED)[::11]
JUDGED = [one for one in SOME if ENDS_PREFLIGHT not in expectations()[one]["by"]]


@pytest.mark.parametrize(
    "defect",
    [
        pytest.param(name, marks=pytest.mark.night if number % 12 else pytest.mark.exhaustive)
        for number, name in enumerate(JUDGED)
    ],
)
def test_each_of_many_faults_is_detected_behind_learnt_places_as_elsewhere(tmp_path, defect):
    usual, there = failed_checks(tmp_path / "ordinary", defect)
    if not usual:  # an ordinary run leaves out what would show it
        usual, there = failed_checks(tmp_path / "night", defect, "--profile", "nightly")
    # Which message a chain replies to goes by the versions that a list shows, and it need not have the defect.
    expected = usual - READS_LISTED_VERSIONS - {"reply-is-readable"}
    assert expected
    assert expected <= there <= usual | ADVISED_OF_ABSENT_VERSIONS


@pytest.mark.parametrize(
    "runs",
    [pytest.param(4, marks=pytest.mark.exhaustive), pytest.param(20, marks=pytest.mark.night)],
)
def test_runs_of_one_deployment_with_other_data_teach_the_same(tmp_path, runs):
    taught = []
    for seed in range(runs):
        project = Project(tmp_path / str(seed))
        project.folder.mkdir()
        project.serve(MOVED, seed=seed)
        project.run("-m", "not generated")
        project.learn()
        taught.append(project.learnt())
    assert all(one == taught[0] for one in taught)


def test_without_a_run_it_says_how_to_make_one(tmp_path):
    done = Project(tmp_path).golive("learn")
    assert done.returncode == 4
    assert "golive run" in done.stderr
