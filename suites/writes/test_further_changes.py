"""Changes of status at the same time, and of reminders: what was answered with a success was done."""

from __future__ import annotations

import json

from golive import CouldNotTellError, Exchange, Steps, check, expect, show
from suites.common.judging import advise_no_failure
from suites.messages.citations import STATUS_UPDATE, STATUSES
from suites.messages.status_steps import shown_status
from suites.writes.further_changes import BOTH


@check("changes-at-once-are-both-made", level="must", basis="documented", source=STATUS_UPDATE)
def test_two_changes_at_once_are_both_made(changed_at_once: Steps) -> None:
    """Of the statuses of two messages that are changed at the same time, each that was accepted is shown."""
    made = [changed_at_once[step] for step in BOTH]
    _advise(changed_at_once)
    for one in made:
        with expect(one) as it:
            it.that(one.status < 500, "status", "any 2xx, or a refusal", str(one.status))
    if not all(one.succeeded for one in made):
        raise CouldNotTellError(
            f"two changes at the same time were answered {made[0].status} and {made[1].status}, "
            "and no page says how many may be made at a time",
            unsettled_shape=True,
        )
    _are_shown(made, changed_at_once["seen"], "both were changed at the same time")


@check(
    "reminder-has-the-status-it-was-given",
    level="must",
    basis="documented",
    source=f"{STATUS_UPDATE}; {STATUSES}",
)
def test_a_reminder_has_the_status_that_it_was_given(reminder_changed: Steps) -> None:
    """A reminder whose status was changed, where that is accepted, is listed in the new one."""
    change = reminder_changed["one"]
    _advise(reminder_changed)
    with expect(change) as it:
        it.that(change.status < 500, "status", "any 2xx, or a refusal", str(change.status))
    if not change.succeeded:
        raise CouldNotTellError(
            f"the change of a reminder's status was answered {change.status}, and no page says that it may be made",
            unsettled_shape=True,
        )
    _are_shown([change], reminder_changed["seen"], f"the change was answered {change.status}")


def _advise(steps: Steps) -> None:
    """What else was asked for a change, and for taking it back, is answered."""
    advise_no_failure(one for step, one in steps.items() if step not in BOTH)


def _are_shown(made: list[Exchange], seen: Exchange, why: str) -> None:
    """Each of these changes is seen in a list; CouldNotTellError where that does not show the message."""
    for change in made:
        body = json.loads(change.request.body)
        one, wanted = str(body["messages"][0]["id"]), body["status"]
        shown = shown_status(seen, one)
        if shown is None:
            raise CouldNotTellError(f"{seen.name} does not show the status of what was changed")
        with expect(seen) as it:
            expected = f"{wanted}, as {why}"
            it.that(shown == wanted, "/items/*/status", expected, show(shown))
