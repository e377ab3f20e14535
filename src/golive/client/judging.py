"""The checks of clients, called without pytest: on each request as it comes, and by `golive prove`."""

from __future__ import annotations

import importlib
import inspect
from collections import deque
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from golive.checks.findings import FindingsError
from golive.checks.requests import WrongRequestsError
from golive.contract.label import Basis, Level
from golive.contract.outcomes import CouldNotTellError, NotClaimedError
from golive.exchanges.model import Steps, status_words
from golive.kit.files import resources
from golive.pytest_plugin.fixtures import EXCHANGES, MARK, Check
from golive.pytest_plugin.project import CLIENT, SUITES, make_importable
from golive.pytest_plugin.state import REQUESTS
from golive.redaction import redact, redact_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from golive.contract.document import Contract
    from golive.exchanges.model import Exchange


MODULE = "test_"


@dataclass(frozen=True)
class Rule:
    """A check of clients as a plain function; `needs` are the names of what it takes."""

    check: Check
    function: Callable[..., None]
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Judged:
    """What a check says: what it found, None where nothing, and in words what it has not seen, "" where it has."""

    check: Check
    found: FindingsError | None = None
    unseen: str = ""


@cache
def rules() -> tuple[Rule, ...]:
    """Return golive's checks of clients, in the order of their files."""
    make_importable()
    importlib.import_module(f"{SUITES}.{CLIENT}.conftest")
    files = sorted((resources() / SUITES / CLIENT).glob(f"{MODULE}*.py"))
    return tuple(rule for file in files for rule in _rules_in(file.stem))


def _rules_in(stem: str) -> Iterator[Rule]:
    module = importlib.import_module(f"{SUITES}.{CLIENT}.{stem}")
    area = stem.removeprefix(MODULE).replace("_", " ")
    for function in vars(module).values():
        for mark in getattr(function, "pytestmark", ()):
            if mark.name == MARK:
                given = mark.kwargs
                statement = (inspect.getdoc(function) or "").split("\n")[0]
                known = Level(given["level"]), Basis(given["basis"]), given["source"]
                check = Check(given["id"], statement, *known, given["area"] or area)
                yield Rule(check, function, tuple(inspect.signature(function).parameters))


def judge(exchanges: Iterable[Exchange], contract: Contract) -> list[Judged]:
    """Return what each check says of these requests of a client."""
    made: dict[str, Any] = {
        REQUESTS: Steps({f"{one.number}": one for one in exchanges}),
        "contract": contract,
    }
    return [_judged(rule, made) for rule in rules()]


def _judged(rule: Rule, made: dict[str, Any]) -> Judged:
    try:
        for name in rule.needs:
            if name not in made:
                made[name] = _part(name, made[REQUESTS])
            if isinstance(made[name], NotClaimedError):
                return Judged(rule.check, unseen=str(made[name]))
        rule.function(**{name: made[name] for name in rule.needs})
    except FindingsError as found:
        return Judged(rule.check, found=found)
    except NotClaimedError as unseen:
        return Judged(rule.check, unseen=str(unseen))
    except CouldNotTellError as unclear:
        return Judged(rule.check, unseen=unclear.cause)
    return Judged(rule.check)


def _part(name: str, requests: Steps) -> object:
    try:
        return EXCHANGES[name].make(requests)
    except NotClaimedError as unseen:
        return unseen


REMEMBERED = 300
"""Requests before the one that is shown, with which it is judged."""


class Watch:
    """Prints each request, and below it what the checks find in it that they did not find before."""

    def __init__(self, contract: Contract, address: str, show: Callable[[str], None]) -> None:
        self._contract = contract
        self._address = address
        self._show = show
        self._seen: deque[Exchange] = deque(maxlen=REMEMBERED)

    def __call__(self, one: Exchange) -> None:
        """Show one request, the newest."""
        self._seen.append(one)
        url = redact_url(one.request.url).removeprefix(f"{self._address}/")
        moment = one.sent_at.astimezone().strftime("%H:%M:%S")
        self._show(
            redact(
                f"{moment}  {one.number:>3}  {one.request.method} {url}  → {status_words(one.status)}"
            )
        )
        for judged in judge(self._seen, self._contract):
            for line in _lines(judged, one):
                self._show(redact(line))


def _lines(judged: Judged, one: Exchange) -> Iterator[str]:
    found = judged.found
    if not isinstance(found, WrongRequestsError):
        return
    check, cure = judged.check, found.findings[0].next_step
    mark = "!!" if check.deciding else "advice"
    new = [wrong for wrong in found.each if wrong.request.number == one.number]
    for wrong in new:
        yield f"          {mark} {wrong.at.removeprefix('request:')}: expected {wrong.expected}, got {wrong.actual}"
    if new:
        yield f"             {cure} ({check.id}, {check.source})"
