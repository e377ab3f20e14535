"""Services that are honest and chose otherwise than the twin: a proxy in front of one changes what it says.

The proxy speaks real HTTP on both sides. A service is told by two functions: `asked` may answer a request itself,
`answered` may change the JSON body of an answer. What the proxy passes on it counts.
"""

from __future__ import annotations

import http.client
import importlib.util
import inspect
import json
import sys
import threading
import warnings
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from golive.checks.findings import FindingsError
from golive.contract.outcomes import CouldNotTellError, NotClaimedError
from golive.environment import find, load
from golive.exchanges.model import exchanges_in
from golive.exchanges.registry import SERVICES
from golive.exchanges.schedule import ExchangeScheduler
from golive.kit.files import resources
from golive.mutation.record import ANSWERS
from golive.pytest_plugin.fixtures import EXCHANGES
from golive.pytest_plugin.making import make, start
from golive.pytest_plugin.state import Run
from golive.redaction import REDACTOR
from golive.twin import Twin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

INBOX, SENT, UPDATE = "inboxItems", "sentItems", "updatePatientMessageStatus"
VALIDATE = "validateRecipients"
WITHIN = 5.0
"""Seconds within which what is written has to show."""


@dataclass
class Asked:
    """One request at the proxy: method, last part of the path, query, JSON body, number of its kind."""

    method: str
    place: str
    query: str
    body: Any
    number: int


@dataclass
class Service:
    """How the service behaves: each function may return None for «as the twin does»."""

    asked: Callable[[Asked], tuple[int, Any] | None] = lambda _: None
    answered: Callable[[Asked, int, Any], Any] = lambda _asked, _status, body: body
    came: Counter[str] = field(default_factory=Counter)
    order: list[str] = field(default_factory=list)


def _load(path: str) -> dict[str, Any]:
    name = "others_" + path.removesuffix(".py").replace("/", "_")
    spec = importlib.util.spec_from_file_location(name, resources() / "suites" / path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    with warnings.catch_warnings():
        # The mark is registered by the plugin, which rules the suites and not golive's own tests.
        warnings.simplefilter("ignore", pytest.PytestUnknownMarkWarning)
        spec.loader.exec_module(module)
    return vars(module)


SUITES = ("messages", "writes")
for _folder in ("", "errors", "oauth", "recipient", *SUITES):
    _load(f"{_folder}/conftest.py".lstrip("/"))
CHECKS = {
    mark.kwargs["id"]: function
    for folder in SUITES
    for file in sorted((resources() / "suites" / folder).glob("test_*.py"))
    for function in _load(f"{folder}/{file.name}").values()
    for mark in getattr(function, "pytestmark", ())
    if mark.name == "golive_check"
}


class Deployed:
    """A service, and golive's way to it."""

    def __init__(self, run: Run, service: Service) -> None:
        self._run = run
        self.service = service
        self.scheduler = ExchangeScheduler(EXCHANGES, run.services, 4, run.made)

    @property
    def visibility(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._run.services["api"].visibility
        return found

    def made(self, name: str, **parameters: str) -> Any:
        key = EXCHANGES.key(name, parameters)
        return self.scheduler.make([key])[key]

    def make(self, *names: str) -> None:
        """Make exchanges as a run does."""
        make(self._run, [(name, ()) for name in names])

    def call(self, check_id: str, **parameters: str) -> None:
        """Make what a check needs and call it; raises what it raises."""
        function = CHECKS[check_id]
        given: dict[str, Any] = {}
        for name in inspect.signature(function).parameters:
            if name in SERVICES:
                given[name] = self._run.services[name]
            elif name in parameters:
                given[name] = parameters[name]
            elif name == ANSWERS:
                given[name] = list(exchanges_in(self._run.made.values()))
            else:
                given[name] = self.made(name, **parameters)
            if isinstance(given[name], Exception):
                raise given[name]
        function(**given)

    def outcomes(self, *prefixes: str) -> dict[str, str]:
        """Return what becomes of the checks whose ids begin like this: passed, failed, advice, open, thin."""
        found = {}
        for check_id, function in CHECKS.items():
            if not check_id.startswith(prefixes):
                continue
            for values in _parameters(function):
                found[check_id.format(**values)] = self._outcome(check_id, values)
        return found

    def _outcome(self, check_id: str, values: dict[str, str]) -> str:
        mark = next(m for m in CHECKS[check_id].pytestmark if m.name == "golive_check")
        decides = mark.kwargs["level"] == "must" and mark.kwargs["basis"] != "inferred"
        try:
            self.call(check_id, **values)
        except FindingsError as error:
            return "failed" if decides and not error.advice else "advice"
        except CouldNotTellError as error:
            return "open" if error.unsettled_shape else "unsettled"
        except NotClaimedError:
            return "not claimed"
        return "passed"


def _parameters(function: Any) -> list[dict[str, str]]:
    for mark in function.pytestmark:
        if mark.name == "parametrize":
            return [{mark.args[0]: value} for value in mark.args[1]]
    return [{}]


@pytest.fixture
def deployed() -> Iterator[Callable[..., Deployed]]:
    """Put a service in front of a twin and connect golive to it."""
    ends: list[Callable[[], object]] = []

    def put(
        service: Service | None = None,
        *,
        within: float = WITHIN,
        data: str = "synthetic",
        **settings: Any,
    ) -> Deployed:
        service = service or Service()
        twin = Twin(**settings).start()
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(service, twin.address))
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        ends.extend((twin.stop, server.server_close, server.shutdown))
        address = f"http://127.0.0.1:{server.server_port}"
        environment = load(find("twin"), variables={})
        safety = replace(environment.safety, visible_within=within)
        environment = replace(environment, safety=safety, data=data)
        environment = environment.with_twin(address, twin.accounts, twin.tokens)
        run = Run(environment=environment, started=datetime.now(UTC))
        start(run)
        assert run.client is not None
        ends.append(run.client.close)
        return Deployed(run, service)

    yield put
    for end in reversed(ends):
        end()
    REDACTOR.clear()  # else what was a patient's here is kept out of the next tests' pages


def _handler(service: Service, twin: str) -> type[BaseHTTPRequestHandler]:
    counts: Counter[str] = Counter()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            place = parts.path.rsplit("/", 1)[-1]
            kind = f"{self.command} {place}"
            counts[kind] += 1
            service.came[kind] += 1
            service.order.append(kind)
            asked = Asked(self.command, place, parts.query, _json(sent), counts[kind])
            own = service.asked(asked)
            if own is not None:
                self._answer(own[0], [("Content-Type", "application/json")], _text(own[1]))
                return
            line = http.client.HTTPConnection(urlsplit(twin).netloc)
            # What `asked` has changed goes on changed.
            path = f"{parts.path.rpartition('/')[0]}/{asked.place}"
            path += f"?{parts.query}" if parts.query else ""
            headers = dict(self.headers.items())
            if asked.body is not None:
                sent = _text(asked.body)
                headers["Content-Length"] = str(len(sent))
            line.request(self.command, path, sent, headers)
            answer = line.getresponse()
            body = answer.read()
            line.close()
            read = _json(body)
            if read is not None:
                body = _text(service.answered(asked, answer.status, read))
            self._answer(answer.status, answer.getheaders(), body)

        do_POST = do_HEAD = do_GET  # noqa: N815

        def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                    self.send_header(name, value)
            self.send_header("opc-request-id", "a" * 32)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _text(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()
