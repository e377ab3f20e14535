"""Exchanges around changes of status.

The tour of statuses is in `suites.messages.status_cycle`, as error cases take it too.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from golive import Environment, Exchange, MessagesApi, Steps, ThinDataError, exchange
from suites.common.lists import identifier
from suites.messages import sending as writing
from suites.messages import status_choice
from suites.messages.status_choice import with_versions
from suites.messages.status_steps import item_of, moves, shown_status
from suites.writes.around import ROUNDS, after, mirrored, moved_statuses, read_along
from suites.writes.conditional import asked_again
from suites.writes.reading import inbox_of_writing, read_one

if TYPE_CHECKING:
    from suites.common.lists import Item


@partial(exchange, last=True)
def inboxes_around_changes(
    api: MessagesApi, environment: Environment, inbox_askings: Steps, write_inbox: Exchange
) -> Steps:
    """The inbox of the reading patient as it was `first`, and `last`: after all changes of another's messages.

    Where a status has moved between the two that nobody moves by reading along, a message of the patient for writing
    is moved again, and back: after each of these changes (`there`, `back`) the inbox is read (`after there`,
    `after back`).
    """
    _demand_two_patients(environment, write_inbox)
    first, last = inbox_askings["first"], inbox_askings["last"]
    if last.sent_at < write_inbox.sent_at:
        last = api.send(last.request, "inbox_after_changes")
    steps = Steps(first=first, last=last)
    if not read_along(moved_statuses(first, last)):
        _move_again(api, environment, steps)
    return steps


def _move_again(api: MessagesApi, environment: Environment, steps: Steps) -> None:
    """Move a message of the patient for writing to a status that the other inbox does not show for its own, and back.

    Once more where nothing moved along: another change of the run may have come between.
    """
    inbox = inbox_of_writing(api, environment, "inboxes_around_changes: own")
    item = status_choice.choose(inbox)[0]
    own = item["status"]
    for before, there, back in ROUNDS:
        known = {now for _, now in moved_statuses(steps["first"], steps[before]).values()}
        others = [status for status in status_choice.STATUSES if status != own]
        away = next((status for status in others if status not in known), others[0])
        for change, status in ((there, away), (back, own)):
            item = _moved(api, environment, steps, item, (change, status))
            if not steps[change].succeeded:
                return
            name = f"inboxes_around_changes: {after(change)}"
            steps[after(change)] = api.send(steps["last"].request, name)
        if mirrored(steps):
            return


def _moved(
    api: MessagesApi, environment: Environment, steps: Steps, item: Item, wanted: tuple[str, str]
) -> Item:
    """Make one change, to a status; return the item as the inbox lists it then."""
    one, (change, status) = str(identifier(item)), wanted
    whole = with_versions(item, lambda _: read_one(api, "inboxes_around_changes: one", one))
    body = writing.status_body(environment, whole, status)
    name = f"inboxes_around_changes: {change}"
    steps[change] = made = api.call("updateMessageStatus", name=name, body=body)
    if not made.succeeded:
        return item
    shown = writing.patience_of(api, environment).read(
        made,
        lambda: inbox_of_writing(api, environment, "inboxes_around_changes: own"),
        lambda inbox: shown_status(inbox, one) == status,
    )
    return item_of(shown, one) or item


@partial(exchange, last=True)
def message_after_changes(
    api: MessagesApi, environment: Environment, message_askings: Steps, write_inbox: Exchange
) -> Exchange:
    """A message of the reading patient, read again after all changes of another's messages."""
    _demand_two_patients(environment, write_inbox)
    last = message_askings["last"]
    if last.sent_at > write_inbox.sent_at:
        return last
    return api.send(last.request, "message_after_changes")


def _demand_two_patients(environment: Environment, write_inbox: Exchange) -> None:
    if environment.test_data.patient == environment.test_data.write_patient:
        raise ThinDataError(
            f"{write_inbox.name} is the inbox of the patient that the reading checks look at, too",
            next_step="Choose another patient as test_data.write_patient.",
        )


@exchange
def inbox_asked_conditionally(api: MessagesApi, status_tour: Steps, write_inbox: Exchange) -> Steps:
    """The inbox of the patient for writing, asked for as it was in the middle of the tour, where it had validators.

    Steps `change` (the last one after that) and each condition that was sent; none where the inbox has no validators,
    or never showed another status than after all changes.
    """
    for move in moves(status_tour)[::-1]:
        now, then = (item_of(one, move.ids[0]) for one in (write_inbox, move.after))
        if now and then and now.get("status") != then.get("status"):
            steps = asked_again(api, move.after, "inbox_asked_conditionally")
            return Steps(steps, change=moves(status_tour)[-1].change) if steps else steps
    return Steps()
