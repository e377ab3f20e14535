"""A value that must not be seen: it prints as three stars until somebody asks for it by name."""

from __future__ import annotations


class Secret:
    """A text that `repr`, `str` and f-strings show as `***`; `reveal()` gives it away.

    Two secrets are equal when their texts are, so sets and frozen dataclasses can hold them.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Give the text itself; the caller answers for where it goes."""
        return self._text

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash((Secret, self._text))
