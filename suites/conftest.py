"""The exchanges that several suites read: those of preflight, and the base of each refusal."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from golive import (
    Environment,
    Exchange,
    MessagesApi,
    NotClaimedError,
    TokenClient,
    exchange,
)
from golive import probes as first
from suites.common import refusals
from suites.messages import recorded
from suites.messages import sending as writing
from suites.messages.reading import CHARSETS

key_set = exchange(first.key_set)
token_granted = exchange(first.token_granted)
granted_by_assertion = exchange(first.granted_by_assertion)
recipient_validation = exchange(writing.recipient_validation)
sent_message = exchange(writing.sent_message, recorded=recorded.recorded_message)
status_tour = exchange(writing.status_tour, recorded=recorded.recorded_change)
status_changed = exchange(writing.status_changed)
write_inbox = exchange(writing.write_inbox)
refused = exchange(refusals.refused, control=refusals.operation_of)


@partial(exchange, plain="listInboxItems")
def inbox_items(api: MessagesApi) -> Exchange:
    """The inbox of the reading patient, with nothing but the required parameter."""
    return api.plain("listInboxItems", name="inbox_items")


@partial(exchange, plain="listSentItems")
def sent_items(api: MessagesApi) -> Exchange:
    """The sent items of the reading patient, with nothing but the required parameter."""
    return api.plain("listSentItems", name="sent_items")


@partial(exchange, plain="getMessage")
def one_message(api: MessagesApi, inbox_items: Exchange) -> Exchange:
    """One message of the reading patient's inbox: the one that is claimed, else the first listed."""
    return api.plain("getMessage", name="one_message", after=inbox_items)


@partial(exchange, first=True)  # a write in between could be taken for what reading does
def one_message_again(api: MessagesApi, one_message: Exchange) -> Exchange:
    """The same message, read a second time by a caller who takes another charset as well as the default one."""
    headers = one_message.request.headers.with_("accept-charset", CHARSETS)
    return api.send(replace(one_message.request, headers=headers), "one_message_again")


@exchange
def granted_by_rsa_assertion(tokens: TokenClient, environment: Environment) -> Exchange:
    """A token asked for with an assertion that an RSA key signed (RS384)."""
    account = environment.claims.accounts.get("private_key_jwt_rsa")
    if account is None:
        raise NotClaimedError("claims.accounts.private_key_jwt_rsa")
    return tokens.first(account)
