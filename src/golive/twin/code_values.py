"""GET codeValues and codeValues/{codeValueId} (contract-facts §2.9, §2.10).

What the pages leave open is answered as §9 says: one page of at most 1,000 values, ordered by code set and id as
numbers, ``sortOrder`` with ASC and DESC, 400 for every breach and for an id
that is no number, 404 for an unknown id.

Code sets have the same numbers everywhere, their values other ids in each tenant (§2.9). All of it is invented, the
same for the same seed. The largest set has more values than a page of a sibling API holds.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from golive.twin.http import Ask, Query, ServiceError, bad_request, json_answer
from golive.twin.names import SANDBOX_TENANT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.responses import Response

    from golive.twin.world import World


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

    def of_tenant(self, tenant: str) -> list[CodeValue]:
        """Return the values of every code set."""
        return [*self._of(tenant).values()]

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


PAGE = 1000
LARGE = 50
MOST_IDS = 50
MOST_FILTERS = 20

_FILTERS = ("cdfMeaning", "cki", "conceptCki")

_MEMBERS = {
    "cdfMeaning": "cdf_meaning",
    "cki": "cki",
    "codeSet": "code_set",
    "conceptCki": "concept_cki",
    "definition": "definition",
    "description": "description",
    "display": "display",
    "id": "id",
    "isActive": "is_active",
    "isAuthenticated": "is_authenticated",
    "sequence": "sequence",
}
"""Name of each member on the wire -> the attribute; a member that is None is left out."""


def code_values(world: World, ask: Ask) -> Response:
    """List the code values of some ids, or of a code set and at most one filter."""
    query = Query(ask.query)
    ids, code_set = query.many("id"), query.one("codeSet")
    descending = query.choice("sortOrder", ("ASC", "DESC"), "ASC") == "DESC"
    if ids and code_set is not None:
        raise bad_request("Either id or codeSet may be given, not both.")
    tenant = ask.segments[0]
    if ids:
        found = _by_id(world, tenant, query, ids)
    elif code_set and code_set.isdecimal():
        found = _by_set(world, tenant, query, code_set)
    else:
        raise bad_request("id or codeSet, a number, is required.", "MissingParameter")
    found = _ordered(world, found, descending=descending, by_id=bool(ids))
    return json_answer(200, {"items": [_document(world, one) for one in found[:PAGE]]})


def _by_id(world: World, tenant: str, query: Query, ids: list[str]) -> list[CodeValue]:
    if len(ids) > MOST_IDS and not world.injects("more-than-50-ids-answered"):
        raise bad_request(f"At most {MOST_IDS} ids may be given.")
    found = [world.code_sets.find(tenant, one) for one in dict.fromkeys(ids)]
    if None in found and world.injects("unknown-code-value-id-refused"):
        raise bad_request("There is no such code value.")
    values = [one for one in found if one is not None]
    if world.injects("code-values-by-id-are-filtered"):
        meanings = query.many("cdfMeaning")
        values = [one for one in values if not meanings or one.cdf_meaning in meanings]
    return values


def _by_set(world: World, tenant: str, query: Query, code_set: str) -> list[CodeValue]:
    given = {name: query.many(name) for name in _FILTERS}
    used = [name for name, wanted in given.items() if wanted]
    if len(used) > 1 and not world.injects("two-filters-of-code-values-answered"):
        raise bad_request(f"Only one of {', '.join(_FILTERS)} may be given.")
    values = world.code_sets.of_set(tenant, code_set)
    if "cki" in used and world.injects("cki-filter-searches-every-code-set"):
        values = world.code_sets.of_tenant(tenant)
    for name in used:
        values = _filtered(world, values, name, given[name])
    if world.injects("code-value-of-another-code-set-listed"):
        values = [*values, world.code_sets.stranger(tenant, code_set)]
    if len(values) > LARGE and world.injects("code-value-of-another-code-set-in-a-large-one"):
        values = [*values, world.code_sets.stranger(tenant, code_set)]
    return values


def _filtered(
    world: World, values: list[CodeValue], name: str, wanted: list[str]
) -> list[CodeValue]:
    if len(wanted) > MOST_FILTERS and not world.injects("more-than-20-filters-answered"):
        raise bad_request(f"At most {MOST_FILTERS} values of {name} may be given.")
    if name == "cdfMeaning" and world.injects("meaning-filter-ignores-case"):
        folded = {one.casefold() for one in wanted}
        return [one for one in values if (one.cdf_meaning or "").casefold() in folded]
    return [one for one in values if getattr(one, _MEMBERS[name]) in wanted]


def _ordered(
    world: World, values: list[CodeValue], *, descending: bool, by_id: bool
) -> list[CodeValue]:
    if by_id and world.injects("code-values-by-id-come-unordered"):
        return sorted(values, key=lambda one: int(one.id) % 7)
    return sorted(values, key=lambda one: (int(one.code_set), int(one.id)), reverse=descending)


def one_code_value(world: World, ask: Ask) -> Response:
    """Show one code value."""
    tenant, value_id = ask.segments[0], ask.segments[-1]
    if not value_id.isdecimal() and not world.injects("unknown-code-value-answered"):
        raise bad_request("The id of a code value is a number.")
    value = world.code_sets.find(tenant, value_id)
    if value is None and world.injects("unknown-code-value-answered"):
        value = replace(world.code_sets.stranger(tenant, ""), id=value_id)
    if value is None:
        raise ServiceError(404, "NotFound", "There is no such code value.")
    if world.injects("another-code-value-shown"):
        value = next(o for o in world.code_sets.of_set(tenant, value.code_set) if o != value)
    if world.injects("later-code-values-shown-as-the-first"):
        value = min(world.code_sets.of_set(tenant, value.code_set), key=lambda one: int(one.id))
    return json_answer(200, _document(world, value))


def _document(world: World, value: CodeValue) -> dict[str, Any]:
    members = {name: getattr(value, attribute) for name, attribute in _MEMBERS.items()}
    document = {name: member for name, member in members.items() if member is not None}
    if value.definition is None and world.injects("undefined-members-are-null"):
        document["definition"] = None
    return document
