"""One whole run of the twin for all of these tests, and what a live run of production would have left, made from it."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from har_files import golive as whole_run
from shared import once

from golive.cli import exit_code_of
from golive.evidence.envelope import private_key
from golive.evidence.statement import FILES, keep_evidence
from golive.kit.json_text import utc

if TYPE_CHECKING:
    from pathlib import Path

TENANT = "2a5d3b0c-77aa-4a09-9c58-0d6a3c1f4e21"


def write_pair(folder: Path, name: str) -> Path:
    """Write NAME.key and NAME.pub as OpenSSL does; return the private one."""
    key = Ed25519PrivateKey.generate()
    private = folder / f"{name}.key"
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    private.with_suffix(".pub").write_bytes(public)
    return private


@pytest.fixture(scope="session")
def run_of_twin(tmp_path_factory) -> Path:
    """A folder with a whole, signed run of the twin, and the keys `release` and `another`."""

    def make(folder: Path) -> None:
        release = write_pair(folder, "release")
        write_pair(folder, "another")
        ended = whole_run(folder, "run", "twin", "--profile", "nightly", "--sign", release)
        assert ended.code == 0, ended.out

    return once(tmp_path_factory, "evidence-of-the-twin", make)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def keys(run_of_twin):
    return run_of_twin


@pytest.fixture
def golive(here, capsys):
    """The command line in this process: the exit code, and all that it printed in one line."""

    def call(*arguments):
        code = exit_code_of([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return code, " ".join(f"{said.out} {said.err}".split())

    return call


@pytest.fixture
def live_run(run_of_twin, here):
    """Make the folder of a run of production: the files of the run, with what a live one says in their place."""

    def make(*, tenant=TENANT, name="production", hours=1.0, key=None, change=None, stem=""):
        ended = datetime.now(UTC) - timedelta(hours=hours)
        source = run_of_twin / "reports/latest"
        folder = here / "reports" / (stem or f"{name}-{ended:%Y%m%dT%H%M%SZ}-{tenant[:4]}")
        folder.mkdir(parents=True)
        for file in FILES[1:]:
            shutil.copy(source / file, folder / file)
        text = (source / "summary.json").read_text()
        summary = json.loads(re.sub(r"http://127\.0\.0\.1:[0-9]+/", "https://", text))
        summary |= {"twin": False, "double": "", "ended": utc(ended)}
        summary["started"] = utc(ended - timedelta(minutes=1))
        summary["environment"] |= {"name": name, "tenant": tenant}
        if change:
            change(summary)
        (folder / "summary.json").write_text(json.dumps(summary))
        assert keep_evidence(folder, private_key(key) if key else None) == ""
        return folder

    return make
