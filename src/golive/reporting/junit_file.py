"""A JUnit file for a run that pytest wrote none for, and another verdict for one that it wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from golive.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = "junit.xml"
CASE = "golive.verdict"
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'


def text(data: Mapping[str, Any]) -> str:
    """Return a JUnit file for a run that pytest wrote none for: one case, which is its verdict."""
    suite = ElementTree.Element("testsuite", name=f"golive {data['environment']['name']}")
    for name, number in (("errors", 1), ("failures", 0), ("skipped", 0), ("tests", 1), ("time", 0)):
        suite.set(name, str(number))
    suite.set("timestamp", data["started"])
    told = {
        "verdict": data["verdict"],
        "exit_code": str(data["exit_code"]),
        "environment": data["environment"]["name"],
        "golive_version": data["golive_version"],
    }
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in told.items():
        ElementTree.SubElement(properties, "property", name=f"golive.{name}", value=value)
    title = data["verdict"]
    case = ElementTree.SubElement(suite, "testcase", classname=CASE, name=title, time="0")
    message = f"{title}: {data['meaning']}"
    error = ElementTree.SubElement(case, "error", message=redact(message))
    error.text = redact("\n".join([data["meaning"], *data.get("problems", [])]))
    whole = ElementTree.Element("testsuites", name="pytest tests")
    whole.append(suite)
    return DECLARATION + ElementTree.tostring(whole, "unicode")


def with_verdict(file: Path, data: Mapping[str, Any]) -> str:
    """Return the JUnit file with another verdict: the cases of the checks stay."""
    new = text(data)
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
