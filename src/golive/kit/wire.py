"""Values that somebody else wrote, read so that no text of theirs raises: numbers, dates, instants, URLs.

What can't be read is None, or a URL without a host; the caller says what that means for its question.

It also says where the path of a URL leads on the wire, however a server reads unusual characters in it.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

UNREADABLE = SplitResult("", "", "", "", "")


def split_url(text: str) -> SplitResult:
    """Take a URL apart; one that is none (half a bracket for a host) has no part at all."""
    try:
        return urlsplit(text)
    except ValueError:
        return UNREADABLE


LARGEST_NUMBER = 2**31
"""As such counts what is larger than a recipient can hold (RFC 9111 §1.2.2)."""


def whole_number(text: str | None) -> int | None:
    """Read ASCII digits, as Age, Retry-After and Content-Length hold them; None where there is anything else."""
    if not text or not (text.isascii() and text.isdigit()):
        return None
    return min(int(text[-20:]), LARGEST_NUMBER) if text[:-20].strip("0") == "" else LARGEST_NUMBER


def resolved(reference: str, base: str) -> str:
    """Return where a reference, such as a Location, leads from a URL (RFC 3986 §5.2); empty where it is none."""
    try:
        return urljoin(base, reference)
    except ValueError:
        return ""


def http_date(text: str | None) -> datetime | None:
    """Read an HTTP date (RFC 9110 §5.6.7) as an aware time, None where it is none."""
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError, IndexError, TypeError):  # such as a year of twenty digits
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def iso_time(text: str) -> datetime | None:
    """Read a time of ISO 8601, in UTC where it names no zone, as one in UTC; None where it is none."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (
        ValueError,
        OverflowError,
    ):  # such as midnight of the first day of all, east of Greenwich
        return None


def instant_of(seconds: object) -> datetime | None:
    """Return the time of a NumericDate (RFC 7519 §2), None where there is no such time."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


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
