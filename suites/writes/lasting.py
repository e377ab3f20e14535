"""Exchanges around a change of status that is taken back only when the run ends."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from golive import (
    Contract,
    Environment,
    Exchange,
    MessagesApi,
    Patience,
    Steps,
    ThinDataError,
    TokenClient,
    exchange,
)
from suites.common.lists import asked_id, identifier
from suites.common.other_tokens import asked_with, with_scope_alone
from suites.common.refusals import demand_thorough
from suites.messages import sending as writing
from suites.messages.lists import some_items
from suites.messages.status_choice import (
    already_there,
    kept_aside,
    other_status,
    status_entry,
    with_versions,
)
from suites.messages.status_steps import Newest, item_of, shown_status, with_current_versions
from suites.writes.conditional import asked_again
from suites.writes.full import full
from suites.writes.reading import inbox_of_writing, read_one

if TYPE_CHECKING:
    from suites.common.lists import Item
    from suites.messages.status_steps import Entries


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
    api: MessagesApi,
    tokens: TokenClient,
    environment: Environment,
    contract: Contract,
    lasting_change: Steps,
    inbox_askings: Steps,
    write_inbox: Exchange,
) -> Steps:
    """The message whose status was changed, when the run ends and other patients' lists were read; then taken back.

    It is taken back with a token that has the scope of its API alone. Besides the steps of `lasting_change`: `listed`
    (the inbox), `read` (the message by its id), each condition that was sent for the message, and `back` and
    `restored`, the change back and the inbox after it.
    """
    steps = Steps(lasting_change)
    if not steps["change"].succeeded or not inbox_askings:
        return steps
    one = str(json.loads(steps["change"].request.body)["messages"][-1]["id"])
    item = item_of(steps["inbox"], one) or {}
    try:
        steps["listed"] = _listed_at_the_end(api, environment, write_inbox)
        steps["read"] = _read_as_listed(api, environment, steps, one)
        steps.update(asked_again(api, steps["before"], "lasting_change"))
    finally:
        known = item_of(steps["listed"], one) if "listed" in steps else None
        alone = with_scope_alone("updateMessageStatus", tokens, environment, contract)
        names = "back", "restored"
        _move_aside(api, environment, steps, known or item, names, item["status"], alone)
    return steps


def _listed_at_the_end(
    api: MessagesApi, environment: Environment, write_inbox: Exchange
) -> Exchange:
    """Read the inbox, again for a while where it is behind the one after the tour: a replica may be, for so long."""
    newest = Newest()
    newest.is_behind(write_inbox)
    made, _, _ = Patience(environment.safety.visible_within, []).until(
        lambda: inbox_of_writing(api, environment, "lasting_change: at the end"),
        lambda made: not newest.is_behind(made),
    )
    return made


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
    grant: Exchange | None = None,
) -> None:
    """Change the status of a message, and read the inbox until it shows that: the two steps of these names.

    It is changed with the token of this grant, if any.
    """
    one, (change, seen) = str(identifier(item)), names
    whole = with_versions(item, lambda _: steps.get("read") or steps["before"])
    body = writing.status_body(environment, whole, status)
    called = f"lasting_change: {change}"

    def update(entries: Entries) -> Exchange:
        request = api.request("updateMessageStatus", body={**body, "messages": entries})
        return asked_with(grant, api, request, called, steps)

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
