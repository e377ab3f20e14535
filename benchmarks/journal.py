"""What judging a client costs: as many requests at a bare twin and at the one of `golive client`, in turn.

    python benchmarks/journal.py [REQUESTS]

Prints requests a second at both with their ratio, and the peak memory of `golive client`, verdict and page
included. The client is the same small program in a process of its own.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from outside_twin import outside_twin

REQUESTS = 10_000
SCOPE = "oraclehealth:millennium:message"
PATIENT = "12700100"


def work(requests: int) -> None:
    """Take a token, list an inbox as often as asked, and print the requests a second."""
    given = os.environ
    form = {"grant_type": "client_credentials", "scope": SCOPE}
    account = given["GOLIVE_CLIENT_ID"], given["GOLIVE_CLIENT_SECRET"]
    granted = httpx.post(given["GOLIVE_TOKEN_URL"], auth=account, data=form, trust_env=False)
    headers = {"Authorization": f"Bearer {granted.raise_for_status().json()['access_token']}"}
    api = urlsplit(given["GOLIVE_API_URL"])
    # Not httpx: it takes longer over a request than the twin does.
    connection = http.client.HTTPConnection(api.netloc)
    start = time.perf_counter()
    for _ in range(requests):
        path = f"{api.path}/patientMessages/inboxItems?patientId={PATIENT}"
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
    print(json.dumps({"per_second": requests / (time.perf_counter() - start)}), flush=True)


def per_second(printed: str) -> float:
    """Return what `work` printed, wherever it stands in the output."""
    line = next(line for line in printed.splitlines() if line.startswith('{"per_second"'))
    return float(json.loads(line)["per_second"])


def main() -> None:
    """Measure both and print a table."""
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    program = (sys.executable, __file__, "--work", str(requests))
    with outside_twin() as twin:
        account = twin.accounts["system"]
        given = {
            "GOLIVE_TOKEN_URL": twin.token_url,
            "GOLIVE_API_URL": f"{twin.api}/20241001",
            "GOLIVE_CLIENT_ID": account["client_id"],
            "GOLIVE_CLIENT_SECRET": account["client_secret"],
        }
        bare = subprocess.run(
            program, env={**os.environ, **given}, capture_output=True, text=True, check=True
        )
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "printed").open("w") as printed:
        command = ("golive", "client", "--token-lifetime", "3600", "--", *program)
        judged = subprocess.Popen((sys.executable, "-m", *command), cwd=folder, stdout=printed)
        _, status, used = os.wait4(judged.pid, 0)
        text = Path(printed.name).read_text(encoding="utf-8")
        sizes = {one.name: one.stat().st_size for one in Path(folder).glob("reports/*/*.*")}
    peak = used.ru_maxrss / 1024
    before, after = per_second(bare.stdout), per_second(text)
    print(f"{requests} requests: bare twin {before:.0f}/s, golive client {after:.0f}/s", end=", ")
    print(
        f"ratio {after / before:.2f}; peak memory {peak:.0f} MB, exit code {os.waitstatus_to_exitcode(status)}"
    )
    print(", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in sorted(sizes.items())))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--work"]:
        work(int(sys.argv[2]))
    else:
        main()
