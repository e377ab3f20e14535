"""Before the checks: whether the selection fits into the budget, and the preflight stages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from golive.kit.signals import raise_if_asked
from golive.pytest_plugin.fixtures import EXCHANGES
from golive.pytest_plugin.generating import last

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from golive.exchanges.registry import Key
    from golive.pytest_plugin.state import Run


def run_preflight_first(run: Run, config: pytest.Config, keys: list[Key]) -> None:
    """Run the preflight stages that the checks need, once, and keep the exchanges that this made.

    A selection whose exchanges can't all be made is stopped before anything is sent.
    """
    from golive.diagnosis.preflight import Preflight, run_preflight

    if _too_large(run, config, keys):
        return
    passed: list[Any] = []
    show = _stage_printer(config)

    def on_stage(stage: Any) -> None:
        passed.append(stage)
        show(stage)
        raise_if_asked()

    try:
        api, tokens = run.services["api"], run.services["tokens"]
        run.preflight = run_preflight(
            run.environment, api, tokens, on_stage, until=_last_stage(keys)
        )
    except KeyboardInterrupt:
        run.preflight = Preflight(stages=passed)  # what it had learnt
        raise
    for name, made in run.preflight.made.items():
        plain = EXCHANGES.plain(made.request.operation) or name
        run.made[plain, ()] = replace(made, name=plain)
    run.services["api"].retry_unknown_key = True


def _last_stage(keys: list[Key]) -> Literal["names", "token", "api"]:
    """Return how far preflight has to go for these exchanges: no further than one of them does."""
    if "api" in EXCHANGES.services_of(keys):
        return "api"
    return "token" if any(name != "key_set" for name, _ in keys) else "names"


def _too_large(run: Run, config: pytest.Config, keys: list[Key]) -> bool:
    """Return whether the selection can't fit into a budget below the usual one, and stop the run then."""
    from golive.diagnosis.preflight import too_large
    from golive.environment import Safety
    from golive.transport.budget import least_requests

    budget = run.environment.safety.budget
    if config.getoption("--budget") is not None:
        return False  # what does not fit is left out
    if run.keep_going or budget >= Safety().budget:  # a whole run fits into the usual one
        return False
    fixed, _ = last(keys)
    least = least_requests(EXCHANGES, fixed, run.environment, run.services["contract"])
    if least <= budget:
        return False
    run.preflight = too_large(run.environment, least, _stage_printer(config))
    return True


def _stage_printer(config: pytest.Config) -> Callable[[Any], None]:
    """Return what shows a stage as it ends."""
    reporter = config.pluginmanager.getplugin("terminalreporter")
    if reporter is not None:
        reporter.ensure_newline()

    def on_stage(stage: Any) -> None:
        if reporter is not None and config.option.verbose >= 0:
            reporter.write_line(str(stage))

    return on_stage
