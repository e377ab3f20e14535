"""What one caller was answered, given or refused, is not what the next one gets."""

from __future__ import annotations

import pytest

from golive import (
    Contract,
    CouldNotTellError,
    Environment,
    Steps,
    asked_scopes,
    check,
    expect,
    resources,
    respelled_operations,
)
from suites.common.answers import ids_in, shown_by_both
from suites.common.judging import advise_no_failure
from suites.common.refusals import denied_row
from suites.errors.in_turn import NOT_GIVEN
from suites.messages.citations import TENANTS
from suites.oauth.access_token import granted_scopes

API = "messages"
"""The API whose operations are asked: what stands before it stands before the others as well."""


def _rows(
    ending: str, words: str, basis: str, source: str, *, of: str = "", named: tuple[str, ...] = ()
) -> list[object]:
    """Return a row for each operation that reads, of one API or of all, or for those that are named."""
    return [
        denied_row(operation, ending, words, basis, source)
        for operation in respelled_operations(resources() / "schemas")
        if not operation.writes and operation.suite == (of or operation.suite)
        if not named or operation.operation_id in named
    ]


STORED = _rows(
    "is-not-stored-for-others",
    "{denied} to a caller without a token right after one with a token was answered.",
    "standard",
    "RFC 9111 §3.5",
    of=API,
)
REFUSED = _rows(
    "is-given-right-after-a-refusal",
    "{name} answers a caller with a token as before right after one without a token was refused.",
    "documented",
    "contract-facts §1 (the header authorization says who asks)",
    of=API,
)
OPTIONS = _rows(
    "is-not-given-by-options",
    "{denied} to a caller without a token who asks by OPTIONS.",
    "documented",
    "contract-facts §1 (the header authorization is required)",
)
ALONE = _rows(
    "needs-no-other-scope",
    "{name} is answered for a token that has the scope of its API and no other.",
    "documented",
    "contract-facts §1 (the scope of each API); mcfap/intro.html",
    named=("listInboxItems", "listGroupInboxes", "listCodeValues"),
)

KEPT = _rows(
    "is-not-kept-for-another-tenant",
    "{name} gives an account of another tenant nothing that one of this tenant was given just before.",
    "documented",
    TENANTS,
)
TAKEN = _rows(
    "heeds-the-tenant-of-a-token-that-was-taken",
    "{denied} to a caller with a token of another tenant right after that one took it.",
    "observed",
    "contract-facts §5 row 13",
)


@pytest.mark.parametrize("operation", STORED)
def test_no_stored_answer_is_given_to_others(operation: str, asked_after_success: Steps) -> None:
    """A cache in front of the API would give it."""
    given, asked = asked_after_success["given"], asked_after_success["asked"]
    with expect(given) as it:
        if not given.succeeded:
            it.violated("status", "2xx, as before", str(given.status), advice=True)
    if not asked.succeeded:
        return
    elsewhere = asked_after_success["elsewhere"]
    if elsewhere.status not in NOT_GIVEN:
        raise CouldNotTellError(
            f"{operation} is answered without a token anyway ({elsewhere.status} where nobody has asked before)",
            next_step="Fix the findings about callers without a token first.",
        )
    with expect(asked) as it:
        it.violated(
            "status",
            f"{elsewhere.status}, as where nobody with a token has asked before",
            f"{asked.status}, what a caller with a token was given just before",
        )


@pytest.mark.parametrize("operation", REFUSED)
def test_no_refusal_is_kept_for_who_may_ask(operation: str, asked_after_success: Steps) -> None:
    """A memory in front of the API that keeps refusals by the URL alone would give one."""
    given, again = asked_after_success["given"], asked_after_success["again"]
    if not given.succeeded:
        raise CouldNotTellError(
            f"{operation} was answered {given.status} before anybody was refused"
        )
    with expect(again) as it:
        expected = f"{given.status}, as before a caller without a token was refused"
        it.that(again.succeeded, "status", expected, str(again.status))


@pytest.mark.parametrize("operation", KEPT)
def test_nothing_is_kept_for_another_tenant(operation: str, asked_in_two_tenants: Steps) -> None:
    """One domain may be a copy of another: so it is asked there, too, for what nobody can have kept."""
    advise_no_failure(asked_in_two_tenants.values())
    given, there = asked_in_two_tenants["given"], asked_in_two_tenants["there"]
    common = shown_by_both(given, there)
    if not common:
        return
    marked, elsewhere = asked_in_two_tenants["marked"], asked_in_two_tenants["elsewhere"]
    if not marked.succeeded:
        raise CouldNotTellError(
            f"{operation} shows the same in another tenant, and takes no parameter more ({marked.status}): one may be "
            "a copy of the other"
        )
    kept = common - shown_by_both(given, elsewhere)
    with expect(there) as it:
        actual = f"{len(kept)} of what was given just before, which {elsewhere.name} does not show"
        it.that(not kept, "body", "what the other tenant has", actual)


@pytest.mark.parametrize("operation", TAKEN)
def test_a_token_that_its_own_tenant_took_opens_no_other(
    operation: str, asked_in_two_tenants: Steps
) -> None:
    """What a gateway keeps of a token is not that it opens any tenant."""
    if asked_in_two_tenants["there"].status in NOT_GIVEN:
        return
    back = asked_in_two_tenants["back"]
    with expect(back) as it:
        expected = "401 or 403, as the token is another tenant's"
        it.that(not back.succeeded, "status", expected, str(back.status))


@pytest.mark.parametrize("operation", OPTIONS)
def test_options_gives_nothing(operation: str, asked_by_options: Steps) -> None:
    """OPTIONS may be answered to anybody, but not with what the operation gives to callers with a token."""
    plain, options = asked_by_options["plain"], asked_by_options["options"]
    shown = set(ids_in(options.json_or_none)) & set(ids_in(plain.json_or_none))
    with expect(options) as it:
        wanted = f"nothing of what {operation} gives"
        it.that(not shown, "body", wanted, f"{len(shown)} of its items")


@pytest.mark.parametrize("operation", ALONE)
def test_the_scope_of_its_api_opens_an_operation(
    operation: str, asked_with_its_scope_alone: Steps
) -> None:
    """Each API has one scope, and a client that uses one API need not ask for those of others."""
    granted, plain, asked = (asked_with_its_scope_alone[n] for n in ("granted", "plain", "asked"))
    advise_no_failure([granted])
    if (granted_scopes(granted) or frozenset()) - asked_scopes(granted):
        raise CouldNotTellError(
            "a token that was asked for with one scope has more", unsettled_shape=True
        )
    with expect(asked) as it:
        expected = f"{plain.status}, as with all scopes,"
        it.that(asked.succeeded, "status", expected, str(asked.status))


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
