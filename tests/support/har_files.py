"""Commands of golive in a folder, and recordings as browsers and proxies write them."""

from __future__ import annotations

import json
import os
import sys
import urllib.parse
import urllib.request
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import forked

from golive.exchanges.model import exchanges_in
from golive.report.summary import whole

if TYPE_CHECKING:
    from golive.twin import Twin

ROOT = Path(__file__).parents[2]
TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"


@dataclass(frozen=True)
class Ended:
    """How a command ended, what it printed, and where it wrote."""

    code: int
    out: str
    folder: Path

    @property
    def summary(self) -> dict[str, Any]:
        return whole(json.loads((self.folder / "reports/latest/summary.json").read_text("utf-8")))

    @property
    def har(self) -> dict[str, Any]:
        return json.loads((self.folder / "reports/latest/exchanges.har").read_text("utf-8"))


def golive(folder: Path, *arguments: object) -> Ended:
    """Run a command of golive in a folder, without any variable of golive's."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("GOLIVE_", "PYTEST_"))}
    done = forked.run(
        [sys.executable, "-m", "golive", *map(str, arguments)],
        cwd=folder,
        env=kept | {"PYTHONPATH": str(ROOT / "src"), "COLUMNS": "100"},
        stdout=forked.PIPE,
        stderr=forked.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    return Ended(done.returncode, done.stdout, folder)


def as_others_write(recording, file: Path, *, credentials: bool = True) -> Path:
    """Write a recording as browsers and proxies do: without anything of golive's, names of headers in small letters."""
    exchanges = {one.number: one for one in exchanges_in(recording.made.values())}
    entries = [entry_of_others(exchanges[n], credentials=credentials) for n in sorted(exchanges)]
    file.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}), "utf-8")
    return file


def entry_of_others(exchange, *, credentials: bool) -> dict[str, Any]:
    request, response = exchange.request, exchange.response
    sent = [
        {"name": name.lower(), "value": value}
        for name, value in request.headers
        if credentials or name.lower() != "authorization"
    ]
    posted = {"postData": {"mimeType": "", "text": request.body.decode()}} if request.body else {}
    return {
        "startedDateTime": exchange.sent_at.isoformat(),
        "time": exchange.seconds * 1000,
        "request": {
            "method": request.method,
            "url": request.url,
            "headers": [{"name": ":authority", "value": "x"}, *sent, {"name": "user-agent", "value": "Mozilla/5.0"}],
            **posted,
        },
        "response": {
            "status": response.status,
            "headers": [{"name": name, "value": value} for name, value in response.headers],
            "content": {"size": len(response.body), "text": response.body.decode("utf-8", "replace")},
        },
    }  # fmt: skip


def granted(twin: Twin) -> str:
    """Ask the twin for a token, as the page's server would."""
    account = twin.accounts["system"]
    url = (
        f"{twin.address}/authorization.cerner.com/tenants/{TENANT}/hosts/api.cernermillennium.com"
        "/protocols/oauth2/profiles/smart-v1/token"
    )
    form = {"grant_type": "client_credentials", "scope": "oraclehealth:millennium:message"}
    pair = b64encode(f"{account.client_id}:{account.client_secret}".encode()).decode()
    request = urllib.request.Request(url, urllib.parse.urlencode(form).encode())
    request.add_header("Authorization", f"Basic {pair}")
    with urllib.request.urlopen(request) as answer:
        return str(json.load(answer)["access_token"])
