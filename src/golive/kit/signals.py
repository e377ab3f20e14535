"""Ctrl-C, SIGTERM and a terminal that closes: a run says what it has learnt, and ends within bounded time."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 15.0
"""Seconds that a run may take to wrap up after it was asked to end."""


ENDINGS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""What asks a process to end besides Ctrl-C; the second comes when its terminal closes."""


_asked = threading.Event()


def was_asked() -> bool:
    """Return whether the process was asked to end."""
    return _asked.is_set()


def raise_if_asked() -> None:
    """Raise KeyboardInterrupt where the process was asked to end, also if the first one was lost on its way.

    Python drops what is raised in a destructor or a callback; a loop that asks here hears of it all the same.
    """
    if was_asked():
        raise KeyboardInterrupt


def forget_asking() -> None:
    """From now on the process counts as not asked to end: what was asked ended a part of its work."""
    _asked.clear()


def treat_endings_as_interrupt() -> None:
    """From now on SIGTERM and SIGHUP raise KeyboardInterrupt, unless somebody has a use for them already.

    Does nothing outside the main thread of a process of its own: signals are its parent's there.
    """
    if _owns_its_signals():
        for number in ENDINGS:
            if signal.getsignal(number) is signal.SIG_DFL:  # not under `nohup`, which ignores one
                signal.signal(number, _interrupt)


def end_within(seconds: float, leave: Callable[[], None]) -> None:
    """From now on SIGINT, SIGTERM and SIGHUP raise KeyboardInterrupt, and `leave` is called that much later.

    An interrupt can be lost (see `raise_if_asked`), and what wraps up can wait for another process; `leave`
    has to end this process whatever its main thread is doing. Does nothing where it is in force already.
    """
    if not _owns_its_signals() or any(watch.interrupts for watch in _watches()):
        return
    watch = _Watch(seconds, leave)
    for number in (signal.SIGINT, *ENDINGS):
        # Under `nohup` a terminal that closes is ignored; a Ctrl-C is meant even in the background.
        if number == signal.SIGINT or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, watch)


class _Watch:
    """A signal's handler that sees to it that the process ends."""

    def __init__(self, seconds: float, leave: Callable[[], None]) -> None:
        self._seconds = seconds
        self.leave = leave
        self.interrupts = True

    def __call__(self, number: int, frame: object) -> None:
        timer = threading.Timer(self._seconds, lambda: self.leave())
        timer.daemon = True
        timer.start()
        if self.interrupts:
            _interrupt(number, frame)


def finish_undisturbed() -> None:
    """From now on nothing that asks the process to end interrupts what it has begun to say; it is left in time."""
    for watch in _watches():
        watch.interrupts = False


def stand_by(code: int) -> None:
    """From now on the process ends with this code, which it has said, also where it has to be left."""
    for watch in _watches():
        watch.leave = lambda: os._exit(code)


def _watches() -> list[_Watch]:
    handlers = map(signal.getsignal, (signal.SIGINT, *ENDINGS))
    return [one for one in handlers if isinstance(one, _Watch)]


def _owns_its_signals() -> bool:
    alone = multiprocessing.parent_process() is None
    return alone and threading.current_thread() is threading.main_thread()


def _interrupt(_signal: int, _frame: object) -> None:
    _asked.set()
    raise KeyboardInterrupt
