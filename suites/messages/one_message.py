"""Exchanges that read messages by their ids: each distinct situation once, and in ways that must not matter."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import cycle
from typing import TYPE_CHECKING

from golive import (
    CouldNotTellError,
    Environment,
    Exchange,
    MessagesApi,
    Request,
    Steps,
    ThinDataError,
    exchange,
)
from suites.common.lists import asked_id, identifiers, items, same_json
from suites.common.refusals import demand_control, demand_thorough
from suites.messages.asked import OPTION
from suites.messages.lists import some_items
from suites.messages.reading import read_message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from suites.common.lists import Item

CALLERS_ID = "golive_Reading-01"
"""Each kind of character that the contract allows in a caller's opc-request-id."""

WITH = {OPTION: "true"}

OTHER_ORIGIN = "https://golive.invalid"
"""An origin that no service can know (RFC 2606 §2)."""

RANKED = "ranked-media-types"

ACCEPT = {"any-media-type": "*/*", RANKED: "text/html;q=0.1, application/*;q=0.9"}


@exchange
def one_sent_message(api: MessagesApi, environment: Environment, sent_items: Exchange) -> Exchange:
    """The first of the sent items."""
    identifier = identifiers(sent_items, some_items(sent_items))[0]
    return read_message(api, environment, "one_sent_message", identifier)


@exchange
def one_deleted_message(
    api: MessagesApi, environment: Environment, inbox_items: Exchange
) -> Exchange:
    """The first deleted message of the inbox."""
    demand_thorough(environment)
    deleted = [item for item in items(inbox_items) if item.get("status") == "DELETED"]
    if not deleted:
        raise ThinDataError(
            "inbox_items shows no deleted message",
            next_step="Choose a patient who has deleted a message in the last 90 days.",
        )
    identifier = identifiers(inbox_items, deleted)[0]
    return read_message(api, environment, "one_deleted_message", identifier)


