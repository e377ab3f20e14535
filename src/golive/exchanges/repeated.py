"""Questions that a run asks several times, spread over its duration, and what that can show.

A fault that stands in one answer of three is in none of `n` answers with a probability of (2/3)^n.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golive.exchanges.model import Steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from golive.exchanges.registry import ExchangeRegistry, Key
    from golive.exchanges.schedule import Result

ONE_IN_THREE = 1 / 3


def asked_again(
    definitions: ExchangeRegistry, made: Mapping[Key, Result]
) -> Iterable[dict[str, Any]]:
    """Yield each question that was asked several times: its operation, how often, and what is met by that.

    `met` is the probability with which a fault in one answer of three stands in one of these answers.
    """
    for key, result in made.items():
        # Where collecting failed, what preflight asked has no definition.
        repeats = key[0] in definitions and definitions[key[0]].repeats
        if repeats and isinstance(result, Steps) and result:
            first = next(iter(result.values())).request
            times = sum(one.request.url == first.url for one in result.values())
            met = round(1 - (1 - ONE_IN_THREE) ** times, 2)
            yield {"operation": first.operation, "times": times, "met": met}


def repeated_words(asked: Sequence[Mapping[str, Any]]) -> str:
    """Say how often questions were asked, and what that shows; empty where none was asked again."""
    if not asked:
        return ""
    parts = [f"{one['operation']} {one['times']} times ({one['met']:.0%})" for one in asked]
    return (
        f"asked again and compared: {', '.join(parts)}; in brackets the probability that a fault which stands in one "
        "answer of three is among them"
    )
