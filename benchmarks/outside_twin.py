"""A twin in a process of its own, so that its work is not counted as anybody's: `with outside_twin() as twin`.

Run as a program it serves until its standard input ends, and answers each line with the number of requests
that it has had.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ENVIRONMENT = Path(__file__).parents[1] / "environments" / "twin.yaml"
TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"


@dataclass
class OutsideTwin:
    """A running twin: its root URL, its accounts, and how many requests it has had."""

    root: str
    accounts: dict[str, dict[str, Any]]
    expired_token: str
    _process: subprocess.Popen[str]

    @property
    def requests(self) -> int:
        """The number of requests so far."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    @property
    def api(self) -> str:
        """The base URL of the API, without the version."""
        return f"{self.root}/api.cernermillennium.com/{TENANT}/message"

    @property
    def token_url(self) -> str:
        """The token endpoint of the production cloud."""
        host = f"{self.root}/authorization.cerner.com/tenants/{TENANT}"
        return f"{host}/hosts/api.cernermillennium.com/protocols/oauth2/profiles/smart-v1/token"

    def environment(self, folder: Path, **safety: object) -> tuple[Path, dict[str, str]]:
        """Write an environment file that names this twin; return it and the variables that it needs."""
        variables = {"GOLIVE_EXPIRED_TOKEN": self.expired_token}
        text = ENVIRONMENT.read_text(encoding="utf-8").replace("{twin}", self.root)
        for name, account in self.accounts.items():
            prefix = "GOLIVE_" + name.upper().replace("-", "_")
            members = {"client_id": f"${{{prefix}_ID}}"}
            variables[f"{prefix}_ID"] = account["client_id"]
            if account["client_secret"]:
                members["client_secret"] = f"${{{prefix}_SECRET}}"
                variables[f"{prefix}_SECRET"] = account["client_secret"]
            else:
                members["private_key"] = f"${{{prefix}_KEY}}"
                variables[f"{prefix}_KEY"] = account["private_key_pem"]
                members |= {"key_id": account["key_id"], "algorithm": account["algorithm"]}
            text = text.replace(f"{{twin: {name}}}", json.dumps(members))
        text = text.replace("{twin: expired-token}", "${GOLIVE_EXPIRED_TOKEN}")
        lines = [line for line in text.splitlines() if line not in ("twin:", "  seed: 1")]
        for key, value in safety.items():
            lines = [
                f"  {key}: {value}" if line.startswith(f"  {key}:") else line for line in lines
            ]
        file = folder / "bench.yaml"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return file, {**os.environ, **variables}


@contextmanager
def outside_twin(*, latency: float = 0.0, defects: tuple[str, ...] = ()) -> Iterator[OutsideTwin]:
    """Start a twin in a process of its own and end it afterwards."""
    command = [sys.executable, __file__, str(latency), *defects]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdin
    try:
        told = json.loads(process.stdout.readline())
        yield OutsideTwin(told["root"], told["accounts"], told["expired_token"], process)
    finally:
        process.stdin.close()
        process.wait()


def _serve() -> None:
    from dataclasses import asdict

    from golive.twin import Twin

    with Twin(latency=float(sys.argv[1]), defects=sys.argv[2:]) as twin:
        accounts = {name: asdict(account) for name, account in twin.accounts.items()}
        told = {
            "root": twin.address,
            "accounts": accounts,
            "expired_token": twin.tokens["expired-token"],
        }
        print(json.dumps(told), flush=True)
        for _ in sys.stdin:
            print(len(twin.requests), flush=True)


if __name__ == "__main__":
    _serve()
