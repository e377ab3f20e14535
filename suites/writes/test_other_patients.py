"""What is written for one patient leaves the messages of another as they were."""

from __future__ import annotations

from golive import CouldNotTellError, Exchange, Steps, check, expect, show
from suites.common.lists import member, same_json
from suites.messages.citations import STATUS_UPDATE
from suites.messages.lists import message
from suites.writes.around import all_alike, mirrored, moved_statuses, read_along
from suites.writes.moves import statuses

WHO_ELSE = "Run again while nobody else works on the messages of test_data.patient."


@check(
    "status-change-leaves-other-inboxes-alone",
    level="must",
    basis="documented",
    source=STATUS_UPDATE,
)
def test_the_inbox_of_another_patient_keeps_its_statuses(inboxes_around_changes: Steps) -> None:
    """No message of another patient's inbox has another status after all changes; one that was opened is advice.

    It decides where a message moves along with two changes more, or all have come to one status: somebody else may
    work on that inbox, too.
    """
    first, last = inboxes_around_changes["first"], inboxes_around_changes["last"]
    before = statuses(first)
    statuses(last)
    moved = moved_statuses(first, last)
    opened = read_along(moved)
    along = mirrored(inboxes_around_changes) if not opened else set()
    if not opened and not along and not all_alike(first, last):
        raise CouldNotTellError(
            f"messages of another patient have another status ({len(moved)}), and none moved along when golive "
            "changed its own message twice more: somebody else may have changed them",
            next_step=WHO_ELSE,
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
    one_message_again: Exchange, message_after_changes: Exchange, inboxes_around_changes: Steps
) -> None:
    """A message of another patient has the status that it had before all changes; the rest is advice.

    It decides where the other messages of that patient show that nobody else has changed it.
    """
    with expect(message_after_changes) as it:
        it.status(200)
        before, after = message(one_message_again), message(message_after_changes)
        expected = member(one_message_again, before, "status")
        status = member(message_after_changes, after, "status")
        opened = (expected, status) == ("UNREAD", "OPENED")
        if status != expected and not opened and not _is_ours(inboxes_around_changes):
            raise CouldNotTellError(
                f"a message of another patient is {show(status)} after all changes, and was {show(expected)} before: "
                "somebody else may have changed it",
                next_step=WHO_ELSE,
            )
        actual = show(status)
        it.that(
            status == expected, "/status", f"{show(expected)}, as before", actual, advice=opened
        )
        for name in sorted((before.keys() | after.keys()) - {"status"}):
            same = same_json(before.get(name), after.get(name))
            it.that(same, f"/{name}", "as before", "another value", advice=True)


def _is_ours(around: Steps) -> bool:
    """Return whether the other patient's messages have moved as nobody but the run itself moves them."""
    return bool(mirrored(around)) or all_alike(around["first"], around["last"])
