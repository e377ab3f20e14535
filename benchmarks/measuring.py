"""One process, measured: its wall time, the processor time of it and its children, and what it asked for."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from outside_twin import OutsideTwin


@dataclass(frozen=True)
class Measured:
    """Seconds of wall and processor time, requests that the twin had, exit code, output, peak memory (MB)."""

    wall: float
    cpu: float
    requests: int
    code: int
    output: str
    memory: float


def run(
    command: Sequence[str], twin: OutsideTwin, *, env: Mapping[str, str], cwd: Path
) -> Measured:
    """Run the command to its end, with Python's compiled modules on disk as they are anywhere else."""
    env = {name: value for name, value in env.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, start = twin.requests, time.perf_counter()
    process = subprocess.Popen(
        command, env=env, cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert process.stdout
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    cpu = usage.ru_utime + usage.ru_stime
    memory = usage.ru_maxrss / 1024  # Linux counts in kilobytes
    return Measured(wall, cpu, twin.requests - before, process.returncode, output, memory)


def typical(many: Sequence[Measured]) -> Measured:
    """Return the median of wall and processor time; requests and code are those of the last."""
    last = many[-1]
    wall, cpu = median(m.wall for m in many), median(m.cpu for m in many)
    memory = max(m.memory for m in many)
    return Measured(wall, cpu, last.requests, last.code, last.output, memory)
