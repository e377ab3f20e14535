"""Which authorization server issues the tokens: Oracle's own, or another one of which nothing is assumed.

What Oracle documents and what was seen at its hosts is about its own server (contract-facts §4). A company's
gateway or another authorization server is bound by the standards, and by what the environment says of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.contract.label import Label, standard
from golive.contract.outcomes import NotClaimedError
from golive.environment import cloud_of, real_host
from golive.kit.wire import split_url

if TYPE_CHECKING:
    from golive.environment import Environment
    from golive.exchanges.model import Exchange


def demand_oracles(environment: Environment) -> None:
    """Raise NotClaimedError where the authorization server is not Oracle's, nor called so by the environment."""
    if not environment.token.is_oracles:
        raise NotClaimedError("token.server")


def binds_the_standard_alone(exchange: Exchange) -> bool:
    """Return whether an exchange went to an authorization server that is not Oracle's.

    The API is Oracle's, whatever host stands in front of it.
    """
    return not is_of_oracle(exchange)


def is_of_oracle(exchange: Exchange) -> bool:
    """Return whether an exchange is bound by what Oracle documents: the API's, and its authorization server's."""
    return bool(exchange.request.operation) or answered_by_oracle(exchange)


def answered_by_oracle(exchange: Exchange) -> bool:
    """Return whether a host of Oracle's answered, or an authorization server that the environment calls Oracle's."""
    request = exchange.request
    named = exchange.of_oracle and not request.operation
    return named or cloud_of(real_host(request.url)) is not None


def by_its_word(environment: Environment, clause: str) -> Label:
    """Return how something is known that the environment file says of the authorization server.

    At Oracle's hosts it is what the check's own label says. Of another server the file's word is all there is, and
    `clause` is that of the RFC which defines what the word means, so a violation decides there, too.
    """
    return Label() if environment.token.is_oracles else standard(clause)


def issuers(environment: Environment) -> frozenset[str]:
    """Return what `iss` may be: the named issuer, else the forms that were seen at Oracle's hosts.

    Source: contract-facts §4.1, §4.4, §5 row 16, §9. Raises NotClaimedError where nobody knows it.
    """
    token = environment.token
    if token.issuer is not None:
        return frozenset({token.issuer})
    if not token.is_at_oracles_host:
        raise NotClaimedError("token.issuer")
    host = f"https://{real_host(token.url)}"
    return frozenset({host, f"{host}/", f"{host}/tenants/{environment.tenant}"})


def issuer_host(issuer: object) -> str:
    """Return the host of an issuer's URL, empty where it is none."""
    return (split_url(issuer).hostname or "") if isinstance(issuer, str) else ""
