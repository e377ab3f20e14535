"""Making exchanges before checks: each distinct situation once, independent ones at the same time.

What stops one is a result as well, distinguished by who is to blame.
"""

from __future__ import annotations

import traceback
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from golive.contract.outcomes import (
    BrokenError,
    CouldNotTellError,
    InvalidRequestError,
    NotClaimedError,
    SuiteError,
)
from golive.environment.urls import real_host
from golive.exchanges.failures import BudgetSpentError, ForbiddenRequestError, TransportError
from golive.exchanges.model import TOO_MANY, Exchange, Made, Steps, exchanges_in
from golive.exchanges.registry import GATHERED
from golive.kit.problems import shown_path
from golive.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from golive.exchanges.registry import ExchangeRegistry, Key


Stop = CouldNotTellError | NotClaimedError | SuiteError
Result = Made | Stop


class ExchangeScheduler:
    """Makes what is asked for, and everything that this needs, once.

    `then` is called for each exchange, in the caller's thread, when it is made and others are on their way.
    """

    def __init__(
        self,
        definitions: ExchangeRegistry,
        services: Mapping[str, Any],
        concurrency: int,
        made: dict[Key, Result] | None = None,
        then: Callable[[Key], None] | None = None,
    ) -> None:
        self._definitions = definitions
        self._services = services
        self._concurrency = concurrency
        self.made: dict[Key, Result] = {} if made is None else made
        self._then = then or (lambda _key: None)

    def make(self, keys: Iterable[Key]) -> dict[Key, Result]:
        """Make all of these that are not made yet, in an order that needs allow."""
        graph: dict[Key, set[Key]] = {}
        todo = [key for key in keys if key not in self.made]
        while todo:
            key = todo.pop()
            if key not in graph:
                needs = self._definitions.needs(key).values()
                earlier = self._definitions.gathered(key).values()
                graph[key] = {need for need in (*needs, *earlier) if need not in self.made}
                todo.extend(graph[key])
        sorter = TopologicalSorter(graph)
        try:
            sorter.prepare()
        except CycleError as error:
            raise SuiteError(f"exchanges need each other: {error.args[1]}") from None
        ahead = self._ahead(graph)
        pool = ThreadPoolExecutor(self._concurrency, "exchange")
        running: dict[Future[Result], Key] = {}
        ready: list[Key] = []
        fresh: list[Key] = []
        try:
            while sorter.is_active():
                ready = sorted((*ready, *sorter.get_ready()), key=ahead.__getitem__)
                while ready and len(running) < self._concurrency:
                    key = ready.pop()
                    running[pool.submit(self._make_one, key)] = key
                while fresh:
                    self._then(fresh.pop(0))
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    key = running.pop(future)
                    self.made[key] = future.result()
                    sorter.done(key)
                    fresh.append(key)
            for key in fresh:
                self._then(key)
        finally:
            # After Ctrl-C nobody waits for answers that are still under way.
            pool.shutdown(wait=not running, cancel_futures=True)
        return self.made

    def make_in_order(self, keys: Iterable[Key], alone: str) -> None:
        """Make all of these, those that have to be first or last in their turn; those named `alone` one by one.

        What is made alone comes when nothing but the last ones is left, so that a seed gives the same requests again.
        """
        fixed = [key for key in keys if key[0] != alone]
        self.make([key for key in fixed if self._definitions[key[0]].first])
        self.make([key for key in fixed if not self._definitions[key[0]].last])
        for key in keys:
            if key[0] == alone:
                self.make([key])
        self.make(fixed)

    def _ahead(self, graph: Mapping[Key, Iterable[Key]]) -> dict[Key, int]:
        """Return how much has to be made one after the other from each key on: the longest goes first."""
        ahead = {key: self._definitions[key[0]].steps for key in graph}
        for key in reversed(tuple(TopologicalSorter(graph).static_order())):
            for need in graph.get(key, ()):
                ahead[need] = max(ahead[need], self._definitions[need[0]].steps + ahead[key])
        return ahead

    def _make_one(self, key: Key) -> Result:
        definition = self._definitions[key[0]]
        given: dict[str, Any] = {**dict(key[1]), **self._services}
        for name, need in self._definitions.needs(key).items():
            result = self.made[need]
            if isinstance(result, Exception):
                return result
            given[name] = result
        gathered = self._definitions.gathered(key).items()
        answers = {row: self.made[one] for row, one in gathered}
        given[GATHERED] = {row: one for row, one in answers.items() if isinstance(one, Exchange)}
        return attempt(definition.make, {name: given[name] for name in definition.needs})


