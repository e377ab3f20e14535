"""Any client that was granted the scope of an API may use it: with no other scope, and whichever client it is."""

from __future__ import annotations

from functools import partial

import pytest

from golive import (
    Contract,
    CouldNotTellError,
    Environment,
    NotClaimedError,
    Steps,
    asked_scopes,
    challenge_error,
    check,
    expect,
)
from suites.common.judging import advise_no_failure
from suites.common.other_tokens import SCOPES, judge_taken
from suites.common.refusals import reading_rows
from suites.common.scopes import granted_scopes, opens
from suites.errors.in_turn import ES_KEY, WITH_SCOPE_ALONE, key_before

needs_no_other = partial(
    reading_rows,
    "needs-no-other-scope",
    "{name} is answered for a token that has the scope of its API and no other.",
    "documented",
    SCOPES,
)
ALONE = needs_no_other(named=("listInboxItems", "listGroupInboxes", "listCodeValues"))
NARROW = needs_no_other(named=WITH_SCOPE_ALONE)
takes_anothers = partial(
    reading_rows,
    "takes-the-token-of-another-client",
    "{name} is answered for the token of another client of the tenant that was granted the scope of its API.",
    "documented",
    SCOPES,
)
CLIENTS = takes_anothers(
    named=("listInboxItems", "listGroupInboxes", "listCodeValues", "getCodeValue")
)
OF_ANOTHER_CLIENT = takes_anothers(named=WITH_SCOPE_ALONE)
IN_ITS_TENANT = reading_rows(
    "takes-the-token-of-another-tenant-there",
    "{name} takes the token of an account of another tenant, that was granted the scope of its API, in its own tenant.",
    "documented",
    SCOPES,
)
OF_ITS_SCOPE = reading_rows(
    "takes-the-token-of-its-scope",
    "{name} is answered for the token of a client that has its scope and not that of Messages.",
    "documented",
    SCOPES,
    named=("listGroupInboxes",),
)


@pytest.mark.parametrize("operation", ALONE)
def test_the_scope_of_its_api_opens_an_operation(
    operation: str, asked_with_its_scope_alone: Steps
) -> None:
    """Each API has one scope, and a client that uses one API need not ask for those of others."""
    granted, plain, asked = (asked_with_its_scope_alone[n] for n in ("granted", "plain", "asked"))
    advise_no_failure([granted])
    if granted_scopes(granted) - asked_scopes(granted):
        raise CouldNotTellError(
            "a token that was asked for with one scope has more", unsettled_shape=True
        )
    with expect(asked) as it:
        expected = f"{plain.status}, as with all scopes,"
        it.that(asked.succeeded, "status", expected, str(asked.status))


@pytest.mark.parametrize("operation", NARROW)
def test_an_operation_is_opened_by_the_scope_of_its_api(
    operation: str, asked_in_two_tenants: Steps, environment: Environment
) -> None:
    """Each API has one scope, which grants every action."""
    judge_taken(asked_in_two_tenants, "given", environment, "token.scopes")


@pytest.mark.parametrize("operation", CLIENTS)
def test_another_clients_token_is_taken(
    operation: str, asked_in_two_tenants: Steps, environment: Environment
) -> None:
    """Any client that was granted the scope of an API may ask."""
    account = f"claims.accounts.{key_before(operation)}"
    judge_taken(asked_in_two_tenants, "given", environment, account)


@pytest.mark.parametrize("operation", OF_ANOTHER_CLIENT)
def test_a_token_of_another_client_is_taken(
    operation: str, asked_after_success: Steps, environment: Environment
) -> None:
    """Any client that was granted the scope of an API may ask."""
    judge_taken(asked_after_success, "given", environment, f"claims.accounts.{ES_KEY}")


@pytest.mark.parametrize("operation", IN_ITS_TENANT)
def test_the_token_of_another_tenant_is_taken_there(
    operation: str, asked_in_two_tenants: Steps, contract: Contract
) -> None:
    """What is asked for need not be there, but the account may ask."""
    granted, there = (asked_in_two_tenants[step] for step in ("granted there", "there"))
    if not opens(granted, contract.operations[operation]):
        raise NotClaimedError("claims.accounts.other_tenant")
    no_scope = challenge_error(there) == "insufficient_scope"
    barred = there.status == 401 or (there.status == 403 and no_scope)
    with expect(there) as it:
        actual = f"{there.status} (insufficient_scope)" if no_scope else str(there.status)
        it.that(not barred, "status", "neither 401 nor a scope that is missing", actual)


@pytest.mark.parametrize("operation", OF_ITS_SCOPE)
def test_the_token_of_its_scope_is_taken(
    operation: str, scope_used_elsewhere: Steps, contract: Contract
) -> None:
    """What a client is granted, it may use."""
    granted, elsewhere = scope_used_elsewhere["granted"], scope_used_elsewhere["elsewhere"]
    advise_no_failure([granted, elsewhere])
    if not opens(granted, contract.operations[operation]):
        raise NotClaimedError("claims.accounts.without_message_scope")
    with expect(elsewhere) as it:
        it.that(
            elsewhere.succeeded, "status", "2xx, as its scope was granted", str(elsewhere.status)
        )


@pytest.mark.messages
@check(
    "scope-is-asked-for-wherever-a-token-was-taken",
    level="must",
    basis="documented",
    source="contract-facts §1; mcfap/intro.html",
    area="API access",
)
@pytest.mark.parametrize("operation", ["listGroupInboxes"])
def test_a_token_that_was_taken_elsewhere_needs_the_scope(
    operation: str, scope_used_elsewhere: Steps, contract: Contract, environment: Environment
) -> None:
    """A token that another API has just taken does not open the inbox without the scope of Messages."""
    elsewhere, asked = scope_used_elsewhere["elsewhere"], scope_used_elsewhere["asked"]
    advise_no_failure([elsewhere])
    if not elsewhere.succeeded:
        account = environment.claims.accounts["without_message_scope"]
        (scope,) = contract.operations[operation].scopes
        raise CouldNotTellError(
            f"{operation} does not take the token without the scope of Messages, either ({elsewhere.status})",
            next_step=f"Look at what else it asks for: the token was asked for with {scope}."
            if scope in account.scopes
            else f"Give `claims.accounts.without_message_scope` the scope {scope}.",
        )
    with expect(asked) as it:
        expected = "403, as the token lacks the scope of Messages"
        it.that(not asked.succeeded, "status", expected, str(asked.status))
