"""What is written for one patient leaves the messages of another as they were."""

from __future__ import annotations

from golive import CouldNotTellError, Exchange, Steps, check, expect, show
from suites.common.lists import member, same_json
from suites.messages.citations import STATUS_UPDATE
from suites.messages.lists import message
from suites.writes.around import mirrored, moved_statuses, read_along
from suites.writes.moves import statuses


@check(
    "status-change-leaves-other-inboxes-alone",
    level="must",
    basis="documented",
    source=STATUS_UPDATE,
)
def test_the_inbox_of_another_patient_keeps_its_statuses(inboxes_around_changes: Steps) -> None:
    """No message of another patient's inbox has another status after all changes; one that was opened is advice.

    It decides where a message moves along with two changes more: somebody else may work on that inbox, too.
    """
    first, last = inboxes_around_changes["first"], inboxes_around_changes["last"]
    before = statuses(first)
    statuses(last)
    moved = moved_statuses(first, last)
    opened = read_along(moved)
    along = mirrored(inboxes_around_changes) if not opened else set()
    if not opened and not along:
        raise CouldNotTellError(
            f"messages of another patient have another status ({len(moved)}), and none moved along when golive "
            "changed its own message twice more: somebody else may have changed them",
            next_step="Run again while nobody else works on the messages of test_data.patient.",
        )
    with expect(last) as it:
        actual = f"another status of {len(moved)}"
        if along:
            actual += f"; {len(along)} moved along with two changes more"
        at, expected = "relation:others-unchanged", f"the {len(before)} statuses of {first.name}"
        it.that(not moved, at, expected, actual, advice=opened)


@check(
    "status-change-leaves-other-patients-alone",
    level="must",
    basis="documented",
    source=STATUS_UPDATE,
)
def test_a_message_of_another_patient_keeps_its_status(
    one_message_again: Exchange, message_after_changes: Exchange
) -> None:
    """A message of another patient has the status that it had before all changes; the rest is advice."""
    with expect(message_after_changes) as it:
        it.status(200)
        before, after = message(one_message_again), message(message_after_changes)
        expected = member(one_message_again, before, "status")
        status = member(message_after_changes, after, "status")
        it.that(status == expected, "/status", f"{show(expected)}, as before", show(status))
        for name in sorted((before.keys() | after.keys()) - {"status"}):
            same = same_json(before.get(name), after.get(name))
            it.that(same, f"/{name}", "as before", "another value", advice=True)
