"""Making exchanges before checks: each distinct situation once, independent ones at the same time."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

from golive.contract.outcomes import SuiteError
from golive.exchanges.attempt import attempt
from golive.exchanges.model import Exchange
from golive.exchanges.registry import GATHERED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from golive.exchanges.attempt import Result
    from golive.exchanges.registry import ExchangeRegistry, Key


class ExchangeScheduler:
    """Makes what is asked for, and everything that this needs, once."""

    def __init__(
        self,
        definitions: ExchangeRegistry,
        services: Mapping[str, Any],
        concurrency: int,
        made: dict[Key, Result] | None = None,
    ) -> None:
        self._definitions = definitions
        self._services = services
        self._concurrency = concurrency
        self.made: dict[Key, Result] = {} if made is None else made

    def make(self, keys: Iterable[Key]) -> dict[Key, Result]:
        """Make all of these that are not made yet, in an order that needs allow."""
        graph: dict[Key, set[Key]] = {}
        todo = [key for key in keys if key not in self.made]
        while todo:
            key = todo.pop()
            if key not in graph:
                needs = self._definitions.needs(key, self._services).values()
                earlier = self._definitions.gathered(key, self._services).values()
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
        try:
            while sorter.is_active():
                ready = sorted((*ready, *sorter.get_ready()), key=ahead.__getitem__)
                while ready and len(running) < self._concurrency:
                    key = ready.pop()
                    running[pool.submit(self._make_one, key)] = key
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    key = running.pop(future)
                    self.made[key] = future.result()
                    sorter.done(key)
        finally:
            # After Ctrl-C nobody waits for answers that are still under way.
            pool.shutdown(wait=not running, cancel_futures=True)
        return self.made

    def _ahead(self, graph: Mapping[Key, Iterable[Key]]) -> dict[Key, int]:
        """Return how much has to be made one after the other from each key on: the longest goes first."""
        ahead = {key: self._definitions[key[0]].steps for key in graph}
        for key in reversed(tuple(TopologicalSorter(graph).static_order())):
            for need in graph.get(key, ()):
                ahead[need] = max(ahead[need], self._definitions[need[0]].steps + ahead[key])
        return ahead

    def _make_one(self, key: Key) -> Result:
        name, parameters = key
        given = dict(parameters)
        arguments: dict[str, Any] = {}
        needs = self._definitions.needs(key, self._services)
        for need in self._definitions[name].needs:
            if need in needs:
                result = self.made[needs[need]]
                if isinstance(result, Exception):
                    return result
                arguments[need] = result
            elif need == GATHERED:
                gathered = self._definitions.gathered(key, self._services).items()
                answers = {row: self.made[one] for row, one in gathered}
                arguments[need] = {r: a for r, a in answers.items() if isinstance(a, Exchange)}
            else:
                arguments[need] = self._services[need] if need in self._services else given[need]
        return attempt(self._definitions[name].make, arguments)
