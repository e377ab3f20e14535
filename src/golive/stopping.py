"""SIGTERM as Ctrl-C: a run that is asked to end says what it has learnt, and that it was interrupted."""

from __future__ import annotations

import multiprocessing
import signal
import threading


def treat_sigterm_as_interrupt() -> None:
    """From now on SIGTERM raises KeyboardInterrupt; only in the main thread of a process of its own."""
    alone = multiprocessing.parent_process() is None
    if alone and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
