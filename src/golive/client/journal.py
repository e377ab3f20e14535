"""The journal: what a client asked, and what it was answered, as exchanges; a line of JSON each in a file.

Nothing in it is secret, neither in memory nor in the file (`golive.client.harmless`), so that a journal is judged
from its file as it was when it was written.
"""

from __future__ import annotations

import base64
import binascii
import json
import threading
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from sys import intern
from typing import TYPE_CHECKING, Any

from golive.client.harmless import harmless
from golive.exchanges.har_entry import WithoutBody
from golive.exchanges.har_others import unwrapped
from golive.exchanges.har_reading import Archive, read_archive
from golive.exchanges.headers import Headers
from golive.exchanges.model import Exchange, Request, Response
from golive.kit.problems import ConfigurationProblem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import TextIO

    from golive.contract.document import Contract
    from golive.twin.application import Served

MOST_PATHS = 1000
"""Paths of which the operation is remembered."""

LARGEST_BODY = 8 * 1024 * 1024
"""Bytes of a compressed answer that are unpacked."""

QUICKLY = 1
"""The level of compression: the twin's thread waits for it."""

LONG = 2048
"""Bytes from which a body is kept compressed."""

CURE = (
    "A journal is what `golive client` writes; a recording of another program is read as FILE.har."
)
Json = dict[str, Any]


class Packed(Response):
    """A response whose body is kept compressed: lists of 1,000 messages look alike."""

    @property
    def body(self) -> bytes:
        """The body as it came."""
        return zlib.decompress(self.packed)

    @body.setter
    def body(self, body: bytes) -> None:
        object.__setattr__(self, "packed", zlib.compress(body, QUICKLY))

    packed: bytes


class Journal:
    """Takes what the twin served, in the order of its answers; calls `heard` with each exchange.

    Each is written into `file` as it comes, so that what was asked is kept whatever happens next.
    """

    def __init__(self, contract: Contract, file: TextIO) -> None:
        self.address = ""
        self.heard: Callable[[Exchange], None] = lambda _: None
        self.exchanges: list[Exchange] = []
        self._contract = contract
        self._file = file
        self._bodies: dict[bytes, bytes] = {}
        self._operations: dict[tuple[str, str], str] = {}
        self._lock = threading.Lock()

    def __call__(self, served: Served) -> None:
        """Take one request with its answer; called on the twin's thread."""
        with self._lock:  # else two requests at once get one number
            one = harmless(self._exchange(served, len(self.exchanges) + 1))
            if len(one.response.body) >= LONG:
                answer = one.response
                packed = Packed(answer.status, answer.headers, answer.body, answer.broken)
                one = replace(one, response=packed)
            self.exchanges.append(_kept_once(one, self._bodies))
            self._file.write(line_of(one) + "\n")
            self._file.flush()
        self.heard(one)

    def _exchange(self, served: Served, number: int) -> Exchange:
        url = f"{self.address}{served.target}"
        name = self._asked(served.method, served.target.partition("?")[0])
        request = Request(served.method, url, _fields(served.headers), served.body, name)
        broken = None if served.whole else "the answer broke off"
        headers = _fields(served.answer_headers)
        response = Response(served.status, headers, unwrapped(served.answer, list(headers)), broken)
        began = datetime.fromtimestamp(served.began, UTC)
        return Exchange(
            f"request {number}", request, response, began, served.seconds, number=number
        )

    def _asked(self, method: str, path: str) -> str:
        """Return the operationId that a request asks, by its path at the twin; empty for none."""
        if (known := self._operations.get((method, path))) is not None:
            return known
        name = _operation(self._contract, method, f"{self.address}{path}")
        if len(self._operations) < MOST_PATHS:
            self._operations[method, path] = name
        return name


def _operation(contract: Contract, method: str, url: str) -> str:
    """Return the operationId that a request asks, empty for none."""
    operation = contract.operation_of(method, url)
    return operation.operation_id if operation else ""


def _fields(fields: list[tuple[bytes, bytes]]) -> Headers:
    """Return header fields, each text that many requests have kept once."""
    return Headers(
        tuple((intern(n.decode("latin-1")), intern(v.decode("latin-1"))) for n, v in fields)
    )


