"""Runs the client's own command, such as its integration tests, until it ends."""

from __future__ import annotations

import contextlib
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PATIENCE = 10.0
"""Seconds that a command has to end after it was interrupted."""

BY_SIGNAL = 128
"""What a shell adds to the number of a signal that ended a command."""


def run(words: Sequence[str], variables: Mapping[str, str], umask: int) -> int:
    """Run a command with these variables and return its exit code; raises OSError where it can't be started.

    `umask` is that of its files, which are none of golive's.

    Ctrl-C goes to the command, too, as to everything in the foreground of a terminal; it is waited for.
    """
    with subprocess.Popen([*words], env=dict(variables), umask=umask) as process:  # noqa: S603 - the user's own
        try:
            code = process.wait()
        except KeyboardInterrupt:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)
            if process.poll() is None:
                process.terminate()
            code = process.wait()
    return code if code >= 0 else BY_SIGNAL - code
