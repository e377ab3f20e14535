"""The plugin's options, and the start and end of its state in each process."""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from golive.checks.verdict import ExitCode
from golive.contract.apis import known_apis
from golive.contract.document import Contract
from golive.environment import find, github_actions, in_pipeline, load, safe_name
from golive.kit.problems import ConfigurationProblem
from golive.kit.signals import PATIENCE, end_within
from golive.pytest_plugin.finish import UMASK, leave
from golive.pytest_plugin.project import make_importable, offer_exchanges
from golive.pytest_plugin.refusing import only_shows, refusal
from golive.pytest_plugin.selecting import spread, with_generation, with_twin, within, within_time
from golive.pytest_plugin.sinks import redact_log_records
from golive.pytest_plugin.state import CONTROLLER, RUN, Loaded, Run, is_worker
from golive.redaction import REDACTOR
from golive.report import files
from golive.transport.session import protect

if TYPE_CHECKING:
    from golive.environment import Environment

PRIVATE = 0o077

MARKERS = {
    "golive_check": "the test is a check of the contract (set by @check)",
    "oauth": "the token endpoint, the token and the key set",
    "errors": "refusals: the rows of schemas/errors.yaml",
    "generated": "reads the answers to generated requests; runs only with --generated",
    "writes": "sends or changes messages; runs only in test tenants",
}

OPTIONS: dict[str, dict[str, Any]] = {
    "--env": {
        "default": "twin",
        "metavar": "ENV",
        "help": "environment, by name or by path (default: twin)",
    },
    "--fail-on-advice": {"action": "store_true", "help": "treat advisory findings as failures"},
    "--defect": {
        "action": "append",
        "default": [],
        "metavar": "NAME",
        "help": "start the embedded twin with this defect (see `golive twin --list-defects`); repeatable",
    },
    "--twin-seed": {
        "type": int,
        "metavar": "N",
        "help": "start the embedded twin with different data: the seed of its people",
    },
    "--generated": {
        "action": "store_true",
        "help": "send generated requests as well (schemathesis); their findings are advice unless the "
        "environment says `generated.decides: true`",
    },
    "--seed": {
        "type": int,
        "metavar": "N",
        "help": "repeat the generated requests of an earlier run (with --generated)",
    },
    "--profile": {
        "choices": ("gate", "nightly"),
        "default": "gate",
        "metavar": "gate|nightly",
        "help": "how thoroughly to ask: gate tries each rule about who may ask at some operations, and leaves out what "
        "only varies another question; nightly asks everything, as does a selection of checks. With --generated, gate "
        "always sends the same requests, nightly different ones each night, and more (default: gate)",
    },
    "--keep-going": {"action": "store_true", "help": "run the checks even if preflight fails"},
    "--update-deviations": {
        "action": "store_true",
        "help": "propose entries for the environment's known_deviations; changes none of your files",
    },
    "--time-limit": {
        "type": float,
        "metavar": "SECONDS",
        "help": "stop sending after this many seconds, and report what is known by then (default: "
        "`safety.time_limit` of the environment, 600)",
    },
    "--budget": {
        "type": int,
        "metavar": "N",
        "help": "send at most N requests, those first that show most known faults, and report what that leaves "
        "out (at most `safety.budget` of the environment)",
    },
    "--client": {
        "action": "store_true",
        "help": "judge the requests of a client, by the checks of suites/client alone",
    },
    "--allure": {
        "action": "store_true",
        "help": "write Allure's results into the run folder; a pipeline, which sets CI, always gets them",
    },
    "--run-folder": {"metavar": "DIR", "help": "write summary.json into this folder"},
}
"""The plugin's options as pytest's parser takes them; `golive run --help` lists them, too."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add golive's options to pytest's."""
    make_importable()  # the conftest.py files of suites are read after this
    group = parser.getgroup("golive", "contract suite for the Millennium Messages API")
    for name, settings in OPTIONS.items():
        group.addoption(name, **settings)


