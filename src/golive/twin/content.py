"""What the content of a message may be: a complete XHTML document without disallowed tags.

A fragment is refused in the words that were seen on the wire (contract-facts §2.4, row 21 of §5); a
disallowed tag with a message that names it. Oracle's list of tags is not public: this one holds
what runs, loads, links or submits.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

from golive.twin.service_errors import bad_request

if TYPE_CHECKING:
    from golive.twin.world import World

_RUNS = {"applet", "canvas", "embed", "math", "object", "script", "svg"}
_LOADS = {"audio", "base", "img", "link", "meta", "picture", "source", "style", "track", "video"}
_LEADS_ELSEWHERE = {"a", "frame", "frameset", "iframe", "map"}
_SUBMITS = {"button", "form", "input", "select", "textarea"}
DISALLOWED = frozenset(_RUNS | _LOADS | _LEADS_ELSEWHERE | _SUBMITS)
_EMPTY = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"})
_HEAD_ONLY = frozenset({"meta", "style"})  # harmless where a document describes itself
_SKELETON = ["html", "html/head", "html/head/title", "html/body"]
_Attributes = list[tuple[str, str | None]]


class _Reader(HTMLParser):
    """Notes a document's skeleton, its disallowed tags, and whether its tags are balanced."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []
        self.skeleton: list[str] = []
        self.disallowed: set[str] = set()
        self.balanced = True

    def handle_starttag(self, tag: str, attrs: _Attributes) -> None:  # noqa: ARG002
        self._meet(tag)
        if tag not in _EMPTY:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: _Attributes) -> None:  # noqa: ARG002
        self._meet(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _EMPTY:
            return
        if not self._open or self._open.pop() != tag:
            self.balanced = False

    def handle_data(self, data: str) -> None:
        # Text outside the root element makes a fragment of the whole.
        if data.strip() and not self._open:
            self.balanced = False

    def _meet(self, tag: str) -> None:
        path = "/".join([*self._open, tag])
        if len(self._open) < 2 or path in _SKELETON:
            self.skeleton.append(path)
        if tag in DISALLOWED and not (tag in _HEAD_ONLY and self._open == ["html", "head"]):
            self.disallowed.add(tag)

    def is_document(self) -> bool:
        """Whether there is one html with a head, its title, and a body, all of them closed."""
        return self.balanced and not self._open and self.skeleton == _SKELETON


def check_content(world: World, content: str) -> None:
    """Raise a 400 unless ``content`` can be sent."""
    reader = _Reader()
    try:
        reader.feed(content)
        reader.close()
    except AssertionError:  # the library's word for a declaration that it can't make sense of
        reader.balanced = False
    if not reader.is_document():
        if world.lies("html-fragment-accepted"):
            return
        if world.lies("html-fragment-refused-in-other-words"):
            raise bad_request("The content is not valid.", "InvalidContent")
        raise bad_request("Unable to convert HTML to RTF", "InvalidContent")
    if reader.disallowed and not world.lies("script-accepted"):
        tags = ", ".join(sorted(reader.disallowed))
        raise bad_request(f"The content has tags that are not allowed: {tags}.", "InvalidContent")
