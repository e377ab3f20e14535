"""What the JUnit file says of the run as a whole: the properties of its test suite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

    from golive.pytest_plugin.state import Run
    from golive.verdict import ExitCode


def describe(config: pytest.Config, run: Run, verdict: ExitCode) -> None:
    """Add verdict, exit code, environment and version to the JUnit file that pytest is about to write."""
    from _pytest.junitxml import xml_key

    from golive import __version__
    from golive.verdict import TITLES

    xml: Any = config.stash.get(xml_key, None)
    if xml is None:
        return
    told = {
        "verdict": TITLES[verdict],
        "exit_code": str(int(verdict)),
        "environment": run.environment.name,
        "tenant": run.environment.tenant,
        "golive_version": __version__,
    }
    for name, value in told.items():
        xml.add_global_property(f"golive.{name}", value)