def line_of(one: Exchange) -> str:
    """Return an exchange as a line of a journal."""
    request, response = one.request, one.response
    lacks = response.lacks_body
    data: Json = {
        "number": one.number,
        "sent_at": one.sent_at.isoformat(),
        "seconds": round(one.seconds, 6),
        "method": request.method,
        "url": request.url,
        "headers": list(request.headers),
        **_written("body", request.body),
        "status": response.status,
        "answer_headers": list(response.headers),
        **({"answer_left_out": True} if lacks else _answer(response)),
        **({"broken": response.broken} if response.broken else {}),
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _answer(response: Response) -> Json:
    if isinstance(response, Packed):
        return {"answer_zlib": base64.b64encode(response.packed).decode()}
    return _written("answer", response.body)


def _written(name: str, body: bytes) -> Json:
    try:
        return {name: body.decode()} if body else {}
    except UnicodeDecodeError:
        return {f"{name}_base64": base64.b64encode(body).decode()}


def read_journal(file: Path, contract: Contract) -> Archive:
    """Return the exchanges of a journal, or of an HTTP Archive; raises ConfigurationProblem for what is neither."""
    if file.suffix.lower() == ".har":
        archive = read_archive(file, contract)
        exchanges = [harmless(one) for one in archive.exchanges]
        exchanges.sort(key=lambda one: one.sent_at)
        return Archive(file, exchanges, archive.own, archive.skipped)
    bodies: dict[bytes, bytes] = {}
    try:
        with file.open(encoding="utf-8") as lines:
            found = [
                _kept_once(harmless(_read(file, number, line, contract)), bodies)
                for number, line in enumerate(lines, 1)
                if line.strip()
            ]
    except OSError as error:
        raise ConfigurationProblem.of(file, f"it can't be read: {error.strerror}.", CURE) from None
    except UnicodeDecodeError:
        raise ConfigurationProblem.of(file, "it is not UTF-8.", CURE) from None
    if not found:
        raise ConfigurationProblem.of(file, "the journal holds no request at all.", CURE)
    return Archive(file, found)


def _kept_once(one: Exchange, bodies: dict[bytes, bytes]) -> Exchange:
    """Return the exchange; many lists are the same byte for byte, and are kept once."""
    if isinstance(one.response, Packed):
        packed = bodies.setdefault(one.response.packed, one.response.packed)
        object.__setattr__(one.response, "packed", packed)
    return one


def _read(file: Path, number: int, line: str, contract: Contract) -> Exchange:
    try:
        data = json.loads(line)
        url, method = str(data["url"]), str(data["method"])
        name = _operation(contract, method, url)
        headers = Headers.of([(n, v) for n, v in data["headers"]])
        request = Request(method, url, headers, _body(data, "body"), name)
        answered = Headers.of([(n, v) for n, v in data["answer_headers"]])
        status, broken = int(data["status"]), data.get("broken")
        kind = Packed if "answer_zlib" in data else Response
        kind = WithoutBody if data.get("answer_left_out") else kind
        response = kind(status, answered, _body(data, "answer"), broken)
        moment = datetime.fromisoformat(data["sent_at"])
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        place = int(data["number"])
        seconds = float(data["seconds"])
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        lacking = (
            f"{error.args[0]} is absent" if isinstance(error, KeyError) else "it can't be read"
        )
        message = f"this line is not one of a journal: {lacking}."
        raise ConfigurationProblem.of(file, message, CURE, number) from None
    return Exchange(f"request {place}", request, response, moment, seconds, number=place)


def _body(data: Json, name: str) -> bytes:
    try:
        if compressed := data.get(f"{name}_zlib"):
            unpacker = zlib.decompressobj()
            body = unpacker.decompress(base64.b64decode(compressed), LARGEST_BODY)
            if unpacker.unconsumed_tail:
                raise ValueError("the answer is too large")
            return body
        packed = data.get(f"{name}_base64")
        return base64.b64decode(packed) if packed else str(data.get(name, "")).encode()
    except (binascii.Error, zlib.error) as error:
        raise ValueError(str(error)) from None
