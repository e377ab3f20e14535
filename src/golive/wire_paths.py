r"""Where the path of a URL leads once it is on the wire, whatever a server makes of odd signs in it.

Servers, gateways and frameworks in between decode a path once, or twice, cut parameters off a segment (`..;x`),
take `\\` for `/`, or read a dot that is written in more bytes than it needs. The lock on writing goes by the
tenant in the path, so no reading of it may lead to another one.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

DOTS = frozenset({".", ".."})
DECODINGS = 4
"""How often a path is decoded in turn; no chain of servers is known to do so more than twice."""

_SEPARATOR = re.compile(r"[/\\]")
_END = re.compile(r"[;\x00-\x20\x7f]")
"""Where some servers take a segment to end."""
_LONG_DOT = re.compile(r"%(?:c0%ae|e0%80%ae|f0%80%80%ae)", re.IGNORECASE)
_LONG_SLASH = re.compile(r"%(?:c0%af|e0%80%af|f0%80%80%af)", re.IGNORECASE)
_PLAIN = re.compile(r"(?:/[A-Za-z0-9][A-Za-z0-9._~-]*)+")
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def steps_aside(path: str) -> bool:
    """Say whether a path holds a . or .. segment, in any encoding that a server may undo."""
    for _ in range(DECODINGS):
        read = unicodedata.normalize("NFKC", path)
        if any(_END.split(part, maxsplit=1)[0] in DOTS for part in _SEPARATOR.split(read)):
            return True
        path, before = unquote(_LONG_SLASH.sub("/", _LONG_DOT.sub(".", path))), path
        if path == before:
            return False
    return False


def has_one_reading(path: str, tenant: str, tenants: tuple[str, ...]) -> bool:
    """Say whether a path leads to this tenant and can't be read to lead anywhere else.

    Its segments are plain letters and digits, so an HTTP client puts it on the wire as it is, and one of them alone
    can be a tenant: is one of `tenants`, or an id of that form.
    """
    if not _PLAIN.fullmatch(path):
        return False
    known = {each.casefold() for each in (tenant, *tenants)}
    parts = [part.casefold() for part in path.strip("/").split("/")]
    return [part for part in parts if part in known or _GUID.fullmatch(part)] == [tenant.casefold()]
