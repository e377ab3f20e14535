"""Exchanges that read messages: each distinct situation once.

Times in requests come from the clock here; a check reads them back from the exchange.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import cycle
from typing import TYPE_CHECKING

from golive import (
    CouldNotTellError,
    Environment,
    Exchange,
    MessagesApi,
    NotClaimedError,
    Request,
    Steps,
    ThinDataError,
    TokenClient,
    access_token_of,
    claimed_data,
    demand_claimed,
    exchange,
    in_tenant,
    instant,
    with_pairs,
)
from suites.common.lists import PAGE, identifiers, items
from suites.common.refusals import demand_control, demand_thorough
from suites.messages.bounds import AROUND, zoned_item
from suites.messages.combinations import OF_SENT_ITEMS, OF_THE_INBOX, combined
from suites.messages.list_rules import (
    EDGE,
    LOWER,
    RECENT,
    SECOND,
    UPPER,
    WINDOW,
    inner_bounds,
    shifted_bound,
)
from suites.messages.lists import moment, some_items
from suites.messages.steadiness import AGAIN, differ

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


LONG = timedelta(days=3 * 365)
"""How far back the long windows reach: no maximum is documented, and test data is seldom older."""

CALLERS_ID = "golive_Reading-01"
"""Each kind of character that the contract allows in a caller's opc-request-id."""

OTHER_ORIGIN = "https://golive.invalid"
"""An origin that no service can know (RFC 2606 §2)."""

RANKED = "ranked-media-types"
ACCEPT = {"any-media-type": "*/*", RANKED: "text/html;q=0.1, application/*;q=0.9"}


def _inbox(
    api: MessagesApi,
    environment: Environment,
    name: str,
    patient: str = "patient",
    **query: str | Iterable[str],
) -> Exchange:
    key = claimed_data(environment, "listInboxItems", patient)
    return api.call("listInboxItems", name=name, query={"patientId": key, **query})


def _sent(
    api: MessagesApi, environment: Environment, name: str, patient: str = "patient", **query: str
) -> Exchange:
    key = claimed_data(environment, "listSentItems", patient)
    return api.call("listSentItems", name=name, query={"patientId": key, **query})


def _message(
    api: MessagesApi, environment: Environment, name: str, identifier: str, **query: str
) -> Exchange:
    demand_claimed(environment, "getMessage")
    return api.call("getMessage", name=name, path={"patientMessageId": identifier}, query=query)


def _before_the_window() -> dict[str, str]:
    now = datetime.now(UTC)
    return {LOWER: instant(now - LONG), UPPER: instant(now - WINDOW - EDGE)}


# ---- the inbox, asked for in other ways -------------------------------------------------------------


@exchange
def inbox_spelled_out(api: MessagesApi, environment: Environment) -> Exchange:
    """The inbox with every documented default written out."""
    now = datetime.now(UTC)
    query = {LOWER: instant(now - WINDOW), UPPER: instant(now), "limit": str(PAGE)}
    query |= {"notificationType": "MESSAGE", "shouldLoadOrganizationSummary": "false"}
    return _inbox(api, environment, "inbox_spelled_out", **query)


@exchange
def inbox_newest_first(api: MessagesApi, environment: Environment) -> Exchange:
    """The inbox, asked for newest first.

    The word for descending is cut in Oracle's text, so where golive's is refused, others are tried.
    """
    patient = claimed_data(environment, "listInboxItems", "patient")
    query = {"patientId": patient, "sortBy": "createDateTime"}
    tried = (
        api.call(
            "listInboxItems",
            name="inbox_newest_first",
            query={**query, "sortOrder": word},
            answered=True,
        )
        for word in api.contract.mapping.words_of("descending")
    )
    first = next(tried)
    taken = (one for one in tried if one.status != 400) if first.status == 400 else ()
    return next(iter(taken), first)


@exchange
def inbox_oldest_first(api: MessagesApi, environment: Environment) -> Exchange:
    """The inbox, asked for oldest first."""
    order = {"sortBy": "createDateTime", "sortOrder": "ASC"}
    return _inbox(api, environment, "inbox_oldest_first", **order)


@exchange
def inbox_by_priority(api: MessagesApi, environment: Environment) -> Exchange:
    """The inbox, sorted by priority."""
    return _inbox(api, environment, "inbox_by_priority", sortBy="priority")