@exchange
def several_messages(
    api: MessagesApi, environment: Environment, inbox_items: Exchange, sent_items: Exchange
) -> Steps:
    """Messages from wherever lists show them, by turns, and the first of them again."""
    demand_thorough(environment)
    received = identifiers(inbox_items, some_items(inbox_items))
    sent = identifiers(sent_items, items(sent_items))
    chosen = dict.fromkeys([received[-1], received[len(received) // 2], *sent[-1:]])
    asked = {f"number {number + 1}": one for number, one in enumerate(chosen)}
    asked["number 1 again"] = received[-1]
    without = {OPTION: "false"}
    return Steps(
        {
            step: read_message(api, environment, f"several_messages: {step}", one, **option)
            for option, (step, one) in zip(cycle(({}, without)), asked.items(), strict=False)
        }
    )


@exchange
def message_with_organization(
    api: MessagesApi,
    environment: Environment,
    inbox_with_organizations: Exchange,
    one_message: Exchange,
) -> Exchange:
    """A message whose list item shows an organization, read with it: the one that was read without, if that has one."""
    found = _with_organization(inbox_with_organizations)
    if not found:
        raise CouldNotTellError(
            "inbox_with_organizations shows no organization, so no message with one is known",
            next_step="See the finding about the list.",
            unsettled_shape=True,
        )
    known = identifiers(inbox_with_organizations, found)
    before = asked_id(one_message)
    chosen = before if before in known else known[0]
    return read_message(api, environment, "message_with_organization", chosen, **WITH)


@exchange
def organizations_by_turns(
    api: MessagesApi,
    environment: Environment,
    inbox_with_organizations: Exchange,
    message_with_organization: Exchange,
) -> Steps:
    """A message of another organization, `with` it and then `without`, after one that was read with its own.

    There are no steps where the list shows one organization alone.
    """
    demand_thorough(environment)
    demand_control(message_with_organization)
    found = _with_organization(inbox_with_organizations)
    ids = identifiers(inbox_with_organizations, found)
    own = dict(zip(ids, [item["organization"] for item in found], strict=True))
    first = own.get(asked_id(message_with_organization))
    others = [one for one, organization in own.items() if not same_json(organization, first)]
    steps = Steps()
    for name, option in (("with", WITH), ("without", {})) if others else ():
        called = f"organizations_by_turns: {name}"
        steps[name] = read_message(api, environment, called, others[0], **option)
    return steps


def _with_organization(listed: Exchange) -> list[Item]:
    return [item for item in items(listed) if item.get("organization")]


def _varied(one_message: Exchange, headers: Mapping[str, str]) -> Request:
    """Return the request for a message with these headers."""
    changed = one_message.request.headers
    for name, value in headers.items():
        changed = changed.with_(name, value)
    return replace(one_message.request, headers=changed)


def _with_unknown_parameter(request: Request) -> Request:
    return replace(request, url=f"{request.url}?goliveUnknownParameter=1")


@exchange
def message_asked_otherwise(api: MessagesApi, one_message: Exchange) -> Exchange:
    """One message, asked for with several details at once that must not matter."""
    headers = {"Accept": ACCEPT[RANKED], "opc-request-id": CALLERS_ID, "Origin": OTHER_ORIGIN}
    request = _with_unknown_parameter(_varied(one_message, headers))
    return api.send(request, "message_asked_otherwise")


def _unless_given(together: Exchange, api: MessagesApi, request: Request, name: str) -> Exchange:
    """Return the message that was given with all details at once; where it was not, send the request with one."""
    given = together.succeeded and isinstance(together.json_or_none, dict)
    return together if given else api.send(request, name)


@exchange
def message_accepting(
    accept: str,
    api: MessagesApi,
    environment: Environment,
    one_message: Exchange,
    message_asked_otherwise: Exchange,
) -> Exchange:
    """One message, asked for with another Accept header."""
    request = _varied(one_message, {"Accept": ACCEPT[accept]})
    name = f"message_accepting {accept}"
    if accept == RANKED:
        return _unless_given(message_asked_otherwise, api, request, name)
    demand_thorough(environment)
    return api.send(request, name)


@exchange
def message_with_request_id(
    api: MessagesApi, one_message: Exchange, message_asked_otherwise: Exchange
) -> Exchange:
    """One message, asked for with the caller's own opc-request-id."""
    request = _varied(one_message, {"opc-request-id": CALLERS_ID})
    return _unless_given(message_asked_otherwise, api, request, "message_with_request_id")


@exchange
def message_with_unknown_parameter(
    api: MessagesApi, one_message: Exchange, message_asked_otherwise: Exchange
) -> Exchange:
    """One message, asked for with a query parameter that no page names."""
    request = _with_unknown_parameter(one_message.request)
    return _unless_given(message_asked_otherwise, api, request, "message_with_unknown_parameter")


@exchange
def message_from_another_origin(
    api: MessagesApi, one_message: Exchange, message_asked_otherwise: Exchange
) -> Exchange:
    """One message, asked for as the page of a site would that has nothing to do with the service."""
    request = _varied(one_message, {"Origin": OTHER_ORIGIN})
    return _unless_given(message_asked_otherwise, api, request, "message_from_another_origin")


@exchange
def message_by_head(api: MessagesApi, one_message: Exchange) -> Exchange:
    """One message, asked for by HEAD."""
    demand_control(one_message)
    return api.send(replace(one_message.request, method="HEAD"), "message_by_head")


@partial(exchange, repeats=True)
def message_askings(
    api: MessagesApi,
    one_message: Exchange,
    one_message_again: Exchange,
    message_with_request_id: Exchange,
) -> Steps:
    """One message as it was read from the beginning of the run to its end, with details that must not matter."""
    last = api.send(one_message.request, "message_at_the_end")
    # Where all details at once were refused, this is the message with its own id for the request.
    otherwise = message_with_request_id
    return Steps(first=one_message, again=one_message_again, otherwise=otherwise, last=last)
