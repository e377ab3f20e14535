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
COUNTED = {"errors": "error", "failures": "failure", "skipped": "skipped"}
"""Attributes of a test suite: the element that makes a case count."""


def verdict_alone(data: Summary) -> str:
    """Return a JUnit file for a run that pytest wrote none for: one case, which is its verdict."""
    whole = ElementTree.Element("testsuites", name="pytest tests")
    name = f"golive {data['environment']['name']}"
    ElementTree.SubElement(whole, "testsuite", name=name, time="0", timestamp=data["started"])
    return _stated(whole, data)


def with_verdict(file: Path, data: Summary) -> str:
    """Return the JUnit file with another verdict, which has a case: those of the checks stay."""
    try:
        whole = ElementTree.parse(file).getroot()  # noqa: S314 - our own
    except (OSError, ElementTree.ParseError):
        return verdict_alone(data)
    return (
        verdict_alone(data) if whole.find("testsuite") is None else _stated(whole, data, late=True)
    )


def text(config: pytest.Config, data: Summary) -> str:
    """Return the JUnit file with this verdict, as pytest writes it or, without its plugin, in short.

    Raises OSError where there is no room to make it.
    """
    xml = _of(config)
    if xml is None:
        return verdict_alone(data)
    logfile = xml.logfile
    xml.logfile = f"{logfile}.part"
    try:
        xml.pytest_sessionfinish()  # it writes what it knows, as often as it is asked
        whole = ElementTree.parse(xml.logfile).getroot()  # noqa: S314 - our own
    finally:
        Path(xml.logfile).unlink(missing_ok=True)
        xml.logfile = logfile
    for case in whole.iter("testcase"):
        if case.find("failure") is None and case.find("error") is None:
            _shorten(case)
    return _stated(whole, data)


def _shorten(case: ElementTree.Element) -> None:
    """Leave of a check without a problem its name, and why it was skipped; the rest is in `summary.json`."""
    for properties in case.findall("properties"):
        case.remove(properties)
    for skipped in case.findall("skipped[@type='pytest.skip']"):
        skipped.text = None  # where in the suites, and the message again


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


def _stated(whole: ElementTree.Element, data: Summary, *, late: bool = False) -> str:
    """Return a JUnit file that states this verdict and no other.

    It has a case where no check's case fails, and where the verdict came `late`: after those of the checks.
    """
    suite = whole[0]
    for case in suite.findall(f"testcase[@classname='{CASE}']"):
        suite.remove(case)
    properties = suite.find("properties")
    if properties is None:
        properties = ElementTree.Element("properties")
        suite.insert(0, properties)
    for known in properties.findall("property"):
        if known.get("name", "").startswith("golive."):
            properties.remove(known)
    for name, value in _values(data).items():
        ElementTree.SubElement(properties, "property", name=f"golive.{name}", value=value)
    failed = any(suite.find(f"testcase/{tag}") is not None for tag in ("error", "failure"))
    if data["exit_code"] != ExitCode.GO and (late or not failed):
        suite.append(_case(data))
    for name, tag in COUNTED.items():
        suite.set(name, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("tests", str(len(suite.findall("testcase"))))
    return DECLARATION + ElementTree.tostring(whole, "unicode")


def _values(data: Summary) -> dict[str, str]:
    environment, embedded = data["environment"], data["twin"]
    values = {
        "verdict": data["verdict"],
        "exit_code": str(data["exit_code"]),
        "environment": environment["name"],
        "golive_version": data["golive_version"],
    }
    if "api" in environment:  # its file could be read
        values |= {
            "tenant": environment["tenant"],
            "token_host": asked(environment["token"]["url"], embedded=embedded),
            "api_host": asked(environment["api"]["base_url"], embedded=embedded),
            "double": data.get("double") or "none",
        }
    return values


def _case(data: Summary) -> ElementTree.Element:
    lines = [data["meaning"], *data["internal_errors"], *data.get("problems", [])]
    diagnosis = data["diagnosis"]
    if diagnosis is not None:
        lines += [f"cause: {diagnosis['cause']}", f"next: {diagnosis['cure']}"]
    stale = (one for one in data["known_deviations"] if one["stale"])
    lines += [f"{one['place']}: {one['words']}" for one in stale]
    case = ElementTree.Element("testcase", classname=CASE, name=data["verdict"], time="0")
    message = redact(f"{data['verdict']}: {data['meaning']}")
    ElementTree.SubElement(case, "error", message=message).text = redact("\n".join(lines))
    return case
