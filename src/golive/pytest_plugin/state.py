"""What one pytest process knows of the run: the same on the controller and, in part, on a worker."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from golive.checks.coverage import counted, never_read
from golive.checks.deviations import standings
from golive.checks.doubles import double
from golive.exchanges.model import exchanges_in

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from pathlib import Path

    from golive.checks.coverage import Proofs
    from golive.checks.deviations import Standing
    from golive.diagnosis.preflight import Preflight
    from golive.environment import Environment
    from golive.exchanges.har_reading import Archive
    from golive.exchanges.registry import Key
    from golive.exchanges.schedule import Result
    from golive.report.summary import Summary
    from golive.transport.client import ApiClient
    from golive.twin import Twin

REQUESTS, TOKEN_REQUESTS = "requests_of_client", "token_requests"
"""The exchanges that hold everything which a client asked, and what of it was for tokens."""

EXCHANGE_KEY = "generated_requests"
"""The exchange that makes generated requests, when all others are made."""

UNKNOWN = "recorded_others"
"""The exchange that holds what a recording has besides the situations which the suites know."""


@dataclass
class Run:
    """One execution, as this process sees it.

    `results` are the checks' results as dictionaries in the order in which they ended, `reported` the nodeids of those
    that have one; `faults` are the suite's own failures, in words; `folder` is where files go, or None, and
    `allure` where Allure's do.
    `ids` are the checks' ids by nodeid.
    `known_checks` are the ids of all checks there are, None where only some were collected; `readers` are the
    ids of the checks that take an exchange, `operations` the operationIds that an exchange asked.
    `project_tests` are the results of the project's own tests that are not checks.
    `summary` is what the last hook hands to other reporters, `concluded` says that the files state the verdict,
    `part` in a sentence that not every check was selected, `taught` in sentences what the answers showed of places that
    golive only assumes and no mapping names yet, `over_budget` are the checks that `--budget` left out, `usage_error`
    says why the command line was refused, and `mistakes`, a line each, what keeps the project's own suites, or once
    golive has `asked` a part of them, from being run. `archive` is the recording that is judged in place of
    asking, `of_client` says that it is a client's, whose requests are judged, `unkept` why the exchanges could
    not be written: a fault that keeps no check from being made.
    `waiting` are the exchanges that are made while checks are judged. `cut_short` says that `-x` or `--maxfail` ended
    the run before every check was judged.
    """

    environment: Environment
    started: datetime
    folder: Path | None = None
    allure: str | None = None
    fail_on_advice: bool = False
    keep_going: bool = False
    update_deviations: bool = False
    ids: dict[str, str] = field(default_factory=dict)
    known_checks: frozenset[str] | None = None
    part: str = ""
    taught: list[str] = field(default_factory=list)
    over_budget: frozenset[str] = frozenset()
    services: dict[str, Any] = field(default_factory=dict)
    made: dict[Key, Result] = field(default_factory=dict)
    readers: dict[Key, set[str]] = field(default_factory=dict)
    operations: dict[Key, frozenset[str]] = field(default_factory=dict)
    client: ApiClient | None = None
    twin: Twin | None = None
    preflight: Preflight | None = None
    archive: Archive | None = None
    of_client: bool = False
    prepared: bool = False
    asked: bool = False
    waiting: list[Key] = field(default_factory=list)
    interrupted: bool = False
    cut_short: bool = False
    summary: Summary | None = None
    concluded: bool = False
    usage_error: str = ""
    unkept: str = ""
    mistakes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    results: list[dict[str, Any]] = field(default_factory=list)
    reported: set[str] = field(default_factory=set)
    project_tests: list[dict[str, str]] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The day, in UTC, on which the run began."""
        return self.started.date()

    @property
    def deviations(self) -> list[Standing]:
        """What the run has shown, so far, of each known deviation."""
        return standings(self.environment, self.results, self.today, self.known_checks)

    @property
    def proofs(self) -> list[Proofs]:
        """What the run has proven, so far, of each claimed operation."""
        whole = self.known_checks is not None and not self.part  # a selection is judged by itself
        unread = never_read(self.made, self.operations) if whole else None
        return counted(self._judged, self.results, unread)

    @property
    def lacking(self) -> tuple[str, str] | None:
        """Where the environment demands more proofs than there are, and which are missing; None where none are."""
        lacking = [one for one in self.proofs if one.lacking]
        missing = ", ".join(f"{one.operation} {one.full} of {one.demanded}" for one in lacking)
        place = self.environment.shown_place(f"demands.{lacking[0].operation}") if lacking else ""
        return (place, missing) if lacking else None

    @property
    def _judged(self) -> Environment:
        """The environment; of a recording without the operations of which it holds nothing that checks know.

        Those that are demanded of a client are judged as well.
        """
        environment, demands = self.environment, self.environment.demands
        if self.archive is None and not self.of_client:
            return environment
        known = [one for key, one in self.made.items() if self.of_client or key[0] != UNKNOWN]
        seen = {one.request.operation for one in exchanges_in(known)}
        if self.of_client:
            seen |= demands.keys()
        operations = tuple(one for one in environment.claims.operations if one in seen)
        demands = {one: number for one, number in demands.items() if one in seen}
        claims = replace(environment.claims, operations=operations)
        return replace(environment, claims=claims, demands=demands)

    @property
    def double(self) -> str:
        """Who answered in place of the service, to stand in a sentence; empty where none is known to have."""
        if self.of_client:  # the requests are judged, and no answer
            return ""
        contract = self.services.get("contract")
        return double(self.environment, self.made.values(), contract, embedded=self.embedded)

    @property
    def embedded(self) -> bool:
        """Whether golive itself starts the twin that answers, or has."""
        return self.environment.needs_twin or self.twin is not None

    @property
    def stopped(self) -> bool:
        """Whether no check shall run: somebody stopped it, the suite is wrong, or preflight found a cause."""
        diagnosed = self.preflight is not None and self.preflight.diagnosis is not None
        wrong = bool(self.faults or (self.mistakes and not self.asked))
        return self.interrupted or wrong or (diagnosed and not self.keep_going)


# pytest keeps plugins in a set, and writes them down where it is asked to (--debug, --trace-config).
@dataclass(frozen=True, eq=False, repr=False)
class Loaded:
    """A plugin of pytest's that brings the environment along, where the caller of pytest has read its file.

    With an archive, its exchanges are judged, and nothing is sent; `of_client`: its requests are, by the checks of
    clients.
    """

    environment: Environment
    archive: Archive | None = None
    of_client: bool = False


RUN = pytest.StashKey[Run]()

CONTROLLER: dict[str, Run] = {}
"""The run of this process, on a controller: some of pytest's hooks come without a configuration."""


def fixed(keys: Iterable[Key]) -> list[Key]:
    """Return these exchanges without the generated requests.

    They write to the same test patient, and no fixed exchange shall see what they did.
    """
    return [key for key in keys if key[0] != EXCHANGE_KEY]


def is_worker(config: pytest.Config) -> bool:
    """Return whether this process is a worker of pytest-xdist."""
    return hasattr(config, "workerinput")
