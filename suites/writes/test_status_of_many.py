"""As many messages as one call may name."""

from __future__ import annotations

import json

from golive import CouldNotTellError, Steps, ThinDataError, check, counted, expect, own_words
from suites.messages import status_steps as tour
from suites.messages.citations import STATUS_UPDATE
from suites.writes.around import SEVERAL
from suites.writes.moves import demand_nobody_else, statuses

SERVER_ERROR = 500


@check(
    "status-of-100-messages-changes-together",
    level="must",
    basis="documented",
    source=STATUS_UPDATE,
)
def test_a_hundred_messages_change_in_one_call(status_tour: Steps) -> None:
    """One update takes 100 messages, the most that it may name, to the same status: every one of them."""
    if tour.MANY not in status_tour:
        raise ThinDataError(
            "of the messages with versions in the inbox of the patient for writing, no 100 can go to one status",
            next_step="Give that patient 102 messages of the last 90 days that are not OPENED, or not UNREAD.",
        )
    made, after = status_tour[tour.MANY], status_tour[tour.MANY_SEEN]
    # They are put back by as large updates.
    for one in (made, *(one for step, one in status_tour.items() if step.startswith("back to"))):
        with expect(one) as it:
            it.that(one.status < SERVER_ERROR, "status", "200", str(one.status))
    halves = [status_tour[step] for step in tour.MANY_HALVES if step in status_tour]
    if not made.succeeded and not (halves and all(half.succeeded for half in halves)):
        raise CouldNotTellError(
            f"100 messages in one update were answered {made.status}, and nothing shows that they have one owner, as "
            f"they must; {own_words(made)}",
            next_step="Choose a test_data.write_patient whose messages have one owner.",
            unsettled_shape=True,
        )
    with expect(made) as it:
        it.that(made.succeeded, "status", "200, as for 50 of them at a time", str(made.status))
    wanted = json.loads(made.request.body)
    now, ids = statuses(after), [entry["id"] for entry in wanted["messages"]]
    reached = sum(now.get(one) == wanted["status"] for one in ids)
    if len(ids) - SEVERAL < reached < len(ids):
        demand_nobody_else(
            status_tour, f"{reached} of {counted(len(ids), 'message')} have the new status; "
        )
    with expect(after) as it:
        expected = f"{counted(len(ids), 'message')} with status {wanted['status']}"
        it.that(reached == len(ids), "relation:all-reach-the-status", expected, str(reached))
