"""The code sets of each tenant and their values, the same for the same seed.

Code sets have the same numbers everywhere, their values other ids in each tenant (contract-facts §2.9). All of it is
invented. The largest set has more values than a page of a sibling API holds.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from golive.twin.names import SANDBOX_TENANT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SIZES = {"90001": 12, "90010": 7, "9900": 60, "90500": 0, "91000": 1203}
"""Code set -> how many values it has: none, few, more than can be asked for by id, more than a page. As a number 9900
comes first, as text last."""

_WORDS = ("Synthetic", "Invented", "Made-up", "Fictional", "Imaginary", "Mock")


@dataclass(frozen=True)
class CodeValue:
    """One value of a code set; optional members are None where they are not defined."""

    id: str
    code_set: str
    display: str
    cdf_meaning: str | None
    cki: str | None
    concept_cki: str | None
    description: str | None
    definition: str | None
    sequence: int | None
    is_active: bool
    is_authenticated: bool


class CodeSets:
    """The code values of every tenant."""

    def __init__(self, seed: int, tenants: Iterable[str]) -> None:
        self._seed = seed
        self._tenants = frozenset(tenants)

    def of_set(self, tenant: str, code_set: str) -> list[CodeValue]:
        """Return the values of a code set; none for one that does not exist."""
        values = self._of(tenant).values()
        return [one for one in values if one.code_set == code_set]

    def find(self, tenant: str, value_id: str) -> CodeValue | None:
        """Return the value of that id, or None."""
        return self._of(tenant).get(value_id)

    def stranger(self, tenant: str, code_set: str) -> CodeValue:
        """Return a value of another code set."""
        values = self._of(tenant).values()
        return next(one for one in values if one.code_set != code_set)

    def _of(self, tenant: str) -> Mapping[str, CodeValue]:
        return _values_of(tenant, self._seed) if tenant in self._tenants else {}


@lru_cache(maxsize=64)
def _values_of(tenant: str, seed: int) -> dict[str, CodeValue]:
    """Make a tenant's values by id, when they are first asked for: nothing writes to them."""
    own = seed if tenant == SANDBOX_TENANT else f"{seed} {tenant}"
    chance = random.Random(own)  # noqa: S311  (reproducible data, nothing secret)
    return {one.id: one for one in _values(chance)}


def _values(chance: random.Random) -> list[CodeValue]:
    # One-digit steps across a power of ten: ordered as text, the ids come otherwise than as numbers.
    number = 999_950 + chance.randrange(40)
    found = []
    for code_set, size in _SIZES.items():
        for place in range(size):
            number += chance.randint(1, 9)
            found.append(_value(chance, str(number), code_set, place))
    chance.shuffle(found)
    return found


def _value(chance: random.Random, value_id: str, code_set: str, place: int) -> CodeValue:
    word = chance.choice(_WORDS)
    shipped = place % 3 != 2
    return CodeValue(
        id=value_id,
        code_set=code_set,
        display=f"{word} value {place}",
        # Meanings repeat within a set, and two of them differ by case alone.
        cdf_meaning=("GOLIVE", "golive", "TWIN", None)[place % 4],
        cki=f"CKI.CODEVALUE!{code_set}{place:04}" if shipped else None,
        concept_cki=f"CERNER!SYNTHETIC{place // 2}" if place % 2 == 0 else None,
        description=f"{word} value {place} of code set {code_set}" if place % 5 else None,
        definition=f"Invented for tests ({place})" if shipped else None,
        sequence=place if place % 4 else None,
        is_active=place % 6 != 5,
        is_authenticated=place % 7 != 6,
    )
