"""Whether any of many texts stands in another one: a single walk over it, however many they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class AnyOf:
    """Texts, none of them empty, that are looked for together."""

    def __init__(self, texts: Iterable[str]) -> None:
        from ahocorasick_rs import BytesAhoCorasick

        self._automaton = BytesAhoCorasick([_in_bytes(text) for text in texts])

    def stands_in(self, text: str) -> bool:
        """Tell whether one of them does."""
        return bool(self._automaton.find_matches_as_indexes(_in_bytes(text)))

    def stands_in_any_case(self, text: str) -> bool:
        """Tell whether one of them, all of small letters, does in whatever case; A to Z only."""
        return bool(self._automaton.find_matches_as_indexes(_in_bytes(text).lower()))


def _in_bytes(text: str) -> bytes:
    # Half a surrogate pair, which stands for a byte that is no UTF-8, is a character like others here.
    return text.encode("utf-8", "surrogatepass")
