"""The exchanges that come first: the walk before the checks makes them, and the checks read the same ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.contract.outcomes import CouldNotTellError, NotClaimedError, ThinDataError
from golive.exchanges.model import Headers, Request
from golive.transport.token import NotGrantedError

if TYPE_CHECKING:
    from golive.environment import Environment
    from golive.exchanges.model import Exchange
    from golive.transport.api import MessagesApi
    from golive.transport.token import TokenClient

READING_FIRST = {"listInboxItems": "inbox_items", "listSentItems": "sent_items"}


def key_set(tokens: TokenClient, environment: Environment) -> Exchange:
    """The key set of the server that issues the token; needs no credential."""
    url = environment.token.key_set
    if url is None:
        raise NotClaimedError("token.key_set_url")
    return tokens.send(Request("GET", url, Headers.of({"Accept": "application/json"})), "key_set")


def token_granted(tokens: TokenClient, environment: Environment) -> Exchange:
    """The one token request of the run, with the environment's own credential."""
    try:
        return tokens.grant(environment.main_account).exchange
    except NotGrantedError as refusal:
        return refusal.exchange


def granted_by_assertion(tokens: TokenClient, environment: Environment) -> Exchange:
    """A token asked for with a signed assertion in place of a secret (RFC 7523 §2.2)."""
    account = environment.claims.accounts.get("private_key_jwt")
    if account is None:
        raise NotClaimedError("claims.accounts.private_key_jwt")
    return tokens.ask(account, "granted_by_assertion")


def inbox_items(api: MessagesApi, environment: Environment) -> Exchange:
    """The inbox of the reading patient, with nothing but the required parameter."""
    return _list(api, environment, "listInboxItems")


def sent_items(api: MessagesApi, environment: Environment) -> Exchange:
    """The sent items of the reading patient, with nothing but the required parameter."""
    return _list(api, environment, "listSentItems")


def _list(api: MessagesApi, environment: Environment, operation: str) -> Exchange:
    patient = claimed_patient(environment, operation)
    return api.call(operation, name=READING_FIRST[operation], query={"patientId": patient})


def claimed_patient(environment: Environment, operation: str, key: str = "patient") -> str:
    """Return a patient of the test data; raises NotClaimedError where it or the operation is absent."""
    if operation not in environment.claims.operations:
        raise NotClaimedError("claims.operations")
    patient = environment.get(f"test_data.{key}")
    if not isinstance(patient, str):
        raise NotClaimedError(f"test_data.{key}", operation=operation)
    return patient


def one_message(api: MessagesApi, environment: Environment, inbox_items: Exchange) -> Exchange:
    """One message of the reading patient's inbox: the one that is claimed, else the first listed."""
    if "getMessage" not in environment.claims.operations:
        raise NotClaimedError("claims.operations")
    identifier = environment.test_data.message
    if identifier is None:
        identifier = _first_id(inbox_items)
    return api.call("getMessage", name="one_message", path={"patientMessageId": identifier})


def _first_id(listed: Exchange) -> str:
    """Return the id of a list's first item; raises CouldNotTellError where it shows none."""
    body = listed.json_or_none
    found = body.get("items") if listed.succeeded and isinstance(body, dict) else None
    if found == []:
        raise ThinDataError(
            f"{listed.name} has no items to look at",
            next_step="Choose test data that has messages.",
        )
    first = found[0] if isinstance(found, list) else None
    value = first.get("id") if isinstance(first, dict) else None
    if type(value) is int or (isinstance(value, str) and value):
        return str(value)
    raise CouldNotTellError(
        f"{listed.request.operation}: no item with an id (an inferred member)", unsettled_shape=True
    )
