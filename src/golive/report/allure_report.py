"""What Allure shows of a check: its statement as title, its id, area, weight and source as labels.

The one module that imports allure, and only when a run writes Allure results. Everything set here is
text of the suite itself; what the API answered comes through findings, which are redacted.

Allure's recorder, without a file for each fixture.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import allure_pytest.plugin
from allure_pytest.listener import AllureListener

from golive.contract.label import Basis, Level
from golive.contract.requirements import load
from golive.exchanges.model import status_words
from golive.kit.files import resources
from golive.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

    from golive.exchanges.model import Exchange
    from golive.pytest_plugin.fixtures import Check


OAUTH = "OAuth 2.0 client credentials"
MESSAGES = "Messages API 20241001"
ORACLES_PAGES = "https://docs.oracle.com/en/industries/health/millennium-platform-apis/mcfap"
PAGE = re.compile(r"(?<![\w./-])(?:mcfap/)?[\w-]+\.html")
OPEN = "No requirement: what golive assumes where the facts are silent"
RFC = re.compile(r"RFC (?P<number>\d+)(?: §(?P<section>[\d.]*\d))?")


def describe(check: Check, exchanges: Sequence[Exchange], *, is_oauth: bool) -> None:
    """Give the test that is being recorded the check's words and labels, and a step for each exchange."""
    import allure

    dynamic: Any = allure.dynamic  # it has no type annotations
    dynamic.title(check.statement)
    dynamic.description(f"{check.level}, {check.basis}: {check.source}")
    dynamic.label("golive-id", check.id)
    dynamic.severity(severity(check))
    dynamic.epic(OAUTH if is_oauth else MESSAGES)
    dynamic.feature(check.area)
    for statement in statements(check.id) or (OPEN,):
        dynamic.story(statement)
    for words, url in links(check.source).items():
        dynamic.link(url, name=words)
    for exchange in exchanges:
        with allure.step(redact(_step(exchange))):
            pass  # it was made before the checks; the step says which it was


def _step(exchange: Exchange) -> str:
    ids = "".join(f", {name} {value}" for name, value in exchange.correlation.items())
    asked = f"{exchange.name}: {exchange.request.method} → {status_words(exchange.status)}"
    return f"{asked} in {round(exchange.seconds * 1000)} ms{ids}"


def statements(check: str) -> tuple[str, ...]:
    """Return the requirements that the check holds, at most the first three."""
    return tuple(_statements().get(check, ())[:3])


@cache
def _statements() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in load(resources() / "schemas"):
        for check in row.checks:
            found.setdefault(check, []).append(row.statement)
    return found


def severity(check: Check) -> str:
    """Return Allure's word for a check's weight."""
    if check.deciding:
        return "critical"
    if check.level is Level.MUST:
        return "normal"
    return "trivial" if check.basis is Basis.INFERRED else "minor"


def links(source: str) -> dict[str, str]:
    """Return a link for each RFC and each page of Oracle's that a source names: words and address."""
    found = {
        page: f"{ORACLES_PAGES}/{page.removeprefix('mcfap/')}" for page in PAGE.findall(source)
    }
    for match in RFC.finditer(source):
        anchor = f"#section-{match['section']}" if match["section"] else ""
        found[match[0]] = f"https://www.rfc-editor.org/rfc/rfc{match['number']}{anchor}"
    return found


class ChecksOnly(AllureListener):  # type: ignore[misc]  # it has no type annotations
    """Records tests alone; what is no function is no hook to pytest."""

    pytest_fixture_setup = None
    pytest_fixture_post_finalizer = None

    def _update_fixtures_children(self, item: pytest.Item) -> None:
        """Leave a test without the fixtures that nobody records."""


def use() -> None:
    """Let allure-pytest record with this recorder; it makes its own when it is configured."""
    allure_pytest.plugin.AllureListener = ChecksOnly
