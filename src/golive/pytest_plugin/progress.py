"""What a run does while it waits for answers: a line that is rewritten on a terminal, a new one now and then elsewhere.

Nothing is shown of what is over within two seconds (elsewhere: fifteen), nor with `-q`. What the reporter prints of
checks that are judged meanwhile is held back where the line is rewritten, and comes when it is gone.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager, suppress
from io import StringIO
from typing import TYPE_CHECKING, Any

from golive.pytest_plugin.fixtures import EXCHANGES
from golive.pytest_plugin.state import fixed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

    from golive.exchanges.registry import Key
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
    if line.rewritten:
        line.hold()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        line.clear()
        release()


def words(stage: str, done: int, of: int, seconds: float, judged: int = 0) -> str:
    """Say what a run does, how many requests it has sent of at least how many, what is judged, and for how long."""
    part = f" of at least {of}" if of > done else ""
    checks = f", {judged} check{'s' if judged > 1 else ''} judged" if judged else ""
    return f"  {stage}: {done}{part} requests{checks}, {seconds:.0f} s"


def about(run: Run, keys: list[Key]) -> int:
    """Return about how many requests the run takes, 0 where that can't be said."""
    from golive.transport.budget import least_requests

    with suppress(Exception):  # it is only shown
        budget = run.environment.safety.budget
        asked = fixed(keys)
        least = least_requests(EXCHANGES, asked, run.environment, run.services["contract"])
        return min(least, budget) if asked == keys else budget
    return 0


_HELD: list[Callable[[], None]] = []
"""What lets the reporter print again, where it was held back."""


def release() -> None:
    """Let the reporter print what was held back."""
    while _HELD:
        _HELD.pop()()


def _keep(
    run: Run, stage: str, about: Callable[[], int], line: _Line, ended: threading.Event
) -> None:
    started = time.monotonic()
    if ended.wait(SILENT if line.rewritten else EVERY):
        return
    of = about()
    while not ended.is_set():
        done = run.client.requests if run.client else 0
        seconds = time.monotonic() - started
        line.show(words(stage, done, of, seconds, len(run.results)))
        ended.wait(STEP if line.rewritten else EVERY)


class _Line:
    """The line of a terminal that is written over; elsewhere each state is a line of its own."""

    def __init__(self, reporter: Any) -> None:
        self._reporter = reporter
        self.rewritten = bool(getattr(reporter, "isatty", False))
        self._is_there = False
        self._file = reporter._tw._file

    def hold(self) -> None:
        """Hold back what the reporter prints, until `release`."""
        writer, file = self._reporter._tw, self._file
        held = writer._file = StringIO()

        def print_it() -> None:
            writer._file = file
            file.write(held.getvalue())
            writer.flush()

        _HELD.append(print_it)

    def show(self, text: str) -> None:
        """Show this state."""
        if not self.rewritten:
            if self._reporter._tw.width_of_current_line:  # the marks of checks
                self._reporter._tw.line()
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
        self._file.write(text)
        self._file.flush()
