"""Draws calls, sends them, follows what they lead to, and shrinks each one that breaks a rule.

hypothesis draws from one category after another and shrinks; every answer is remembered by its call, so that a
call that is drawn again costs no request and gives the same answer, which is what shrinking needs. What is
kept is little: the plain request, and for each violation the smallest call that shows it.
"""

from __future__ import annotations

import contextlib
import os
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis.errors import Flaky

from golive.contract.outcomes import CouldNotTellError
from golive.exchanges.failures import BudgetSpentError
from golive.exchanges.model import Steps
from golive.fuzz.calls import Call
from golive.fuzz.categories import Category, by_schema, categories
from golive.fuzz.rules import RULES, sequences
from golive.fuzz.send import Sender, demand_usable, usable

if TYPE_CHECKING:
    from golive.contract.document import Contract
    from golive.contract.operations import Operation
    from golive.environment import Environment
    from golive.exchanges.model import Exchange
    from golive.transport.api import MessagesApi

SHRINKING = 25
"""Requests that shrinking one violation may cost."""

TRIES = 150
"""Calls that shrinking one violation may look at, remembered ones included."""

ROUNDS = (1, 2, 4)
"""Calls of each category in each round, those of the rounds before included: first breadth, then depth."""

FOR_CATEGORIES = 0.85
"""Share of the budget that goes to categories; the rest goes to whole requests."""

VIOLATIONS = 25
"""Violations of one operation after which nothing new is learnt from more."""

# Its tables of characters would otherwise appear in the folder in which the run was started. In a folder that
# can't be it keeps them in memory, and nothing is left behind, however the run ends.
hypothesis.configuration.set_hypothesis_home_dir(f"{os.devnull}/hypothesis")


class Generated(Steps):
    """What is kept of the requests for one operation.

    `groups` are the names of the steps that belong together, the call first and what followed from it;
    `unusual` says what is odd about a group; `requests` and `calls` count what was sent and drawn.
    """

    def __init__(self) -> None:
        super().__init__()
        self.groups: list[tuple[str, ...]] = []
        self.unusual: dict[str, str] = {}
        self.requests = 0
        self.calls = 0

    def keep(self, group: tuple[Exchange, ...], unusual: str) -> None:
        """Keep a call's exchanges under names of their own."""
        number = len(self.groups)
        names = tuple(f"{number}.{step}" for step in range(len(group)))
        self.update(zip(names, group, strict=True))
        self.groups.append(names)
        self.unusual[names[0]] = unusual


class _ViolatedError(Exception):
    """A call breaks a rule that nothing before has broken in the same part of the request."""


class _EnoughError(BaseException):
    """Shrinking has cost what it may; not an Exception, so that hypothesis lets it pass."""


@dataclass
class _Search:
    """One search of one category: what it is after, and the smallest call that shows it."""

    spent: int
    target: tuple[str, str] | None = None
    best: Call | None = None
    tries: int = 0

    def is_smaller(self, call: Call) -> bool:
        """Whether the call is a smaller witness than the best one."""
        return self.best is None or _size(call) < _size(self.best)


def _size(call: Call) -> tuple[int, int, str]:
    return len(call.changes), len(call.key), call.key


