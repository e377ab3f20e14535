"""A good token is taken each time: behind one address, several servers may answer, and one of them may not know it."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from golive import Exchange, check, expect, key_unknown, show_word, stated_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    Place = tuple[str, str, str, str]

HEALS_WITHIN = timedelta(seconds=3)
"""After its first refusal, a key may be one for so long that the API has not loaded yet (contract-facts §6.3)."""
REASONS = ("subcode", "code", "error")
"""What a refusal says of its reason, the most exact first."""
CURE = (
    "Ask who runs the service for one of several instances that has an older key set, another clock or other "
    "settings. Whatever else was answered in this way follows from it."
)
CURE_OF_STORES = (
    "Ask who runs the service for a cache, in a gateway or before it, that keeps a 401 by its URL and gives it to "
    "the next who asks. Whatever else was answered in this way follows from it."
)
AT_ONCE, SOON = timedelta(seconds=1), timedelta(seconds=5)
"""How long after a refusal a store surely has it still, and how long it may at most."""


@check(
    "good-tokens-are-taken-each-time",
    level="must",
    basis="standard",
    source="RFC 6750 §3.1",
    area="API access",
)
def test_a_good_token_is_taken_each_time(answers: list[Exchange]) -> None:
    """A token that an operation takes is taken there each time, until it ends."""
    asked: defaultdict[Place, list[Exchange]] = defaultdict(list)
    for one in answers:
        if _presents_the_own_token(one):
            asked[_place(one)].append(one)
    refused = sorted(
        (one for same in asked.values() for one in _refused_in_between(same)),
        key=lambda one: one.sent_at,
    )
    if all(one.sent_at < refused[0].sent_at + HEALS_WITHIN and key_unknown(one) for one in refused):
        return
    good = [one for same in asked.values() for one in same]
    handed_on = _follow_refusals(refused, good, answers)
    when = "right after another caller was, at the same URL" if handed_on else "now and then"
    with expect(refused[0]) as it:
        why = f"good tokens are refused {when} ({len(refused)} of {len(good)}, {_reason(refused)})"
        cure = CURE_OF_STORES if handed_on else CURE
        it.violated("relation:good-token", "each good token to be taken", why, next_step=cure)


def _presents_the_own_token(one: Exchange) -> bool:
    own = one.request.credential
    presented = one.request.headers.get("Authorization")
    return bool(one.request.operation and own and presented == own and not one.response.broken)


def _place(one: Exchange) -> Place:
    """Return what was asked with which token: without its query and the id, and with the tenant in its path."""
    where = urlsplit(one.request.url)
    above = f"{where.netloc}{where.path.rpartition('/')[0]}"
    return one.request.method, one.request.operation, above, str(one.request.credential)


def _refused_in_between(same: list[Exchange]) -> Iterator[Exchange]:
    """Yield the answers with 401 that came between two successes."""
    taken = [one.sent_at for one in same if one.succeeded]
    for one in same:
        if one.status == 401 and taken and min(taken) < one.sent_at < max(taken):
            yield one


def _follow_refusals(
    refused: list[Exchange], good: list[Exchange], answers: list[Exchange]
) -> bool:
    """Return whether good tokens are refused because another caller was just before, who asked for the same.

    Each refusal follows such a one soon, and most good tokens that follow one at once are refused.
    """
    others: defaultdict[tuple[str, str], list[Exchange]] = defaultdict(list)
    for one in answers:
        if one.status == 401 and not _presents_the_own_token(one):
            others[one.request.method, one.request.url].append(one)

    def follows(one: Exchange, within: timedelta) -> bool:
        before = others[one.request.method, one.request.url]
        return any(timedelta() < one.sent_at - other.sent_at < within for other in before)

    at_once = [one for one in good if follows(one, AT_ONCE)]
    spared = sum(one.succeeded for one in at_once)
    return all(follows(one, SOON) for one in refused) and 2 * spared < len(at_once)


def _reason(refused: list[Exchange]) -> str:
    """Return the reason that the refusals give most often."""
    given = Counter[str]()
    for one in refused:
        pairs = stated_pairs(one)
        given[next((pairs[name] for name in REASONS if name in pairs), "401")] += 1
    return show_word(given.most_common(1)[0][0].rpartition(":")[2])
