"""The only way to the network: every request of the suite passes here.

Everything that golive sends passes `ApiClient.send`: the read-only lock, the pinning to the environment's
hosts (`admission`), the request budget and the rate limit are enforced here, below tests and below everything that
builds requests, so nothing can step round them. No redirect is followed and no proxy or credential is
taken from the process's surroundings.
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from golive.contract.operations import READING
from golive.environment import Safety, service_root
from golive.exchanges.failures import (
    PROTOCOL,
    TIME_SPENT,
    TIMEOUT,
    Attempt,
    BudgetSpentError,
    ForbiddenRequestError,
    TransportError,
    classify,
)
from golive.exchanges.model import (
    NO_STATUS,
    TOO_MANY,
    Exchange,
    Request,
    Response,
    status_words,
)
from golive.kit.tls import certificate_ends, trust
from golive.redaction import REDACTOR
from golive.transport import receiving
from golive.transport.admission import Admission, limiter
from golive.transport.connections import AS_IT_CAME, connections
from golive.transport.retry import (
    NOT_SENT,
    NOT_SERVED,
    SILENT,
    THROTTLED,
    Outages,
    TimeLimit,
    asked_to_wait,
    once_key_is_known,
    with_retries,
)
from golive.transport.throttle import Throttle

if TYPE_CHECKING:
    from collections.abc import Callable

    from golive.environment import Environment
    from golive.exchanges.headers import Headers


CUT_OFF = "the body ends early or can't be decoded"
"""What is broken about an answer where the connection, or what is compressed, ends before the body does."""

LARGEST_BODY = 8 * 1024 * 1024
"""Bytes of a decoded body that are read: 8 KiB for each of the 1,000 messages that a list may have, which has less
than one. As Python's objects, a body can take forty times its size.

