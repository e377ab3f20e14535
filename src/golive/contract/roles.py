"""A role: one thing that checks read in answers, or ask for; and the questions about roles that only answers settle."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from golive.contract.label import Basis
from golive.contract.places import HEADER

if TYPE_CHECKING:
    from collections.abc import Mapping as Map


@dataclass(frozen=True)
class Role:
    """One thing that checks read: where golive looks for it, and where a deployment really has it.

    `places` and `real` are by operationId; `words` leads from a documented word to the one of the answers. A role that
    is a `word` of requests is `asked` for by operationId in a query parameter. `located` are the operations for
    which a project's file says the place; `basis` and `source` say how it is known.
    """

    name: str
    means: str
    basis: Basis
    source: str
    places: Map[str, str]
    real: Map[str, str]
    header: str = ""
    real_header: str = ""
    word: str = ""
    real_word: str = ""
    asked: Map[str, str] = field(default_factory=dict)
    words: Map[str, str] = field(default_factory=dict)
    form: str = ""
    located: frozenset[str] = frozenset()
    looks: Map[str, Any] = field(default_factory=dict)

    @property
    def seen_words(self) -> dict[str, str]:
        """Each word that an answer may have, with the documented one that it stands for."""
        also = self.looks.get("words", {})
        listed = {one: word for word in self.words or {} for one in (word, *also.get(word, ()))}
        return listed | {one: word for word, one in (self.words or {}).items()}

    @property
    def askable(self) -> tuple[str, ...]:
        """The words of a request that may stand for it: the one that is known or assumed, then others."""
        others = (self.word, *self.looks.get("words", {}).get(self.word, ()))
        return tuple(dict.fromkeys((self.real_word, *others)))

    def assumed(self, operation: str) -> str:
        """Return where golive itself looks for it: a place of an operation's answers, `header:NAME`, or a word."""
        return self.word or self.places.get(operation, HEADER + self.header.lower())

    def known(self, operation: str) -> str:
        """Return where it is looked for in this deployment, likewise."""
        return self.real_word or self.real.get(operation, HEADER + self.real_header.lower())

    @property
    def learnt(self) -> bool:
        """Whether a project's file says anything of it."""
        return self.basis in (Basis.OBSERVED, Basis.OWN)


@dataclass(frozen=True)
class Question:
    """What only live answers can settle: places of `roles` in answers of `operations`, or how `answers` were refused.

    `answers` are ids of error cases, with * for any letters; `settled_by` says what a run needs.
    """

    asks: str
    settled_by: str
    roles: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
