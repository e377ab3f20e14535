"""What the JUnit file says of the run as a whole: the properties of its test suite, and a case for its verdict.

Whoever shows the file counts cases. Where a run is no GO and no check says so, by a failure or an error of its own, the
verdict is a case with an error: a run that stopped before its first check would else look like one without faults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golive.environment import asked
from golive.redaction import redact
from golive.reporting.meaning import meaning

if TYPE_CHECKING:
    import pytest

    from golive.pytest_plugin.state import Run
    from golive.verdict import ExitCode

CASE = "golive.verdict"


def describe(config: pytest.Config, run: Run, verdict: ExitCode) -> None:
    """Add verdict, exit code, environment and version to the JUnit file that pytest is about to write."""
    from _pytest.junitxml import xml_key

    from golive import __version__
    from golive.verdict import TITLES, ExitCode

    xml: Any = config.stash.get(xml_key, None)
    if xml is None:
        return
    if verdict is not ExitCode.GO and not xml.stats["failure"] + xml.stats["error"]:
        _add_case(xml, run, verdict)
    told = {
        "verdict": TITLES[verdict],
        "exit_code": str(int(verdict)),
        "environment": run.environment.name,
        "tenant": run.environment.tenant,
        "token_host": asked(run.environment.token.url, embedded=run.twin is not None),
        "api_host": asked(run.environment.api.base_url, embedded=run.twin is not None),
        "double": run.double or "none",
        "golive_version": __version__,
    }
    for name, value in told.items():
        xml.add_global_property(f"golive.{name}", value)


def _add_case(xml: Any, run: Run, verdict: ExitCode) -> None:
    from _pytest.reports import TestReport

    from golive.verdict import TITLES

    name = TITLES[verdict]
    report = TestReport(f"{CASE}::{name}", (CASE, None, name), {}, "failed", None, "setup")
    lines = [meaning(run, verdict), *run.faults]
    diagnosis = run.walk.diagnosis if run.walk else None
    if diagnosis is not None:
        lines += [f"cause: {diagnosis.cause}", f"next: {diagnosis.cure}"]
    lines += [f"{one.place}: {one.words}" for one in run.deviations if one.stale]
    text = redact("\n".join(lines))
    xml._opentestcase(report)._add_simple("error", f"{name}: {lines[0]}", text)