@dataclass
class Explorer:
    """Explores one operation with at most `budget` requests."""

    sender: Sender
    seed: int
    budget: int
    known: set[tuple[str, str]] = field(default_factory=set)
    kept: Generated = field(default_factory=Generated)

    def run(self, ordered: list[Category], whole: list[Category]) -> Generated:
        """Draw from every category in an order of the seed's, then whole requests, as the budget allows."""
        plain = self.sender.group(Call(self.sender.operation.operation_id))
        if not plain or not plain[0].succeeded:
            status = plain[0].status if plain else "nothing"
            raise CouldNotTellError(
                f"the plain request for {self.sender.operation.operation_id} was answered {status}, "
                "so nothing can be said of unusual ones",
                next_step="Fix the findings of the other checks first.",
            )
        self.kept.keep(plain, "nothing unusual")
        # Not for secrets: the same seed shall give the same order again.
        order = random.Random(f"{self.seed}").sample(ordered, len(ordered))  # noqa: S311
        for examples in ROUNDS:
            for category in order:
                if self.sender.sent < self.budget * FOR_CATEGORIES:
                    self._search(category, examples)
        for number, category in enumerate(whole):
            left = (self.budget - self.sender.sent) // (len(whole) - number)
            self._search(category, left, whole=True)
        self.kept.requests = self.sender.sent
        return self.kept

    def _search(self, category: Category, examples: int, *, whole: bool = False) -> None:
        while len(self.known) < VIOLATIONS and self.sender.sent < self.budget and examples > 0:
            search = _Search(self.sender.sent)
            test = self._test(category, search, examples, whole=whole)
            # A service that answers the same request now so, now so, is none of hypothesis's assumptions.
            with contextlib.suppress(_ViolatedError, _EnoughError, BudgetSpentError, Flaky):
                test()
            if search.target is None or search.best is None:
                return
            self.known.add(search.target)
            group = self.sender.group(search.best)
            self.kept.keep(
                group, f"{category.name} ({search.best.part})" if whole else category.name
            )

    def _test(self, category: Category, search: _Search, examples: int, *, whole: bool) -> Any:
        def body(call: Call) -> None:
            self.kept.calls += 1
            if search.target is not None:
                search.tries += 1
                costs = self.sender.sent - search.spent
                if search.tries > TRIES or costs > SHRINKING:
                    raise _EnoughError
            elif self.sender.sent >= self.budget:
                raise _EnoughError
            broken = self._broken(call, whole=whole)
            if search.target is None and broken:
                search.target, search.spent = broken[0], self.sender.sent
            if search.target in broken:
                if search.is_smaller(call):
                    search.best = call
                raise _ViolatedError

        drawn = hypothesis.given(category.calls)(body)
        settled = hypothesis.settings(
            max_examples=examples,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
            print_blob=False,
            verbosity=Verbosity.quiet,
        )(drawn)
        return hypothesis.seed(f"{self.seed} {category.name}")(settled)

    def _broken(self, call: Call, *, whole: bool) -> list[tuple[str, str]]:
        """Return the rules that the answers to a call break and that are not known to be broken here.

        In whole requests anything may be the cause, so there a rule counts once.
        """
        group = self.sender.group(call)
        if not group:
            return []
        contract, environment = self.sender.contract, self.sender.environment
        broken = [
            name
            for name, rule in RULES.items()
            if any(next(rule(one, contract, environment), None) for one in group)
        ]
        broken += [name for name, rule in sequences().items() if next(rule(group), None)]
        part = call.part
        if whole:
            known = {name for name, _ in self.known}
            return [(name, "") for name in broken if name not in known]
        return [(name, part) for name in broken if (name, part) not in self.known]


def explore(
    api: MessagesApi, environment: Environment, contract: Contract, operation: str
) -> Generated:
    """Explore an operation (by its operationId) with its share of the environment's budget.

    Raises NotClaimedError where the environment does not allow it, CouldNotTellError where the plain request does
    not succeed, TransportError where no answer comes.
    """
    chosen = contract.operations[operation]
    demand_usable(chosen, environment, contract)
    sizes = {
        one.operation_id: len(categories(one, environment, contract)) * _cost(one)
        for one in usable(environment, contract)
    }
    budget = int(environment.generated.budget * sizes[operation] / sum(sizes.values()))
    sender = Sender(api, environment, contract, chosen)
    explorer = Explorer(sender, environment.generated.seed, budget)
    return explorer.run(categories(chosen, environment, contract), by_schema(operation, contract))


def _cost(operation: Operation) -> float:
    """Return the requests that a call costs on average: about every second is accepted, and its links are followed."""
    success = operation.response(200)
    return 1 + len(success.get("links", {})) / 2 if operation.method == "POST" else 1
