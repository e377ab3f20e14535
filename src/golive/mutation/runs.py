"""Many whole runs of the suites, several at a time: each is a process forked where the checks have been collected.

What no run changes (imports, collected checks, keys) is made once; what a run found comes back as plain data.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import threading
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import pytest

from golive.contract.outcomes import SuiteError
from golive.mutation.record import run_pytest
from golive.pytest_plugin.state import RUN
from golive.redaction import REDACTOR
from golive.twin.serving import THREAD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from golive.pytest_plugin.state import Run

SHARED = (
    "jsonschema",
    "jsonschema_rs",
    "golive.transport.client",
    "golive.contract.document",
    "golive.diagnosis.preflight",
    "golive.transport.api",
    "golive.pytest_plugin",
    "golive.twin.application",
    "golive.twin.serving",
)
"""What every run needs, imported once, before the processes part."""

LAST_ANSWER, LONGEST_RUN = 5.0, 300.0
"""Seconds: for which a twin in this process may finish what it answers, and after which a run is taken for lost."""

Asked = TypeVar("Asked")
Came = TypeVar("Came")


def run_all(
    asked: Sequence[Asked],
    begin: Callable[[Asked, pytest.Session], None],
    end: Callable[[Asked, Run, int], Came],
    jobs: int,
    late: Callable[[Asked], Came] | None = None,
    limit: float = 0.0,
) -> Iterator[Came]:
    """Yield what each run came to, in the order in which they end, `jobs` at a time.

    In the run's own process, `begin` changes the run before anything is sent (its environment, or the checks that
    were collected), and `end` says what it came to, from the run and its exit code.
    Whatever ends the iteration ends every process. Raises SuiteError where a process died before it had said so, or
    where none ends any more.
    """
    preload()
    for thread in threading.enumerate():
        # What it holds of OpenSSL at a fork, nobody gives back in the child.
        if thread.name == THREAD:
            thread.join(LAST_ANSWER)
    context = multiprocessing.get_context("fork")
    answers, sender = context.Pipe(duplex=False)
    lock = context.Lock()

    def send(answer: object) -> None:
        with lock:
            sender.send(answer)

    parting = _Parting(asked, begin, end, jobs, send, late, limit)
    process = context.Process(target=_collect, args=(parting,))
    process.start()
    group = process.pid or 0
    with contextlib.suppress(OSError):  # it does the same, and may have been quicker
        os.setpgid(group, group)
    sender.close()  # so that the end of all who write is the end of what there is to read
    try:
        for _ in asked:
            try:
                if not answers.poll(LONGEST_RUN):
                    raise SuiteError(f"no run ended within {LONGEST_RUN:.0f} seconds")
                answer = answers.recv()
            except EOFError:
                raise SuiteError("the process of a run ended before its run did") from None
            yield answer
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGTERM)
        process.join()
        answers.close()


@dataclass(eq=False)
class _Parting:
    """A plug-in that goes on with each run in a process of its own once the checks are collected.

    `ended` is None in the process that collects, and in a run's says what the run came to.
    """

    asked: Sequence[Any]
    begin: Callable[[Any, pytest.Session], None]
    end: Callable[[Any, Run, int], Any]
    jobs: int
    send: Callable[[object], None]
    late: Callable[[Any], Any] | None
    limit: float
    ended: Callable[[int], Any] | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        run = session.config.stash[RUN]
        parent, running = os.getppid(), 0
        gc.collect()
        gc.freeze()  # what is here now stays: no run need look through it for garbage
        for asked in self.asked:
            if running == self.jobs:
                os.wait()
                running -= 1
            if os.getppid() != parent or run.faults:
                break
            if os.fork() == 0:
                if self.late:
                    self._end_in_time(asked, self.late)
                self.begin(asked, session)
                self.ended = partial(self.end, asked, run)
                return
            running += 1
        for _ in range(running):
            os.wait()
        session.items.clear()  # here there is nothing to do

    def _end_in_time(self, asked: Any, late: Callable[[Any], Any]) -> None:
        """Let a clock end this process, whatever its threads are at."""

        def end(_signal: int, _frame: object) -> None:
            self.send(late(asked))
            os._exit(0)

        for number, timer, seconds in (
            (signal.SIGALRM, signal.ITIMER_REAL, self.limit),
            (signal.SIGPROF, signal.ITIMER_PROF, self.limit / 2),
        ):
            signal.signal(number, end)
            signal.setitimer(timer, seconds)

    @staticmethod
    def forget_the_time() -> None:
        """Stop the clocks of a run that has ended."""
        for timer in (signal.ITIMER_REAL, signal.ITIMER_PROF):
            signal.setitimer(timer, 0)


def _collect(parting: _Parting) -> NoReturn:
    """Run in a process of its own: collect, fork, and send what each run came to."""
    os.setpgid(
        0, 0
    )  # Ctrl-C ends the parent, which ends this group: it has nothing of its own to save
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a run in the parent may have changed it
    REDACTOR.clear()  # the secrets of the twin before are nobody's any more, and each costs a search
    code = run_pytest(("--env=twin",), parting)
    if parting.ended is not None:
        parting.forget_the_time()
        parting.send(parting.ended(code))
    os._exit(0)


def preload() -> None:
    """Import what the runs would otherwise import one by one, and make what takes each of them long."""
    from golive.twin.keys import make_rsa_keys
    from golive.twin.names import PRODUCTION_CLOUD

    for name in SHARED:
        import_module(name)
    make_rsa_keys([PRODUCTION_CLOUD], ["system-rs384"])
