"""Exchanges that list group inboxes: each distinct situation once. Nothing here needs a patient."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from golive import Environment, Exchange, MessagesApi, NotClaimedError, ThinDataError, exchange
from suites.common.lists import identifiers, member, some_items
from suites.common.refusals import demand_thorough
from suites.messages.reading import CHARSETS
from suites.recipient.other_tenant import SEVERAL, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable


LIMIT = "1000"

ODD_NAME = "golive & twin: 100% \u00fc\u00df / \u65e5\u672c\u8a9e '?' +" * 8
"""A name that no group inbox has: any type of character is allowed, and any number of them."""

CALLERS_ID = "golive_Recipients-01"


def _inboxes(
    api: MessagesApi, environment: Environment, called: str, /, **query: str | Iterable[str]
) -> Exchange:
    if "listGroupInboxes" not in environment.claims.operations:
        raise NotClaimedError("claims.operations")
    return api.call("listGroupInboxes", name=called, query=query)


def _names(listed: Exchange) -> list[str]:
    return [str(member(listed, item, "name")) for item in some_items(listed) if "name" in item]


@partial(exchange, plain="listGroupInboxes")
def group_inboxes(api: MessagesApi, environment: Environment) -> Exchange:
    """All group inboxes: neither a name nor an id is asked for."""
    return _inboxes(api, environment, "group_inboxes")


@exchange
def group_inboxes_by_asterisk(api: MessagesApi, environment: Environment) -> Exchange:
    """Group inboxes by an asterisk as name, with the one documented limit if that is answered."""
    name = "group_inboxes_by_asterisk"
    made = _inboxes(api, environment, name, name="*", limit=LIMIT)
    return made if made.succeeded else _inboxes(api, environment, name, name="*")


@exchange
def group_inboxes_by_blanks(api: MessagesApi, environment: Environment) -> Exchange:
    """Group inboxes by blanks as name."""
    return _inboxes(api, environment, "group_inboxes_by_blanks", name="   ")


@exchange
def group_inboxes_spelled_out(
    api: MessagesApi, environment: Environment, group_inboxes_by_asterisk: Exchange
) -> Exchange:
    """All group inboxes with the one documented limit."""
    if ("limit", LIMIT) in group_inboxes_by_asterisk.request.query:
        return group_inboxes_by_asterisk
    return _inboxes(api, environment, "group_inboxes_spelled_out", limit=LIMIT)


@exchange
def group_inbox_by_name(
    api: MessagesApi, environment: Environment, group_inboxes: Exchange
) -> Exchange:
    """The group inbox that is listed first, by its own name."""
    names = _names(group_inboxes)
    if not names:
        raise ThinDataError("group_inboxes shows no name, so none can be searched for")
    return _inboxes(api, environment, "group_inbox_by_name", name=names[0])


@exchange
def group_inbox_by_name_beyond_ascii(
    api: MessagesApi, environment: Environment, group_inboxes: Exchange
) -> Exchange:
    """The first listed group inbox whose name has a letter beyond ASCII, by its own name."""
    demand_thorough(environment)
    names = [name for name in _names(group_inboxes) if not name.isascii()]
    if not names:
        raise ThinDataError("group_inboxes shows no name with a letter beyond ASCII")
    return _inboxes(api, environment, "group_inbox_by_name_beyond_ascii", name=names[0])


@exchange
def group_inboxes_by_odd_name(api: MessagesApi, environment: Environment) -> Exchange:
    """Group inboxes by a name of 272 letters, signs and ideographs."""
    return _inboxes(api, environment, "group_inboxes_by_odd_name", name=ODD_NAME)


@exchange
def group_inboxes_by_id(
    api: MessagesApi, environment: Environment, group_inboxes: Exchange
) -> Exchange:
    """Several of the listed group inboxes but not the first, by their ids in the reverse order."""
    ids = identifiers(group_inboxes, some_items(group_inboxes))
    several = ids[1 : SEVERAL + 1] or ids
    return _inboxes(api, environment, "group_inboxes_by_id", id=several[::-1])


@exchange
def group_inboxes_with_unknown_id(
    api: MessagesApi, environment: Environment, group_inboxes: Exchange
) -> Exchange:
    """A listed group inbox and one that does not exist, by their ids."""
    known = identifiers(group_inboxes, some_items(group_inboxes))[0]
    return _inboxes(api, environment, "group_inboxes_with_unknown_id", id=[UNKNOWN[0], known])


@exchange
def group_inboxes_of_unknown_ids(api: MessagesApi, environment: Environment) -> Exchange:
    """Group inboxes that do not exist, by their ids."""
    return _inboxes(api, environment, "group_inboxes_of_unknown_ids", id=UNKNOWN)


@exchange
def group_inboxes_with_request_id(
    api: MessagesApi, environment: Environment, group_inboxes: Exchange
) -> Exchange:
    """All group inboxes, asked for with the caller's own opc-request-id, who takes another charset, too."""
    demand_thorough(environment)
    headers = group_inboxes.request.headers.with_("opc-request-id", CALLERS_ID)
    headers = headers.with_("accept-charset", CHARSETS)
    return api.send(
        replace(group_inboxes.request, headers=headers), "group_inboxes_with_request_id"
    )
