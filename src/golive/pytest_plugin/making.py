"""Before the checks: does the selection fit the budget, the preflight stages, and the exchanges that tests take."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import pytest

from golive.exchanges.registry import SERVICES
from golive.kit.files import resources
from golive.kit.signals import raise_if_asked
from golive.pytest_plugin import recording
from golive.pytest_plugin.fixtures import EXCHANGES, check_of, parameters_of
from golive.pytest_plugin.own_mistakes import of_request
from golive.pytest_plugin.progress import about, shown
from golive.pytest_plugin.state import EXCHANGE_KEY, fixed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from golive.exchanges.registry import Key
    from golive.pytest_plugin.state import Run


def needed(items: Iterable[pytest.Item]) -> list[Key]:
    """Return the exchanges that these tests take, in the order of their first use."""
    keys: dict[Key, None] = {}
    for item in items:
        for name in getattr(item, "fixturenames", ()):
            if name in EXCHANGES:
                keys[EXCHANGES.key(name, parameters_of(item))] = None
    return list(keys)


def readers(items: Iterable[pytest.Item]) -> dict[Key, set[str]]:
    """Return for each exchange the ids of the checks that take it."""
    found: dict[Key, set[str]] = {}
    for item in items:
        taken = check_of(item)
        if taken is not None:
            for key in needed([item]):
                found.setdefault(key, set()).add(taken.id)
    return found


def ask(run: Run, config: pytest.Config, keys: list[Key], make_all: Callable[[], object]) -> None:
    """Make the exchanges, show how far that is, and keep what came, whatever ends it."""
    run.asked = True
    try:
        with shown(run, config, "asking", partial(about, run, keys)):
            make_all()
    finally:
        recording.keep(run)


def settle(run: Run, keys: Iterable[Key]) -> None:
    """Remember which operations exchanges asked, and what of them is their author's mistake."""
    known = run.services["contract"].operations
    for key in keys:
        if key in run.made or not run.asked:
            run.mistakes += (line for line in of_request(run.made, key) if line not in run.mistakes)
            run.operations[key] = EXCHANGES.operations(key, run.made, known)


def start(run: Run) -> None:
    """Connect the run's objects: twin, client, tokens, contract."""
    from golive.transport.session import connect

    try:
        connected = connect(run.environment)
    except ValueError as error:
        raise pytest.UsageError(f"{run.environment.path}: twin.defects: {error}") from None
    run.environment, run.twin, run.client = connected.environment, connected.twin, connected.client
    run.services = {name: getattr(connected, name) for name in SERVICES}


def _prepare_reports() -> None:
    """Read while answers are on their way what the reports would have to read later."""
    from golive.contract.harm import harms
    from golive.contract.requirements import load
    from golive.report.html.render import TEMPLATE, template

    with contextlib.suppress(Exception):  # who needs them at the end meets it again, and says so
        template(TEMPLATE)
        harms()
        load(resources() / "schemas")


def make(run: Run, keys: list[Key], then: Callable[[Key], None] | None = None) -> None:
    """Make the exchanges, several at a time as far as the environment allows; call `then` for each that is made."""
    from golive.exchanges.schedule import ExchangeScheduler

    if run.folder is not None:
        threading.Thread(target=_prepare_reports, daemon=True).start()
    scheduler = ExchangeScheduler(
        EXCHANGES, run.services, run.environment.safety.concurrency, run.made, then
    )
    scheduler.make_in_order(keys, EXCHANGE_KEY)


def run_preflight_first(run: Run, config: pytest.Config, keys: list[Key]) -> None:
    """Run the preflight stages that the checks need, once, and keep the exchanges that this made.

    A selection whose exchanges can't all be made is stopped before anything is sent.
    """
    from golive.diagnosis.preflight import Preflight, run_preflight

    if _too_large(run, config, keys):
        return
    passed: list[Any] = []
    show = _stage_printer(config)

    def on_stage(stage: Any) -> None:
        passed.append(stage)
        show(stage)
        raise_if_asked()

    try:
        api, tokens = run.services["api"], run.services["tokens"]
        run.preflight = run_preflight(
            run.environment, api, tokens, on_stage, until=_last_stage(keys)
        )
    except KeyboardInterrupt:
        run.preflight = Preflight(stages=passed)  # what it had learnt
        raise
    for name, made in run.preflight.made.items():
        plain = EXCHANGES.plain(made.request.operation) or name
        run.made[plain, ()] = replace(made, name=plain)
    run.services["api"].retry_unknown_key = True


def _last_stage(keys: list[Key]) -> Literal["names", "token", "api"]:
    """Return how far preflight has to go for these exchanges: no further than one of them does."""
    if "api" in EXCHANGES.services_of(keys):
        return "api"
    return "token" if any(name != "key_set" for name, _ in keys) else "names"


def _too_large(run: Run, config: pytest.Config, keys: list[Key]) -> bool:
    """Return whether the selection can't fit into a budget below the usual one, and stop the run then."""
    from golive.diagnosis.preflight import too_large
    from golive.environment import Safety
    from golive.transport.budget import least_requests

    budget = run.environment.safety.budget
    if config.getoption("--budget") is not None:
        return False  # what does not fit is left out
    if run.keep_going or budget >= Safety().budget:  # a whole run fits into the usual one
        return False
    least = least_requests(EXCHANGES, fixed(keys), run.environment, run.services["contract"])
    if least <= budget:
        return False
    run.preflight = too_large(run.environment, least, _stage_printer(config))
    return True


def _stage_printer(config: pytest.Config) -> Callable[[Any], None]:
    """Return what shows a stage as it ends."""
    reporter = config.pluginmanager.getplugin("terminalreporter")
    if reporter is not None:
        reporter.ensure_newline()

    def on_stage(stage: Any) -> None:
        if reporter is not None and config.option.verbose >= 0:
            reporter.write_line(str(stage))

    return on_stage
