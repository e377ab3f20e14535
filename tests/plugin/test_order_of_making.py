"""In which order the exchanges of a run are made."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from golive.exchanges.headers import Headers
from golive.exchanges.model import Exchange, Request, Response
from golive.exchanges.registry import ExchangeRegistry
from golive.pytest_plugin import making


@pytest.mark.parametrize("wanted", [("looks_back", "reads"), ("reads", "looks_back")])
def test_what_looks_back_is_made_when_all_others_are(monkeypatch, recorded, wanted) -> None:
    order: list[str] = []

    def reads() -> Exchange:
        order.append("reads")
        return recorded

    def looks_back() -> Exchange:
        order.append("looks_back")
        return recorded

    registry = ExchangeRegistry()
    registry.add(reads)
    registry.add(looks_back, last=True)
    monkeypatch.setattr(making, "EXCHANGES", registry)
    safety = SimpleNamespace(concurrency=4)
    run = SimpleNamespace(
        folder=None, services={}, made={}, environment=SimpleNamespace(safety=safety)
    )
    making.make(run, [(name, ()) for name in wanted])
    assert order == ["reads", "looks_back"]


@pytest.fixture
def recorded() -> Exchange:
    response = Response(200, Headers.of({}), b"")
    return Exchange("made", Request("GET", "https://h/x"), response, datetime.now(UTC), 0.1)
