"""What a client asked, and the parts of it that checks read; a part without any request is not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive import NotSeenError, Steps, exchange
from suites.client import credentials, seen

if TYPE_CHECKING:
    from collections.abc import Callable

    from golive import Exchange


def _part(requests: Steps, belongs: Callable[[Exchange], bool], lacking: str) -> Steps:
    found = Steps({step: one for step, one in requests.items() if belongs(one)})
    if not found:
        raise NotSeenError(lacking)
    return found


@exchange
def requests_of_client() -> Steps:
    """Everything that the client asked, in its order."""
    return Steps()


@exchange
def token_requests(requests_of_client: Steps) -> Steps:
    """What the client asked of a token endpoint."""
    return _part(requests_of_client, seen.asks_for_token, "the client asked for no token")


@exchange
def tokens_granted(requests_of_client: Steps) -> Steps:
    """The token requests that were granted."""
    return _part(requests_of_client, credentials.granted, "the client was granted no token")


@exchange
def assertions(requests_of_client: Steps) -> Steps:
    """The token requests with a signed assertion."""
    lacking = "the client signed no assertion"
    return _part(requests_of_client, lambda one: bool(credentials.assertion(one)), lacking)


@exchange
def api_calls(requests_of_client: Steps) -> Steps:
    """What the client asked of the APIs' host."""
    return _part(requests_of_client, seen.calls_api, "the client called no API")


@exchange
def operations(requests_of_client: Steps) -> Steps:
    """The requests that are an operation of the contract."""
    lacking = "the client asked for no operation of the contract"
    return _part(requests_of_client, lambda one: bool(one.request.operation), lacking)


@exchange
def lists(requests_of_client: Steps) -> Steps:
    """The lists of messages that the client asked for, received and sent ones."""
    return _part(requests_of_client, seen.lists, "the client listed no messages")


@exchange
def inboxes(requests_of_client: Steps) -> Steps:
    """The inboxes that the client listed."""
    lacking = "the client listed no inbox"
    return _part(requests_of_client, seen.operation("listInboxItems"), lacking)


@exchange
def readings(requests_of_client: Steps) -> Steps:
    """The single messages that the client read."""
    lacking = "the client read no single message"
    return _part(requests_of_client, seen.operation("getMessage"), lacking)


@exchange
def writings(requests_of_client: Steps) -> Steps:
    """The requests with a body for an operation."""
    lacking = "the client sent no body to an API"
    return _part(requests_of_client, seen.operation(*seen.WITH_BODY), lacking)


@exchange
def sendings(requests_of_client: Steps) -> Steps:
    """The messages that the client sent."""
    return _part(requests_of_client, seen.operation("sendMessage"), "the client sent no message")


@exchange
def status_changes(requests_of_client: Steps) -> Steps:
    """The changes of status that the client asked for."""
    lacking = "the client changed no status"
    return _part(requests_of_client, seen.operation("updateMessageStatus"), lacking)


@exchange
def validations(requests_of_client: Steps) -> Steps:
    """The validations of recipients that the client asked for."""
    lacking = "the client validated no recipient"
    return _part(requests_of_client, seen.operation("validateRecipients"), lacking)


@exchange
def group_inboxes_asked(requests_of_client: Steps) -> Steps:
    """The group inboxes that the client looked up."""
    lacking = "the client looked up no group inbox"
    return _part(requests_of_client, seen.operation("listGroupInboxes"), lacking)


@exchange
def refusals_of_tokens(requests_of_client: Steps) -> Steps:
    """Everything that was asked, where the API answered one of the requests with 401."""
    if not any(seen.calls_api(one) and one.status == 401 for one in requests_of_client.values()):
        raise NotSeenError("no request of the client was answered with 401")
    return requests_of_client


@exchange
def busy_answers(requests_of_client: Steps) -> Steps:
    """Everything that was asked, where one of the answers only says «not now»."""
    if not any(one.unavailable for one in requests_of_client.values()):
        raise NotSeenError("no request of the client was answered with 429, 502, 503 or 504")
    return requests_of_client
