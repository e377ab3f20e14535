"""Whether a selection fits into the environment's budget of requests: decided before anything is sent.

The exchanges are made with a client that answers by itself: every token request with a token, every request that
reads with an empty list. So a request counts only where the environment claims what it needs and nothing but
good answers lead to it; what has to be sent after a write, or for an item of a list, comes on top.
"""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from golive.contract.operations import READING
from golive.contract.outcomes import CouldNotTellError, NotClaimedError
from golive.exchanges.headers import Headers
from golive.exchanges.model import Exchange, Request, Response
from golive.exchanges.schedule import ExchangeScheduler
from golive.kit.pointers import steps_of
from golive.transport.api import ApiCalls
from golive.transport.token import TokenClient

if TYPE_CHECKING:
    from collections.abc import Iterable

    from golive.contract.document import Contract
    from golive.environment import Environment
    from golive.exchanges.registry import ExchangeRegistry, Key
    from golive.exchanges.schedule import Result
    from golive.transport.client import ApiClient

ROOM = 0.8
"""The share of a budget that a run may need where nothing has to be repeated."""

STEP = 50
JSON = Headers.of({"Content-Type": "application/json"})
TOKEN = json.dumps({"access_token": "of-no-use", "token_type": "Bearer", "expires_in": 570})


class _Answering:
    """Stands in for the client and counts; nothing passes it."""

    def __init__(self, contract: Contract) -> None:
        self.requests = 0
        self._contract = contract

    def send(self, request: Request, name: str, *, generated: bool = False) -> Exchange:  # noqa: ARG002
        """Count a request, and answer it where that changes nothing."""
        self.requests += 1
        if request.operation and request.method not in READING:
            raise CouldNotTellError("nothing is written to see what it would take", next_step="")
        is_token = request.method == "POST"
        body = TOKEN if is_token else json.dumps(self._empty(request.operation))
        return Exchange(name, request, Response(200, JSON, body.encode()), datetime.now(UTC), 0.0)

    def _empty(self, operation: str) -> object:
        """Return an answer without content: where the operation lists something, an empty list."""
        known = self._contract.operations.get(operation)
        empty: object = []
        for step in reversed(steps_of((known.items() if known else None) or "/items")):
            empty = {step: empty}
        return empty

    def note_repetition(self) -> None:
        """Nothing is repeated."""


def least_requests(
    definitions: ExchangeRegistry, keys: Iterable[Key], environment: Environment, contract: Contract
) -> int:
    """Return how many requests these exchanges take at the least, without sending one."""
    return _rehearsed(definitions, keys, environment, contract)[0]


def unclaimed(
    definitions: ExchangeRegistry, keys: Iterable[Key], environment: Environment, contract: Contract
) -> dict[Key, Result]:
    """Return those of these exchanges, and of all that they need, which the environment does not claim."""
    made = _rehearsed(definitions, keys, environment, contract)[1]
    return {key: result for key, result in made.items() if isinstance(result, NotClaimedError)}


def _rehearsed(
    definitions: ExchangeRegistry, keys: Iterable[Key], environment: Environment, contract: Contract
) -> tuple[int, dict[Key, Result]]:
    client = cast("ApiClient", answering := _Answering(contract))
    tokens = TokenClient(client)
    services: dict[str, Any] = {
        "environment": environment,
        "contract": contract,
        "tokens": tokens,
        "api": ApiCalls(client, tokens, environment, contract),
    }
    made = ExchangeScheduler(definitions, services, 1).make(keys)
    return answering.requests, made


def roomy(least: int) -> int:
    """Return a budget that leaves room for repetitions where a run needs this many requests."""
    return STEP * math.ceil(least / ROOM / STEP)
