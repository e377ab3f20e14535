"""Strangers: an independent server that keeps every fact and chooses otherwise where they are silent.

It was written from `contract-facts.md` and the RFCs alone, by someone who had not seen the code that it
judges. `Stranger(personality=...)` is the whole of its interface; `PERSONALITIES` says which there are.
"""

from .personalities import PERSONALITIES
from .personality import Personality
from .server import Stranger

__all__ = ["PERSONALITIES", "Personality", "Stranger"]
