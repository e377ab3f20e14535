"""The text for a ticket to Oracle: what its hosts did otherwise than its own pages, or published answers, say.

A finding on an RFC, on a guess, or about somebody else's host is none of Oracle's support's business, and golive's
own collection of facts is no source for it: a ticket cites what stands in public behind a section of the facts.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from golive.contract.document import Contract
from golive.contract.label import ORACLES, Basis
from golive.environment import cloud_of, real_host
from golive.exchanges.model import status_words
from golive.kit.files import resources
from golive.report.groups import by_exchange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from golive.report.summary import Data

KNOWN = {Basis.DOCUMENTED: "Documented", Basis.OBSERVED: "Seen before"}


def ticket(statement: str, findings: Sequence[Data]) -> str:
    """Return the text for those findings of a check that are Oracle's to explain, empty where none is."""
    theirs = [
        one for one in findings if one["basis"] in ORACLES and _is_oracles(one["exchange"]["url"])
    ]
    lines = [
        line for exchange, places in by_exchange(theirs) for line in _exchange(exchange, places)
    ]
    return "\n".join([f"Expected: {statement}", *lines]) if lines else ""


def _is_oracles(url: str) -> bool:
    return cloud_of(real_host(url)) is not None


def _exchange(exchange: Data, places: Sequence[Data]) -> list[str]:
    return [
        f"UTC time: {exchange['sent_at']}",
        f"Request: {exchange['method']} {exchange['url']}",
        f"Status: {status_words(exchange['status'])}",
        *(f"{name}: {value}" for name, value in exchange["correlation"].items()),
        *([f"error_uri: {exchange['error_uri']}"] if "error_uri" in exchange else []),
        *(line for one in places for line in _place(one)),
    ]


def _place(one: Data) -> list[str]:
    known = KNOWN[Basis(one["basis"])]
    return [
        f"At {one['at']}: expected {one['expected']}, got {one['actual']}",
        *(f"{known}: {where}" for where in published(one["source"])),
    ]


PLATFORM = "https://docs.oracle.com/en/industries/health/millennium-platform-apis/"
BOOK = f"{PLATFORM}mcfap/"
PAGE = re.compile(r"(?<![\w./-])(?:mcfap/)?([\w-]+\.html)")
SECTION = re.compile(r"§(\d+(?:\.\d+)?)(?: rows? (\d+(?:(?:, | and )\d+)*))?")
AUTHORIZATION = (
    "the page of Oracle's FHIR sign-in (cerner/fhir.cerner.com, content/authorization.md)"
)

SECTIONS = {
    "1": [f"{BOOK}intro.html"],
    "3": [f"{BOOK}api-messages.html"],
    "4.1": [f"{PLATFORM}fhir-authorization-framework", AUTHORIZATION],
    "4.2": ["the page of token errors of 2016 (cerner/fhir.cerner.com, commit 4a606000)"],
    "4.3": [AUTHORIZATION],
    "4.4": ["https://authorization.cerner.com/jwk as it was captured on 2026-08-15"],
    "6.1": [f"{BOOK}intro.html", AUTHORIZATION],
    "6.3": ["forums.oracle.com, thread 7979"],
}
"""What is public behind each section of the facts that holds a documented or an observed fact, but for operations."""


@cache
def _of_operations() -> dict[str, list[str]]:
    """Give the pages of each section about an operation, as the operation's `x-source` names both."""
    found: dict[str, list[str]] = {}
    for operation in Contract(resources() / "schemas").operations.values():
        source = str(operation.description.get("x-source", ""))
        pages = [BOOK + page for page in PAGE.findall(source)]
        found |= {section: pages for section, _ in SECTION.findall(source)}
    return found


ANSWERS = {
    1: "an answer of 2026-05-02 (mock-health/the-map)",
    2: "forums.oracle.com, thread 0436",
    4: "an answer of 2021-09 (Google group, _BwA1emaDPc)",
    5: "forums.oracle.com, threads 0761 and 7719",
    6: "an answer of 2018-10 (public gist, daya)",
    7: "forums.oracle.com, thread 0040",
    8: "forums.oracle.com, thread 4126",
    9: "forums.oracle.com, thread 8191",
    10: AUTHORIZATION,
    11: "forums.oracle.com, thread 8068",
    13: "forums.oracle.com, thread 7982",
    21: "an answer of the sandbox (AdityaB09/KG_Dashboard, group_messaging.py)",
    23: "forums.oracle.com, thread 7979",
}
"""Where each row of contract-facts §5 was published, as far as checks rest on it."""


def published(source: str) -> list[str]:
    """Return what is public behind a source: pages of Oracle's, threads of its forum, captures; each once."""
    found: list[str] = []
    for part in source.split(";"):
        if part.strip().startswith("RFC"):
            continue
        found += [BOOK + page for page in PAGE.findall(part)]
        for section, rows in SECTION.findall(part):
            found += [ANSWERS[int(row)] for row in re.findall(r"\d+", rows) if int(row) in ANSWERS]
            found += SECTIONS.get(section) or _of_operations().get(section, [])
    return list(dict.fromkeys(found))
