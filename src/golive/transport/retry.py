"""How long golive persists: which requests it repeats, how often, and when it stops asking a host at all.

Only what is no business of the contract is repeated: a connection that was refused, reset or too slow, 429, 502, 503
and 504, and the refusal of a key that is on its way to the verifier. A request that writes is never repeated,
whatever became of it: what stands before a service may refuse what it has passed on. A host that is silent to several
requests in a row is in an outage, and is not asked again in the run; where it answers them with one of these statuses,
that holds for requests of the kind alone, and answers to requests that were on their way at once count as one. A run
has a time limit, too: once it is spent, nothing is sent or waited for any more.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import tenacity

from golive.exchanges.failures import (
    IN_A_ROW,
    REFUSED,
    RESET,
    TIME_SPENT,
    TIMEOUT,
    Failure,
    TransportError,
)
from golive.kit.wire import http_date, whole_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from golive.environment import Safety
    from golive.exchanges.model import Exchange

PASSING = frozenset({REFUSED, RESET, TIMEOUT})
"""Failures that may be gone a moment later."""

FIRST_WAIT = 0.25
"""Seconds before the first repetition where the server names no time; each next wait is twice as long."""

FIRST_WAIT_FOR_A_KEY = 0.75
"""Seconds before a request is repeated whose token's key is not known yet; each next wait is twice as long."""

OUTAGE_AFTER = 3
"""Requests in a row, each with its repetitions, that are not served before a host is left alone."""

SILENT = Failure(
    "outage",
    f"not asked: {OUTAGE_AFTER} requests{IN_A_ROW}had no answer",
    "Run again when the service is up.",
)
NOT_SERVED = Failure(
    "outage",
    f"not asked: {OUTAGE_AFTER} requests of the kind{IN_A_ROW}were answered with 502, 503 or 504",
    "Run again when the service is up; where it is, lower `safety.concurrency`, for it may serve fewer at once.",
)
THROTTLED = Failure(
    "outage",
    f"not asked: {OUTAGE_AFTER} requests of the kind{IN_A_ROW}were answered with 429",
    "Lower `safety.rate`, or `safety.concurrency` where few are allowed at once, and run again later.",
)

NOT_SENT = frozenset({TIME_SPENT, SILENT, NOT_SERVED, THROTTLED})
"""Why a request was not sent at all, which says nothing more of its host."""


class Outages:
    """Counts for each service root, or lane of one, the requests in a row that were not served; threads may ask."""

    def __init__(self) -> None:
        self._in_a_row: Counter[str] = Counter()
        self._last: dict[str, Failure] = {}
        self._since: dict[str, float] = {}
        self._lock = threading.Lock()

    def check(self, root: str, host: str) -> None:
        """Raise TransportError where the root is not to be asked any more; `host` is for people."""
        with self._lock:
            if self._in_a_row[root] >= OUTAGE_AFTER:
                raise TransportError(self._last[root], host)

    def note(self, root: str, failure: Failure | None, began: float | None = None) -> None:
        """Note how a request failed to be served: SILENT, NOT_SERVED, THROTTLED; None, another answer, ends a row.

        `began` is the monotonic time at which an answered request was sent: what was on its way already when the last
        one was refused is no further one.
        """
        with self._lock:
            if self._in_a_row[root] >= OUTAGE_AFTER:
                return
            if failure is None:
                self._in_a_row[root] = 0
            elif began is None or began >= self._since.get(root, began):
                self._in_a_row[root] += 1
                self._last[root] = failure
                self._since[root] = time.monotonic()


class TimeLimit:
    """How many seconds a run may take from now on."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left, 0 where none are."""
        return max(0.0, self._end - time.monotonic())

    def check(self, host: str) -> None:
        """Raise TransportError where no time is left; `host` is for people."""
        if not self.left():
            raise TransportError(TIME_SPENT, host)


def with_retries(
    send: Callable[[], Exchange], safety: Safety, repeated: Callable[[], None], limit: TimeLimit
) -> Exchange:
    """Call `send` until it gives an answer that counts, within the environment's bounds.

    `repeated` is called before each repetition. The last outcome stands: an exchange, or the exception.
    """

    def wait(state: tenacity.RetryCallState) -> float:
        asked = _asked_to_wait(state)
        own = FIRST_WAIT * 2 ** (state.attempt_number - 1)
        return float(min(own, safety.longest_wait)) if asked is None else asked

    def too_long(state: tenacity.RetryCallState) -> bool:
        """Whether the server asks for more patience than the environment has, or than the run has time."""
        return (_asked_to_wait(state) or 0) > safety.longest_wait or wait(state) >= limit.left()

    retrying = tenacity.Retrying(
        # Its types want a class for what it takes from any callable.
        stop=tenacity.stop_any(tenacity.stop_after_attempt(1 + safety.retries), too_long),  # type: ignore[arg-type]
        wait=wait,
        retry=tenacity.retry_if_exception(_passes)
        | tenacity.retry_if_result(lambda exchange: exchange.unavailable),
        before_sleep=lambda _: repeated(),
        retry_error_callback=_last,
    )
    return retrying(send)


def once_key_is_known(
    ask: Callable[[], Exchange],
    unknown: Callable[[Exchange], bool],
    safety: Safety,
    repeated: Callable[[], None],
    limit: TimeLimit,
) -> Exchange | None:
    """Call `ask` after growing pauses until `unknown` is false of its answer; return the last one.

    `repeated` is called before each of them. None where the environment wants no repetition, or the run has no time
    for one.
    """
    wait = min(FIRST_WAIT_FOR_A_KEY, safety.longest_wait)
    if not safety.retries or wait >= limit.left():
        return None
    time.sleep(wait)
    following = tenacity.wait_exponential(2 * FIRST_WAIT_FOR_A_KEY, max=safety.longest_wait)

    def too_late(state: tenacity.RetryCallState) -> bool:
        return following(state) >= limit.left()

    retrying = tenacity.Retrying(
        stop=tenacity.stop_any(tenacity.stop_after_attempt(safety.retries), too_late),  # type: ignore[arg-type]
        wait=following,
        retry=tenacity.retry_if_result(unknown),
        before=lambda _: repeated(),
        retry_error_callback=_last,
    )
    return retrying(ask)


def _passes(error: BaseException) -> bool:
    return isinstance(error, TransportError) and error.failure in PASSING


def _last(state: tenacity.RetryCallState) -> Exchange:
    if state.outcome is None:
        raise RuntimeError("tenacity gives up only after an attempt")
    found: Exchange = state.outcome.result()
    return found


def _asked_to_wait(state: tenacity.RetryCallState) -> float | None:
    outcome = state.outcome
    if outcome is None or outcome.failed:
        return None
    exchange: Exchange = outcome.result()
    return asked_to_wait(exchange)


def asked_to_wait(exchange: Exchange) -> float | None:
    """Return the seconds that an answer's Retry-After asks for (RFC 9110 §10.2.3), None without one."""
    text = exchange.header("Retry-After") or ""
    if (seconds := whole_number(text)) is not None:
        return float(seconds)
    moment = http_date(text)
    return None if moment is None else max(0.0, (moment - datetime.now(UTC)).total_seconds())
