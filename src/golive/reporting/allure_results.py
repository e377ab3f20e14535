"""What Allure shows of a check: its statement as title, its id, area, weight and source as labels.

The one module that imports allure, and only when a run writes Allure results. Everything set here is
text of the suite itself; what the API answered comes through findings, which are redacted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from golive.verdict import Basis, Level

if TYPE_CHECKING:
    from golive.pytest_plugin.declare import Check

RFC = re.compile(r"RFC (?P<number>\d+)(?: §(?P<section>[\d.]*\d))?")


def describe(check: Check) -> None:
    """Give the test that is being recorded the check's words and labels."""
    import allure

    dynamic: Any = allure.dynamic  # it has no type annotations
    dynamic.title(check.statement)
    dynamic.description(f"{check.level}, {check.basis}: {check.source}")
    dynamic.label("golive-id", check.id)
    dynamic.severity(severity(check))
    dynamic.epic("golive")
    dynamic.feature(check.area)
    for words, url in links(check.source).items():
        dynamic.link(url, name=words)


def severity(check: Check) -> str:
    """Return Allure's word for a check's weight."""
    if check.deciding:
        return "critical"
    if check.level is Level.MUST:
        return "normal"
    return "trivial" if check.basis is Basis.INFERRED else "minor"


def links(source: str) -> dict[str, str]:
    """Return a link for each RFC that a source names: its words and its address."""
    found: dict[str, str] = {}
    for match in RFC.finditer(source):
        anchor = f"#section-{match['section']}" if match["section"] else ""
        found[match[0]] = f"https://www.rfc-editor.org/rfc/rfc{match['number']}{anchor}"
    return found
