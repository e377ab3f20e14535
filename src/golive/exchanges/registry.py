"""How exchanges are made, by name: each distinct situation is one definition.

A definition is a plain function whose parameters say what it needs: a service (`api`, `tokens`, `environment`
…), another exchange by its name, or a test parameter (an id). A key is a definition's name with the test
parameters that it, or anything it needs, takes.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from golive.contract.outcomes import NotClaimedError, SuiteError
from golive.exchanges.model import Exchange, Steps, exchanges_in

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from golive.environment import Environment
    from golive.exchanges.model import Made
    from golive.exchanges.schedule import Result

    Recorded = Callable[[Sequence[Exchange], Environment], Made]

SERVICES = frozenset({"api", "tokens", "environment", "contract"})
"""The names that an exchange may take besides other exchanges and its test's parameters."""

Key = tuple[str, tuple[tuple[str, str], ...]]
GATHERED = "gathered"
"""The parameter that takes the answered error cases which an exchange comes after, by their ids."""
ROW = "row"
"""The test parameter by which exchanges are gathered: the id of an error case."""
CONTROL = "control"
"""The parameter that takes the plain request of an operation which the test's parameters choose."""
CHAIN = 10
"""Requests that a chain of exchanges counts as when a run is sized."""


def shown_key(key: Key) -> str:
    """Return a key as text: `refused[inbox-garbage-token]`."""
    name, parameters = key
    return f"{name}[{','.join(value for _, value in parameters)}]" if parameters else name


@dataclass(frozen=True)
class ExchangeDefinition:
    """How one exchange, or one chain of them, is made.

    `first`: before anything can be written. `last`: when all others are made. `repeats`: last, too; it asks once more
    what was asked before, and gives all the answers. `plain` is the operationId whose plain request it sends, empty
    where it sends another one. `control` chooses, by the test's parameters, the operationId whose plain request the
    parameter of that name takes. `gathers` says after which error cases it is made: the name of their exchange, and
    their ids. `recorded` finds it among the exchanges that somebody else recorded, which asked in other words.
    """

    name: str
    make: Callable[..., Made]
    first: bool = False
    plain: str = ""
    control: Callable[[Mapping[str, object]], str] | None = None
    gathers: Callable[[], tuple[str, Iterable[str]]] | None = None
    last: bool = False
    repeats: bool = False
    recorded: Recorded | None = None

    @cached_property
    def steps(self) -> int:
        """How many requests one after the other to expect, roughly: only the order of making rests on it."""
        chain = "Steps" in str(inspect.signature(self.make).return_annotation)
        return CHAIN if chain else 1

    @cached_property
    def texts(self) -> frozenset[str]:
        """Every text that stands in the function's code, or in that of a function which it calls by name.

        An operationId is among them, so that it is known which operation an exchange would have asked.
        """
        found: set[str] = set()
        todo, seen = [self.make], set[object]()
        while todo:
            function = todo.pop()
            code = getattr(function, "__code__", None)
            if code is None or code in seen:
                continue
            seen.add(code)
            found.update(const for const in code.co_consts if isinstance(const, str))
            named = [function.__globals__.get(name) for name in code.co_names]
            modules = [one for one in named if inspect.ismodule(one)]
            named += [getattr(module, name, None) for module in modules for name in code.co_names]
            todo += [one for one in named if inspect.isfunction(one)]
        return frozenset(found)

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """The names of the function's parameters."""
        return tuple(inspect.signature(self.make).parameters)


