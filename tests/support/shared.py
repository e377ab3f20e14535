"""What takes long to make and is only read, made once for all processes of tests, or once for each of them."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from golive.mutation.record import Recording, record
from golive.redaction import REDACTOR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pytest


@cache
def recorded() -> Recording:
    """Give a fault-free run of everything: its exchanges, and its checks ready to be called."""
    return _made()[0]


@cache
def _made() -> tuple[Recording, dict[str, object]]:
    recording = record()
    return recording, dict(vars(REDACTOR))


@contextmanager
def as_in_its_run() -> Iterator[None]:
    """Let what is shown be what that run showed, whatever other tests have made of it in this process."""
    _, shown = _made()
    before = dict(vars(REDACTOR))
    vars(REDACTOR).update(shown)
    try:
        yield
    finally:
        vars(REDACTOR).update(before)


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Give the folder of this name; whichever process comes first makes and fills it, which counts for no coverage."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, made = shared / name, shared / f"{name}.made"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            folder.mkdir(exist_ok=True)
            measured = os.environ.pop("COVERAGE_PROCESS_CONFIG", None)
            try:
                make(folder)
            finally:
                if measured is not None:
                    os.environ["COVERAGE_PROCESS_CONFIG"] = measured
            made.touch()
    return folder
