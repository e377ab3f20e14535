"""What values at one place have in common, without any of them: by that, a role is recognised under another name.

`form` is that of every text there, `repeats` says that a value came twice in one answer, and `words` are those that
`schemas/mapping.yaml` lists for enumerations: a word that is in no list could be somebody's name.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

if TYPE_CHECKING:
    from collections.abc import Iterable

Traits = dict[str, Any]

LOOKED_AT = 200
"""Values of one place that are looked at; a list holds up to 1,000 and more."""

LOCAL = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9}|:[0-9]{1,9}Z?)?"
)
OFFSET = re.compile(r"([.][0-9]+)?(Z|[+-][0-9]{2}:?[0-9]{2})")
ID = re.compile(r"\A[!-/:-~]*+[0-9][!-~]*+\Z")


def traits_of(found: Iterable[Any], vocabulary: frozenset[str]) -> Traits:
    """Return what the texts and whole numbers among these values have in common; nothing where there are none."""
    some = list(islice(filter(_is_looked_at, found), LOOKED_AT))
    if not some:
        return {}
    traits: Traits = {}
    forms = {_form(one, vocabulary) for one in some if isinstance(one, str)}
    if forms:
        traits["form"] = forms.pop() if len(forms) == 1 else "text"
    if traits.get("form") == "word":
        traits["words"] = sorted({one for one in some if isinstance(one, str)})
    if len(set(some)) < len(some):
        traits["repeats"] = True
    return traits


def merged_traits(first: Traits, second: Traits) -> Traits:
    """Return the traits of what both were seen on."""
    if not first or not second:
        return first or second
    forms = {one["form"] for one in (first, second) if "form" in one}
    words = sorted({*first.get("words", ()), *second.get("words", ())})
    merged: Traits = {}
    if forms:
        merged["form"] = forms.pop() if len(forms) == 1 else "text"
    if words and merged.get("form") == "word":
        merged["words"] = words
    if first.get("repeats") or second.get("repeats"):
        merged["repeats"] = True
    return merged


def _is_looked_at(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))


def _form(text: str, vocabulary: frozenset[str]) -> str:
    if text.upper() in vocabulary:
        return "word"
    if LOCAL.fullmatch(text):
        return "local-time"
    if LOCAL.match(text) and OFFSET.fullmatch(text, 19) and _is_instant(text):
        return "instant"
    if ("/" in text or text == "UTC") and text in _zones():
        return "zone"
    return "id" if len(text) <= 100 and ID.fullmatch(text) else "text"


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
