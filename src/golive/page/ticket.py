"""The text for a ticket to Oracle: what its hosts did otherwise than its own pages, or published answers, say.

A finding on an RFC, on a guess, or about somebody else's host is none of Oracle's support's business, and golive's
own collection of facts is no source for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golive.environment import cloud_of, real_host
from golive.exchange import status_words
from golive.label import ORACLES
from golive.published import published
from golive.verdict import Basis

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Data = Mapping[str, Any]

KNOWN = {Basis.DOCUMENTED: "Documented", Basis.OBSERVED: "Seen before"}


def ticket(statement: str, findings: Sequence[Data]) -> str:
    """Return the text for those findings of a check that are Oracle's to explain, empty where none is."""
    groups: dict[tuple[str, ...], list[Data]] = {}
    for finding in findings:
        if finding["basis"] in ORACLES and _is_oracles(finding["exchange"]["url"]):
            asked = finding["exchange"]
            groups.setdefault((asked["sent_at"], asked["method"], asked["url"]), []).append(finding)
    if not groups:
        return ""
    lines = [
        line for places in groups.values() for line in _exchange(places[0]["exchange"], places)
    ]
    return "\n".join([f"Expected: {statement}", *lines])


def _is_oracles(url: str) -> bool:
    return cloud_of(real_host(url)) is not None


def _exchange(exchange: Data, places: Sequence[Data]) -> list[str]:
    return [
        f"UTC time: {exchange['sent_at']}",
        f"Request: {exchange['method']} {exchange['url']}",
        f"Status: {status_words(exchange['status'])}",
        *(f"{name}: {value}" for name, value in exchange["correlation"].items()),
        *([f"error_uri: {exchange['error_uri']}"] if "error_uri" in exchange else []),
        *(line for one in places for line in _place(one)),
    ]


def _place(one: Data) -> list[str]:
    known = KNOWN[Basis(one["basis"])]
    return [
        f"At {one['at']}: expected {one['expected']}, got {one['actual']}",
        *(f"{known}: {where}" for where in published(one["source"])),
    ]
