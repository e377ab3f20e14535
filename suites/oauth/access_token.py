"""What a granted access token shows of its inside, for the checks of its form, its key and its claims."""

from __future__ import annotations

from functools import partial

from golive import (
    AccessToken,
    CouldNotTellError,
    Environment,
    Exchange,
    NotClaimedError,
    access_token_of,
    check,
    read_token,
)

SAMPLES = "contract-facts §4.1 (Oracle's decoded samples)"
AT = "/access_token"
token_check = partial(check, area="access token")
"""A check of the access token: its files are one area."""


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
