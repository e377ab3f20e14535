"""Many personalities in one: their choices at once, as long as no two of them choose of the same thing.

A false alarm about one choice shows among the others as well, and one run takes the time of one. What hides from
golive what others choose (a token, a list or an item that it can't read) stays alone.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from .personalities import PERSONALITIES
from .personality import Neighbourly, Personality

if TYPE_CHECKING:
    from collections.abc import Iterable

HIDING = frozenset(
    {
        *("jwe-tokens", "opaque-tokens", "three-part-opaque", "kept-tokens", "throttles"),
        *("one-host-gateway", "entra-like", "issuer-of-each-tenant", "auth0-like"),
        *("opaque-gateway", "list-inbox-items", "list-array", "other-item-names", "lean-lists"),
        *("plain-list-dates", "zone-id-and-z", "zone-id-and-utc", "zone-of-windows"),
        "minimal-message",
        *("person-id", "participant-type", "stranger-than-most", "guess-nothing"),
        *("neighbours-lists-otherwise-called", "baseline"),
    }
)
"""Personalities behind which much remains open, and the one that chooses nothing."""
WITH = " + "
"""Between the names of those that are mixed."""

Choices = dict[str, Any]


def choices(personality: Personality) -> Choices:
    """Return what it chooses otherwise than the baseline, by field; those of the neighbours under their own names."""
    found = _changed(personality, Personality())
    found.pop("neighbours", None)
    return found | {
        f"neighbours.{name}": value
        for name, value in _changed(personality.neighbours, Neighbourly()).items()
    }


def _changed(one: Any, usual: Any) -> Choices:
    named = (each.name for each in fields(one) if each.name not in {"name", "honest", "doubt"})
    return {
        name: getattr(one, name) for name in named if getattr(one, name) != getattr(usual, name)
    }


def mixed(names: Iterable[str], many: int) -> dict[str, Personality]:
    """Mix these into so many, each into the smallest that has chosen nothing of what it chooses; else into one more."""
    mixtures: list[tuple[list[str], Choices]] = [([], {}) for _ in range(many)]
    for name in names:
        own = choices(PERSONALITIES[name])
        fit = [one for one in mixtures if own.keys().isdisjoint(one[1])]
        if not fit:
            mixtures.append(([], {}))
        members, chosen = min(fit, key=lambda one: len(one[0]), default=mixtures[-1])
        members.append(name)
        chosen |= own
    return {WITH.join(members): _made(members, chosen) for members, chosen in mixtures}


def members_of(name: str) -> list[str]:
    """Return the names of the personalities that are mixed under this one; of none, its own."""
    return name.split(WITH)


def _made(members: list[str], chosen: Choices) -> Personality:
    own = {name: one for name, one in chosen.items() if "." not in name}
    of_neighbours = {name.partition(".")[2]: one for name, one in chosen.items() if name not in own}
    return Personality(
        WITH.join(members),
        "Each of these is, and none chooses what another does.",
        neighbours=replace(Neighbourly(), **of_neighbours),
        **own,
    )


MIXABLE = [name for name in PERSONALITIES if name not in HIDING]
OF_NEIGHBOURS = [name for name in MIXABLE if PERSONALITIES[name].neighbours != Neighbourly()]
MIXED = mixed([name for name in MIXABLE if name not in OF_NEIGHBOURS], 10) | mixed(OF_NEIGHBOURS, 3)
EVERY = PERSONALITIES | MIXED
