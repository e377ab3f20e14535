"""What a run asks for: its requests in the order in which they went out, and its longest chain of waiting.

    python benchmarks/recorded.py ENVIRONMENT OUTPUT

The suites' exchanges are made once on the environment, no check is run, and OUTPUT gets them as JSON.
"""

from __future__ import annotations

import base64
import json
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from golive.exchanges.schedule import ExchangeScheduler
from golive.mutation.record import record
from golive.transport.client import ApiClient

if TYPE_CHECKING:
    from golive.exchanges.model import Exchange, Request
    from golive.exchanges.registry import Key

WALK = 3
"""Requests that a run makes one after the other before all others: key set, token, inbox."""

_sent: list[dict[str, Any]] = []
_of_key: Counter[Key] = Counter()
_graph: dict[Key, list[Key]] = {}
_here = threading.local()


def _watch() -> None:
    """Note each request, and the exchange for which it was made."""
    send, make_one = ApiClient.send, ExchangeScheduler._make_one

    def noted_send(self: ApiClient, request: Request, *rest: Any, **named: Any) -> Exchange:
        body = base64.b64encode(request.body or b"").decode()
        headers = list(request.headers)
        _sent.append(
            {"method": request.method, "url": request.url, "headers": headers, "body": body}
        )
        if key := getattr(_here, "key", None):
            _of_key[key] += 1
        return send(self, request, *rest, **named)

    def noted_make(self: ExchangeScheduler, key: Key) -> Any:
        known = self._definitions
        _here.key = key
        _graph[key] = [*known.needs(key).values(), *known.gathered(key).values()]
        try:
            return make_one(self, key)
        finally:
            _here.key = None

    ApiClient.send = noted_send  # type: ignore[method-assign,assignment]
    ExchangeScheduler._make_one = noted_make  # type: ignore[method-assign]


def _longest(key: Key) -> int:
    return _of_key[key] + max((_longest(need) for need in _graph.get(key, ())), default=0)


if __name__ == "__main__":
    environment, output = sys.argv[1:]
    _watch()
    cases = record(f"--env={environment}").cases
    chain = WALK + max(map(_longest, _graph))
    told = {"requests": _sent, "chain": chain, "checks": len(cases)}
    Path(output).write_text(json.dumps(told), encoding="utf-8")
