"""What a run does while it waits for answers: a line that is rewritten on a terminal, a new one now and then elsewhere.

Nothing is shown of what is over within two seconds (elsewhere: fifteen), nor with `-q`.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

    from golive.pytest_plugin.state import Run

SILENT, STEP, EVERY = 2.0, 0.5, 15.0
"""Seconds until something is shown, between two states of the line, and between two lines where none is rewritten."""

BACK = "\r\x1b[K"


@contextmanager
def shown(run: Run, config: pytest.Config, stage: str, about: Callable[[], int]) -> Iterator[None]:
    """Show the progress of what is done inside; `about` says of at least how many requests, 0 where nobody knows."""
    reporter: Any = config.pluginmanager.getplugin("terminalreporter")
    if reporter is None or config.option.verbose < 0:
        yield
        return
    ended = threading.Event()
    line = _Line(reporter)
    thread = threading.Thread(target=_keep, args=(run, stage, about, line, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        line.clear()


def words(stage: str, done: int, of: int, seconds: float) -> str:
    """Say what a run does, how many requests it has sent of at least how many, and for how long."""
    part = f" of at least {of}" if of > done else ""
    return f"  {stage}: {done}{part} requests, {seconds:.0f} s"


def _keep(
    run: Run, stage: str, about: Callable[[], int], line: _Line, ended: threading.Event
) -> None:
    started = time.monotonic()
    if ended.wait(SILENT if line.rewritten else EVERY):
        return
    of = about()
    while not ended.is_set():
        done = run.client.requests if run.client else 0
        line.show(words(stage, done, of, time.monotonic() - started))
        ended.wait(STEP if line.rewritten else EVERY)


class _Line:
    """The line of a terminal that is written over; elsewhere each state is a line of its own."""

    def __init__(self, reporter: Any) -> None:
        self._reporter = reporter
        self.rewritten = bool(getattr(reporter, "isatty", False))
        self._is_there = False

    def show(self, text: str) -> None:
        """Show this state."""
        if not self.rewritten:
            self._reporter.write_line(text)
            return
        width = self._reporter._tw.fullwidth - 1
        self._write(f"{BACK}{text[:width]}")
        self._is_there = True

    def clear(self) -> None:
        """Leave no trace on a terminal."""
        if self._is_there:
            self._write(BACK)

    def _write(self, text: str) -> None:
        writer = self._reporter._tw
        writer._file.write(text)
        writer.flush()
