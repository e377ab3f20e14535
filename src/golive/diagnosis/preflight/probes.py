"""The exchanges that come first: preflight makes them, and the checks read the same ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.contract.outcomes import NotClaimedError
from golive.exchanges.headers import Headers
from golive.exchanges.model import Request
from golive.transport.token import NotGrantedError

if TYPE_CHECKING:
    from golive.contract.document import Contract
    from golive.contract.operations import Operation
    from golive.environment import Environment
    from golive.exchanges.model import Exchange
    from golive.transport.api import ApiCalls
    from golive.transport.token import TokenClient


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
    return tokens.first(account)


def probes(contract: Contract, environment: Environment) -> list[Operation]:
    """Return the claimed operations that may be sent as a probe: by API as claimed, then as the contract lists them."""
    claimed = [
        contract.operations[one]
        for one in environment.claims.operations
        if one in contract.operations
    ]
    apis, order = [one.api for one in claimed], list(contract.operations)
    found = [one for one in claimed if one.probe]
    return sorted(found, key=lambda one: (apis.index(one.api), order.index(one.operation_id)))


def reading(api: ApiCalls, operation: Operation, after: Exchange | None = None) -> Exchange:
    """One plain reading with nothing but what it needs, named as the operation is."""
    return api.plain(operation.operation_id, name=operation.name, after=after)
