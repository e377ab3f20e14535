"""What a run costs: against the floor, and against the ideal at a latency. Prints Markdown.

    python benchmarks/cost.py                          all tables
    python benchmarks/cost.py --tables run --repeats 1

Everything is measured in one go, on one machine, against a twin of the same build in a process of its own,
whose work is nobody's. In the first table each first run, in which Python compiles modules, is not counted.
The numbers that count are the ratios: seconds differ from machine to machine.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent))

import recorded_run
from measuring import Measured, run, typical
from outside_twin import outside_twin
from volume import volume

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
LEAN = [
    word
    for name in ("schemathesis", "hypothesispytest", "anyio", "cacheprovider")
    for word in ("-p", f"no:{name}")
]
CONCURRENCY = 8
RATE = 1000
LIVE = {"concurrency": 4, "rate": 4}
"""The defaults of an environment that is not the twin's."""


def run_table(folder: Path, repeats: int) -> Iterator[str]:
    """Compare a run with the floor, and with as many empty tests with the same reports."""
    with outside_twin() as twin:
        file, env = twin.environment(folder)
        told = recorded_run.of(file, env, folder)
        bare = folder / "test_bare.py"
        bare.write_text(
            recorded_run.BARE.format(here=HERE, told=told.file, n=told.checks, many=CONCURRENCY)
        )
        golive = [sys.executable, "-m", "golive", "run", str(file), "--profile", "nightly"]
        reports = [f"--junitxml={folder / 'junit.xml'}", f"--alluredir={folder / 'allure'}"]
        commands = {
            "golive run": golive,
            "(b) bare pytest, the same exchanges, as many empty tests, the same reports": [
                sys.executable, "-m", "pytest", *LEAN, "-q", *reports, str(bare),
            ],
            "(a) bare httpx client, the same exchanges": [
                sys.executable, str(HERE / "replayed.py"), str(told.file), str(CONCURRENCY),
            ],
        }  # fmt: skip
        # In turns, because a shared machine is faster at one time than at another.
        rounds = [
            {name: run(command, twin, env=env, cwd=folder) for name, command in commands.items()}
            for _ in range(repeats + 1)
        ]
    found = {name: typical([each[name] for each in rounds[1:]]) for name in commands}
    ours, empty, floor = found.values()
    if ours.code:
        raise SystemExit(f"golive ended with {ours.code}:\n{ours.output[-2000:]}")
    yield "| | wall s | CPU s | requests | peak memory MB |"
    yield "|---|---:|---:|---:|---:|"
    for name, one in found.items():
        yield f"| {name} | {one.wall:.2f} | {one.cpu:.2f} | {one.requests} | {one.memory:.0f} |"
    yield ""
    yield f"golive / (b): {_ratios(ours, empty)} (target: wall at most 1.5)  "
    yield f"golive / (a): {_ratios(ours, floor)}"


def _ratios(one: Measured, other: Measured) -> str:
    return f"wall {one.wall / other.wall:.2f}, CPU {one.cpu / other.cpu:.2f}"


def latency_table(folder: Path, repeats: int) -> Iterator[str]:
    """A run at a latency against the longest of: its chain, its requests by concurrency, by rate."""
    yield "| latency | at a time | rate/s | requests | longest chain | ideal s | golive run s | ratio |"
    yield "|---:|---:|---:|---:|---:|---:|---:|---:|"
    fast = {"concurrency": CONCURRENCY, "rate": RATE}
    for latency, safety in ((0.15, fast), (1.0, fast), (1.0, LIVE)):
        with outside_twin(latency=latency) as twin:
            file, env = twin.environment(folder, **safety)
            told = recorded_run.of(file, env, folder)
            command = [sys.executable, "-m", "golive", "run", str(file), "--profile", "nightly"]
            one = typical([run(command, twin, env=env, cwd=folder) for _ in range(repeats)])
        many, rate = safety["concurrency"], safety["rate"]
        waits = (told.chain * latency, one.requests * latency / many, one.requests / rate)
        yield (
            f"| {latency * 1000:.0f} ms | {many} | {rate} | {one.requests} | {told.chain} "
            f"| {max(waits):.1f} | {one.wall:.1f} | {one.wall / max(waits):.2f} |"
        )
    yield ""
    yield "Target: a ratio of at most 1.3. The ideal leaves out start-up, checks and reports, the run has them."


def volume_table(_folder: Path, _: int) -> Iterator[str]:
    """A parsed inbox against its schema."""
    yield "| list | items | all valid: ms | last item broken: ms | ms per 1,000 valid items |"
    yield "|---|---:|---:|---:|---:|"
    with outside_twin() as twin:
        for name, size, valid, broken in volume(twin):
            each = valid * 1000 / size
            yield f"| {name} | {size:,} | {valid:.1f} | {broken:.1f} | {each:.2f} |"
    yield ""
    yield "Target: at most 5 ms for 1,000 items, and growth with the number of items."


def prove_table(folder: Path, _: int) -> Iterator[str]:
    """Mutants a second on one core."""
    with outside_twin() as twin:
        command = [sys.executable, "-m", "golive", "prove", "--mutants-only", "--seeds", "1"]
        one = run(command, twin, env=dict(os.environ), cwd=folder)
    for line in one.output.splitlines():
        if "mutants a second" in line or line.startswith("mutants, all"):
            yield f"    {line}"


def main() -> None:
    """Print the tables that were asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tables", default="run,latency,volume,prove")
    parser.add_argument("--repeats", type=int, default=5)
    chosen = parser.parse_args()
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.machine()}, "
          f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f} at the start\n")  # fmt: skip
    tables = {
        "run": ("A run against the floor", lambda f: run_table(f, chosen.repeats)),
        "latency": ("A run at a latency", lambda f: latency_table(f, 1)),
        "volume": ("A long inbox", lambda f: volume_table(f, 1)),
        "prove": ("`golive prove`", lambda f: prove_table(f, 1)),
    }
    for name in chosen.tables.split(","):
        title, table = tables[name]
        print(f"## {title}\n", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            for line in table(Path(folder)):
                print(line, flush=True)
        print()


if __name__ == "__main__":
    main()
