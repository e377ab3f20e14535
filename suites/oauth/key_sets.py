"""The key set as it was answered twice, and the numbers in its keys."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from golive import CouldNotTellError, Finding, FindingsError, expect, keys_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from golive import Exchange, Expect

Key = dict[str, Any]


def judge_both(key_set: Exchange, again: Exchange, judge: Callable[[Expect], None]) -> None:
    """Judge the key set as it was answered at the beginning of the run and at its end.

    What is wrong with both is one finding. What can't be said of the second answer is left out.
    """
    found: dict[tuple[str, str], Finding] = {}
    for each in (key_set, again):
        try:
            with expect(each) as it:
                judge(it)
        except FindingsError as error:
            for one in error.findings:
                found.setdefault((one.at, one.expected), one)
        except CouldNotTellError:
            if each is key_set and not found:
                raise
    if found:
        raise FindingsError(found.values())


def judge_keys(
    key_set: Exchange, again: Exchange, judge: Callable[[Expect, str, Key], None]
) -> None:
    """Judge each key of both answers; `judge` takes its JSON pointer and its members."""

    def each(it: Expect) -> None:
        for index, key in enumerate(keys_of(it.exchange)):
            judge(it, f"/keys/{index}", key)

    judge_both(key_set, again, each)


def octets(text: object) -> bytes | None:
    """Return what a member holds in base64url; None for anything else, which is the schema's finding."""
    if not isinstance(text, str):
        return None
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None


def material(key: Key) -> tuple[Any, ...]:
    """Return what makes a key the one that it is, whatever it is called."""
    return tuple(repr(key.get(name)) for name in ("kty", "crv", "x", "y", "n", "e"))


def word(key: Key, name: str) -> str | None:
    """Return a member that is a text; None for anything else, which is the schema's finding."""
    value = key.get(name)
    return value if isinstance(value, str) else None