@pytest.hookimpl(tryfirst=True)  # before allure-pytest has made its recorder
def pytest_configure(config: pytest.Config) -> None:
    """Load the environment, or take it over from the controller."""
    # Hardly anything of a run becomes garbage, and looking for it took a tenth of the run.
    gc.set_threshold(20_000, 20, 50)
    _choose_allure(config)
    if config.getoption("allure_report_dir", None):
        from golive.report.allure import use

        use()
    of_apis = {api.suite: f"the {api.title}" for api in known_apis().values()}
    for name, meaning in {**MARKERS, **of_apis}.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")
    redact_log_records()
    # What a run writes is for nobody else on this machine, whatever the shell says.
    config.stash[UMASK] = os.umask(PRIVATE)
    if is_worker(config):
        export_state: dict[str, Any] = pickle.loads(config.workerinput["golive"])  # type: ignore[attr-defined]  # noqa: S301 - from our own controller
        REDACTOR.import_state(export_state["vault"])
        run: Run = export_state["run"]
        # What a pass proves is read in it.
        run.services["contract"] = Contract()
        config.stash[RUN] = run
        offer_exchanges(config)
        return
    try:
        config.stash[RUN] = CONTROLLER["run"] = _run_for(config)
    except (pytest.UsageError, ConfigurationProblem) as error:
        _report_in_folder(config, str(error))
        raise pytest.UsageError(str(error)) from None
    end_within(PATIENCE, partial(leave, config))
    actions = None if only_shows(config.option) else github_actions()
    if actions is not None:
        from golive.pytest_plugin.github import InActions

        config.pluginmanager.register(InActions(config, actions), "golive-github")


def _choose_allure(config: pytest.Config) -> None:
    """Let allure-pytest, where it is there, write into the run folder: on demand, and in a pipeline."""
    folder = config.getoption("--run-folder")
    wanted = config.getoption("--allure") or in_pipeline()
    if folder and wanted and getattr(config.option, "allure_report_dir", "") is None:
        config.option.allure_report_dir = str(Path(folder) / "allure-results")


def _run_for(config: pytest.Config) -> Run:
    """Return the run that the options ask for; raises UsageError or ConfigurationProblem where it can't begin."""
    if reason := refusal(config.option, config.invocation_params.args):
        raise pytest.UsageError(reason)
    offer_exchanges(config)
    given = _given(config)
    environment = given.environment if given else load(find(config.getoption("--env")))
    option, archive = config.getoption, given.archive if given else None
    environment = with_twin(environment, option("--defect"), option("--twin-seed"))
    environment = with_generation(
        environment,
        wanted=option("--generated"),
        profile=option("--profile"),
        seed=option("--seed"),
    )
    if archive is None:
        environment = spread(environment, config)
    environment = within_time(environment, option("--time-limit"))
    environment = within(environment, option("--budget"))
    protect(environment)
    return Run(
        allure=option("allure_report_dir", None),
        environment=environment,
        archive=archive,
        of_client=option("--client"),
        started=datetime.now(UTC),
        folder=None if only_shows(config.option) else _begun(option("--run-folder"), environment),
        fail_on_advice=option("--fail-on-advice"),
        keep_going=option("--keep-going"),
        update_deviations=option("--update-deviations"),
    )


def _report_in_folder(config: pytest.Config, problem: str) -> None:
    """Say in the run folder what made the run impossible; pytest says it on the terminal."""
    folder = config.getoption("--run-folder")
    if folder is not None and not only_shows(config.option):
        name = safe_name(config.getoption("--env"))
        with contextlib.suppress(OSError):
            Path(folder).mkdir(parents=True, exist_ok=True)
            files.end(Path(folder), name, ExitCode.CONFIGURATION, problem.splitlines())


def _given(config: pytest.Config) -> Loaded | None:
    plugins = config.pluginmanager.get_plugins()
    return next((one for one in plugins if isinstance(one, Loaded)), None)


def _begun(folder: str | None, environment: Environment) -> Path | None:
    """Return the run folder, begun; raises UsageError where nothing can be written in it."""
    if folder is None:
        return None
    path = Path(folder)
    try:
        files.begin(path, environment.name, environment.redacted(), twin=environment.needs_twin)
    except OSError as error:
        raise pytest.UsageError(files.unwritable_folder(path, error)) from None
    return path


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say what the run is about to ask, and whom."""
    from golive.report.text import header

    return header(config.stash[RUN].environment)
