"""One cause is one finding: violations that many items of an array have alike are told once, with their number."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from golive.contract import Violation

INDEX = re.compile(r"/[0-9]+(?=/|$)")


def told_once(found: Iterable[Violation]) -> list[Violation]:
    """Return one violation for each place in an item, expectation and basis, in the order of the first of each."""
    groups: dict[tuple[object, ...], list[Violation]] = {}
    for one in found:
        groups.setdefault((INDEX.sub("/*", one.at), one.expected, one.basis), []).append(one)
    return [_together(group) for group in groups.values()]


def _together(group: list[Violation]) -> Violation:
    first = group[0]
    if len(group) == 1:
        return first
    others = "" if len({one.actual for one in group}) == 1 else " and other values"
    return replace(first, actual=f"{first.actual}{others}, in {len(group)} items")
