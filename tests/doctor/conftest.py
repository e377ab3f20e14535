"""Walks against a twin: an honest one for the module, or one of its own with lies or in a situation."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from golive.contract.document import Contract
from golive.diagnosis.preflight import Preflight, run_preflight
from golive.environment import Environment, load
from golive.kit.files import resources
from golive.redaction import REDACTOR
from golive.transport.api import MessagesApi
from golive.transport.client import ApiClient
from golive.transport.token import TokenClient
from golive.twin import Twin

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

CONTRACT = Contract(resources() / "schemas")
PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No proxy, and an empty vault."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
    REDACTOR.clear()
    REDACTOR.shows_data = True
    yield
    REDACTOR.clear()


@dataclass
class Place:
    """A running twin and the environment that points at it."""

    twin: Twin
    environment: Environment

    def preflight(self, environment: Environment | None = None, *, deep: bool = True) -> Preflight:
        return preflight_of(environment or self.environment, deep=deep)

    def token(self, **changes: Any) -> Environment:
        own = self.environment
        return replace(own, token=replace(own.token, **changes))

    def account(self, name: str, **changes: Any) -> Environment:
        """The environment with another of the twin's accounts."""
        from golive.environment import Secret, SecretCredential

        account = self.twin.accounts[name]
        credential = SecretCredential(account.client_id, Secret(account.client_secret or ""))
        return self.token(credential=credential, **changes)

    def of_tenant(self, tenant: str, environment: Environment | None = None) -> Environment:
        """An environment moved to another tenant, in both URLs."""
        own = environment or self.environment
        return replace(
            own,
            tenant=tenant,
            token=replace(own.token, url=own.token.url.replace(own.tenant, tenant)),
            apis={
                "messages": replace(own.api, base_url=own.api.base_url.replace(own.tenant, tenant))
            },
        )


def preflight_of(environment: Environment, *, deep: bool = True) -> Preflight:
    client = ApiClient(environment)
    tokens = TokenClient(client)
    try:
        api = MessagesApi(client, tokens, environment, CONTRACT)
        return run_preflight(environment, api, tokens, deep=deep)
    finally:
        client.close()


NAMED = load(resources() / "tests" / "environments" / "twin-messages-alone.yaml", variables={})


@contextmanager
def placed(**settings: Any) -> Iterator[Place]:
    with Twin(**settings) as twin:
        yield Place(twin, NAMED.with_twin(twin.address, twin.accounts, twin.tokens))


@pytest.fixture(scope="module")
def honest() -> Iterator[Place]:
    with placed() as place:
        yield place


class _Refusing(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._say(b'{"keys": []}', 200)

    def do_POST(self) -> None:
        self._say(b'{"error": "invalid_request"}', 400)

    def _say(self, body: bytes, status: int, media: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("X-Request-Id", "id-of-the-answer")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def in_between(status: int, media: str, body: bytes) -> Iterator[str]:
    """Answer every request alike, as a proxy or a firewall on the way does; give the origin."""

    class Answering(_Refusing):
        def do_GET(self) -> None:
            self._say(body, status, media)

        def do_POST(self) -> None:
            self.do_GET()

    with served(ThreadingHTTPServer(("127.0.0.1", 0), Answering)) as port:
        yield f"http://127.0.0.1:{port}"


@contextmanager
def served(server: ThreadingHTTPServer) -> Iterator[int]:
    """Let a server answer in a thread of its own; give its port."""
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def tls_server(context: ssl.SSLContext) -> Iterator[str]:
    """Serve keys and refuse tokens over TLS; give the origin."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Refusing)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    with served(server) as port:
        yield f"https://127.0.0.1:{port}"
