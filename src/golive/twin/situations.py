"""States that an honest deployment can be in for a while, as against the lies of `defects`.

A lie must be noticed by a check; a situation must be told apart by the doctor.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SITUATIONS: Mapping[str, str] = MappingProxyType(
    {
        "key-rotation": "The API has not loaded the signing key yet: the first token is unknown, the next one is not.",
        "old-tokens": "The authorization server's clock is an hour behind the API's: tokens have expired at once.",
        "throttled": "The API answers 429 to everything.",
        "gateway-times-out": "The API's gateway waits in vain for the service and answers 504.",
    }
)
"""Name of each situation -> its sentence."""


def chosen_situations(names: Iterable[str]) -> frozenset[str]:
    """Return ``names`` as a set; raise ValueError for an unknown one."""
    wanted = frozenset(names)
    for name in sorted(wanted - SITUATIONS.keys()):
        raise ValueError(f'The twin knows no situation "{name}". Known: {", ".join(SITUATIONS)}.')
    return wanted
