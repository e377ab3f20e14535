"""Messages with what a change may lose beside the rest: read before anything is written, and when the run ends."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from golive import Environment, Exchange, MessagesApi, Steps, exchange, json_of
from suites.common.lists import asked_id, identifier
from suites.common.refusals import demand_thorough
from suites.messages import sending as writing
from suites.messages.lists import some_items
from suites.messages.status_choice import COLLECTIONS, choose, kept_aside
from suites.messages.status_steps import named_in
from suites.writes.reading import inbox_of_writing, read_one

if TYPE_CHECKING:
    from collections.abc import Iterable


MOST_READ = 16
"""Messages that are read to find one with copies or attachments."""


@partial(exchange, first=True)
def messages_at_first(api: MessagesApi, environment: Environment) -> Steps:
    """Messages of the patient for writing before any is changed, up to the first one with copies or attachments.

    They are those whose status the run changes first, and longest, and then some from everywhere in the inbox, as many
    are changed where there are many. Each is a step by its id; `inbox` lists them.
    """
    demand_thorough(environment)
    writing.require_writes(environment, "listInboxItems", "getMessage", "updateMessageStatus")
    inbox = inbox_of_writing(api, environment, "messages_at_first: inbox")
    steps = Steps(inbox=inbox)
    known = some_items(inbox)
    chosen = [*choose(inbox), *kept_aside(known), *known[:: 1 + len(known) // MOST_READ]]
    named = dict.fromkeys(filter(None, map(identifier, chosen)))
    for one in [*named][:MOST_READ]:
        steps[one] = read_one(api, "messages_at_first: one", one)
        if collections_of(steps[one]):
            break
    return steps


@partial(exchange, last=True)
def full_messages_at_the_end(
    api: MessagesApi, messages_at_first: Steps, status_tour: Steps, lasting_change: Steps
) -> Steps:
    """Each message that had copies or attachments at first, by its id, after all changes; and each that was changed."""
    had = [*map(asked_id, full(messages_at_first.values()))]
    changed = _changed(api)
    moved = [one for one in messages_at_first if one in changed]
    named = dict.fromkeys([*had, *moved]) if status_tour and lasting_change else ()
    return Steps({one: read_one(api, "full_messages_at_the_end", one) for one in named})


def _changed(api: MessagesApi) -> set[str]:
    """Return the ids of the messages that the run's changes of status have named so far, where they were accepted."""
    changes = [one for one in api.accepted if one.request.operation == "updateMessageStatus"]
    return {one for change in changes for one in named_in(json_of(change.request))}


def full(read: Iterable[Exchange]) -> list[Exchange]:
    """Return the messages among these answers that have copies or attachments."""
    return [one for one in read if one.request.operation == "getMessage" and collections_of(one)]


def collections_of(read: Exchange) -> list[str]:
    """Return which of copies and attachments a message shows; none where the answer is no message."""
    shown = read.json_or_none if read.succeeded else None
    return [name for name in COLLECTIONS if isinstance(shown, dict) and shown.get(name)]
