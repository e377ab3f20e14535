"""How a twin was asked to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from golive.twin.defects import chosen
from golive.twin.situations import chosen_situations

if TYPE_CHECKING:
    from collections.abc import Iterable

FORMS = ("jws", "jwe")


@dataclass(frozen=True)
class Settings:
    """How a twin was asked to be: see `golive.twin.server.Twin` for the meaning and the units."""

    seed: int = 1
    latency: float = 0.0
    token_lifetime: int = 570
    clock_offset: float = 0.0
    visible_after: float = 0.0
    token_form: str = "jws"  # noqa: S105 - a form, no password
    defects: frozenset[str] = frozenset()
    situations: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        *,
        seed: int,
        latency: float,
        token_lifetime: int,
        clock_offset: float,
        visible_after: float = 0.0,
        token_form: str = "jws",  # noqa: S107 - a form, no password
        defects: Iterable[str],
        situations: Iterable[str] = (),
    ) -> Settings:
        """Return checked settings; raise ValueError for what makes no sense."""
        if latency < 0:
            raise ValueError("The twin's latency can't be negative.")
        if token_lifetime < 1:
            raise ValueError("The twin's tokens must live for at least one second.")
        if visible_after < 0:
            raise ValueError("What is written can't be visible before it is written.")
        if token_form not in FORMS:
            raise ValueError(f"The twin's tokens have one of the forms {' and '.join(FORMS)}.")
        lies, states = chosen(defects), chosen_situations(situations)
        return cls(
            seed, latency, token_lifetime, clock_offset, visible_after, token_form, lies, states
        )
