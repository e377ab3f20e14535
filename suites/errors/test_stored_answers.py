"""What one caller was answered, given or refused, is not what the next one gets."""

from __future__ import annotations

import pytest

from golive import CouldNotTellError, Steps, expect
from suites.common.answers import ids_in, shown_by_both
from suites.common.judging import advise_no_failure
from suites.common.refusals import reading_rows
from suites.errors.in_turn import NOT_GIVEN
from suites.messages.citations import TENANTS

API = "messages"
"""The API whose operations are asked: what stands before it stands before the others as well."""


STORED = reading_rows(
    "is-not-stored-for-others",
    "{denied} to a caller without a token right after one with a token was answered.",
    "standard",
    "RFC 9111 §3.5",
    of=API,
)
REFUSED = reading_rows(
    "is-given-right-after-a-refusal",
    "{name} answers a caller with a token as before right after one without a token was refused.",
    "documented",
    "contract-facts §1 (the header authorization says who asks)",
    of=API,
)
OPTIONS = reading_rows(
    "is-not-given-by-options",
    "{denied} to a caller without a token who asks by OPTIONS.",
    "documented",
    "contract-facts §1 (the header authorization is required)",
)
KEPT = reading_rows(
    "is-not-kept-for-another-tenant",
    "{name} gives an account of another tenant nothing that one of this tenant was given just before.",
    "documented",
    TENANTS,
)
TAKEN = reading_rows(
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
