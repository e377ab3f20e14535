"""A plain request by HEAD, and by GET once more where the two do not say the same length."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from golive import Steps, whole_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from golive import Exchange, Request

HEAD = "head"
"""The step of the answer to HEAD; the others are answers to GET."""


def asked_by_head(
    plain: Exchange, make: Callable[[], Request], send: Callable[[Request, str], Exchange]
) -> Steps:
    """Ask by HEAD what the plain request asked by GET; where the lengths differ, ask by GET again.

    `make` gives the plain request, each time with a valid token. Steps `plain`, `head`, and `again`.
    """
    called = f"{plain.name} by head"
    head = send(replace(make(), method="HEAD"), called)
    steps = Steps({"plain": plain, HEAD: head})
    length = head.header("Content-Length")
    if head.succeeded and length is not None and length != str(length_of(plain)):
        steps["again"] = send(make(), f"{called}: again")
    return steps


def length_of(answer: Exchange) -> int | None:
    """Return how many bytes a body had on the wire; None where that is not known."""
    said = answer.header("Content-Length")
    if said is not None:
        return whole_number(said)
    return None if answer.header("Content-Encoding") else len(answer.response.body)