class ExchangeRegistry:
    """Every exchange definition of a run, by name."""

    def __init__(self) -> None:
        self._definitions: dict[str, ExchangeDefinition] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._definitions

    def __getitem__(self, name: str) -> ExchangeDefinition:
        return self._definitions[name]

    def names(self) -> tuple[str, ...]:
        """The names of all that is registered, in the order in which it was."""
        return tuple(self._definitions)

    def add(self, make: Callable[..., Made], **settings: Any) -> ExchangeDefinition:
        """Register a function under its own name; a second one of that name is an error.

        `settings` are members of `ExchangeDefinition`.
        """
        made = ExchangeDefinition(make.__name__, make, **settings)
        known = self._definitions.get(made.name)
        # A conftest that is loaded twice registers the same function again.
        if known and _place(known.make) != _place(make):
            raise SuiteError(f"two exchanges are named {made.name}")
        self._definitions[made.name] = made
        return made

    def plain(self, operation: str) -> str | None:
        """Return the exchange that sends the plain request of an operation, None where none does."""
        named = (r.name for r in self._definitions.values() if operation and r.plain == operation)
        return next(named, None)

    def key(self, name: str, parameters: Mapping[str, object]) -> Key:
        """Return the key of this exchange for a test with these parameters."""
        used = self._parameters(name, parameters, ())
        missing = sorted(used - parameters.keys())
        if missing:
            raise SuiteError(f"exchange {name} needs {', '.join(missing)}, which the test lacks")
        return name, tuple((p, str(parameters[p])) for p in sorted(used))

    def operations(
        self, key: Key, made: Mapping[Key, Result], known: Container[str]
    ) -> frozenset[str]:
        """Return those of the known operationIds that this exchange asked, or would have asked.

        One that the environment gives no test data for counts; one that it does not claim does not.
        """
        match made.get(key):
            case Exchange() | Steps() as result:
                asked = {one.request.operation for one in exchanges_in([result])}
                return frozenset(one for one in asked if one in known)
            case NotClaimedError(operation=""):
                return frozenset()
        named = frozenset(text for text in self._definitions[key[0]].texts if text in known)
        if named:
            return named
        others = self.needs(key).values()
        return frozenset().union(*(self.operations(one, made, known) for one in others))

    def needs(self, key: Key) -> dict[str, Key]:
        """Return the exchanges that this one is made with: parameter of its function -> key."""
        name, parameters = key
        given = dict(parameters)
        sources = self._sources(name, given).items()
        return {
            need: self.key(source, given) for need, source in sources if source in self._definitions
        }

    def gathered(self, key: Key) -> dict[str, Key]:
        """Return the error cases that an exchange is made after, whatever becomes of them: id -> key.

        There are none where a run is of a part of the suites that has no error cases.
        """
        gathers = self._definitions[key[0]].gathers
        name, values = gathers() if gathers else ("", ())
        if name not in self._definitions:
            return {}
        return {value: self.key(name, {ROW: value}) for value in values}

    def with_needs(self, keys: Iterable[Key]) -> frozenset[Key]:
        """Return these exchanges, and all that they are made with or after."""
        found: set[Key] = set()
        todo = list(keys)
        while todo:
            key = todo.pop()
            if key not in found:
                found.add(key)
                todo += self.needs(key).values()
                todo += self.gathered(key).values()
        return frozenset(found)

    def services_of(self, keys: Iterable[Key]) -> set[str]:
        """Return the services that these exchanges, and those that they need, are made with."""
        needs = (self._definitions[name].needs for name, _ in self.with_needs(keys))
        return set().union(*needs) & SERVICES

    def _sources(self, name: str, given: Mapping[str, object]) -> dict[str, str]:
        """Return what fills each parameter of an exchange's function: an exchange, a service, a test parameter."""
        definition = self._definitions[name]
        sources = {need: need for need in definition.needs}
        if definition.control and CONTROL in sources:
            operation = definition.control(given)
            plain = self.plain(operation)
            if plain is None:
                raise SuiteError(
                    f"{name} needs the plain request of {operation}, and no exchange says that it sends it "
                    f'(plain="{operation}")'
                )
            sources[CONTROL] = plain
        return sources

    def _parameters(
        self, name: str, given: Mapping[str, object], above: tuple[str, ...]
    ) -> set[str]:
        if name in above:
            raise SuiteError(f"exchanges need each other: {' → '.join((*above, name))}")
        used: set[str] = set()
        for source in self._sources(name, given).values():
            if source in self._definitions:
                used |= self._parameters(source, given, (*above, name))
            elif source not in SERVICES and source != GATHERED:
                used.add(source)
        return used


def _place(make: Callable[..., Made]) -> tuple[str, int]:
    return make.__code__.co_filename, make.__code__.co_firstlineno
