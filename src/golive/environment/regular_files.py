"""Reading a file that a stranger may have put there: a regular one, and not more of it than makes sense.

A pipe without a writer would hold a run for ever when it is opened, a device never ends.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


MOST_BYTES = 50_000_000
"""More than any file has that golive itself wrote."""


class NotRegularError(OSError):
    """What stands at the path is a pipe, a device or a socket."""


def read_regular(path: Path, most: int) -> bytes:
    """Return the file's bytes, at most one more than `most`.

    Raises NotRegularError for what is neither a file nor a folder, and OSError as `open` does.
    """
    # Without O_NONBLOCK, opening a pipe waits for somebody to write into it.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        kind = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(kind):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISREG(kind):
            raise NotRegularError(errno.EINVAL, "it is not a regular file")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(most + 1)
    finally:
        os.close(descriptor)
