from __future__ import annotations

from dataclasses import replace

import pytest

from golive.contract.label import Basis, Level
from golive.pytest_plugin.fixtures import Check
from golive.report.allure import describe, severity
from golive.report.published import links


def check(level="must", basis="standard", source="RFC 6749 §5.1"):
    return Check("an-id", "A sentence.", Level(level), Basis(basis), source, "token success")


@pytest.mark.parametrize(
    ("check_id", "area", "deciding", "word"),
    [
        ("inbox-without-token", "API access", True, "blocker"),
        ("inbox-window-is-90-days", "inbox window", True, "critical"),
        ("inbox-is-json", "inbox", True, "normal"),
        ("inbox-has-request-id", "inbox", True, "minor"),
        ("inbox-without-token", "API access", False, "minor"),
        ("inbox-has-request-id", "inbox", False, "trivial"),
    ],
)
def test_the_harm_of_a_check_is_its_severity(check_id, area, deciding, word):
    assert severity({"id": check_id, "area": area}, deciding=deciding) == word


def test_every_rfc_of_a_source_is_a_link_and_nothing_else_is():
    base = "https://www.rfc-editor.org/rfc"
    assert links("RFC 7518 §6.2.2, §6.3.2; RFC 6750") == {
        "RFC 7518 §6.2.2": f"{base}/rfc7518#section-6.2.2",
        "RFC 6750": f"{base}/rfc6750",
    }
    assert links("contract-facts §4.1") == {}


def test_a_page_of_oracle_s_is_linked_where_it_is_published():
    book = "https://docs.oracle.com/en/industries/health/millennium-platform-apis/mcfap"
    assert links("contract-facts §3; api-messages.html") == {
        "api-messages.html": f"{book}/api-messages.html"
    }
    assert links("contract-facts §1; mcfap/intro.html")["mcfap/intro.html"] == f"{book}/intro.html"


def test_a_check_is_described_in_its_own_words(monkeypatch):
    import allure

    said = {}

    def note(name):
        return lambda *words, **more: said.setdefault(name, (*words, *more.values()))

    names = ("title", "description", "label", "severity", "epic", "feature", "story", "link")
    for name in names:
        monkeypatch.setattr(allure.dynamic, name, note(name))
    one = replace(check(), id="inbox-status-is-200")
    describe(one.as_dict(), [], deciding=True, api="")
    first = (
        "An operation's URL is the host, the tenant, the API's namespace and the operation's path."
    )
    assert said == {
        "title": ("A sentence.",),
        "description": ("must, standard: RFC 6749 §5.1",),
        "label": ("golive-id", "inbox-status-is-200"),
        "severity": ("critical",),
        "epic": ("OAuth 2.0 client credentials",),
        "feature": ("token success",),
        "story": (first,),
        "link": ("https://www.rfc-editor.org/rfc/rfc6749#section-5.1", "RFC 6749 §5.1"),
    }
