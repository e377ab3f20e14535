"""After the last hook of a session: what fails there, or kept that hook from coming, still decides."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

from golive import ends
from golive.pytest_plugin.concluding import fault_of
from golive.pytest_plugin.sinks import SESSION, close
from golive.pytest_plugin.state import CONTROLLER, RUN, is_worker
from golive.verdict import MEANINGS, TITLES, ExitCode

if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import NoReturn

    from golive.pytest_plugin.state import Run

UMASK = pytest.StashKey[int]()
"""What the process's umask was before the run."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_unconfigure(config: pytest.Config) -> Generator[None]:
    """Close connections, end the twin, and go over what was written.

    Whatever fails now, or kept the last hook from coming, is a failure of the suite like any other.
    """
    run = config.stash.get(RUN, None)
    try:
        yield
    except Exception as error:
        if run is None or is_worker(config):
            raise
        run.faults.append(fault_of(error))
        _tell_late(config, run)
    finally:
        if run is not None and SESSION in config.stash and not run.concluded:
            _tell_late(config, run)
        CONTROLLER.pop("run", None)
        if run and run.client:
            run.client.close()
        if run and run.twin:
            run.twin.stop()
        close(config)
        if UMASK in config.stash:
            os.umask(config.stash[UMASK])


def leave(config: pytest.Config) -> NoReturn:
    """End the process of a run that was asked to end and did not: say so, where it can be said, and go."""
    run = config.stash[RUN]
    code = ExitCode.INTERRUPTED
    if run.folder is not None and not config.option.collectonly:
        with contextlib.suppress(OSError):
            ends.end(run.folder, run.environment.name, code)
    reporter: Any = config.pluginmanager.getplugin("terminalreporter")
    if reporter is not None:
        with contextlib.suppress(OSError, ValueError):
            reporter.write_line(f"\n{TITLES[code]}: {MEANINGS[code]}\nexit code {int(code)}")
            reporter.flush()
    os._exit(code)


def _tell_late(config: pytest.Config, run: Run) -> None:
    """Let exit code and files tell of what came after the last hook, or instead of it."""
    if is_worker(config) or config.option.collectonly:
        return
    session = config.stash.get(SESSION, None)
    if session is not None and session.exitstatus == pytest.ExitCode.INTERRUPTED:
        run.interrupted = True
    code = ExitCode.INTERRUPTED if run.interrupted else ExitCode.INTERNAL_ERROR
    problems = run.faults or ["the run ended before it had begun"]
    if session is not None and session.exitstatus == pytest.ExitCode.USAGE_ERROR:
        code, problems = ExitCode.CONFIGURATION, ["the words of the command line were refused"]
    run.concluded = True
    print(f"golive: {TITLES[code]}: {problems[-1]}", file=sys.stderr)  # noqa: T201 - no reporter is left
    if run.folder is not None:
        with contextlib.suppress(OSError):
            ends.end(run.folder, run.environment.name, code, problems)
    if session is not None:
        session.exitstatus = int(code)
