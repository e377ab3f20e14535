"""Where a run writes: `reports/<environment>-<UTC time>/`; `reports/latest` is the last one."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

LATEST = "latest"


@dataclass(frozen=True)
class RunFolder:
    """The folder of one run."""

    path: Path

    @classmethod
    def make(cls, reports: Path, environment: str) -> RunFolder:
        """Make a new folder below `reports`; raises click.ClickException where it can't."""
        stem = f"{environment}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        for attempt in count(1):
            path = reports / (stem if attempt == 1 else f"{stem}-{attempt}")
            try:
                path.mkdir(parents=True)
            except FileExistsError:
                if reports.is_dir():
                    continue  # another run began in the same second
                raise click.ClickException(f"{reports} is in the way: it is no folder.") from None
            except OSError as error:
                raise click.ClickException(
                    f"the run folder {path} can't be made: {error.strerror}. "
                    "Start golive in a folder in which you may write."
                ) from None
            return cls(path)
        raise AssertionError  # count() does not end

    def finish(self) -> None:
        """Point `latest` to this folder, or remove it where the run has left nothing in it."""
        if not (self.path / "summary.json").is_file():
            if not any(file.is_file() and file.stat().st_size for file in self.path.rglob("*")):
                shutil.rmtree(self.path, ignore_errors=True)
            return
        fresh = self.path.with_name(f".{LATEST}-{os.getpid()}")
        # A file system without symbolic links has no `latest`; the run is none the worse for it.
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(self.path.name, target_is_directory=True)
            fresh.replace(self.path.with_name(LATEST))
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
