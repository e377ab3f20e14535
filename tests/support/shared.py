"""What takes long to make and is only read, made once for all processes of tests, or once for each of them."""

from __future__ import annotations

import fcntl
import os
from functools import cache
from typing import TYPE_CHECKING

from golive.mutation.record import Recording, record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest


@cache
def recorded() -> Recording:
    """Give a fault-free run of everything: its exchanges, and its checks ready to be called."""
    return record()


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
