"""How a twin was asked to be.

Situations are states that a correct deployment can be in for a while, unlike the defects of `defects`.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


FORMS = ("jws", "jwe")


@dataclass(frozen=True, kw_only=True)
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

    def __post_init__(self) -> None:
        """Raise ValueError for what makes no sense."""
        if self.latency < 0:
            raise ValueError("The twin's latency can't be negative.")
        if self.token_lifetime < 1:
            raise ValueError("The twin's tokens must live for at least one second.")
        if self.visible_after < 0:
            raise ValueError("What is written can't be visible before it is written.")
        if self.token_form not in FORMS:
            raise ValueError(f"The twin's tokens have one of the forms {' and '.join(FORMS)}.")


SITUATIONS: Mapping[str, str] = MappingProxyType(
    {
        "key-rotation": "The API has not loaded the signing key yet: the first token is unknown, the next one is not.",
        "old-tokens": "The authorization server's clock is an hour behind the API's: tokens have expired at once.",
        "throttled": "The API answers 429 to everything.",
        "gateway-times-out": "The API's gateway gets no answer from the service and answers 504.",
    }
)
"""Name of each situation -> its sentence."""


def chosen_situations(names: Iterable[str]) -> frozenset[str]:
    """Return ``names`` as a set; raise ValueError for an unknown one."""
    wanted = frozenset(names)
    for name in sorted(wanted - SITUATIONS.keys()):
        raise ValueError(f'The twin knows no situation "{name}". Known: {", ".join(SITUATIONS)}.')
    return wanted