@exchange
def inbox_long_window(api: MessagesApi, environment: Environment) -> Exchange:
    """The inbox with a lower bound far beyond 90 days."""
    since = {LOWER: instant(datetime.now(UTC) - LONG)}
    return _inbox(api, environment, "inbox_long_window", **since)


@exchange
def inbox_before_the_window(api: MessagesApi, environment: Environment) -> Exchange:
    """The inbox of the time before the default window."""
    return _inbox(api, environment, "inbox_before_the_window", **_before_the_window())


@exchange
def inbox_between(api: MessagesApi, environment: Environment, inbox_items: Exchange) -> Exchange:
    """The inbox between two bounds that leave items outside on both sides."""
    lower, upper = inner_bounds(inbox_items)
    bounds = {LOWER: instant(lower), UPPER: instant(upper)}
    return _inbox(api, environment, "inbox_between", **bounds)


@exchange
def inbox_until(api: MessagesApi, environment: Environment, inbox_items: Exchange) -> Exchange:
    """The inbox with an upper bound alone, a second before an item, which is then outside with all newer ones."""
    _, upper = inner_bounds(inbox_items)
    return _inbox(api, environment, "inbox_until", **{UPPER: instant(upper - SECOND)})


@exchange
def inbox_since(api: MessagesApi, environment: Environment, inbox_items: Exchange) -> Exchange:
    """The inbox with a lower bound alone, a second after an item, which is then outside with all older ones."""
    demand_thorough(environment)
    lower, _ = inner_bounds(inbox_items)
    return _inbox(api, environment, "inbox_since", **{LOWER: instant(lower + SECOND)})


@exchange
def inbox_around_an_item(
    api: MessagesApi, environment: Environment, inbox_long_window: Exchange
) -> Exchange:
    """The inbox from just before one item of it to just after: one whose zone had another offset then than today."""
    chosen = moment(inbox_long_window, zoned_item(inbox_long_window))
    bounds = {LOWER: instant(chosen - AROUND), UPPER: instant(chosen + AROUND)}
    return _inbox(api, environment, "inbox_around_an_item", **bounds)


@exchange
def inbox_into_the_future(api: MessagesApi, environment: Environment) -> Exchange:
    """The inbox with an upper bound in the future."""
    until = {UPPER: instant(datetime.now(UTC) + timedelta(days=30))}
    return _inbox(api, environment, "inbox_into_the_future", **until)


@exchange
def inbox_reminders(api: MessagesApi, environment: Environment) -> Exchange:
    """The reminders of the inbox."""
    return _inbox(api, environment, "inbox_reminders", notificationType="REMINDER")


@exchange
def inbox_reminders_long_window(api: MessagesApi, environment: Environment) -> Exchange:
    """The reminders of the inbox with a lower bound far beyond 90 days."""
    query = {LOWER: instant(datetime.now(UTC) - LONG), "notificationType": "REMINDER"}
    return _inbox(api, environment, "inbox_reminders_long_window", **query)


@exchange
def inbox_reminders_between(
    api: MessagesApi, environment: Environment, inbox_reminders_long_window: Exchange
) -> Exchange:
    """The reminders that showed up around one of them, the oldest."""
    demand_thorough(environment)
    listed = inbox_reminders_long_window
    chosen = min(moment(listed, item, "remindDateTime") for item in some_items(listed))
    bounds = {LOWER: instant(chosen - AROUND), UPPER: instant(chosen + AROUND)}
    query = {**bounds, "notificationType": "REMINDER"}
    return _inbox(api, environment, "inbox_reminders_between", **query)


@exchange
def inbox_of_all_options(
    api: MessagesApi, environment: Environment, inbox_between: Exchange
) -> Exchange:
    """The inbox with all options at once: two bounds, the limit, both types and the organization summary."""
    demand_thorough(environment)
    query = {name: value for name, value in inbox_between.request.query if name in (LOWER, UPPER)}
    both = ["MESSAGE", "REMINDER"]
    options = {"limit": str(PAGE), "shouldLoadOrganizationSummary": "true"}
    name = "inbox_of_all_options"
    return _inbox(api, environment, name, notificationType=both, **query, **options)


@exchange
def inbox_combinations(api: MessagesApi, environment: Environment, inbox_items: Exchange) -> Steps:
    """The inbox with several options at once, in many combinations."""
    demand_thorough(environment)
    demand_control(inbox_items)
    return combined(
        inbox_items,
        OF_THE_INBOX,
        lambda name, query: api.call("listInboxItems", name=name, query=query),
    )


