"""Changes of status beside the tour's: of two messages at the same time, and of a reminder. Each is taken back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import combinations, repeat
from typing import TYPE_CHECKING, Any

from golive import (
    Environment,
    Exchange,
    MessagesApi,
    NotClaimedError,
    Steps,
    ThinDataError,
    exchange,
)
from suites.common.lists import identifier
from suites.common.refusals import demand_thorough
from suites.messages import sending as writing
from suites.messages.lists import reminders_of, some_items
from suites.messages.status_choice import (
    STATUSES,
    kept_aside,
    other_status,
    status_entry,
    with_versions,
)
from suites.messages.status_steps import item_of, shown_status, with_current_versions
from suites.writes.reading import inbox_of_writing, read_one

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from suites.common.lists import Item
    from suites.messages.status_steps import Entries

BOTH = ("one", "other")
"""The steps of the two changes that are made at the same time."""


@partial(exchange, last=True)
def changed_at_once(
    api: MessagesApi, environment: Environment, lasting_change_at_the_end: Steps
) -> Steps:
    """Two messages of one status that are moved to another at the same time, each by a change of its own.

    Steps `one` and `other`; where one was accepted, `seen` (the inbox, read again for a while) and `back`.
    """
    _demand_changes(environment)
    if environment.safety.concurrency < len(BOTH):
        raise NotClaimedError("safety.concurrency")
    inbox = lasting_change_at_the_end.get("restored") or inbox_of_writing(
        api, environment, "changed_at_once: inbox"
    )
    pairs = combinations(kept_aside(some_items(inbox)), len(BOTH))
    two = next((pair for pair in pairs if len({one["status"] for one in pair}) == 1), None)
    if two is None:
        raise ThinDataError(
            f"{inbox.name} has no two messages of one status that may be moved",
            next_step="Give the patient for writing more than seven messages, two of them OPENED.",
        )
    look = partial(inbox_of_writing, api, environment)
    return _moved_and_back(api, environment, two, look, "changed_at_once")


@partial(exchange, last=True)
def reminder_changed(api: MessagesApi, environment: Environment, changed_at_once: Steps) -> Steps:
    """A reminder that is moved to another status, after the messages were.

    Steps `listed` (the reminders) and `one`; where that was accepted, `seen` (them again, for a while) and `back`.
    """
    _demand_changes(environment)
    look = partial(inbox_of_writing, api, environment, notificationType="REMINDER")
    listed = look("reminder_changed: reminders")
    found = [
        one for one in reminders_of(listed) if one.get("status") in STATUSES and identifier(one)
    ]
    if not found:
        raise ThinDataError(f"{listed.name} shows no reminder with a status")
    steps = _moved_and_back(api, environment, found[:1], look, "reminder_changed")
    return Steps(steps, listed=listed)


def _demand_changes(environment: Environment) -> None:
    demand_thorough(environment)
    writing.require_writes(environment, "listInboxItems", "updateMessageStatus")


def _moved_and_back(
    api: MessagesApi,
    environment: Environment,
    chosen: Sequence[Item],
    look: Callable[[str], Exchange],
    name: str,
) -> Steps:
    """Move items of one status to another, all at the same time, look for a while whether they are, and move them back.

    Only what is shown moved is moved back, in one change.
    """
    own, away = str(chosen[0]["status"]), other_status(chosen[0])

    def entry(item: Item) -> dict[str, Any]:
        return status_entry(with_versions(item, partial(read_one, api, f"{name}: versions")))

    def current(listed: Exchange, named: Sequence[str]) -> Entries:
        shown = (item_of(listed, one) for one in named)
        return [entry(one) for one in shown if one]

    def update(entries: Entries, step: str, status: str) -> Exchange:
        patient = environment.test_data.write_patient
        body = {"patientId": patient, "messages": entries, "status": status}
        return api.call("updateMessageStatus", name=f"{name}: {step}", body=body)

    entries, names = [[entry(one)] for one in chosen], BOTH[: len(chosen)]
    with ThreadPoolExecutor(len(chosen), "at once") as pool:
        steps = Steps(zip(names, pool.map(update, entries, names, repeat(away)), strict=True))
    made = [(str(one["id"]), steps[step]) for (one,), step in zip(entries, names, strict=True)]
    accepted = {one: change for one, change in made if change.succeeded}
    if not accepted:
        return steps
    patience = writing.patience_of(api, environment)
    steps["seen"] = patience.read(
        [*accepted.values()][-1],
        lambda: look(f"{name}: seen"),
        lambda listed: all(shown_status(listed, one) == away for one in accepted),
    )
    moved = [one for one in accepted if shown_status(steps["seen"], one) == away]
    if moved:
        steps["back"] = with_current_versions(
            lambda entries: update(entries, "back", own),
            current(steps["seen"], moved),
            lambda: current(look(f"{name}: again"), moved),
            patience,
        )
    return steps
