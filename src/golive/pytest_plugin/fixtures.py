"""What suites write: `@exchange` on a function that sends, `@check` on a test that reads.

A check's id and sentence may hold `{parameter}`: a parametrised test is then one check for each parameter,
each with an id of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import pytest

from golive.contract.label import Basis, Label, Level
from golive.contract.outcomes import (
    NOT_CLAIMED,
    NOT_SEEN,
    CouldNotTellError,
    NotClaimedError,
    NotSeenError,
    SuiteError,
)
from golive.exchanges.registry import ExchangeRegistry
from golive.kit.problems import any_of
from golive.pytest_plugin.refusing import only_shows
from golive.pytest_plugin.state import RUN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from golive.contract.catalogue import ErrorCase
    from golive.exchanges.model import Made
    from golive.exchanges.registry import ExchangeDefinition, Recorded

Word = TypeVar("Word", bound=StrEnum)

EXCHANGES = ExchangeRegistry()
MARK = "golive_check"
GENERATED = "generated"
"""The folder of what reads generated requests, and its marker. Nothing here imports the libraries that make them."""

AREAS = {
    "oauth": "token errors",
    "access": "API access",
    "requests": "requests in general",
    "send": "send, refused",
    "status": "status, refused",
}
"""How the areas of the error catalogue are called in lists."""


@dataclass(frozen=True)
class Check:
    """One check as it stands in lists and reports; its label is the strongest of what it demands.

    `at_oracle` says how the rest is known that is demanded of Oracle's own hosts alone, empty where nothing is.
    """

    id: str
    statement: str
    level: Level
    basis: Basis
    source: str
    area: str
    advisory: bool = False
    at_oracle: str = ""

    @property
    def label(self) -> Label:
        """The label that a finding has where it says nothing of its own."""
        return Label(self.level, self.basis, self.source)

    @property
    def deciding(self) -> bool:
        """Whether a violation can decide the verdict; of generated requests only where that is wanted."""
        return self.label.decides and not self.advisory

    def as_dict(self) -> dict[str, object]:
        """Return the check as it stands in lists."""
        shown = ("id", "statement", "level", "basis", "source", "area", "at_oracle")
        found = {name: str(getattr(self, name)) for name in shown}
        return {name: value for name, value in found.items() if value or name != "at_oracle"}


def check(
    check_id: str,
    *,
    level: str,
    basis: str,
    source: str,
    area: str | None = None,
    statement: str | None = None,
) -> pytest.MarkDecorator:
    """Make a test a check: `check_id` is stable kebab-case, the docstring is its one sentence.

    The area is the file's and the sentence the docstring's, unless they are given: so a table of
    `pytest.param(…, marks=check(…))` makes one test several checks.
    """
    known = {"level": _one_of(Level, "level", level), "basis": _one_of(Basis, "basis", basis)}
    about = {"source": source, "area": area, "statement": statement}
    return pytest.mark.golive_check(id=check_id, **known, **about)


def _one_of(kind: type[Word], name: str, word: str) -> Word:
    """Return the member of that name; raises SuiteError, with those there are."""
    try:
        return kind(word)
    except ValueError:
        message = f"{name}={word!r} is not one golive knows: write {any_of(kind)}."
        raise SuiteError(message) from None


def parametrize_rows(cases: Iterable[ErrorCase]) -> pytest.MarkDecorator:
    """Make a test one check for each of these rows of the error catalogue; the parameter is `row`."""
    rows = [pytest.param(case.id, id=case.id, marks=_marks(case)) for case in cases]
    return pytest.mark.parametrize("row", rows)


def _marks(case: ErrorCase) -> list[pytest.MarkDecorator]:
    """Return what makes a test the check of a row, and what it is selected by: its API, and whether it writes."""
    known = {"level": case.level, "basis": case.basis, "source": case.source}
    said = {"statement": case.statement, "area": AREAS[case.area]}
    oracle = f"{case.oracle.basis}: {case.oracle.source}" if case.oracle else ""
    own = pytest.mark.golive_check(id=case.id, at_oracle=oracle, **known, **said)
    if case.operation is None:
        return [own, pytest.mark.oauth]
    writes = [pytest.mark.writes] if case.operation.writes else []
    return [own, getattr(pytest.mark, case.operation.suite), *writes]


def check_of(item: pytest.Item) -> Check | None:
    """Return the check that a collected test is, or None."""
    mark = item.get_closest_marker(MARK)
    if mark is None:
        return None
    given: dict[str, Any] = dict(mark.kwargs)
    parameters = parameters_of(item)
    statement = given.get("statement")
    if statement is None:
        function = getattr(item, "function", None)
        statement = (getattr(function, "__doc__", None) or "").strip().split("\n")[0]
    try:
        return Check(
            id=given["id"].format_map(parameters),
            statement=statement.format_map(parameters),
            level=given["level"],
            basis=given["basis"],
            source=given["source"],
            area=given.get("area") or item.path.stem.removeprefix("test_").replace("_", " "),
            at_oracle=given.get("at_oracle", ""),
            advisory=is_generated(item)
            and not item.config.stash[RUN].environment.generated.decides,
        )
    except KeyError as missing:
        raise SuiteError(f"{item.nodeid}: the check lacks {missing}") from None


def is_generated(item: pytest.Item) -> bool:
    """Return whether a check reads generated requests."""
    return item.get_closest_marker(GENERATED) is not None


def parameters_of(item: pytest.Item) -> dict[str, Any]:
    """Return the test's parameters (ids, never values)."""
    callspec = getattr(item, "callspec", None)
    return dict(callspec.params) if callspec else {}


