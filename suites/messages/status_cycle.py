"""A message's way through every change of status, and back to where it was found.

There are three statuses and any change between two of them is allowed, so the six changes form
one round trip: s → a → b → s → b → a → s. It ends where it began, which makes it its own undoing.
The inbox is read after each change, for the effect and for the new versions, and again for a bounded
time where it does not show the effect yet. A second message in the same status goes along on the first two changes and
on the last two, so that one call for several messages costs no request, and what a change did shows for a while. All
messages of a call must have one owner (contract-facts §2.5), and no page says where a client reads the owner: where
the two are refused together, the first goes on alone.

After the round: the status that the message already has, then a change with the versions of the
very first reading, then as many other messages at once as a call may name. If a change is refused, the round goes on
with whatever else starts from the status at hand. What is not as it was found at the end is put back, whatever
happened before.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from golive import CouldNotTellError, Exchange, MessagesApi, Patience, Steps
from suites.common.lists import identifier, items
from suites.messages.status_choice import (
    MOST,
    STATUSES,
    VERSIONS,
    choose,
    choose_many,
    reading,
    spared,
    status_entry,
    with_versions,
)
from suites.messages.status_steps import (
    AFTER,
    FIRST,
    MANY,
    MANY_HALVES,
    MANY_SEEN,
    REFUSALS,
    RESTORED,
    SAME,
    STALE,
    TOGETHER,
    Newest,
    item_of,
    seen,
    statuses,
    transition,
    with_current_versions,
)

if TYPE_CHECKING:
    from suites.common.lists import Item
    from suites.messages.status_steps import Entries

BAD_REQUEST = 400
"""The documented refusal of a call that names what it must not (contract-facts §2.5)."""


class StatusCycle:
    """The tour of one patient's messages; `run` makes it and returns its steps."""

    def __init__(
        self, api: MessagesApi, patient: str, *, may_read_one: bool, patience: Patience
    ) -> None:
        self._api = api
        self._patient = patient
        self._may_read_one = may_read_one
        self._patience = patience
        self._steps = Steps()
        self._newest = Newest()

    def run(self) -> Steps:
        """Go round, put back what is not as it was found, and return every step."""
        inbox = self._read_newest(FIRST)
        chosen = [self._whole(item, FIRST) for item in choose(inbox)]
        moved = [*chosen]
        try:
            self._go_round(chosen, inbox)
            after = self._read_newest(AFTER)
            many, status = choose_many(after, chosen)
            moved += many
            if many:
                after = self._move_many(many, status)
        except Exception:
            # The first failure is the one to report; a second one on the way back would hide it.
            with suppress(Exception):
                self._put_back(moved, self._read(AFTER))
            raise
        self._put_back(moved, after)
        last = items(self._steps.get(RESTORED) or self._steps[AFTER])
        if last:
            self._whole(spared(last), REFUSALS)
        return self._steps

    def _go_round(self, chosen: list[Item], inbox: Exchange) -> None:
        first = chosen[0]
        home = first["status"]
        near, far = (status for status in STATUSES if status != home)
        untried = [(home, near), (near, far), (far, home), (home, far), (far, near), (near, home)]
        # What a list leaves out once it is deleted is found again by its id alone.
        together = untried[:2] + untried[-2:] if self._may_read_one else [untried[0], untried[-1]]
        current: Item | None = first
        while current is not None:
            status = current.get("status")
            step = next((pair for pair in untried if pair[0] == status), None)
            if step is None:
                break
            untried.remove(step)
            riders = chosen if step in together else chosen[:1]
            inbox = self._move(step, riders, inbox)
            current = item_of(inbox, str(first["id"]))
        if current is not None and current.get("status") == home:
            self._change(SAME, [current], home)
            now = self._whole(current, STALE)
            if any(now.get(name) != first.get(name) for name in VERSIONS):
                self._change(STALE, [first], near)

    def _move(self, step: tuple[str, str], riders: list[Item], inbox: Exchange) -> Exchange:
        old, new = step
        now = [item_of(inbox, str(item["id"])) for item in riders]
        moving = [item for item in now if item and item.get("status") == old]
        name = transition(old, new)
        made = self._change(name, moving, new)
        if len(moving) > 1 and made.status == BAD_REQUEST:
            self._steps[TOGETHER] = made
            moving = moving[:1]
            made = self._change(name, moving, new)
        # Nothing is awaited of the other messages, on which somebody else may be at work.
        return self._read_until(seen(name), made, {identifier(item): new for item in moving})

    def _move_many(self, many: list[Item], status: str) -> Exchange:
        """Change the status of many messages in one call or, where that is refused, in two."""
        before = statuses(self._steps[AFTER])
        made = self._change(MANY, many, status)
        wanted = {identifier(item): status for item in many}
        if 400 <= made.status < 500:
            inbox = self._read_newest(MANY_SEEN)
            if statuses(inbox) != before:
                return inbox
            for step, half in zip(MANY_HALVES, (many[::2], many[1::2]), strict=True):
                made = self._change(step, half, status)
        return self._read_until(MANY_SEEN, made, wanted)

    def _put_back(self, chosen: list[Item], inbox: Exchange) -> None:
        made = None
        for status in {item["status"] for item in chosen}:
            now = [self._now(item, inbox) for item in chosen if item["status"] == status]
            astray = [item for item in now if item and item.get("status") != status]
            for start in range(0, len(astray), MOST):
                step = f"back to {status.lower()}" + (f", from {start}" if start else "")
                made = self._change(step, astray[start : start + MOST], status)
        if made is not None:
            home = {identifier(item): item["status"] for item in chosen}
            self._read_until(RESTORED, made, home)

    def _now(self, item: Item, inbox: Exchange) -> Item | None:
        """Return the item as it is now; one that is no longer listed is read by itself."""
        message_id = str(item["id"])
        listed = item_of(inbox, message_id)
        if listed is not None or not self._may_read_one:
            return listed
        alone = self._api.call(
            "getMessage", name="status_tour: lost", path={"patientMessageId": message_id}
        )
        self._steps[f"lost message {message_id}"] = alone
        found = alone.json_or_none
        return found if alone.succeeded and isinstance(found, dict) else None

    def _whole(self, item: Item, step: str) -> Item:
        """Return an item with its versions, from the message itself where the list shows none."""
        if not self._may_read_one:
            return item
        return with_versions(item, reading(self._api, self._steps, step))

    def _read(self, step: str) -> Exchange:
        made = self._api.call(
            "listInboxItems", name=f"status_tour: {step}", query={"patientId": self._patient}
        )
        self._steps[step] = made
        return made

    def _read_newest(self, step: str) -> Exchange:
        """Read the inbox, again for a while where it is behind another reading of it."""
        made, _, _ = self._patience.until(
            lambda: self._read(step), lambda made: not self._newest.is_behind(made)
        )
        return made

    def _read_until(self, step: str, change: Exchange, wanted: dict[str | None, Any]) -> Exchange:
        """Read the inbox until these messages have these statuses; a refused change has nothing to show."""
        if not change.succeeded:
            return self._read_newest(step)
        return self._patience.read(
            change,
            lambda: self._read(step),
            lambda made: not self._newest.is_behind(made) and _has(made, wanted),
        )

    def _change(self, step: str, moving: list[Item], status: str) -> Exchange:
        """Change the status; but for the step whose versions are outdated on purpose, again where they are."""
        entries = self._entries(step, moving)

        def update(entries: Entries) -> Exchange:
            body = {"patientId": self._patient, "messages": entries, "status": status}
            made = self._api.call("updateMessageStatus", name=f"status_tour: {step}", body=body)
            self._steps[step] = made
            return made

        def now() -> Entries:
            inbox = self._read(f"inbox as {step} was refused")
            return self._entries(step, [self._now(item, inbox) or item for item in moving])

        if step == STALE:
            return update(entries)
        return with_current_versions(update, entries, now, self._patience)

    def _entries(self, step: str, moving: list[Item]) -> Entries:
        return [status_entry(self._whole(item, step)) for item in moving]


def _has(inbox: Exchange, wanted: dict[str | None, Any]) -> bool:
    """Return whether a list shows these statuses; one of another form shows no more a moment later."""
    if not inbox.succeeded:
        return False
    try:
        return wanted.items() <= statuses(inbox).items()
    except (CouldNotTellError, TypeError):
        return True
