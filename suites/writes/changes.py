"""Exchanges around changes of status.

The tour of statuses is in `suites.messages.status_cycle`, as error cases take it too.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from golive import Environment, Exchange, MessagesApi, Patience, Steps, ThinDataError, exchange
from suites.common.lists import asked_id, identifier
from suites.common.refusals import demand_thorough
from suites.messages import sending as writing
from suites.messages import status_choice
from suites.messages.lists import some_items
from suites.messages.status_choice import (
    already_there,
    kept_aside,
    other_status,
    status_entry,
    with_versions,
)
from suites.messages.status_steps import item_of, moves, shown_status, with_current_versions
from suites.writes.around import ROUNDS, after, mirrored, moved_statuses, read_along
from suites.writes.conditional import asked_again
from suites.writes.full import full
from suites.writes.reading import inbox_of_writing, read_one

if TYPE_CHECKING:
    from suites.common.lists import Item
    from suites.messages.status_steps import Entries


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


@exchange
def lasting_change(
    api: MessagesApi, environment: Environment, messages_at_first: Steps, write_inbox: Exchange
) -> Steps:
    """A change of one message's status that is taken back only when the run ends.

    It is a message that had copies or attachments at first, if one is known. The change names another one before it,
    which has the new status already; where that is refused, as it may be (`mixed`), it is made without.

    Steps `inbox` and `before` (the message by its id), both from before the `change`, and `seen`: the inbox that shows
    it. Every check takes `lasting_change_at_the_end`, which takes it back.
    """
    demand_thorough(environment)
    operations = ("listInboxItems", "getMessage", "updateMessageStatus")
    writing.require_writes(environment, *operations)
    candidates = kept_aside(some_items(write_inbox))
    if not candidates:
        raise ThinDataError(
            f"{write_inbox.name} has no message whose status may stay changed for a while",
            next_step="Give the patient for writing more than six messages, one of them OPENED.",
        )
    steps = Steps(inbox=write_inbox)
    had = {asked_id(one) for one in full(messages_at_first.values())}
    item = next((one for one in candidates if identifier(one) in had), candidates[0])
    steps["before"] = read_one(api, "lasting_change: before", str(identifier(item)))
    _move_aside(api, environment, steps, item, ("change", "seen"), other_status(item))
    return steps


@partial(exchange, last=True)
def lasting_change_at_the_end(
    api: MessagesApi, environment: Environment, lasting_change: Steps, inbox_askings: Steps
) -> Steps:
    """The message whose status was changed, when the run ends and other patients' lists were read; then taken back.

    Besides the steps of `lasting_change`: `listed` (the inbox), `read` (the message by its id), each condition that was
    sent for the message, and `back` and `restored`, the change back and the inbox after it.
    """
    steps = Steps(lasting_change)
    if not steps["change"].succeeded or not inbox_askings:
        return steps
    one = str(json.loads(steps["change"].request.body)["messages"][-1]["id"])
    item = item_of(steps["inbox"], one) or {}
    try:
        steps["listed"] = inbox_of_writing(api, environment, "lasting_change: at the end")
        steps["read"] = _read_as_listed(api, environment, steps, one)
        steps.update(asked_again(api, steps["before"], "lasting_change"))
    finally:
        known = item_of(steps["listed"], one) if "listed" in steps else None
        _move_aside(api, environment, steps, known or item, ("back", "restored"), item["status"])
    return steps


def _read_as_listed(api: MessagesApi, environment: Environment, steps: Steps, one: str) -> Exchange:
    """Read a message, again for a while where it does not show its list's status: two replicas may be apart."""
    wanted = shown_status(steps["listed"], one)

    def agrees(made: Exchange) -> bool:
        body = made.json_or_none
        return not isinstance(body, dict) or body.get("status") in (None, wanted)

    # How long ago the change was says nothing about how long it took to be seen, so it is not noted.
    return Patience(environment.safety.visible_within, []).read(
        steps["change"], lambda: read_one(api, "lasting_change: read at the end", one), agrees
    )


def _move_aside(
    api: MessagesApi,
    environment: Environment,
    steps: Steps,
    item: Item,
    names: tuple[str, str],
    status: str,
) -> None:
    """Change the status of a message, and read the inbox until it shows that: the two steps of these names."""
    one, (change, seen) = str(identifier(item)), names
    whole = with_versions(item, lambda _: steps.get("read") or steps["before"])
    body = writing.status_body(environment, whole, status)
    called = f"lasting_change: {change}"

    def update(entries: Entries) -> Exchange:
        return api.call("updateMessageStatus", name=called, body={**body, "messages": entries})

    def now() -> Entries:
        again = f"{called} was refused"
        listed = item_of(inbox_of_writing(api, environment, again), one) or item
        return [status_entry(with_versions(listed, lambda _: read_one(api, again, one)))]

    made = None
    beside = already_there(some_items(steps["inbox"]), status, item) if seen == "seen" else None
    if beside is not None:
        beside = with_versions(beside, lambda other: read_one(api, f"{called}, beside", other))
        made = update([status_entry(beside), *body["messages"]])
        if 400 <= made.status < 500:
            steps["mixed"], made = made, None
    if made is None:
        patience = writing.patience_of(api, environment)
        made = with_current_versions(update, body["messages"], now, patience)
    steps[change] = made
    if made.succeeded:
        steps[seen] = writing.patience_of(api, environment).read(
            made,
            lambda: inbox_of_writing(api, environment, f"lasting_change: {seen}"),
            lambda inbox: shown_status(inbox, one) == status,
        )
