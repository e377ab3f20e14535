"""Since when: the earliest of the runs in a row, back from the last one, that show a change.

A run that did not ask the situations proves nothing and is passed over.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from golive.drift.compare import compare

if TYPE_CHECKING:
    from collections.abc import Iterable

    from golive.contract import Contract
    from golive.drift.change import Change, Comparison
    from golive.drift.fingerprint import Fingerprint

FARTHEST = 50
"""Runs that are looked at; a fingerprint takes some milliseconds to read."""


def dated(
    found: Comparison,
    first: Fingerprint,
    second: Fingerprint,
    earlier: Iterable[Fingerprint],
    contract: Contract,
) -> Comparison:
    """Return the comparison with the name of the run since which each change is there.

    `earlier` are the runs before the second that belong to its environment, the latest first.
    """
    open_ones = {one.key: one for one in found.changes}
    since = dict.fromkeys(open_ones, second.run)
    for number, run in enumerate(earlier):
        if not open_ones or number == FARTHEST:
            break
        there = compare(first, run, contract).keys
        for key, change in list(open_ones.items()):
            if key in there:
                since[key] = run.run
            elif _asked(change, run):
                del open_ones[key]
    changes = tuple(
        replace(one, since=since[one.key], unbroken=one.key in open_ones) for one in found.changes
    )
    return replace(found, changes=changes)


def _asked(change: Change, run: Fingerprint) -> bool:
    return any(name in run.situations for name in change.situations)
