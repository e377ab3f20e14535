"""Reading query parameters: each is there once at most, and has its documented form.

Unknown parameters are ignored. Everything that a parameter's own text forbids is a 400
(contract-facts §2.1, §3).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from golive.twin.http import bad_request

_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


class Query:
    """The query of one request."""

    def __init__(self, pairs: tuple[tuple[str, str], ...]) -> None:
        self._pairs = pairs

    def many(self, name: str) -> list[str]:
        """Return all values of a parameter that may be repeated."""
        return [value for key, value in self._pairs if key == name]

    def one(self, name: str) -> str | None:
        """Return the value of a parameter that may be there once; None when it is absent."""
        values = self.many(name)
        if len(values) > 1:
            raise bad_request(f"{name} may be given only once.")
        return values[0] if values else None

    def required(self, name: str) -> str:
        """Return the value of a parameter that must be there and not be blank."""
        value = self.one(name)
        if value is None or not value.strip():
            raise bad_request(f"{name} is required.", "MissingParameter")
        return value

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        """Return one of the allowed words."""
        value = self.one(name)
        if value is not None and value not in allowed:
            raise bad_request(f"{name} must be one of {', '.join(allowed)}.")
        return value or default

    def choices(self, name: str, allowed: tuple[str, ...], default: str) -> set[str]:
        """Return some of the allowed words: the key is repeated, not the value listed."""
        values = self.many(name)
        if not set(values) <= set(allowed):
            raise bad_request(f"each {name} must be one of {', '.join(allowed)}.")
        return set(values) or {default}

    def truth(self, name: str) -> bool:
        """Return a boolean whose default is false."""
        return self.choice(name, ("true", "false"), "false") == "true"

    def instant(self, name: str) -> datetime | None:
        """Return an ISO 8601 UTC instant in whole seconds; None when it is absent."""
        value = self.one(name)
        if value is None:
            return None
        if _INSTANT.fullmatch(value):
            try:
                return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
            except ValueError:
                pass
        raise bad_request(f"{name} must look like 2024-10-01T00:00:00Z, without milliseconds.")
