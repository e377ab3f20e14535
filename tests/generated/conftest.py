"""A twin, the objects that speak to it, and exchanges that never were."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from golive.contract.document import Contract
from golive.environment import Environment, find, load
from golive.exchanges.headers import Headers
from golive.exchanges.model import Exchange, Request, Response
from golive.kit.files import resources
from golive.redaction import REDACTOR
from golive.transport.api import MessagesApi
from golive.transport.client import ApiClient
from golive.transport.token import TokenClient
from golive.twin import Twin

CONTRACT = Contract(resources() / "schemas")
BASE = "http://127.0.0.1:1/api.cernermillennium.com/t/message"
GOOD = {"Content-Type": "application/json", "opc-request-id": "/1/2"}


@dataclass(frozen=True)
class Speaking:
    """Everything that an exploration needs, and the twin that answers."""

    api: MessagesApi
    client: ApiClient
    environment: Environment
    contract: Contract
    twin: Twin


@pytest.fixture(scope="session")
def contract() -> Contract:
    return CONTRACT


@pytest.fixture
def environment() -> Environment:
    return load(find("twin"))


@pytest.fixture(autouse=True)
def _open_vault() -> Iterator[None]:
    REDACTOR.clear()
    REDACTOR.shows_data, REDACTOR.marks = True, CONTRACT.personal
    yield
    REDACTOR.clear()


@pytest.fixture
def speaking(contract: Contract) -> Iterator[Callable[..., Speaking]]:
    """Speak to a fresh twin: ``speaking(*defects, budget=…, seed=…, writes="forbidden")``."""
    with ExitStack() as stack:

        def make(
            *defects: str, budget: int = 300, seed: int = 1, writes: Any = "allowed"
        ) -> Speaking:
            twin = stack.enter_context(Twin(defects=defects))
            known = load(find("twin")).with_twin(twin.address, twin.accounts, twin.tokens)
            known = replace(
                known,
                safety=replace(known.safety, writes=writes),
                generated=replace(known.generated, gate_budget=budget, seed=seed),
            )
            client = ApiClient(known)
            stack.callback(client.close)
            api = MessagesApi(client, TokenClient(client), known, contract)
            return Speaking(api, client, known, contract, twin)

        yield make


@pytest.fixture
def exchange() -> Callable[..., Exchange]:
    """An exchange by its path below the version, its status, and what else matters."""

    def make(
        path: str,
        status: int = 200,
        *,
        method: str = "GET",
        sent: dict[str, str] | None = None,
        asked: Any = None,
        headers: dict[str, str] | None = None,
        answer: Any = None,
    ) -> Exchange:
        body = asked if isinstance(asked, bytes) else json.dumps(asked).encode() if asked else b""
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        request = Request(
            method,
            f"{BASE}/20241001/{path}",
            Headers.of({"Authorization": "Bearer x"} if sent is None else sent),
            body,
        )
        response = Response(status, Headers.of(GOOD if headers is None else headers), content)
        return Exchange("generated", request, response, datetime.now(UTC), 0.01)

    return make
