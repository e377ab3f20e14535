"""The stranger itself: every host behind one port, served by uvicorn in a thread."""

from __future__ import annotations

import asyncio
import socket
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Self

import uvicorn
from starlette.requests import Request

from .accounts import Account, Tenants, make_accounts, make_tenants
from .clock import Clock
from .gateway import Gateway
from .keys import key_ring
from .layouts import LAYOUTS
from .oauth import TokenServer
from .personalities import PERSONALITIES
from .service import Service
from .tls import make_certificates
from .tokens import TokenMint
from .wire import Call, Reply, call_from_scope, dress, text_reply
from .world import STAFF, build

if TYPE_CHECKING:
    from types import TracebackType

    from starlette.types import Receive, Scope, Send

    from .personality import Personality
    from .records import Participant, Patient


@dataclass(frozen=True)
class Seen:
    """A line of the journal."""

    method: str
    path: str
    status: int


class Stranger:
    """An independent, honest server. Use it as a context manager, or with start() and stop()."""

    def __init__(
        self,
        personality: str | Personality = "baseline",
        *,
        seed: int = 1,
        port: int = 0,
        tls: bool = False,
    ) -> None:
        self.personality = (
            PERSONALITIES[personality] if isinstance(personality, str) else personality
        )
        self.layout = LAYOUTS[self.personality.layout]
        self.port, self.tls = port, tls
        self.ca_path: Path | None = None
        self.requests: list[Seen] = []
        self.clock = Clock()
        random = Random(seed)
        self.tenants: Tenants = make_tenants(random)
        made = make_accounts(random, self.tenants)
        clouds = range(len(self.layout.auth_hosts))
        self.accounts: dict[str, Account] = {n: a for n, a in made.items() if a.cloud in clouds}
        self.store = build(random, self.tenants, self.personality, self.clock)
        self.patients: dict[str, Patient] = self.store.patients
        self.recipients: tuple[Participant, ...] = STAFF
        self._token_servers = {
            self.layout.auth_hosts[cloud]: TokenServer(
                self._mint(cloud), made, self.tenants.of_cloud(cloud)
            )
            for cloud in clouds
        }
        gateway = Gateway(
            self._token_servers[self.layout.auth_hosts[0]].mint, self.tenants, self.personality
        )
        self._service = Service(self.store, gateway, self.personality, self.layout.api_prefix)
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def _mint(self, cloud: int) -> TokenMint:
        alg = None if self.layout.oracle else self.layout.alg
        ring = key_ring(self.layout.auth_hosts[cloud], alg)
        return TokenMint(cloud, ring, self.layout, self.personality, self.clock)

    # What a user of this server knows about it.

    @property
    def url(self) -> str:
        """The address that every host stands under, without a slash at its end."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def token_url(self, tenant: str | None = None, *, cloud: int = 0) -> str:
        """The token endpoint of a cloud for a tenant."""
        path = self.layout.token_path(tenant or self.tenants.main)
        return f"{self.url}/{self.layout.auth_hosts[cloud]}/{path}"

    def jwks_url(self, *, cloud: int = 0) -> str:
        """The address of a cloud's key set."""
        return "/".join((self.url, self.layout.auth_hosts[cloud], *self.layout.keys_path))

    def messages_url(self, tenant: str | None = None) -> str:
        """The address of the Messages API for a tenant."""
        return f"{self.facts['api_base']}/{tenant or self.tenants.main}/message/20241001"

    @property
    def facts(self) -> dict[str, Any]:
        """What a user of this deployment would truthfully write into a configuration."""
        return {
            "personality": self.personality.name,
            "tenant": self.tenants.main,
            "token_url": self.token_url(),
            "api_base": "/".join((self.url, self.layout.api_host, *self.layout.api_prefix)),
            "jwks_url": self.jwks_url(),
            "jwks_readable": self.personality.key_set in {"json", "jwk-set"},
            "issuer": self._token_servers[self.layout.auth_hosts[0]].mint.issuer_for("{tenant}"),
            "token_form": self.personality.token_form,
            "extra_form": dict(self.layout.extra_form),
            "generation": self.personality.generation,
            "oracle": self.layout.oracle,
            "other_tenant": self.tenants.second,
            "other_tenant_token_url": self.token_url(self.tenants.second),
            "other_tenant_account": "other_tenant" in self.accounts,
            "other_cloud_account": "other_cloud" in self.accounts,
            "other_cloud_token_url": self._other_cloud_url(),
            "other_cloud_jwks_url": self.jwks_url(cloud=1)
            if "other_cloud" in self.accounts
            else None,
            "ca_path": str(self.ca_path) if self.ca_path else None,
        }

    def _other_cloud_url(self) -> str | None:
        if "other_cloud" not in self.accounts:
            return None
        return self.token_url(self.tenants.other_cloud, cloud=1)

    def advance(self, seconds: float) -> None:
        """Put the server's clock forward, for tokens that expire."""
        self.clock.advance(seconds)

    # Serving.

    def start(self) -> Self:
        """Listen, and return as soon as requests are answered."""
        # Named as TCP, or asyncio leaves Nagle's algorithm on and each answer takes 40 ms.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        files: dict[str, str] = {}
        if self.tls:
            self._folder = tempfile.TemporaryDirectory(prefix="strangers-")
            self.ca_path, certificate, key = make_certificates(Path(self._folder.name))
            files = {"ssl_certfile": str(certificate), "ssl_keyfile": str(key)}
        config = uvicorn.Config(
            self._app,
            interface="asgi3",
            proxy_headers=False,
            http="h11",
            ws="none",
            lifespan="off",
            loop="asyncio",
            log_config=None,
            access_log=False,
            server_header=False,
            **files,  # type: ignore[arg-type]
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listener]}, name="stranger", daemon=True
        )
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self._server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise RuntimeError("the stranger did not start")
            time.sleep(0.005)
        return self

    def stop(self) -> None:
        """Stop serving, and remove what was written."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._server.force_exit = True
            self._thread.join(10)
        self._server = self._thread = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await Request(scope, receive).body()
        call = call_from_scope(scope, body)
        await asyncio.sleep(self.personality.delay)
        reply = dress(call, self._route(call), self.personality)
        self.requests.append(Seen(call.method, "/" + "/".join(call.segments), reply.status))
        headers = [
            (name.encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers
        ]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": reply.body})

    def _route(self, call: Call) -> Reply:
        host, rest = call.segments[0], call.segments[1:]
        token_server = self._token_servers.get(host)
        if token_server is not None:
            if rest == self.layout.keys_path:
                return token_server.keys(call)
            variables = self.layout.token_route(rest)
            if variables is not None and call.method != "POST":
                refused = text_reply(self.personality.unimplemented, "No such method here")
                return refused.with_headers({"allow": "POST", "cache-control": "no-store"})
            if variables is not None:
                return token_server.answer(call, variables)
        if host == self.layout.api_host:
            return self._service.answer(call, rest)
        return text_reply(404, "Not Found")
