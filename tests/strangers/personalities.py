"""Every personality, each a few lines away from the baseline and with a sentence on why it is honest."""

from __future__ import annotations

from .choices_access import GATEWAYS, GRANTS, KEY_SETS, TOKEN_REFUSALS
from .choices_neighbours import NEIGHBOURS
from .choices_reading import LISTS, VALUES, WIRE
from .choices_refusals import ERRORS, REFUSALS
from .choices_writing import MIXTURES, WRITES
from .personality import Personality

PERSONALITIES: dict[str, Personality] = {
    personality.name: personality
    for personality in (
        Personality(),
        *GRANTS,
        *TOKEN_REFUSALS,
        *KEY_SETS,
        *GATEWAYS,
        *REFUSALS,
        *ERRORS,
        *LISTS,
        *VALUES,
        *WIRE,
        *WRITES,
        *MIXTURES,
        *NEIGHBOURS,
    )
}
