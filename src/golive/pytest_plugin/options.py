"""The plugin's options, and the start and end of its state in each process."""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from golive.connecting import protect
from golive.environment import find, load
from golive.problems import ConfigurationProblem
from golive.pytest_plugin.sinks import close
from golive.pytest_plugin.state import CONTROLLER, RUN, Run, is_worker
from golive.redaction import VAULT, redact_log_records

if TYPE_CHECKING:
    from golive.environment import Environment

MARKERS = {
    "golive_check": "the test is a check of the contract (set by @check)",
    "oauth": "the token endpoint, the token and the key set",
    "messages": "the five operations of the Messages API",
    "errors": "refusals: the rows of schemas/errors.yaml",
    "writes": "sends or changes messages; runs only in test tenants",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add golive's options to pytest's."""
    group = parser.getgroup("golive", "contract suite for the Millennium Messages API")
    group.addoption(
        "--env",
        default="twin",
        metavar="ENV",
        help="environment, by name or by path (default: twin)",
    )
    group.addoption(
        "--fail-on-advice", action="store_true", help="let advice decide the verdict, too"
    )
    group.addoption(
        "--defect",
        action="append",
        default=[],
        metavar="NAME",
        help="let the embedded twin tell this lie (see `golive twin --list-defects`); repeatable",
    )
    group.addoption("--twin-seed", type=int, metavar="N", help="seed of the embedded twin's people")
    group.addoption(
        "--keep-going",
        action="store_true",
        help="run the checks even where the walk before them has found a cause to stop",
    )
    group.addoption("--run-folder", metavar="DIR", help="write summary.json into this folder")


def pytest_configure(config: pytest.Config) -> None:
    """Load the environment, or take it over from the controller."""
    for name, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")
    redact_log_records()
    if is_worker(config):
        handed: dict[str, Any] = pickle.loads(config.workerinput["golive"])  # type: ignore[attr-defined]  # noqa: S301 - from our own controller
        VAULT.take(handed["vault"])
        config.stash[RUN] = handed["run"]
        return
    try:
        environment = load(find(config.getoption("--env")))
    except ConfigurationProblem as problem:
        raise pytest.UsageError(str(problem)) from None
    environment = _with_twin(
        environment, config.getoption("--defect"), config.getoption("--twin-seed")
    )
    protect(environment)
    folder = config.getoption("--run-folder")
    config.stash[RUN] = CONTROLLER["run"] = Run(
        environment=environment,
        started=datetime.now(UTC),
        folder=Path(folder) if folder else None,
        fail_on_advice=config.getoption("--fail-on-advice"),
        keep_going=config.getoption("--keep-going"),
    )
    alone = multiprocessing.parent_process() is None
    if alone and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _as_interrupt)


def _as_interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _with_twin(environment: Environment, defects: list[str], seed: int | None) -> Environment:
    if not defects and seed is None:
        return environment
    if not environment.needs_twin:
        raise pytest.UsageError(
            "--defect and --twin-seed need an environment that starts the embedded twin"
        )
    settings = environment.twin
    settings = replace(
        settings,
        defects=(*settings.defects, *defects),
        seed=settings.seed if seed is None else seed,
    )
    return replace(environment, twin=settings)


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say what the run is about to ask, and whom."""
    from golive.reporting.words import header

    return header(config.stash[RUN].environment)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Close connections, end the twin, and go over what was written."""
    run = config.stash.get(RUN, None)
    CONTROLLER.pop("run", None)
    if run and run.client:
        run.client.close()
    if run and run.twin:
        run.twin.stop()
    close(config)