def skip_unclaimed(absent: NotClaimedError) -> NoReturn:
    """Skip a check with the key of the environment that would make it possible, or with what a client never did."""
    begin = NOT_SEEN if isinstance(absent, NotSeenError) else NOT_CLAIMED
    pytest.skip(f"{begin}{absent.key}")


def exchange(
    make: Callable[..., Made],
    *,
    first: bool = False,
    plain: str = "",
    control: Callable[[Mapping[str, object]], str] | None = None,
    gathers: Callable[[], tuple[str, Iterable[str]]] | None = None,
    last: bool = False,
    repeats: bool = False,
    recorded: Recorded | None = None,
) -> Any:
    """Register a function that makes an exchange, or Steps; the fixture of its name looks it up.

    `first`: it is made before the run writes, so that no write of another check can show in it. `last`: it is made
    when all others are, so that it can look back at them. `repeats`: it is made last, too, asks what was asked before,
    and gives all the answers, as Steps. `plain`: it is the plain request of this operationId, so it takes over what
    preflight has read, and the operation's error cases change it. `control`: which operationId's plain request its
    parameter `control` takes, by the test's parameters. `gathers`: after which error cases it is made, by the name of
    their exchange and their ids; its parameter `gathered` takes those that were answered. `recorded`: where a recording
    of others is judged, it returns the exchange that is of this situation, of all recorded ones and the environment.
    """
    made = EXCHANGES.add(
        make,
        first=first,
        plain=plain,
        control=control,
        gathers=gathers,
        last=last or repeats,
        repeats=repeats,
        recorded=recorded,
    )
    return fixture_of(made)


def fixture_of(definition: ExchangeDefinition) -> Any:
    """Return the fixture of an exchange, which looks up what was made."""

    def look_up(request: pytest.FixtureRequest) -> Made | None:
        if only_shows(request.config.option):
            return None
        run = request.config.stash[RUN]
        key = EXCHANGES.key(definition.name, parameters_of(request.node))
        result = run.made.get(key)
        match result:
            case NotClaimedError():
                skip_unclaimed(result)
            case CouldNotTellError() | SuiteError():
                # Many checks raise the same one, and each would add its frames to those before.
                raise result.with_traceback(None)
            case None:
                raise SuiteError(f"exchange {definition.name} was not made before the checks")
        return result

    look_up.__doc__ = definition.make.__doc__
    return pytest.fixture(name=definition.name)(look_up)
