"""What the JUnit file says of the run as a whole: the properties of its test suite, and a case for its verdict.

Whoever shows the file counts cases. Where a run is no GO and no check says so, by a failure or an error of its own, the
verdict is a case with an error: a run that stopped before its first check would else look like one without faults.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from golive.environment import asked
from golive.redaction import redact
from golive.reporting import junit_file
from golive.reporting.meaning import meaning

if TYPE_CHECKING:
    import pytest

    from golive.pytest_plugin.state import Run
    from golive.verdict import ExitCode


def describe(config: pytest.Config, run: Run, verdict: ExitCode) -> None:
    """Say verdict, exit code, environment and version in the JUnit file that pytest is about to write.

    It may be called again with another verdict, which then stands in place of the one before.
    """
    from golive import __version__
    from golive.verdict import TITLES, ExitCode

    xml = _of(config)
    if xml is None:
        return
    _take_case_out(xml)
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
    xml.global_properties = [
        (name, value) for name, value in xml.global_properties if not name.startswith("golive.")
    ]
    for name, value in told.items():
        xml.add_global_property(f"golive.{name}", value)


def text(config: pytest.Config, run: Run, verdict: ExitCode) -> str:
    """Return the JUnit file with this verdict, as pytest writes it or, without its plugin, in short.

    Raises OSError where there is no room to make it.
    """
    from golive.reporting.summary import summary

    xml = _of(config)
    if xml is None:
        return junit_file.text(summary(run, verdict))
    describe(config, run, verdict)
    told = xml.logfile
    xml.logfile = f"{told}.part"
    try:
        xml.pytest_sessionfinish()  # it writes what it knows, as often as it is asked
        return Path(xml.logfile).read_text(encoding="utf-8")
    finally:
        Path(xml.logfile).unlink(missing_ok=True)
        xml.logfile = told


def places(config: pytest.Config, run: Run) -> list[Path]:
    """Return where a JUnit file belongs: where pytest was told to write one, and in a run folder begun with one."""
    xml = _of(config)
    found = [] if xml is None else [Path(xml.logfile)]
    own = run.folder / junit_file.NAME if run.folder else None
    if own is not None and own.is_file() and own.resolve() not in [one.resolve() for one in found]:
        found.append(own)
    return found


def _of(config: pytest.Config) -> Any:
    from _pytest.junitxml import xml_key

    return config.stash.get(xml_key, None)


def _take_case_out(xml: Any) -> None:
    case = getattr(xml, "golive_case", None)
    if case is not None:
        xml.node_reporters_ordered.remove(case)
        xml.node_reporters = {k: one for k, one in xml.node_reporters.items() if one is not case}
        xml.stats["error"] -= 1
        xml.golive_case = None


def _add_case(xml: Any, run: Run, verdict: ExitCode) -> None:
    from _pytest.reports import TestReport

    from golive.verdict import TITLES

    name = TITLES[verdict]
    report = TestReport(
        f"{junit_file.CASE}::{name}", (junit_file.CASE, None, name), {}, "failed", None, "setup"
    )
    lines = [meaning(run, verdict), *run.faults]
    diagnosis = run.walk.diagnosis if run.walk else None
    if diagnosis is not None:
        lines += [f"cause: {diagnosis.cause}", f"next: {diagnosis.cure}"]
    lines += [f"{one.place}: {one.words}" for one in run.deviations if one.stale]
    text = redact("\n".join(lines))
    xml.golive_case = xml._opentestcase(report)
    xml.golive_case._add_simple("error", f"{name}: {lines[0]}", text)