@exchange
def one_reminder(api: MessagesApi, environment: Environment, inbox_reminders: Exchange) -> Exchange:
    """The first of the reminders."""
    identifier = identifiers(inbox_reminders, some_items(inbox_reminders))[0]
    return _message(api, environment, "one_reminder", identifier)


@exchange
def inbox_of_both_types(api: MessagesApi, environment: Environment) -> Exchange:
    """Messages and reminders: the key is repeated."""
    both = ["MESSAGE", "REMINDER"]
    return _inbox(api, environment, "inbox_of_both_types", notificationType=both)


@exchange
def inbox_with_organizations(api: MessagesApi, environment: Environment) -> Exchange:
    """The inbox with the organization summary."""
    if not environment.claims.organization_summary:
        raise NotClaimedError("claims.organization_summary")
    option = {"shouldLoadOrganizationSummary": "true"}
    return _inbox(api, environment, "inbox_with_organizations", **option)


@exchange
def inbox_midway(
    api: MessagesApi,
    inbox_items: Exchange,
    inbox_before_the_window: Exchange,
    inbox_into_the_future: Exchange,
) -> Exchange:
    """The plain inbox once more, after it was asked for with bounds."""
    return api.send(inbox_items.request, "inbox_midway")


@partial(exchange, repeats=True)
def inbox_askings(
    api: MessagesApi,
    inbox_items: Exchange,
    inbox_midway: Exchange,
    inbox_spelled_out: Exchange,
    inbox_into_the_future: Exchange,
) -> Steps:
    """The plain inbox at the beginning, in the middle and at the end of the run.

    Where one of the other two, which must have the same items, has others, it is asked for once more.
    """
    last = api.send(inbox_items.request, "inbox_at_the_end")
    steps = Steps(first=inbox_items, midway=inbox_midway, last=last)
    for one in (inbox_spelled_out, inbox_into_the_future):
        if differ(inbox_items, one):
            steps[one.name] = one
            steps[f"{AGAIN}{one.name}"] = api.send(one.request, f"{one.name}_again")
    return steps


# ---- the lists of other patients ----------------------------------------------------------------------


@exchange
def empty_inbox(api: MessagesApi, environment: Environment) -> Exchange:
    """The inbox of a patient who has received nothing."""
    return _inbox(api, environment, "empty_inbox", "empty_patient")


@exchange
def other_inbox(api: MessagesApi, environment: Environment) -> Exchange:
    """The inbox of another patient."""
    return _inbox(api, environment, "other_inbox", "other_patient")


@exchange
def other_sent_items(api: MessagesApi, environment: Environment) -> Exchange:
    """The sent items of another patient."""
    demand_thorough(environment)
    return _sent(api, environment, "other_sent_items", "other_patient")


@exchange
def inbox_of_a_pattern(
    api: MessagesApi, environment: Environment, inbox_items: Exchange
) -> Exchange:
    """The inbox of the id of a patient whose last character is the wildcard of SQL, which no patient has.

    A service that takes it for a pattern answers with up to ten other patients' messages, so it is asked only where
    they are invented.
    """
    demand_control(inbox_items)
    if environment.data != "synthetic":
        raise NotClaimedError("data")
    pattern = claimed_data(environment, "listInboxItems", "patient")[:-1] + "%"
    return api.call("listInboxItems", name="inbox_of_a_pattern", query={"patientId": pattern})


def _both(environment: Environment, operation: str) -> list[str]:
    """Return the ids of the two patients of the test data that are read."""
    demand_thorough(environment)
    return [claimed_data(environment, operation, name) for name in ("patient", "other_patient")]


@exchange
def inbox_of_two_patients(
    api: MessagesApi, environment: Environment, inbox_items: Exchange
) -> Exchange:
    """The inbox, asked for with the ids of two patients in one value, as a list."""
    demand_control(inbox_items)
    both = ",".join(_both(environment, "listInboxItems"))
    return api.call("listInboxItems", name="inbox_of_two_patients", query={"patientId": both})


@exchange
def sent_of_two_patients(api: MessagesApi, environment: Environment, sent_items: Exchange) -> Steps:
    """Sent items, asked for with the ids of two patients: `listed` in one value, `repeated` in two."""
    demand_control(sent_items)
    both = _both(environment, "listSentItems")
    request = api.request("listSentItems", query={"patientId": ",".join(both)})
    twice = with_pairs(request, [("patientId", one) for one in both])
    asked = {"listed": request, "repeated": twice}
    return Steps(
        {step: api.send(one, f"sent_of_two_patients: {step}") for step, one in asked.items()}
    )


