"""Runs of the real command line against a twin outside of the run, which notes whatever arrives."""

import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import forked
import pytest
import yaml

from golive.report.summary import whole
from golive.twin import Twin

ROOT = Path(__file__).parents[2]
TOKEN_PATH = "/protocols/oauth2/"
ACCOUNTS = {
    "": "system",
    "other_cloud": "sandbox-cloud",
    "other_tenant": "customer",
    "without_message_scope": "without-message-scope",
    "private_key_jwt": "system-es384",
    "private_key_jwt_rsa": "system-rs384",
}


@dataclass(frozen=True)
class Ran:
    """How a process ended, and where it wrote."""

    code: int
    out: bytes
    folder: Path

    @property
    def text(self) -> str:
        return self.out.decode("utf-8", "replace")

    @property
    def summary(self) -> dict[str, Any]:
        return whole(json.loads((self.folder / "reports/latest/summary.json").read_text("utf-8")))


@dataclass(frozen=True)
class Deployment:
    """An environment file that points to a twin, the variables it needs, and its secrets."""

    file: Path
    variables: dict[str, str]
    secrets: tuple[str, ...]


def deployment(twin: Twin, file: Path, **changes: Any) -> Deployment:
    """Write the twin's environment for a twin that runs elsewhere: every credential is a variable."""
    text = (ROOT / "environments" / "twin.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text.replace("{twin}", twin.address))
    del data["twin"]
    variables = {"GOLIVE_EXPIRED": twin.tokens["expired-token"]}
    data["claims"]["expired_token"] = "${GOLIVE_EXPIRED}"
    secrets = [twin.tokens["expired-token"]]
    for number, (key, name) in enumerate(ACCOUNTS.items()):
        account = twin.accounts[name]
        section = data["claims"]["accounts"][key] if key else data["token"]
        section["credential"] = {"client_id": f"${{GOLIVE_ID_{number}}}"}
        variables[f"GOLIVE_ID_{number}"] = account.client_id
        if account.client_secret:
            section["credential"]["client_secret"] = f"${{GOLIVE_SECRET_{number}}}"
            variables[f"GOLIVE_SECRET_{number}"] = account.client_secret
            secrets += [account.client_secret, f"{account.client_id}:{account.client_secret}"]
        else:
            key_text = account.private_key_pem or ""
            section["credential"] |= {
                "private_key": f"${{GOLIVE_KEY_{number}}}",
                "key_id": account.key_id,
                "algorithm": name[-5:].upper(),
            }
            variables[f"GOLIVE_KEY_{number}"] = key_text
            secrets += [line for line in key_text.splitlines() if line[:3] != "---"]
    for section, members in changes.items():
        if isinstance(members, dict):
            data[section] = {**data.get(section, {}), **members}
        else:
            data[section] = members
    file.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return Deployment(file, variables, tuple(one for one in secrets if len(one) > 20))


def process(folder: Path, *arguments: str, **variables: str) -> Ran:
    """Run Python in a folder with these arguments, without anything that leads a run elsewhere."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GOLIVE_", "PYTEST_", "COV"))}
    path = os.pathsep.join([str(ROOT / "src"), str(Path(__file__).parent)])
    done = forked.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**kept, "PYTHONPATH": path, "COLUMNS": "120", **variables},
        stdout=forked.PIPE,
        stderr=forked.STDOUT,
        timeout=200,
        check=False,
    )
    return Ran(done.returncode, done.stdout, folder)


@dataclass(frozen=True)
class Arrived:
    """What a read-only environment's twin received, and how the run ended."""

    ran: Ran
    methods: Counter[str]
    writes: tuple[str, ...]
    token_posts: int


Arrivals = Callable[..., Arrived]


@pytest.fixture
def arrivals(tmp_path: Path) -> Arrivals:
    """Make `golive COMMAND FILE ARGUMENTS…` read-only against a recording twin; say what arrived.

    Whatever is to be proven to write nothing is proven by a call of this, generated requests as well.
    """

    def run(*arguments: str, command: str = "run", defects: tuple[str, ...] = ()) -> Arrived:
        with Twin(defects=defects) as twin:
            made = deployment(
                twin,
                tmp_path / "read-only.yaml",
                safety={"writes": "forbidden"},
                generated={"gate_budget": 100},
            )
            words = ("-m", "golive", command, str(made.file), *arguments)
            ran = process(tmp_path, *words, **made.variables)
            received = list(twin.requests)
        # By the method alone: a GET, HEAD or OPTIONS changes nothing (RFC 9110 §9.2.1).
        unsafe = [one for one in received if one.method not in {"GET", "HEAD", "OPTIONS"}]
        tokens = [one for one in unsafe if one.method == "POST" and TOKEN_PATH in one.path]
        writes = tuple(f"{one.method} {one.path}" for one in unsafe if one not in tokens)
        return Arrived(ran, Counter(one.method for one in received), writes, len(tokens))

    return run


@pytest.fixture
def safety() -> Any:
    """This module, for what a test calls with arguments of its own."""
    return sys.modules[__name__]
