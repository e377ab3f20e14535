"""Ctrl-C and SIGTERM: a run that is asked to end says what it has learnt, and ends within bounded time."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 15.0
"""Seconds that a run may take to wrap up after it was asked to end."""


def treat_sigterm_as_interrupt() -> None:
    """From now on SIGTERM raises KeyboardInterrupt, unless somebody has a use for it already.

    Does nothing outside the main thread of a process of its own: signals are its parent's there.
    """
    if _owns_its_signals() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _interrupt)


def end_within(seconds: float, leave: Callable[[], None]) -> None:
    """From now on SIGINT and SIGTERM raise KeyboardInterrupt, and `leave` is called that much later.

    An interrupt can be lost (in a destructor or a callback whose errors Python drops), and what wraps up can
    wait for another process; `leave` has to end this process whatever its main thread is doing.
    """
    if not _owns_its_signals():
        return

    def interrupt(number: int, frame: object) -> None:
        watch = threading.Timer(seconds, leave)
        watch.daemon = True
        watch.start()
        _interrupt(number, frame)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)


def _owns_its_signals() -> bool:
    alone = multiprocessing.parent_process() is None
    return alone and threading.current_thread() is threading.main_thread()


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
