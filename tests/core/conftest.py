"""Exchanges made by hand, one honest twin for the module tests, and a clean vault for every test."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from golive.contract.document import Contract
from golive.environment import Environment, load
from golive.exchanges.headers import Headers
from golive.exchanges.model import Exchange, Request, Response
from golive.kit.files import resources
from golive.redaction import REDACTOR
from golive.transport.api import MessagesApi
from golive.transport.client import ApiClient
from golive.transport.token import TokenClient
from golive.twin import Twin

SENT_AT = datetime(2026, 8, 15, 10, 0, 0, tzinfo=UTC)
MakeExchange = Callable[..., Exchange]
CONTRACT = Contract(resources() / "schemas")


@pytest.fixture(autouse=True)
def redactor() -> Iterator[None]:
    """Start with nothing protected but what the contract marks, with synthetic data, and leave nothing behind."""
    REDACTOR.clear()
    REDACTOR.shows_data, REDACTOR.marks = True, CONTRACT.personal
    yield
    REDACTOR.clear()


@pytest.fixture(scope="session")
def make_exchange() -> MakeExchange:
    """Make an exchange; `body` is bytes, or anything that JSON can hold."""

    def make(
        body: Any = b"",
        *,
        status: int = 200,
        headers: dict[str, str] | None = None,
        url: str = "https://api.cernermillennium.com/t/message/20241001/patientMessages/inboxItems",
        name: str = "made",
        method: str = "GET",
        broken: str | None = None,
        operation: str = "",
    ) -> Exchange:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {"Content-Type": "application/json", **(headers or {})}
        response = Response(status, Headers.of(given), raw, broken)
        return Exchange(name, Request(method, url, operation=operation), response, SENT_AT, 0.25)

    return make


@pytest.fixture(scope="session")
def contract() -> Contract:
    return CONTRACT


@pytest.fixture(scope="session")
def twin() -> Iterator[Twin]:
    with Twin() as started:
        yield started


@pytest.fixture(scope="session")
def named_environment() -> Environment:
    """The twin's environment before a twin has started."""
    return load(resources() / "environments" / "twin.yaml", variables={})


@pytest.fixture(scope="session")
def environment(twin: Twin, named_environment: Environment) -> Environment:
    return named_environment.with_twin(twin.address, twin.accounts, twin.tokens)


@pytest.fixture
def pinned(named_environment: Environment) -> Callable[..., Environment]:
    """Make an environment that points at any address, with changes to its safety section."""

    def make(origin: str, *, host: str = "api.cernermillennium.com", **safety: Any) -> Environment:
        tenant = named_environment.tenant
        root = f"{origin}/{host}" if origin.startswith("http://127") and host else origin
        return replace(
            named_environment,
            path=Path("made.yaml"),
            token=replace(
                named_environment.token,
                url=f"{root}/tenants/{tenant}/protocols/oauth2/profiles/smart-v1/token",
            ),
            apis={"messages": replace(named_environment.api, base_url=f"{root}/{tenant}/message")},
            claims=replace(named_environment.claims, accounts={}, expired_token=None),
            safety=replace(named_environment.safety, **safety),
        )

    return make


@pytest.fixture
def client(environment: Environment) -> Iterator[ApiClient]:
    opened = ApiClient(environment)
    yield opened
    opened.close()


@pytest.fixture
def tokens(client: ApiClient) -> TokenClient:
    return TokenClient(client)


@pytest.fixture
def api(
    client: ApiClient, tokens: TokenClient, environment: Environment, contract: Contract
) -> MessagesApi:
    return MessagesApi(client, tokens, environment, contract)
