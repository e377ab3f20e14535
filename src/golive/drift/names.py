"""Which names may stand in a fingerprint: the contract's own, and others that look like nobody's data.

A member's name is shape, but a map may be keyed by ids or by people. So a name that the contract does not
know is written only where it is an identifier as programmers write them and is no text that the run has
learnt as a secret or a person's; every other name is folded into one sign, like an array's index.
"""

from __future__ import annotations

import re

from golive.personal import MEMBER_NAME
from golive.redaction import redact

ITEM = "[]"
"""Stands for every index of an array."""

OTHER = "{}"
"""Stands for every name that may be data."""

LONGEST = 40
HEADER = re.compile(r"[A-Za-z]+[0-9]{0,2}(-[A-Za-z]+[0-9]{0,2})*")


def member(name: str) -> str:
    """Return a member's name that the contract does not know as a fingerprint may hold it."""
    return name if _shown(name, MEMBER_NAME) else OTHER


def header(name: str) -> str:
    """Return the name of a header that the contract does not know, in lower case, likewise."""
    return name.lower() if _shown(name, HEADER) and redact(name.lower()) == name.lower() else OTHER


def _shown(name: str, form: re.Pattern[str]) -> bool:
    return len(name) <= LONGEST and bool(form.fullmatch(name)) and redact(name) == name


def escaped(name: str) -> str:
    """Write a name as one step of a path, as a JSON pointer does (RFC 6901 §3)."""
    return name.replace("~", "~0").replace("/", "~1")
