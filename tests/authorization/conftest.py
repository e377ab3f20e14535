"""Authorization servers that are not Oracle's: a gateway in front of a twin, and Authlib's, each over TLS.

Both have a certificate of a private authority. A run against them is a process of its own, as a user starts it.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import forked
import pytest

from golive.environment.operator import digest
from golive.twin import Twin

from .authlib_server import TokenServer

TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
CLOUD = "/authorization.cerner.com"
TOKEN_PATH = f"{CLOUD}/tenants/{TENANT}/hosts/api.cernermillennium.com/protocols/oauth2/profiles/smart-v1/token"
TEST_DATA = '{patient: "12700100", empty_patient: "12700200", write_patient: "12700400", other_patient: "12700300"}'


class Answering(BaseHTTPRequestHandler):
    """Hands every request to `answer`, which gives status, headers and body."""

    protocol_version = "HTTP/1.1"

    def answer(self, body):
        raise NotImplementedError

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except OSError:  # a client that hangs up is no error of the test
            self.close_connection = True

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def _serve(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, headers, answer = self.answer(body)
        self.send_response_only(status)
        if "date" not in {name.lower() for name, _ in headers}:
            self.send_header("Date", self.date_time_string())
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def served(handler, context):
    """Serve over TLS on loopback; give the origin."""

    class Server(ThreadingHTTPServer):
        daemon_threads = False  # every connection is closed before the test ends

        def get_request(self):
            connection, address = super().get_request()
            wrapped = context.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
            return wrapped, address

        def handle_error(self, *_):
            """A client that hangs up is no error of the test."""

    with Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"https://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def forward(handler, port, path, body):
    """Send a request on to the twin, as a reverse proxy does, and return its answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {
        name: value
        for name, value in handler.headers.items()
        if name.lower() not in {"host", "connection"}
    }
    connection.request(handler.command, path, body or None, headers)
    answer = connection.getresponse()
    of_the_way = {"content-length", "transfer-encoding", "connection"}
    kept = [(n, v) for n, v in answer.getheaders() if n.lower() not in of_the_way]
    read = answer.read()
    connection.close()
    return answer.status, kept, read


@dataclass
class Gateway:
    """A company's gateway in front of a twin: one origin for tokens and API, another one for the keys.

    Where the keys are, the twin's own token endpoints can be asked as well, each at its own path.
    """

    twin: Twin
    token_path: str = "/oauth/token"
    audience: str | None = None
    key_set: tuple[int, str, bytes] | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def port(self):
        return urlsplit(self.twin.address).port

    def front(self):
        gateway = self

        class Front(Answering):
            def answer(self, body):
                path, mark, query = self.path.partition("?")
                gateway.asked.append((self.command, path))
                if path == gateway.token_path:
                    return gateway.token(self, body, mark + query)
                if path.startswith("/health/"):
                    rest = path.removeprefix("/health") + mark + query
                    return forward(self, gateway.port, f"/api.cernermillennium.com{rest}", body)
                return 404, [("Content-Type", "application/json")], b"{}"

        return Front

    def token(self, handler, body, query):
        sent = parse_qs(body.decode("utf-8", "replace"))
        if self.audience is not None and sent.get("audience") != [self.audience]:
            refusal = json.dumps({"error": "invalid_request"}).encode()
            return (
                400,
                [
                    ("Content-Type", "application/json"),
                    ("Cache-Control", "no-store"),
                    ("Pragma", "no-cache"),
                ],
                refusal,
            )
        return forward(handler, self.port, TOKEN_PATH + query, body)

    def keys(self):
        gateway = self

        class Keys(Answering):
            def answer(self, body):
                gateway.asked.append((self.command, self.path))
                if "/tenants/" in self.path:
                    return forward(self, gateway.port, f"{CLOUD}{self.path}", body)
                if gateway.key_set is not None:
                    status, media, page = gateway.key_set
                    return status, [("Content-Type", media)], page
                return forward(self, gateway.port, f"{CLOUD}/jwk", b"")

        return Keys


