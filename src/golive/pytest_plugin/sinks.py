"""The last line of defence: what pytest prints passes a filter, and what a run wrote is gone over.

Findings, causes and log records are redacted where they are made. This module assumes that somebody forgot
to: a plugin that writes exceptions as they are, a warning, a `print` under `-s`, a file that can't be
collected. Each process filters what it prints; the controller goes over the files once all are written.
"""

from __future__ import annotations

import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import pytest

from golive.drift.fingerprint import FILE as FINGERPRINT
from golive.legible import legible, visible
from golive.pytest_plugin.state import RUN, is_worker
from golive.redaction import VAULT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LARGEST = 64 * 1024 * 1024
"""Bytes of a file that is gone over; no report of a run comes near it."""

STREAMS = pytest.StashKey[tuple[TextIO, TextIO]]()


class Filter:
    """A text stream that writes to another one what the vault leaves of the text."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write the redacted text; the length returned is that of the text given."""
        self._stream.write(visible(VAULT.redact(text)))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write each of the lines."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Filter what this process prints, and show what its encoding lacks in signs that it has."""
    config = session.config
    reporter: Any = config.pluginmanager.getplugin("terminalreporter")
    writer = getattr(reporter, "_tw", None)
    if writer is not None and not isinstance(writer._file, Filter):
        legible(writer._file)
        writer._file = Filter(writer._file)
    if config.getoption("capture") == "no":
        config.stash[STREAMS] = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = Filter(sys.stdout), Filter(sys.stderr)


def close(config: pytest.Config) -> None:
    """Give the streams back, and go over the files, once every plugin has written its own."""
    if STREAMS in config.stash:
        sys.stdout, sys.stderr = config.stash[STREAMS]
    if not is_worker(config) and RUN in config.stash:
        for file in written(config):
            go_over(file)


def written(config: pytest.Config) -> Iterator[Path]:
    """Yield every file that this run may have written: reports, logs, the cache."""
    places = [
        config.stash[RUN].folder,
        config.getoption("allure_report_dir", None),
        config.getoption("xmlpath", None),
        config.getoption("log_file", None),
    ]
    cache = getattr(config, "cache", None)
    if cache is not None:
        places.append(cache._cachedir)
    seen: set[tuple[int, int]] = set()
    for place in filter(None, places):
        path = Path(place)
        for file in path.rglob("*") if path.is_dir() else [path]:
            try:
                found = file.lstat()
            except OSError:
                continue  # it is gone
            identity = found.st_dev, found.st_ino
            if stat.S_ISREG(found.st_mode) and identity not in seen:
                seen.add(identity)
                yield file


def go_over(file: Path) -> bool:
    """Redact a file that was written; return whether it held anything protected."""
    try:
        if file.stat().st_size > LARGEST:
            return False
        before = file.read_bytes()
        # A fingerprint holds the contract's own words, of which a patient's text may be a piece, and
        # names that were held against patients' data one by one.
        hide = VAULT.without_secrets if file.name == FINGERPRINT else VAULT.redact
        after = hide(before.decode("utf-8", "surrogateescape"))
        after_bytes = after.encode("utf-8", "surrogateescape")
        if after_bytes == before:
            return False
        file.write_bytes(after_bytes)
    except OSError:
        return False  # it is gone, or nobody may read it
    return True
