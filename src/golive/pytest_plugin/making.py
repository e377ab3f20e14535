"""The exchanges that tests take: which those are, and how a run connects to make them."""

from __future__ import annotations

import contextlib
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest

from golive.exchanges.registry import SERVICES
from golive.kit.files import resources
from golive.pytest_plugin import recording
from golive.pytest_plugin.fixtures import EXCHANGES, check_of, parameters_of
from golive.pytest_plugin.generating import EXCHANGE_KEY
from golive.pytest_plugin.own_mistakes import of_request
from golive.pytest_plugin.progress import about, shown

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
