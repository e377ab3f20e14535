"""The JUnit file: what it says of the run as a whole, in properties of its test suite and a case for its verdict.

JUnit viewers count test cases, so a run that is not GO without any failed check gets one error case of its own.
pytest writes the file where it can; a run that pytest wrote none for gets one that holds the verdict alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from golive.checks.verdict import ExitCode
from golive.environment import asked
from golive.redaction import redact

if TYPE_CHECKING:
    import pytest

    from golive.report.summary import Summary

NAME = "junit.xml"
CASE = "golive.verdict"
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'


def verdict_alone(data: Summary) -> str:
    """Return a JUnit file for a run that pytest wrote none for: one case, which is its verdict."""
    suite = ElementTree.Element("testsuite", name=f"golive {data['environment']['name']}")
    for name, number in (("errors", 1), ("failures", 0), ("skipped", 0), ("tests", 1), ("time", 0)):
        suite.set(name, str(number))
    suite.set("timestamp", data["started"])
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in _values(data).items():
        ElementTree.SubElement(properties, "property", name=f"golive.{name}", value=value)
    title = data["verdict"]
    case = ElementTree.SubElement(suite, "testcase", classname=CASE, name=title, time="0")
    message = f"{title}: {data['meaning']}"
    error = ElementTree.SubElement(case, "error", message=redact(message))
    error.text = redact("\n".join([data["meaning"], *data.get("problems", [])]))
    whole = ElementTree.Element("testsuites", name="pytest tests")
    whole.append(suite)
    return DECLARATION + ElementTree.tostring(whole, "unicode")


def _values(data: Summary) -> dict[str, str]:
    """Return what is known of every run, whether or not its environment's file could be read."""
    return {
        "verdict": data["verdict"],
        "exit_code": str(data["exit_code"]),
        "environment": data["environment"]["name"],
        "golive_version": data["golive_version"],
    }


def with_verdict(file: Path, data: Summary) -> str:
    """Return the JUnit file with another verdict: the cases of the checks stay."""
    new = verdict_alone(data)
    try:
        before = ElementTree.parse(file).getroot().find("testsuite")  # noqa: S314 - our own
    except (OSError, ElementTree.ParseError):
        return new
    cases = [] if before is None else [c for c in before if c.get("classname") != CASE]
    kept = [case for case in cases if case.tag == "testcase"]
    whole = ElementTree.fromstring(new)  # noqa: S314 - our own
    suite = whole[0]
    suite.extend(kept)
    for name, tag in (("errors", "error"), ("failures", "failure"), ("skipped", "skipped")):
        suite.set(name, str(sum(case.find(tag) is not None for case in suite.iter("testcase"))))
    suite.set("tests", str(1 + len(kept)))
    return DECLARATION + ElementTree.tostring(whole, "unicode")


def describe(config: pytest.Config, data: Summary) -> None:
    """Say verdict, exit code, environment and version in the JUnit file that pytest is about to write.

    It may be called again with another verdict, which then stands in place of the one before.
    """
    xml = _of(config)
    if xml is None:
        return
    _take_case_out(xml)
    if data["exit_code"] != ExitCode.GO and not xml.stats["failure"] + xml.stats["error"]:
        _add_case(xml, data)
    environment, embedded = data["environment"], data["twin"]
    values = _values(data) | {
        "tenant": environment["tenant"],
        "token_host": asked(environment["token"]["url"], embedded=embedded),
        "api_host": asked(environment["api"]["base_url"], embedded=embedded),
        "double": data.get("double") or "none",
    }
    kept = [one for one in xml.global_properties if not one[0].startswith("golive.")]
    xml.global_properties = kept
    for name, value in values.items():
        xml.add_global_property(f"golive.{name}", value)


def text(config: pytest.Config, data: Summary) -> str:
    """Return the JUnit file with this verdict, as pytest writes it or, without its plugin, in short.

    Raises OSError where there is no room to make it.
    """
    xml = _of(config)
    if xml is None:
        return verdict_alone(data)
    describe(config, data)
    logfile = xml.logfile
    xml.logfile = f"{logfile}.part"
    try:
        xml.pytest_sessionfinish()  # it writes what it knows, as often as it is asked
        return Path(xml.logfile).read_text(encoding="utf-8")
    finally:
        Path(xml.logfile).unlink(missing_ok=True)
        xml.logfile = logfile


def places(config: pytest.Config, folder: Path | None) -> list[Path]:
    """Return where a JUnit file belongs: where pytest was asked to write one, and in a run folder begun with one."""
    xml = _of(config)
    found = [] if xml is None else [Path(xml.logfile)]
    own = folder / NAME if folder else None
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


def _add_case(xml: Any, data: Summary) -> None:
    from _pytest.reports import TestReport

    name = data["verdict"]
    report = TestReport(f"{CASE}::{name}", (CASE, None, name), {}, "failed", None, "setup")
    lines = [data["meaning"], *data["internal_errors"]]
    diagnosis = data["diagnosis"]
    if diagnosis is not None:
        lines += [f"cause: {diagnosis['cause']}", f"next: {diagnosis['cure']}"]
    stale = (one for one in data["known_deviations"] if one["stale"])
    lines += [f"{one['place']}: {one['words']}" for one in stale]
    text = redact("\n".join(lines))
    xml.golive_case = xml._opentestcase(report)
    xml.golive_case._add_simple("error", f"{name}: {lines[0]}", text)
