"""What a granted access token shows of its inside, for the checks of its form, its key and its claims."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from functools import partial

from golive import (
    SIGNATURES,
    AccessToken,
    CouldNotTellError,
    Environment,
    Exchange,
    Expect,
    Finding,
    FindingsError,
    NotClaimedError,
    Steps,
    access_token_of,
    check,
    expect,
    is_of_another_server,
    read_token,
    seen_by,
    service_root,
    verification_problem,
)

SAMPLES = "contract-facts §4.1 (Oracle's decoded samples)"
AT = "/access_token"
token_check = partial(check, area="access token")
"""A check of the access token: its files are one area."""


Judge = Callable[[Expect, Environment], None]


def judge_each(first: Exchange, others: Steps, environment: Environment, judge: Judge) -> None:
    """Judge every token answer of the run; a finding that not all of them share says of which it is.

    `judge` takes the answer, as what it finds is collected, and the environment as its account sees it. What can't be
    said of the first answer is not said; of a later one it is left out.
    """
    answers = [first, *others.values()]
    found: dict[tuple[str, int], list[tuple[int, Finding]]] = {}
    judged = 0
    stop: CouldNotTellError | None = None
    for number, exchange in enumerate(answers, 1):
        own = environment if number == 1 else seen_by(exchange, environment)
        if own is None:
            continue
        try:
            with expect(exchange) as it:
                judge(it, own)
        except FindingsError as error:
            places = [one.at for one in error.findings]
            for index, one in enumerate(error.findings):
                place = one.at, places[:index].count(one.at)
                found.setdefault(place, []).append((number, one))
        except CouldNotTellError as error:
            stop = stop or (error if number == 1 else None)
            continue
        except NotClaimedError:
            if number == 1:
                raise
            continue
        judged += 1
    if found:
        raise FindingsError([_together(same, judged, answers) for same in found.values()])
    if stop is not None:
        raise stop


def _together(same: list[tuple[int, Finding]], judged: int, answers: list[Exchange]) -> Finding:
    """Return the first of the findings, which says in how many answers it was made, and in which."""
    number, first = same[0]
    if len(same) == judged:
        return first
    at = answers[number - 1].sent_at.astimezone(UTC)
    which = f"token {number} of {len(answers)}, {answers[number - 1].name}, {at:%H:%M:%S} UTC"
    more = "" if len(same) == 1 else f", and {len(same) - 1} more"
    return replace(first, actual=f"{first.actual} ({which}{more})")


def same_server(grant: Exchange, first: Exchange, environment: Environment) -> bool:
    """Return whether a token comes from the server that granted the run's first one."""
    one_host = service_root(grant.request.url) == service_root(first.request.url)
    return one_host and not is_of_another_server(grant, environment)


def demand_same_server(grant: Exchange, first: Exchange, environment: Environment) -> None:
    """Raise NotClaimedError for a token of another server than that of the run's own token."""
    if not same_server(grant, first, environment):
        raise NotClaimedError("token.url")


def token_of(exchange: Exchange, environment: Environment) -> AccessToken:
    """Return the token as far as it can be read.

    Raises NotClaimedError where the environment says that tokens are opaque, CouldNotTellError where its
    inside can't be seen.
    """
    if environment.token.form == "opaque":
        raise NotClaimedError("token.form")
    text = access_token_of(exchange)
    if text is None:
        raise CouldNotTellError("the token response holds no access token")
    token = read_token(text)
    if token.sealed:
        raise unseen(token)
    if token.problem:
        raise CouldNotTellError(f"the access token can't be read: {token.problem}")
    return token


def is_verified(grant: Exchange, environment: Environment, key_set: Exchange) -> bool:
    """Return whether some key of the set verifies a token that names none: the key that signed it is there then."""
    if environment.token.is_oracles:
        return False
    text = access_token_of(grant) or ""
    return verification_problem(text, key_set.json_or_none, SIGNATURES, any_key=True) is None


def member(exchange: Exchange, name: str) -> object:
    """Return a member of a token response, None where it has none."""
    body = exchange.json_or_none
    return body.get(name) if isinstance(body, dict) else None


def unseen(token: AccessToken) -> CouldNotTellError:
    """Say that an encrypted token shows nothing."""
    return CouldNotTellError(
        f"the access token is {token.sealed}: nothing of its inside can be seen from outside",
        next_step="Nothing; only the server that takes the token can read it.",
        unsettled_shape=True,
    )


def absent(what: str) -> CouldNotTellError:
    """Say that a claim which no standard demands is not there."""
    return CouldNotTellError(f"the access token carries no {what}", unsettled_shape=True)
