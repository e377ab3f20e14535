"""Is this content XHTML (or HTML5) without the tags that the service can't turn into RTF?"""

from __future__ import annotations

from html.parser import HTMLParser

from .problems import Problem

_DISALLOWED = frozenset(
    {
        "a",
        "applet",
        "area",
        "audio",
        "base",
        "button",
        "canvas",
        "embed",
        "form",
        "frame",
        "frameset",
    }
    | {
        "iframe",
        "input",
        "map",
        "object",
        "option",
        "script",
        "select",
        "source",
        "svg",
        "textarea",
    }
    | {"track", "video"}
)
_VOID = frozenset({"br", "col", "hr", "img", "link", "meta", "wbr"})
# Whose end tag may be left out in HTML5.
_LAX = frozenset(
    {
        "body",
        "colgroup",
        "dd",
        "dt",
        "head",
        "html",
        "li",
        "p",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
    }
)


class _Tags(HTMLParser):
    """Collects the tags of a text, and those that were closed without being open or never closed."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.odd: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open[-1] != tag and self.open[-1] in _LAX and tag in self.open:
            self.open.pop()
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.odd.append(tag)


def check(content: str, *, documents_only: bool) -> None:
    """Refuse what the service could not convert, with the words that were seen (facts 5, row 21)."""
    tags = _Tags()
    tags.feed(content)
    tags.close()
    forbidden = sorted(_DISALLOWED & set(tags.names))
    if forbidden:
        raise _unconvertible(f"Disallowed tags: {', '.join(forbidden)}.", forbidden)
    if tags.odd or set(tags.open) - _LAX:
        raise _unconvertible("A tag is not closed, or closed twice.", [])
    if documents_only and not {"html", "body"} <= set(tags.names):
        raise _unconvertible("The content must be a whole XHTML document.", [])


def _unconvertible(why: str, tags: list[str]) -> Problem:
    message = f"Unable to convert HTML to RTF. {why}"
    return Problem(
        400, "InvalidContent", message, [f"tag {tag}" for tag in tags], words_needed=True
    )
