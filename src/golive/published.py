"""What stands in public behind a section of the contract facts: what a ticket to Oracle can cite.

Oracle's support knows its own pages and its forum, and not golive's collection of facts. The addresses are those of
contract-facts §0, §2 and §8.
"""

from __future__ import annotations

import re

PLATFORM = "https://docs.oracle.com/en/industries/health/millennium-platform-apis/"
BOOK = f"{PLATFORM}mcfap/"
PAGE = re.compile(r"(?<![\w./-])(?:mcfap/)?([\w-]+\.html)")
SECTION = re.compile(r"§(\d(?:\.\d)?)(?: rows? (\d+(?:(?:, | and )\d+)*))?")
AUTHORIZATION = (
    "the page of Oracle's FHIR sign-in (cerner/fhir.cerner.com, content/authorization.md)"
)

SECTIONS = {
    "1": [f"{BOOK}intro.html"],
    "2.1": [f"{BOOK}op-20241001-patientmessages-inboxitems-get.html"],
    "2.2": [f"{BOOK}op-20241001-patientmessages-sentitems-get.html"],
    "2.3": [f"{BOOK}op-20241001-patientmessages-patientmessageid-get.html"],
    "2.4": [f"{BOOK}op-20241001-patientmessages-sentitems-post.html"],
    "2.5": [f"{BOOK}op-20241001-actions-updatepatientmessagestatus-post.html"],
    "3": [f"{BOOK}api-messages.html"],
    "4.1": [f"{PLATFORM}fhir-authorization-framework", AUTHORIZATION],
    "4.2": ["the page of token errors of 2016 (cerner/fhir.cerner.com, commit 4a606000)"],
    "4.3": [AUTHORIZATION],
    "4.4": ["https://authorization.cerner.com/jwk as it was captured on 2026-08-15"],
    "6.1": [f"{BOOK}intro.html", AUTHORIZATION],
    "6.3": ["forums.oracle.com, thread 7979"],
}
"""What is public behind each section of the facts that holds a documented or an observed fact."""

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
            found += SECTIONS.get(section, [])
    return list(dict.fromkeys(found))
