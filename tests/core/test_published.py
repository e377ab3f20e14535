"""A ticket to Oracle cites Oracle's pages and published answers, never golive's own collection."""

import re

import pytest

from golive.cli.commands.checks import collected
from golive.contract.catalogue import load
from golive.contract.label import ORACLES
from golive.kit.files import resources
from golive.report.published import BOOK, known, published


def cited() -> set[str]:
    """Every source by which a check, a habit of Oracle's or a node of the schemas is documented or observed."""
    schemas = resources() / "schemas"
    found = {check.source for check in collected() if check.basis in ORACLES}
    habits = [case.oracle for case in load(schemas) if case.oracle]
    found |= {habit.source for habit in habits if habit.basis in ORACLES}
    for file in (schemas / "oauth").glob("*.json"):
        text = file.read_text(encoding="utf-8")
        found |= set(re.findall(r'"x-basis": "observed",\s*"x-source": "([^"]+)"', text))
    return found


def test_every_documented_or_observed_source_can_be_cited_by_what_is_public() -> None:
    assert len(cited()) > 20
    assert [source for source in cited() if not published(source)] == []


def test_golive_s_own_facts_are_cited_nowhere() -> None:
    for source in cited():
        assert not [
            where for where in published(source) if "contract-facts" in where or "golive" in where
        ]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("RFC 6749 §5.1", []),
        ("contract-facts §9", []),
        (
            "contract-facts §5 rows 5 and 7; RFC 6749 §4.1",
            [known()["answers"]["5"], known()["answers"]["7"]],
        ),
        ("contract-facts §3 (dates); api-messages.html", known()["sections"]["3"]),
        ("contract-facts §1; mcfap/intro.html", known()["sections"]["1"]),
        ("contract-facts §2.1", [f"{BOOK}op-20241001-patientmessages-inboxitems-get.html"]),
        ("contract-facts §2.7", [f"{BOOK}op-20241001-groupinboxes-get.html"]),
        ("contract-facts §2.10", [f"{BOOK}op-20240101-codevalues-codevalueid-get.html"]),
    ],
)
def test_a_source_leads_to_what_is_public_each_once(source: str, found: list[str]) -> None:
    assert published(source) == found


def test_pages_are_given_with_their_whole_address() -> None:
    (page,) = published("op-20241001-patientmessages-sentitems-post.html")
    assert page.startswith(
        "https://docs.oracle.com/en/industries/health/millennium-platform-apis/mcfap/op-"
    )