def attempt(make: Callable[..., Made], arguments: Mapping[str, Any]) -> Result:
    """Call an exchange definition; what stops it becomes its result, distinguished by who is to blame."""
    try:
        made = make(**arguments)
    except (CouldNotTellError, NotClaimedError, SuiteError) as stop:
        return _with_place(make, stop)
    except BrokenError as stop:  # a check that reads the same answer reports it
        return _unaskable(make, f"is broken: {stop}", "Fix that finding first.")
    except TransportError as stop:
        why, blamed = stop.failure, stop.failure.configuration
        return CouldNotTellError(str(stop), next_step=why.next_step, configuration=blamed)
    except BudgetSpentError as stop:
        return CouldNotTellError(str(stop), next_step=stop.next_step, configuration=True)
    except UnicodeEncodeError:  # half a character of an answer before it, which no request can hold
        step = "Settle the findings about that answer first."
        return _unaskable(make, "holds half a character", step)
    except ForbiddenRequestError as stop:
        return SuiteError(f"a request was refused before it was sent: {stop}")
    except Exception as error:
        words = f"{make.__name__}: {type(error).__name__}: {error} ({_where(make, error)})"
        return SuiteError(redact(words))
    if not isinstance(made, Exchange | Steps):
        return SuiteError(f"{make.__name__} made {type(made).__name__}, not an exchange or Steps")
    for exchange in exchanges_in([made]):
        if exchange.unavailable:
            return unavailable(exchange)
        if exchange.request.operation and exchange.intercepted:
            return _intercepted(exchange)
    return made


def _unaskable(make: Callable[..., Made], why: str, next_step: str) -> CouldNotTellError:
    words = f"{make.__name__} can't be asked for, as an answer before it {why}"
    return CouldNotTellError(words, next_step=next_step, unsettled_shape=True)


def _with_place(make: Callable[..., Made], stop: Stop) -> Stop:
    """Say of a request that its author has to correct where it is made."""
    if not isinstance(stop, InvalidRequestError):
        return stop
    return InvalidRequestError(f"{_where(make, stop)}: {make.__name__}: {stop}")


def _where(make: Callable[..., Made], error: BaseException) -> str:
    """Say where an author's code stopped: the last place in the exchange's own file, whatever others did below it."""
    frames = traceback.extract_tb(error.__traceback__)
    theirs = [one for one in frames if one.filename == make.__code__.co_filename]
    place = (theirs or frames)[-1]
    return f"{shown_path(Path(place.filename))}:{place.lineno}"


def unavailable(exchange: Exchange) -> CouldNotTellError:
    """Say that the service did not serve: 429, 502, 503 or 504."""
    host = real_host(exchange.request.url)
    if exchange.status == TOO_MANY:
        return CouldNotTellError(
            f"{host} answered {exchange.status}: it takes fewer requests than golive sends, or fewer at once",
            next_step="Lower `safety.rate`, or `safety.concurrency` where few are allowed at once, and run again.",
        )
    return CouldNotTellError(
        f"{host} answered {exchange.status}: the service is not available now",
        next_step="Run again later; if it lasts, ask Oracle with the time and the correlation id.",
    )


def _intercepted(exchange: Exchange) -> CouldNotTellError:
    """Say that a request did not get through: the page that came says nothing about the service."""
    host = real_host(exchange.request.url)
    return CouldNotTellError(
        f"a web page without any id of the service answered for {host}: a proxy or a sign-in page",
        next_step="Open the way for this machine, or name the proxy in `safety.proxy`.",
        configuration=True,
    )
