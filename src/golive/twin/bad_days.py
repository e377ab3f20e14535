"""What the steps of a scenario do, and to which requests; how an answer then looks is the business of `odd_answers`.

Each step counts the requests that it is for. Chance comes from the twin's seed, so the same requests in the same order
meet the same day.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.responses import Response

from golive.twin.authorization.endpoint import is_token_request
from golive.twin.edits import kinds_of
from golive.twin.http import Ask
from golive.twin.odd_answers import CutShort, canned_answer, dressed, no_answer
from golive.twin.population import more_messages

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from golive.twin.scenarios import Scenario, Step, Then
    from golive.twin.world import World

Handle = Callable[["World", Ask], Response]


@dataclass
class BadDay:
    """How far a scenario has come on one twin."""

    scenario: Scenario
    seed: int
    _met: Counter[int] = field(default_factory=Counter)
    _granted: set[str] = field(default_factory=set)
    _began: dict[int, float] = field(default_factory=dict)

    def due(self, ask: Ask) -> list[Then]:
        """Count a request, and return what becomes of it."""
        kinds = kinds_of(ask)
        return [
            step.then
            for number, step in enumerate(self.scenario.steps)
            if kinds & step.on and self._is_due(number, step)
        ]

    async def meet(self, world: World, ask: Ask, handle: Handle) -> ASGIApp:
        """Let happen to a request what is due; return what sends the answer, if there is one.

        `handle` gives the service's own answer.
        """
        due = self.due(ask)
        resets = {then.reset for then in due}
        if "before" in resets:
            return no_answer
        for then in due:
            if then.expire_tokens:
                world.expired |= self._granted
            _prepare(world, ask, then)
        response = _response(world, ask, due, handle)
        if is_token_request(ask) and response.status_code == 200:
            self._granted |= _tokens(response)
        await asyncio.sleep(sum(then.wait for then in due))
        if "after" in resets:
            return no_answer
        for then in due:
            response = dressed(world, ask, then, response)
        return CutShort(response) if "within" in resets else response

    def _is_due(self, number: int, step: Step) -> bool:
        self._met[number] += 1
        place = self._met[number] - step.after
        if place < 1 or (step.times is not None and place > step.times):
            return False
        now = time.monotonic()
        began = self._began.setdefault(number, now)
        if step.seconds is not None and now - began > step.seconds:
            return False
        chance = random.Random(f"{self.seed} {number} {place}")  # noqa: S311  (reproducible)
        return chance.random() < step.chance


def _tokens(response: Response) -> set[str]:
    """Return the access token of a grant; nothing of a page."""
    try:
        return {json.loads(bytes(response.body))["access_token"]}
    except (ValueError, LookupError, TypeError):
        return set()


def _prepare(world: World, ask: Ask, then: Then) -> None:
    """Let happen what happens before the request is handled."""
    if then.rotate_keys:
        world.dropped |= {ring.rotate() for ring in world.keys.values()}
    if then.unknown_key:
        world.refuses_next_key = True
    if then.clock_behind:
        world.behind = then.clock_behind
    if then.change_messages:
        _change_messages(world, ask)
    if then.add_messages:
        more_messages(world.store, then.add_messages, now=world.now(), seed=world.settings.seed)


def _change_messages(world: World, ask: Ask) -> None:
    """Raise the versions of the messages that the request names in its path or its body."""
    for message_id in re.findall(
        r"\d+(?:\.[0-9a-z]+)+", f"{ask.path} {ask.body.decode('utf-8', 'replace')}"
    ):
        message = world.store.find(ask.segments[0], message_id)
        if message is not None:
            message.version += 1
            message.recipient_version += 1


def _response(world: World, ask: Ask, due: list[Then], handle: Handle) -> Response:
    canned = next((then.answer for then in due if then.answer), None)
    if canned is None:
        return handle(world, ask)
    if canned.handled:
        handle(world, ask)
    return canned_answer(world, canned)
