"""What `golive run twin` costs against an earlier state of golive: `python benchmarks/against.py REVISION`.

Both are run in turn in one go, so that what else the machine does weighs on both alike. The ratios count, not the
seconds; where the suites have grown in between, those by check and by request say what a run costs by itself.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]


def measured(source: Path, folder: Path) -> dict[str, float]:
    """Run the suite on the twin once: seconds of wall and processor, checks, requests, and bytes of the run folder."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("GOLIVE_")}
    env |= {"PYTHONPATH": str(source / "src"), "CI": ""}
    before, start = os.times(), time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "golive", "run", "twin"],
        cwd=folder,
        env=env,
        check=True,
        capture_output=True,
    )
    wall, after = time.perf_counter() - start, os.times()
    latest = folder / "reports" / "latest"
    summary = json.loads((latest / "summary.json").read_text(encoding="utf-8"))
    files = [file for file in latest.resolve().rglob("*") if file.is_file()]
    return {
        "wall s": wall,
        "CPU s": (after.children_user - before.children_user)
        + (after.children_system - before.children_system),
        "checks": len(summary["checks"]),
        "requests": summary["requests"],
        "run folder kB": sum(file.stat().st_size for file in files) / 1000,
    }


def main() -> None:
    """Print a table of both states and of their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("revision")
    parser.add_argument("--repeats", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        earlier = Path(name) / "earlier"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "-q", "--detach", str(earlier), asked.revision], check=True)
        try:
            states = {"earlier": earlier, "now": ROOT}
            found: dict[str, list[dict[str, float]]] = {state: [] for state in states}
            for repeat in range(asked.repeats + 1):
                for state, source in states.items():
                    folder = Path(name) / state / "of-runs"
                    folder.mkdir(parents=True, exist_ok=True)
                    one = measured(source, folder)
                    if repeat:  # the first run compiles modules
                        found[state].append(one)
        finally:
            subprocess.run([*git, "remove", "--force", str(earlier)], check=True)
    typical = {
        state: {what: median(one[what] for one in runs) for what in runs[0]}
        for state, runs in found.items()
    }
    for row in typical.values():
        row["wall ms by check"] = 1000 * row["wall s"] / row["checks"]
        row["CPU ms by check"] = 1000 * row["CPU s"] / row["checks"]
    print(f"| | {asked.revision} | now | ratio |\n|---|---:|---:|---:|")
    for what, before in typical["earlier"].items():
        now = typical["now"][what]
        print(f"| {what} | {before:.2f} | {now:.2f} | {now / before:.2f} |")


if __name__ == "__main__":
    main()
