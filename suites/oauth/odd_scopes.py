"""Scopes that only look like those that exist, and the scope that does not exist beside which they are judged."""

from __future__ import annotations

from golive import CouldNotTellError, Environment, Exchange, Steps, TokenClient, exchange
from suites.common.refusals import demand_control, demand_thorough

LESS = "grant_of_less"
BESIDE_SMART = "a scope of SMART beside those of this family"
AMONG = "a scope that does not exist among those that do"
UNKNOWN, COMMAS = "token-unknown-scope", "token-comma-separated-scopes"
"""The error cases, and the steps, of a scope that does not exist, and of scopes with a comma between them."""

UNKNOWN_SCOPE = "oraclehealth:millennium:no-such-service"
SMART_SCOPE = "system/Patient.read"
"""A scope of FHIR, which a client of this family need not have registered (contract-facts §1, §5 row 1)."""


def demand_unknown_refused(odd_scopes: Steps) -> None:
    """Raise CouldNotTellError unless a scope that does not exist is refused.

    A server may leave a scope that it does not know aside, and grant what it usually grants (RFC 6749 §3.3).
    """
    unknown = odd_scopes.get(UNKNOWN)
    if unknown is None or not 400 <= unknown.status < 500:
        why = "was not asked for" if unknown is None else f"is answered {unknown.status}"
        raise CouldNotTellError(
            f"a scope that does not exist {why}, so a grant may be the usual one whatever was asked for",
            unsettled_shape=True,
        )


@exchange
def grants_of_less(
    tokens: TokenClient, environment: Environment, grant_of_less: Exchange, plain_again: Exchange
) -> Steps:
    """Tokens asked for with a scope that does not exist: behind the others, and thoroughly also among them."""
    demand_control(plain_again)
    steps = Steps({LESS: grant_of_less})
    if environment.safety.access_rules != "spread":
        account = environment.main_account
        first, *others = account.scopes
        order = (first, UNKNOWN_SCOPE, *others) if others else (UNKNOWN_SCOPE, first)
        steps[AMONG] = tokens.send(tokens.request(account, order), AMONG)
    return steps


@exchange
def granted_beside_smart(
    tokens: TokenClient, environment: Environment, token_granted: Exchange
) -> Exchange:
    """A token asked for with a scope of SMART beside the usual ones."""
    demand_thorough(environment)
    demand_control(token_granted)
    account = environment.main_account
    return tokens.send(tokens.request(account, (SMART_SCOPE, *account.scopes)), BESIDE_SMART)
