"""Runs on the twin without checks, and answers made by hand, as fingerprints."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from golive.contract.document import Contract
from golive.drift.compare import compare
from golive.drift.fingerprint import Fingerprint, fingerprint, write
from golive.exchanges.headers import Headers
from golive.exchanges.model import Exchange, Request, Response
from golive.kit.files import resources
from golive.mutation.runs import run_all
from golive.pytest_plugin.selecting import with_twin
from golive.pytest_plugin.state import RUN
from golive.redaction import REDACTOR

if TYPE_CHECKING:
    from pathlib import Path

    from golive.pytest_plugin.state import Run

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
CONTRACT = Contract(resources() / "schemas")


class Asked(NamedTuple):
    """A run on the twin: the seed of its people, its defects, and a word that the checks' names hold."""

    seed: int = 1
    defects: tuple[str, ...] = ()
    only: str = ""


class _NoCheck:
    """A plugin: what a run asks is all that is looked at."""

    def pytest_runtestloop(self) -> bool:
        return True


def _begin(asked: Asked, session: pytest.Session) -> None:
    run = session.config.stash[RUN]
    run.environment = with_twin(run.environment, [*asked.defects], asked.seed)
    run.keep_going = True
    session.items[:] = [item for item in session.items if asked.only in item.nodeid]
    session.config.pluginmanager.register(_NoCheck())


def _end(asked: Asked, run: Run, _code: int) -> tuple[Asked, Fingerprint]:
    return asked, fingerprint("twin", run.started, run.made, CONTRACT, run.readers)


_RUNS: dict[Asked, Fingerprint] = {}


def runs_on_twin(*asked: Asked) -> list[Fingerprint]:
    """The fingerprints of all that these runs ask of the twin; no check is run, and no run is made twice."""
    new = [one for one in dict.fromkeys(asked) if one not in _RUNS]
    if new:
        _RUNS.update(run_all(new, _begin, _end, jobs=2))
    return [_RUNS[one] for one in asked]


def answer(
    name: str = "inbox_items",
    operation: str = "listInboxItems",
    body: Any = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
    text: bytes | None = None,
) -> Exchange:
    """An answer to a GET; the body as JSON unless a text is given."""
    sent = headers or {"Content-Type": "application/json", "opc-request-id": "/a/b"}
    content = json.dumps(body).encode() if text is None else text
    request = Request("GET", "https://api.example/x", operation=operation)
    return Exchange(name, request, Response(status, Headers.of(sent), content), NOON, 0.1)


def looked(*answers: Exchange, hour: int = 0, environment: str = "sandbox") -> Fingerprint:
    """The fingerprint of these answers, of a run that began some hours after noon."""
    made = {(one.name, ()): one for one in answers}
    return fingerprint(environment, NOON + timedelta(hours=hour), made, CONTRACT)


def kept(reports: Path, found: Fingerprint) -> Path:
    """Write the fingerprint into a run folder of its time; the folder's path."""
    folder = reports / f"{found.environment}-{found.started:%Y%m%dT%H%M%SZ}"
    folder.mkdir(parents=True)
    write(folder, found)
    return folder


def told(first: Fingerprint, second: Fingerprint) -> list[tuple[str, str, str]]:
    """The changes as severity, place and sentence."""
    return [(str(o.severity), o.at, o.sentence) for o in compare(first, second, CONTRACT).changes]


@pytest.fixture(autouse=True)
def _clean_vault():
    REDACTOR.clear()
    yield
    REDACTOR.clear()


@pytest.fixture
def contract() -> Contract:
    return CONTRACT


@pytest.fixture
def drift() -> Any:
    """This module, for what a test calls with arguments of its own."""
    import sys

    return sys.modules[__name__]
