"""Checks are judged while a run still asks: each as soon as what it reads is there.

So the results grow from the first seconds on, and a run that is killed keeps what it gave. The project's own suites,
and what takes a fixture that is no exchange, such as every answer of the run, are judged when everything has come, in
their order. Where message data is not synthetic, everything is: what an answer reveals about a person has to be known
before anything is written about another one.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from golive.contract.outcomes import SuiteError
from golive.exchanges.registry import SERVICES
from golive.pytest_plugin import recording
from golive.pytest_plugin.fixtures import EXCHANGES, parameters_of
from golive.pytest_plugin.making import ask, make, needed, settle
from golive.pytest_plugin.own_mistakes import is_own_file
from golive.pytest_plugin.state import RUN

if TYPE_CHECKING:
    from golive.exchanges.registry import Key
    from golive.pytest_plugin.state import Run

EVERY = 3.0
"""Seconds after which what came is written into the recording again, all of it."""

SHARE = 20
"""A run asks at least so many times as long as it writes: the more came, the longer that takes."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Make the exchanges that wait, and each check as soon as it can be made."""
    run = session.config.stash[RUN]
    keys, run.waiting = run.waiting, []
    if not keys or session.testsfailed:
        return None
    judging = _Judging(session, run)
    try:
        ask(run, session.config, keys, partial(judging.while_asking, keys))
        settle(run, keys)
    except SuiteError as error:
        run.faults.append(str(error))
        return True
    judging.finish()
    return True


def _is_early(item: pytest.Item) -> bool:
    """Return whether all that a check of golive's takes is known: exchanges, services and its parameters."""
    taken = set(getattr(item, "fixturenames", ())) - {"request", *SERVICES, *parameters_of(item)}
    known = bool(taken) and all(name in EXCHANGES for name in taken)
    return known and not is_own_file(item.path)


class _Judging:
    """The checks of a session that are still to be judged."""

    def __init__(self, session: pytest.Session, run: Run) -> None:
        self._session, self._run = session, run
        self._order = {item.nodeid: number for number, item in enumerate(session.items)}
        self._rest = dict.fromkeys(session.items)
        self._waits: dict[pytest.Item, set[Key]] = {}
        self._held: pytest.Item | None = None
        self._keep_at = time.monotonic() + EVERY
        for item in session.items:
            if _is_early(item):
                self._waits[item] = set(needed([item])) - run.made.keys()

    def while_asking(self, keys: list[Key]) -> None:
        """Make the exchanges, and judge what can be judged."""
        settle(self._run, list(self._run.made))
        self._judge_ready()
        make(self._run, keys, self.take)

    def take(self, key: Key) -> None:
        """Judge what can be judged now that an exchange is made."""
        settle(self._run, [key])
        for missing in self._waits.values():
            missing.discard(key)
        self._judge_ready()
        begun = time.monotonic()
        if begun > self._keep_at:
            recording.keep(self._run)
            now = time.monotonic()
            self._keep_at = now + max(EVERY, SHARE * (now - begun))

    def finish(self) -> None:
        """Judge what is left, and end the session as pytest would."""
        for item in list(self._rest):
            self._judge(item)
        self._judge(None)
        reporter = self._session.config.pluginmanager.getplugin("terminalreporter")
        for reports in reporter.stats.values() if reporter else ():
            reports.sort(key=lambda one: self._order.get(getattr(one, "nodeid", ""), 0))
        if self._session.shouldfail:
            raise self._session.Failed(self._session.shouldfail)
        if self._session.shouldstop:
            raise self._session.Interrupted(self._session.shouldstop)

    def _judge_ready(self) -> None:
        for item in [item for item, missing in self._waits.items() if not missing]:
            del self._waits[item]
            self._judge(item)

    def _judge(self, item: pytest.Item | None) -> None:
        """Judge the check before this one: pytest has to know which is next."""
        held, self._held = self._held, item
        if item is not None:
            self._rest.pop(item, None)
        # What a failure ends is the judging: what was begun is asked to its end, so that it is put back.
        if held is not None and not (self._session.shouldfail or self._session.shouldstop):
            held.config.hook.pytest_runtest_protocol(item=held, nextitem=item)
