"""What is public behind a source: links to it, and the text for a ticket to Oracle that cites nothing else.

A ticket is about what Oracle's hosts did otherwise than its own pages, or published answers, say. A finding on an RFC,
on a guess, or about somebody else's host is none of Oracle's support's business, and golive's own collection of facts
is no source for it: a ticket cites what stands in public behind a section of the facts.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from golive.contract.document import Contract
from golive.contract.label import ORACLES, Basis
from golive.environment import cloud_of, real_host
from golive.exchanges.excerpt import REQUEST
from golive.exchanges.model import status_words
from golive.kit.files import resources, shipped
from golive.report.groups import by_exchange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from golive.contract.harm import Harm
    from golive.report.summary import Data


RFC = re.compile(r"RFC (?P<number>\d+)(?: §(?P<section>[\d.]*\d))?")


def links(source: str) -> dict[str, str]:
    """Return a link for each RFC and each page of Oracle's that a source names: words and address."""
    found = {page[0]: BOOK + page[1] for page in PAGE.finditer(source)}
    for match in RFC.finditer(source):
        anchor = f"#section-{match['section']}" if match["section"] else ""
        found[match[0]] = f"https://www.rfc-editor.org/rfc/rfc{match['number']}{anchor}"
    return found


def further(source: str) -> dict[str, str]:
    """Return besides those the pages behind the sections of golive's facts that the source names."""
    found = links(source)
    for address in published(source):
        if address.startswith("https://") and " " not in address and address not in found.values():
            found[address.rstrip("/").rpartition("/")[2]] = address
    return found


def linked(text: str, source: str) -> list[tuple[str, str]]:
    """Return a text in pieces, each with the address behind it: what it names of a source, empty beside that."""
    known = further(source)
    inside = [words for words in known if words in text]
    # The longest first: of RFC 6749 and RFC 6749 §5 both may be named.
    pattern = "|".join(re.escape(words) for words in sorted(inside, key=len, reverse=True))
    pieces = re.split(f"({pattern})", text) if inside else [text]
    found = [(piece, known.get(piece, "")) for piece in pieces if piece]
    for words in known:
        found += [(" ", ""), (words, known[words])] if words not in inside else []
    return found


KNOWN = {Basis.DOCUMENTED: "Documented", Basis.OBSERVED: "Seen before"}


def ticket(statement: str, findings: Sequence[Data], harm: Harm | None = None) -> str:
    """Return the text for those findings of a check that are Oracle's to explain, empty where none is."""
    # What is wrong with a request is its client's to explain.
    of_answers = (one for one in findings if not one["at"].startswith(REQUEST))
    of_oracle = [one for one in of_answers if one["basis"] in ORACLES]
    theirs = [one for one in of_oracle if cloud_of(real_host(one["exchange"]["url"]))]
    lines = [
        line for exchange, places in by_exchange(theirs) for line in _exchange(exchange, places)
    ]
    means = [f"Harm: {harm.name} ({harm.severity}). {harm.means}"] if harm else []
    return "\n".join([f"Expected: {statement}", *means, *lines]) if lines else ""


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


BOOK = "https://docs.oracle.com/en/industries/health/millennium-platform-apis/mcfap/"
PAGE = re.compile(r"(?<![\w./-])(?:mcfap/)?([\w-]+\.html)")
SECTION = re.compile(r"§(\d+(?:\.\d+)?)(?: rows? (\d+(?:(?:, | and )\d+)*))?")


@cache
def known() -> dict[str, Any]:
    """Give what is public behind `sections` of the facts, those of operations included, and rows of `answers`.

    The pages of a section about an operation are named by the operation's `x-source`, which names both.
    """
    found = shipped("golive.report.html", "published.yaml")
    of_operations: dict[str, list[str]] = {}
    for operation in Contract(resources() / "schemas").operations.values():
        source = str(operation.description.get("x-source", ""))
        pages = [BOOK + page for page in PAGE.findall(source)]
        of_operations |= {section: pages for section, _ in SECTION.findall(source)}
    return {**found, "sections": of_operations | found["sections"]}


def published(source: str) -> list[str]:
    """Return what is public behind a source: pages of Oracle's, threads of its forum, captures; each once."""
    found: list[str] = []
    for part in source.split(";"):
        if part.strip().startswith("RFC"):
            continue
        found += [BOOK + page for page in PAGE.findall(part)]
        for section, rows in SECTION.findall(part):
            answers = known()["answers"]
            found += [answers[row] for row in re.findall(r"\d+", rows) if row in answers]
            found += known()["sections"].get(section, [])
    return list(dict.fromkeys(found))