@exchange
def crowded_inbox(api: MessagesApi, environment: Environment) -> Exchange:
    """The inbox of a patient who has more than 1,000 messages in the window."""
    return _inbox(api, environment, "crowded_inbox", "crowded_patient")


@exchange
def crowded_sent_items(api: MessagesApi, environment: Environment) -> Exchange:
    """The sent items of the patient with the crowded inbox."""
    demand_thorough(environment)
    return _sent(api, environment, "crowded_sent_items", "crowded_patient")


@exchange
def crowded_recent(api: MessagesApi, environment: Environment) -> Exchange:
    """The newest messages of the patient with the crowded inbox, which no page can cut."""
    since = {LOWER: instant(datetime.now(UTC) - RECENT)}
    return _inbox(api, environment, "crowded_recent", "crowded_patient", **since)


@exchange
def crowded_shifted(
    api: MessagesApi, environment: Environment, crowded_inbox: Exchange
) -> Exchange:
    """The inbox of that patient without its newest items, so that every other item has another place in the list."""
    until = {UPPER: instant(shifted_bound(crowded_inbox))}
    return _inbox(api, environment, "crowded_shifted", "crowded_patient", **until)


# ---- sent items, asked for in other ways ----------------------------------------------------------------


@exchange
def sent_oldest_first(api: MessagesApi, environment: Environment) -> Exchange:
    """Sent items, asked for oldest first."""
    order = {"sortBy": "createDateTime", "sortOrder": "ASC"}
    return _sent(api, environment, "sent_oldest_first", **order)


@exchange
def sent_by_priority(api: MessagesApi, environment: Environment) -> Exchange:
    """Sent items, sorted by priority."""
    return _sent(api, environment, "sent_by_priority", sortBy="priority")


@exchange
def sent_long_window(api: MessagesApi, environment: Environment) -> Exchange:
    """Sent items with a lower bound far beyond 90 days, and the only limit there is."""
    query = {LOWER: instant(datetime.now(UTC) - LONG), "limit": str(PAGE)}
    return _sent(api, environment, "sent_long_window", **query)


@exchange
def sent_before_the_window(api: MessagesApi, environment: Environment) -> Exchange:
    """Sent items of the time before the default window."""
    return _sent(api, environment, "sent_before_the_window", **_before_the_window())


@exchange
def sent_until(api: MessagesApi, environment: Environment, sent_items: Exchange) -> Exchange:
    """Sent items with an upper bound alone, a second before an item."""
    demand_thorough(environment)
    _, upper = inner_bounds(sent_items)
    return _sent(api, environment, "sent_until", **{UPPER: instant(upper - SECOND)})


@exchange
def sent_since(api: MessagesApi, environment: Environment, sent_items: Exchange) -> Exchange:
    """Sent items with a lower bound alone, a second after an item."""
    demand_thorough(environment)
    lower, _ = inner_bounds(sent_items)
    return _sent(api, environment, "sent_since", **{LOWER: instant(lower + SECOND)})


@exchange
def sent_between(api: MessagesApi, environment: Environment, sent_items: Exchange) -> Exchange:
    """Sent items between two bounds that leave items outside on both sides."""
    lower, upper = inner_bounds(sent_items)
    bounds = {LOWER: instant(lower), UPPER: instant(upper)}
    return _sent(api, environment, "sent_between", **bounds)


@exchange
def sent_into_the_future(api: MessagesApi, environment: Environment) -> Exchange:
    """Sent items with an upper bound in the future."""
    demand_thorough(environment)
    until = {UPPER: instant(datetime.now(UTC) + timedelta(days=30))}
    return _sent(api, environment, "sent_into_the_future", **until)


@exchange
def sent_of_all_options(
    api: MessagesApi, environment: Environment, sent_between: Exchange
) -> Exchange:
    """Sent items with all options at once: two bounds, the limit, and oldest first."""
    demand_thorough(environment)
    query = {name: value for name, value in sent_between.request.query if name in (LOWER, UPPER)}
    options = {"limit": str(PAGE), "sortBy": "createDateTime", "sortOrder": "ASC"}
    return _sent(api, environment, "sent_of_all_options", **query, **options)


@exchange
def sent_combinations(api: MessagesApi, environment: Environment, sent_items: Exchange) -> Steps:
    """Sent items with several options at once, in many combinations."""
    demand_thorough(environment)
    demand_control(sent_items)
    return combined(
        sent_items,
        OF_SENT_ITEMS,
        lambda name, query: api.call("listSentItems", name=name, query=query),
    )


