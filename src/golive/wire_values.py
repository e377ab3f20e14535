"""Values that somebody else wrote, read so that no text of theirs raises: dates, instants, URLs.

What can't be read is None, or a URL without a host; the caller says what that means for its question.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urlsplit

UNREADABLE = SplitResult("", "", "", "", "")


def split_url(text: str) -> SplitResult:
    """Take a URL apart; one that is none (half a bracket for a host) has no part at all."""
    try:
        return urlsplit(text)
    except ValueError:
        return UNREADABLE


def http_date(text: str | None) -> datetime | None:
    """Read an HTTP date (RFC 9110 §5.6.7) as an aware time, None where it is none."""
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError, IndexError, TypeError):  # such as a year of twenty digits
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def instant_of(seconds: object) -> datetime | None:
    """Return the time of a NumericDate (RFC 7519 §2), None where there is no such time."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
