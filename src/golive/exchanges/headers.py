"""HTTP header fields as a request or an answer had them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Headers:
    """HTTP header fields in their order; names compare without case (RFC 9110 §5.1)."""

    fields: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, fields: Mapping[str, str] | Iterable[tuple[str, str]]) -> Headers:
        """Make headers from a mapping or from pairs."""
        pairs = fields.items() if isinstance(fields, Mapping) else fields
        return cls(tuple((str(name), str(value)) for name, value in pairs))

    def get(self, name: str) -> str | None:
        """Return the field's value, several lines joined by a comma, or None."""
        values = self.all(name)
        return ", ".join(values) if values else None

    def all(self, name: str) -> tuple[str, ...]:
        """Return the value of each line of this name."""
        wanted = name.lower()
        return tuple(value for key, value in self.fields if key.lower() == wanted)

    def without(self, name: str) -> Headers:
        """Return a copy that lacks the field."""
        wanted = name.lower()
        return Headers(tuple((k, v) for k, v in self.fields if k.lower() != wanted))

    def with_(self, name: str, value: str) -> Headers:
        """Return a copy in which the field has this one value."""
        return Headers((*self.without(name).fields, (name, value)))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.fields)