@exchange
def sent_midway(
    api: MessagesApi,
    sent_items: Exchange,
    sent_before_the_window: Exchange,
    sent_long_window: Exchange,
) -> Exchange:
    """The plain sent items once more, after they were asked for with bounds."""
    return api.send(sent_items.request, "sent_midway")


@partial(exchange, repeats=True)
def sent_askings(api: MessagesApi, sent_items: Exchange, sent_midway: Exchange) -> Steps:
    """The plain sent items at the beginning, in the middle and at the end of the run."""
    last = api.send(sent_items.request, "sent_at_the_end")
    return Steps(first=sent_items, midway=sent_midway, last=last)


# ---- one message ------------------------------------------------------------------------------------------


@exchange
def one_sent_message(api: MessagesApi, environment: Environment, sent_items: Exchange) -> Exchange:
    """The first of the sent items."""
    identifier = identifiers(sent_items, some_items(sent_items))[0]
    return _message(api, environment, "one_sent_message", identifier)


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
    return _message(api, environment, "one_deleted_message", identifier)


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
    without = {"shouldLoadOrganizationSummary": "false"}
    return Steps(
        {
            step: _message(api, environment, f"several_messages: {step}", one, **option)
            for option, (step, one) in zip(cycle(({}, without)), asked.items(), strict=False)
        }
    )


@exchange
def message_with_organization(
    api: MessagesApi, environment: Environment, inbox_with_organizations: Exchange
) -> Exchange:
    """A message whose list item shows an organization, read with the organization summary."""
    found = [item for item in items(inbox_with_organizations) if item.get("organization")]
    if not found:
        raise CouldNotTellError(
            "inbox_with_organizations shows no organization, so no message with one is known",
            next_step="See the finding about the list.",
            unsettled_shape=True,
        )
    identifier = identifiers(inbox_with_organizations, found)[0]
    option = {"shouldLoadOrganizationSummary": "true"}
    return _message(api, environment, "message_with_organization", identifier, **option)


@exchange
def message_in_another_tenant(
    api: MessagesApi, tokens: TokenClient, environment: Environment, one_message: Exchange
) -> Exchange:
    """The id of a message, asked for by an account of another tenant under the path of its own."""
    return _in_another_tenant(api, tokens, environment, one_message, "message_in_another_tenant")


@exchange
def inbox_in_another_tenant(
    api: MessagesApi, tokens: TokenClient, environment: Environment, inbox_items: Exchange
) -> Exchange:
    """The patient's inbox, asked for by an account of another tenant under the path of its own."""
    demand_thorough(environment)
    return _in_another_tenant(api, tokens, environment, inbox_items, "inbox_in_another_tenant")


@exchange
def sent_in_another_tenant(
    api: MessagesApi, tokens: TokenClient, environment: Environment, sent_items: Exchange
) -> Exchange:
    """The patient's sent items, asked for by an account of another tenant under the path of its own."""
    demand_thorough(environment)
    return _in_another_tenant(api, tokens, environment, sent_items, "sent_in_another_tenant")


def _in_another_tenant(
    api: MessagesApi, tokens: TokenClient, environment: Environment, own: Exchange, name: str
) -> Exchange:
    """Send a request once more, with another tenant in its path and a token of that one's account."""
    demand_control(own)
    account = environment.claims.accounts.get("other_tenant")
    if account is None:
        raise NotClaimedError("claims.accounts.other_tenant")
    url = in_tenant(own.request.url, environment.tenant, account.tenant)
    if url is None or account.tenant == environment.tenant:
        raise NotClaimedError("claims.accounts.other_tenant")
    token = tokens.grant(account).access_token
    headers = own.request.headers.with_("Authorization", f"Bearer {token}")
    return api.send(replace(own.request, url=url, headers=headers), name)


# ---- requests that differ in a detail which must not matter ------------------------------------------------


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


@partial(exchange, last=True)
def first_token_at_the_end(
    token_granted: Exchange, inbox_items: Exchange, inbox_askings: Steps
) -> Exchange:
    """The inbox, asked for with the first token of the run when everything else was asked."""
    demand_control(inbox_items)
    token = access_token_of(token_granted)
    if inbox_items.request.headers.get("Authorization") != f"Bearer {token}":
        raise CouldNotTellError(
            "the inbox was not asked for with the first token of the run", unsettled_shape=True
        )
    return inbox_askings["last"]