@dataclass
class Place:
    """An environment file of its own, and the variables that it takes."""

    folder: object
    variables: dict[str, str]

    def golive(self, *arguments):
        """Run golive in a process; return its exit code and what it printed."""
        done = forked.run(
            [sys.executable, "-m", "golive", *arguments],
            cwd=self.folder,
            env={**os.environ, **self.variables},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def run(self, *options):
        """Run the checks; return the exit code, what was printed, and the summary."""
        code, said = self.golive("run", "place.yaml", *options)
        summaries = sorted((self.folder / "reports").glob("*/summary.json"))
        return code, said, json.loads(summaries[-1].read_text())

    def doctor(self):
        code, said = self.golive("doctor", "place.yaml", "--json")
        return code, json.loads(said)


@pytest.fixture
def gateway(tmp_path, certificate):
    """Start a gateway, with an environment that names it; `more` are lines of YAML below `token`."""

    @contextmanager
    def start(*, more=(), token_path="/oauth/token", safety="", beside_keys=False, **settings):
        bundle, context = certificate()
        with Twin(**settings.pop("twin", {})) as twin:
            own = Gateway(twin, token_path=token_path.replace("{tenant}", TENANT), **settings)
            with served(own.front(), context) as front, served(own.keys(), context) as keys:
                account = twin.accounts["system"]
                token_url = (
                    f"{keys}{TOKEN_PATH.removeprefix(CLOUD)}" if beside_keys else front + token_path
                )
                below = "".join(f"\n  {line.replace('KEYS', keys)}" for line in more)
                (tmp_path / "place.yaml").write_text(
                    f"""title: A company's gateway
tenant: {TENANT}
token:
  url: {token_url}
  credential: {{client_id: "${{GOLIVE_PLACE_ID}}", client_secret: "${{GOLIVE_PLACE_SECRET}}"}}{below}
api:
  base_url: {front}/health/{{tenant}}/message
test_data: {TEST_DATA}
safety: {{rate: 1000, retries: 0, ca_bundle: {bundle}{safety}}}
data: synthetic
"""
                )
                variables = {
                    "GOLIVE_PLACE_ID": account.client_id,
                    "GOLIVE_PLACE_SECRET": account.client_secret,
                }
                yield (
                    own,
                    Place(
                        tmp_path, {**variables, "GOLIVE_PLACE_AUDIENCE": "https://messages.example"}
                    ),
                )

    return start


@pytest.fixture(scope="module")
def authlib(tmp_path_factory, certificate):
    """Start Authlib's authorization server, with an environment whose API host does not exist."""

    @contextmanager
    def start(*, more=(), opaque=False):
        folder = tmp_path_factory.mktemp("authlib")
        bundle, context = certificate()
        server = TokenServer(opaque=opaque)

        class Endpoint(Answering):
            def answer(self, body):
                return server.answer(self.command, self.path, self.headers, body)

        with served(Endpoint, context) as origin:
            server.begin(origin)
            below = "".join(f"\n  {line.replace('ORIGIN', origin)}" for line in more)
            (folder / "place.yaml").write_text(
                f"""title: An authorization server by Authlib
tenant: {TENANT}
token:
  url: {origin}/oauth/token
  credential: {{client_id: "${{GOLIVE_PLACE_ID}}", client_secret: "${{GOLIVE_PLACE_SECRET}}"}}{below}
api:
  base_url: https://api.invalid/{{tenant}}/message
test_data: {TEST_DATA}
safety: {{rate: 1000, retries: 0, ca_bundle: {bundle}}}
data: synthetic
"""
            )
            variables = {
                "GOLIVE_PLACE_ID": server.client_id,
                "GOLIVE_PLACE_SECRET": server.secret,
                "GOLIVE_ALLOWED_HOSTS": f"api.invalid {digest(bundle)}",
            }
            yield Place(folder, variables)

    return start