A compressed body shows its size only once a piece of it is unpacked: 64 KiB can become 64 MiB on top.
"""


class ApiClient:
    """Sends requests for one environment and records what came back.

    Raises, from `send`: TransportError (no answer came), BudgetSpentError, ForbiddenRequestError (the
    lock or the pinning refused; nothing was sent).
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._safety = safety = environment.safety
        self._admission = Admission(environment)
        self._limiter = limiter(environment)
        self._lock = threading.Lock()
        self.requests = 0
        self.token_requests = 0
        self.generated_requests = 0
        self.repeated = 0
        self.was_answered = False
        self._outages = Outages()
        self._throttle = Throttle(safety.concurrency)
        self._time = TimeLimit(safety.time_limit)
        by_tls = self._admission.by_tls or safety.proxy is not None
        trusted = trust(safety.ca_bundle, nobody=not by_tls)
        self._http = connections(safety, trusted, kept=None)
        # A server may close a connection just when it is used again, and then nobody knows whether what was
        # sent there has been done. So a write has a connection of its own.
        self._writing = connections(safety, trusted, kept=0)

    def close(self) -> None:
        """Close every connection."""
        self._http.close()
        self._writing.close()
        self._limiter.close()

    def send(self, request: Request, name: str, *, generated: bool = False) -> Exchange:
        """Send the request and return the exchange, whatever its status, and if it is not HTTP.

        What may be gone a moment later is tried again, unless the request writes or was made up. Generated
        requests have a budget of their own.
        """
        is_token = self._admission.admit(request)
        root, host = service_root(request.url), urlsplit(request.url).netloc
        reads = is_token or request.method.upper() in READING
        lane = f"{root} {'token' if is_token else 'reading' if reads else 'writing'}"
        tried: list[Attempt] = []

        def once() -> Exchange:
            self._throttle.wait(lane, min(self._safety.longest_wait, self._time.left()))
            self._time.check(host)
            self._outages.check(root, host)
            self._outages.check(lane, host)
            with self._throttle.one() as most:
                started = datetime.now(UTC)
                try:
                    made = self._send_once(request, name, is_token=is_token, generated=generated)
                except TransportError as error:
                    tried.append(Attempt(started, error.failure.happened))
                    raise
            tried.append(Attempt(made.sent_at, f"status {status_words(made.status)}"))
            asked = asked_to_wait(made)
            if not generated and (made.status == TOO_MANY or (made.unavailable and asked)):
                self._throttle.slower(lane, most, asked, self._safety.longest_wait)
            return made

        began, may_repeat = time.monotonic(), reads and not generated
        noted, safety, limit = self.note_repetition, self._safety, self._time
        try:
            exchange = with_retries(once, safety, noted, limit) if may_repeat else once()
            if may_repeat and exchange.response.broken == CUT_OFF:
                # A server that stops within its answer breaks no contract: is it still there? Where it
                # is, the first answer stands, since nothing is repeated until it passes.
                noted()
                again = with_retries(once, safety, noted, limit)
                exchange = again if again.unavailable else exchange
        except TransportError as error:
            if error.failure not in NOT_SENT:
                self._outages.note(root, SILENT)
            raise
        exchange = replace(
            exchange, earlier=tuple(one for one in tried if one.sent_at < exchange.sent_at)
        )
        self.was_answered = True
        if exchange.unavailable and not generated:  # that one may owe to what was made up
            failure = THROTTLED if exchange.status == TOO_MANY else NOT_SERVED
            self._outages.note(lane, failure, began)
        elif not exchange.unavailable:
            self._outages.note(root, None)
            self._outages.note(lane, None)
        return exchange

    def once_key_is_known(
        self, ask: Callable[[], Exchange], unknown: Callable[[Exchange], bool]
    ) -> Exchange | None:
        """Repeat what was refused for its token's key: see `golive.transport.retry`."""
        return once_key_is_known(ask, unknown, self._safety, self.note_repetition, self._time)

    def note_repetition(self) -> None:
        """Count a request that says again what one before it said."""
        with self._lock:
            self.repeated += 1

    def _send_once(
        self, request: Request, name: str, *, is_token: bool, generated: bool
    ) -> Exchange:
        number = self._spend(is_token, generated)
        self._limiter.try_acquire("request", blocking=True)
        receiving.set_deadline(min(2 * self._safety.read_timeout, self._time.left()))
        sent_at, start, known = datetime.now(UTC), time.perf_counter(), REDACTOR.known
        try:
            response = self._receive(request, is_token=is_token)
        except (httpx.LocalProtocolError, httpx.InvalidURL, UnicodeError) as error:
            why = f"the request can't be written as HTTP ({type(error).__name__})"
            raise ForbiddenRequestError(why) from None
        except httpx.TransportError as error:
            failure = classify(error, by_proxy=self._safety.proxy is not None)
            if failure is TIMEOUT and self._time.left() <= 0:
                failure = TIME_SPENT
            if failure is not PROTOCOL:
                raise TransportError(failure, urlsplit(request.url).netloc) from None
            # Something was said, so the service is up, and what it said is for the checks to judge.
            response = Response(NO_STATUS, broken=failure.happened)
        seconds = time.perf_counter() - start
        of_oracle = self._environment.token.answers_as_oracles(request.url)
        return Exchange(
            name, request, response, sent_at, seconds, known, number, of_oracle=of_oracle
        )

    def _spend(self, is_token: bool, generated: bool) -> int:
        """Take a request off its budget and return its number."""
        environment = self._environment
        with self._lock:
            if generated:
                spent, budget, usual = self.generated_requests, environment.generated.budget, 0
                key = f"generated.{environment.generated.profile}_budget"
            else:
                spent = self.requests - self.generated_requests
                budget, usual = environment.safety.budget, Safety().budget
                key = "safety.budget"
            if spent >= budget:
                raise BudgetSpentError(budget, key, environment.shown_place(key), usual)
            self.requests += 1
            self.generated_requests += generated
            self.token_requests += is_token
            return self.requests

    def _receive(self, request: Request, *, is_token: bool) -> Response:
        reads = is_token or request.method.upper() in READING
        chunked = request.headers.get("Transfer-Encoding") is not None  # without a length
        content = iter([request.body]) if chunked else request.body or None
        with (self._http if reads else self._writing).stream(
            request.method, request.url, headers=list(request.headers), content=content
        ) as answer:
            headers: Headers = answer.extensions[AS_IT_CAME]
            # The connection may be gone after the body.
            ends = certificate_ends(answer.extensions.get("network_stream"))
            coded = receiving.codings(headers)
            if coded not in receiving.CODINGS:
                why = "the body is compressed in another way than once by gzip or deflate"
                return Response(answer.status_code, headers, b"", why, ends)
            chunks: list[bytes] = []
            size, broken = 0, None
            try:
                for chunk in receiving.unpacked(answer.iter_raw(), coded):
                    chunks.append(chunk)
                    size += len(chunk)
                    if size > LARGEST_BODY:
                        broken = f"the body is larger than {LARGEST_BODY // 2**20} MiB"
                        chunks.clear()  # a run keeps its exchanges, and nobody reads a piece of a body
                        break
            except (httpx.RemoteProtocolError, receiving.IncompleteError):
                broken = CUT_OFF
            return Response(answer.status_code, headers, b"".join(chunks), broken, ends)
