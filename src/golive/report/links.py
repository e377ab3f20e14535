"""Links of a source: the RFC's section, and Oracle's page where it is published."""

from __future__ import annotations

import re

from golive.report.html.ticket import BOOK, PAGE, published

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
