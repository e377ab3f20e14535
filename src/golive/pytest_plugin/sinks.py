"""The last line of defence: what pytest prints, logs and writes into files is redacted once more.

Findings and causes are redacted where they are made. This module assumes that somebody forgot to: a plugin that
writes exceptions as they are, a warning, a file that can't be collected. Each process filters what it prints and
its log records, whatever library makes them; the controller redacts the files once all are written.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import stat
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from golive.drift.fingerprint import FILE as FINGERPRINT
from golive.exchanges.har import FILE as EXCHANGES
from golive.exchanges.jwt import REBUILT
from golive.kit.invisible import visible
from golive.kit.streams import Lasting, legible
from golive.pytest_plugin.state import RUN, is_worker
from golive.redaction import REDACTOR, redact

if TYPE_CHECKING:
    from collections.abc import Iterator


LARGEST = 64 * 1024 * 1024
"""Bytes of a file that is gone over; no report of a run comes near it."""

SENT_AT = re.compile(r'("startedDateTime": ?"[0-9T:.Z+-]{20,32}")')
"""When an exchange was sent, in a recording: this machine's clock, at whose times messages were made, too."""

REBUILT_TOKEN = re.compile(
    rf"((?<![\w-])eyJ[\w-]++(?:\.(?!{REBUILT})[\w-]*+){{1,3}}+\.{REBUILT}[0-9a-f]+)"
)
"""What a journal has in place of a token: its header and claims, and another signature."""

JOURNAL = "journal.jsonl"
SPARED = {EXCHANGES: SENT_AT, JOURNAL: REBUILT_TOKEN}
"""File -> what in it is not redacted."""

SESSION = pytest.StashKey[pytest.Session]()
"""pytest's session, from its beginning on."""


class Filter(Lasting):
    """A text stream that writes to another one what the redactor leaves of the text, while anybody reads it."""

    def write(self, text: str) -> int:
        """Write the redacted text; the length returned is that of the text given."""
        super().write(visible(REDACTOR.redact(text)))
        return len(text)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Filter what this process prints, and show what its encoding lacks in signs that it has."""
    config = session.config
    config.stash[SESSION] = session
    reporter: Any = config.pluginmanager.getplugin("terminalreporter")
    writer = getattr(reporter, "_tw", None)
    if writer is not None and not isinstance(writer._file, Filter):
        legible(writer._file)
        writer._file = Filter(writer._file)


def close(config: pytest.Config) -> None:
    """Redact every file the run wrote, once every plugin has written its own."""
    if not is_worker(config) and RUN in config.stash:
        for file in written(config):
            go_over(file)


def written(config: pytest.Config) -> Iterator[Path]:
    """Yield every file that this run may have written: reports, logs, the cache, what an option names."""
    run = config.stash[RUN]
    places = [run.folder, config.getoption("allure_report_dir", None)]
    cache = getattr(config, "cache", None)
    if cache is not None:
        places.append(cache._cachedir)
    seen: set[tuple[int, int]] = set()
    for place in filter(None, places):
        for file in Path(place).rglob("*"):
            yield from _regular(file, seen)
    # A file that somebody only gave to be read is older than the run.
    for name in _named_by_options(config):
        yield from _regular(
            config.invocation_params.dir / name, seen, since=run.started.timestamp()
        )


def _named_by_options(config: pytest.Config) -> Iterator[str]:
    yield config.getini("log_file") or ""
    for value in vars(config.option).values():
        if isinstance(value, str | Path):
            yield os.path.expandvars(Path(value).expanduser() if "~" in str(value) else value)


def _regular(file: Path, seen: set[tuple[int, int]], since: float = 0) -> Iterator[Path]:
    try:
        found = file.lstat()
    except (OSError, ValueError):
        return  # it is gone, or no option's value that could be a path
    identity = found.st_dev, found.st_ino
    if stat.S_ISREG(found.st_mode) and identity not in seen and found.st_mtime >= since:
        seen.add(identity)
        yield file


def go_over(file: Path) -> bool:
    """Redact a file that was written; return whether it held anything protected."""
    # A fingerprint holds the contract's own words, of which a patient's text may be a piece, and
    # names that were held against patients' data one by one.
    hide = REDACTOR.without_secrets if file.name == FINGERPRINT else REDACTOR.redact
    if spared := SPARED.get(file.name):
        hide = partial(_but, spared)
    try:
        if file.suffix != ".jsonl" and file.stat().st_size > LARGEST:
            return False
        if all(hide(piece) == piece for piece in _pieces(file)):
            return False
    except OSError:
        return False  # it is gone, or nobody may read it
    clean = file.with_name(f"{file.name}.redacted")
    try:
        with clean.open("w", encoding="utf-8", errors="surrogateescape", newline="") as lines:
            lines.writelines(map(hide, _pieces(file)))
        shutil.copyfile(clean, file)
    # No room on the disk: better no file than half of one, or one with a secret in it.
    except OSError:
        file.unlink(missing_ok=True)
    finally:
        clean.unlink(missing_ok=True)
    return True


def _pieces(file: Path) -> Iterator[str]:
    """Yield a file's text as a whole, or line by line where no secret can stand across two: lines of JSON."""
    with file.open(encoding="utf-8", errors="surrogateescape", newline="") as text:
        if file.suffix == ".jsonl":
            yield from text
        else:
            yield text.read()


def _but(spared: re.Pattern[str], text: str) -> str:
    """Redact a recording but for what the one group of a pattern matches."""
    parts = spared.split(text)
    return "".join(part if n % 2 else REDACTOR.redact(part) for n, part in enumerate(parts))


WIRE = frozenset({"httpcore", "httpx", "h11", "h2", "hpack", "urllib3"})
"""Libraries whose log records hold what comes over the wire; only the first word is their own."""


def redact_log_records() -> None:
    """Make every log record of the process, whatever library makes it, free of protected values."""
    make = logging.getLogRecordFactory()
    if getattr(make, "redacts", False):
        return

    def make_redacted(*args: object, **kwargs: object) -> logging.LogRecord:
        record = make(*args, **kwargs)
        try:
            text = record.getMessage()
        except Exception:
            # A wrongly written log call is not this suite's fault; its parts still must not leak.
            text = f"{record.msg} {record.args}"
        if not REDACTOR.shows_data and record.name.split(".")[0] in WIRE:
            # These show the headers of an answer before it is known whose data they hold.
            text = text.split(" ")[0]
        record.msg, record.args = redact(text), ()
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = redact(f"{record.exc_info[0].__name__}: {record.exc_info[1]}")
        return record

    make_redacted.redacts = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(make_redacted)
