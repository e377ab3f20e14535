"""What a client writes: its bodies, and the content of its messages."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from golive import Steps, Wrong, check, cured_by
from suites.client import seen
from suites.client.citations import SEND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive import Exchange


DOCUMENT = [
    re.compile(tag, re.IGNORECASE) for tag in (r"<html\b", r"<body\b", r"</body>", r"</html>")
]
ACTIVE = re.compile(r"<(script|iframe|object|embed|form|a)\b", re.IGNORECASE)


def _content(one: Exchange) -> str:
    found = seen.body(one).get("content")
    return found if isinstance(found, str) else ""


def _root(content: str) -> ElementTree.Element | None:
    """Return the root of a document that is well-formed, None where it is not."""
    if "<!ENTITY" in content:  # nothing is expanded
        return None
    text = re.sub(r"<!DOCTYPE[^<>\[]*>", "", content, count=1)
    text = re.sub(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9A-Fa-f]+);)(\w+);", " ", text)
    try:
        return ElementTree.fromstring(text.strip().encode())  # noqa: S314 - without entities
    except ElementTree.ParseError:
        return None


@check(
    "client-writes-json", level="must", basis="standard", source="RFC 8259 §2; contract-facts §1"
)
@cured_by("Let a library write the JSON; text that is put together breaks at a quote.")
def test_a_body_is_json(writings: Steps) -> Iterator[Wrong]:
    """The body of a write is one JSON object."""
    for one in writings.values():
        try:
            json.loads(one.request.body)
        except (ValueError, RecursionError):
            yield Wrong(one, "request:body", "a JSON object (RFC 8259)", "something else")
        else:
            if not seen.body(one):
                yield Wrong(one, "request:body", "a JSON object (RFC 8259)", "another JSON value")


@check(
    "client-says-that-it-writes-json",
    level="must",
    basis="documented",
    source="contract-facts §1, §6.3; RFC 9110 §8.3",
)
@cured_by("Send Content-Type: application/json; application/ehr+json is none of this API.")
def test_a_body_is_said_to_be_json(writings: Steps) -> Iterator[Wrong]:
    """The Content-Type of a write is application/json."""
    for one in writings.values():
        kind = one.request.headers.get("Content-Type") or ""
        if kind.split(";")[0].strip().lower() != "application/json":
            yield Wrong(one, "request:header:Content-Type", "application/json", kind or "absent")


def _is_whole(content: str) -> bool:
    """Return whether html and body are opened and closed, in this order."""
    at = -1
    for tag in DOCUMENT:
        found = tag.search(content, at + 1)
        if found is None:
            return False
        at = found.start()
    return True


@check("client-content-is-a-whole-document", level="must", basis="observed", source=SEND)
@cured_by(
    "Put the text into <p> of a whole document: doctype, html with xmlns, head with title, body. A <div> fragment "
    "was refused with 400 and «Unable to convert HTML to RTF»."
)
def test_content_is_a_whole_document(sendings: Steps) -> Iterator[Wrong]:
    """The content of a message is a whole XHTML document, from html to body."""
    for one in sendings.values():
        content = _content(one)
        if content and not _is_whole(content):
            actual = "a fragment of HTML" if "<" in content else "plain text"
            yield Wrong(
                one,
                "request:/content",
                "a whole XHTML document: html, head with title, body",
                actual,
            )


@check(
    "client-content-is-well-formed",
    level="should",
    basis="documented",
    source="contract-facts §2.3, §2.4",
)
@cured_by("Escape &, < and > of what people type, and close each tag.")
def test_content_is_well_formed(sendings: Steps) -> Iterator[Wrong]:
    """The content of a message is well-formed: each tag is closed, and each ampersand is escaped."""
    for one in sendings.values():
        content = _content(one)
        if "<" in content and _root(content) is None and _root(f"<x>{content}</x>") is None:
            yield Wrong(
                one, "request:/content", "well-formed XHTML", "tags or ampersands that are not"
            )


@check("client-content-is-plain", level="should", basis="observed", source=SEND)
@cured_by("Write the address as text: content with a link was refused with 400.")
def test_content_has_no_link_and_no_script(sendings: Steps) -> Iterator[Wrong]:
    """The content of a message has no link, script or form."""
    for one in sendings.values():
        found = ACTIVE.search(_content(one))
        if found:
            yield Wrong(
                one, "request:/content", "paragraphs and simple formatting", f"<{found[1].lower()}>"
            )
