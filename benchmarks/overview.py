"""What `golive gather` costs: folders of many tenants and nights, made from two real runs on the twin.

Each folder holds the whole summary of a real run, with another tenant, another time, and on some nights the verdict of
the run with a defect. It prints the verdicts, seconds, CPU seconds and the most memory that the process had.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from golive.report.summary import as_json

FIRST = datetime(2026, 10, 1, 3, 17, tzinfo=UTC)
DEFECT = "expires-in-is-text"
KEY, TENANT, BEGAN = "@the key@", "@the tenant@", "@the time@"


def real_run(folder: Path, *options: str) -> dict[str, Any]:
    """Run golive on the twin and return its summary."""
    command = [sys.executable, "-m", "golive", "run", "twin", "--reports", str(folder), *options]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    data: dict[str, Any] = json.loads((folder / "latest" / "summary.json").read_text("utf-8"))
    return data


def form(data: dict[str, Any], **other: Any) -> str:
    """Return a summary with a place for another key, tenant and time, as if a deployment had been asked."""
    about = {**data["environment"], "name": KEY, "tenant": TENANT}
    real = {"environment": about, "started": BEGAN, "ended": BEGAN, "twin": False, "double": ""}
    return as_json({**data, **real, **other})


def make(
    folder: Path, good: dict[str, Any], bad: dict[str, Any], tenants: int, nights: int
) -> Path:
    """Make the folders of all tenants and nights and the list of the tenants; return the list.

    Of the last night, one tenant's folders are lost, one's run was killed, and one's is of the twin.
    """
    fine, broken = form(good), form(bad)
    killed = form(good, finished=False, verdict="INTERRUPTED", exit_code=130)
    twin = form(good, twin=True, double=good["double"])
    odd = {tenants - 3: twin, tenants - 2: killed}
    for night in range(nights):
        began = FIRST + timedelta(days=night)
        for tenant in range(tenants):
            if tenant == tenants - 1:
                continue
            text = broken if tenant % 10 == 0 and night % 7 > tenant % 7 else fine
            if night == nights - 1:
                text = odd.get(tenant, text)
            key = f"production@hospital-{tenant:03}"
            place = folder / f"{key}-{began:%Y%m%dT%H%M%SZ}"
            place.mkdir(parents=True)
            said = {KEY: key, TENANT: f"tenant-{tenant:03}", BEGAN: f"{began:%Y-%m-%dT%H:%M:%SZ}"}
            for name, value in said.items():
                text = text.replace(name, value)
            (place / "summary.json").write_text(text, encoding="utf-8")
    names = (f"hospital-{tenant:03},tenant-{tenant:03},production" for tenant in range(tenants))
    listed = folder.parent / "tenants.csv"
    listed.write_text("\n".join(["name,tenant,environment", *names, ""]), encoding="utf-8")
    return listed


def main() -> None:
    """Make the folders where they are not there yet, gather them, and print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the folders are made (4 GB for 500 x 30)")
    parser.add_argument("--tenants", type=int, default=500)
    parser.add_argument("--nights", type=int, default=30)
    asked = parser.parse_args()
    runs = asked.folder / "runs"
    if not runs.exists():
        good = real_run(asked.folder / "real")
        broken = real_run(asked.folder / "real", "--defect", DEFECT)
        make(runs, good, broken, asked.tenants, asked.nights)
    out = asked.folder / "overview"
    command = [sys.executable, "-m", "golive", "gather", str(runs), "--out", str(out)]
    command += ["--tenants", str(asked.folder / "tenants.csv")]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    took, code = time.perf_counter() - began, os.waitstatus_to_exitcode(status)
    print(json.loads((out / "summary.json").read_text("utf-8"))["meaning"])
    print(
        f"{asked.tenants} tenants, {asked.nights} nights: exit code {code}, {took:.1f} s, "
        f"{used.ru_utime + used.ru_stime:.1f} s of CPU, {used.ru_maxrss / 1024:.0f} MB at the most; "
        f"overview.html has {(out / 'overview.html').stat().st_size / 1e6:.1f} MB"
    )


if __name__ == "__main__":
    main()
