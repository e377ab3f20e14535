"""How a client uses the token that it was granted."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from golive import (
    Contract,
    NotSeenError,
    Steps,
    Wrong,
    check,
    cloud_of,
    cured_by,
)
from suites.client import credentials, seen
from suites.client.citations import AUTHORIZATION, ENDPOINT

if TYPE_CHECKING:
    from collections.abc import Iterator


Found = "Iterator[tuple[str, str, str]]"


@check("client-reuses-its-token", level="should", basis="documented", source=ENDPOINT)
@cured_by("Keep the token with its expires_in, for all calls of the process.")
def test_a_token_is_reused(
    requests_of_client: Steps, tokens_granted: Steps, api_calls: Steps
) -> Iterator[Wrong]:
    """A client keeps its token for its next calls, and does not ask for one for each of them."""
    uses: dict[str, int] = defaultdict(int)
    for one in api_calls.values():
        uses[credentials.bearer(one)] += 1
    refused = {credentials.bearer(one) for one in api_calls.values() if one.status == 401}

    asked: dict[tuple[str, str, str], list[credentials.Grant]] = defaultdict(list)
    for one in credentials.grants_in(seen.by_time(tokens_granted)).values():
        scope = " ".join(sorted(seen.form(one.exchange).get("scope", "").split()))
        asked[one.exchange.request.url, credentials.client_of(one.exchange), scope].append(one)
    for granted in asked.values():
        run = 0
        for earlier, later in pairwise(granted):
            ends = earlier.ends
            due = ends is None or later.exchange.sent_at > ends - timedelta(seconds=60)
            needless = not due and earlier.token not in refused and uses[earlier.token] <= 1
            run = run + 1 if needless else 0
            if run >= MANY:
                yield Wrong(
                    later.exchange,
                    "request:line",
                    "the token that was granted before, until close to its end",
                    "a new one, with the one before used for a single call",
                )


MANY = 3

"""Times in a row that make a habit: a new process asks for a token of its own."""


@check(
    "client-uses-no-token-after-its-end",
    level="must",
    basis="standard",
    source="RFC 6749 §5.1; contract-facts §4.1",
)
@cured_by("Ask for the next token before expires_in has passed, counted from the answer.")
def test_no_token_is_used_after_its_end(api_calls: Steps, tokens_granted: Steps) -> Iterator[Wrong]:
    """No call presents a token that has ended, as expires_in says."""
    known = credentials.grants_in(tokens_granted.values())

    for one in api_calls.values():
        grant = known.get(credentials.bearer(one))
        ends = grant.ends if grant else None
        if ends and one.sent_at > ends:
            late = (one.sent_at - ends).total_seconds()
            yield Wrong(
                one,
                AUTHORIZATION,
                "a token that has not ended",
                f"one that ended {late:.0f} s before",
            )


@check("client-renews-its-token-ahead", level="should", basis="documented", source=ENDPOINT)
@cured_by("Renew the token a minute before its end; a request takes its time, too.")
def test_a_token_is_renewed_ahead(api_calls: Steps, tokens_granted: Steps) -> Iterator[Wrong]:
    """No call presents a token in the last moments of its life."""
    known = credentials.grants_in(tokens_granted.values())

    for one in api_calls.values():
        grant = known.get(credentials.bearer(one))
        ends = grant.ends if grant else None
        if grant and ends and grant.lifetime:
            left = (ends - one.sent_at).total_seconds()
            if 0 <= left < min(5.0, grant.lifetime / 4):
                yield Wrong(
                    one,
                    AUTHORIZATION,
                    "a token with some seconds left",
                    f"one with {left:.1f} s left",
                )


@check(
    "client-compares-granted-with-asked",
    level="must",
    basis="documented",
    source="contract-facts §4.1; RFC 6749 §3.3",
)
@cured_by(
    "Compare scope of the token's answer with what was asked for, and stop with both lists where one is missing: "
    "the account is not registered for it."
)
def test_no_operation_goes_without_its_scope(
    operations: Steps, tokens_granted: Steps, contract: Contract
) -> Iterator[Wrong]:
    """A client does not call an operation with a token that was granted without its scope."""
    known = credentials.grants_in(tokens_granted.values())

    for one in operations.values():
        grant = known.get(credentials.bearer(one))
        said = seen.answer(grant.exchange).get("scope") if grant else None
        needed = contract.operations[one.request.operation].scopes
        if isinstance(said, str) and needed and not set(needed) & set(said.split()):
            yield Wrong(
                one,
                AUTHORIZATION,
                f"a token with {' or '.join(needed)}",
                f"one with {said or 'none'}",
            )


@check(
    "client-sends-a-bearer-token",
    level="must",
    basis="standard",
    source="RFC 6750 §2.1; contract-facts §1",
)
@cured_by("Write Authorization: Bearer TOKEN, with one space.")
def test_each_call_presents_a_token(api_calls: Steps) -> Iterator[Wrong]:
    """Each call of an API presents its token as Authorization: Bearer, once."""
    credentials.refuse_hidden(api_calls.values())

    for one in api_calls.values():
        if one.request.method == "OPTIONS":
            continue  # a browser's preflight, which has no credential
        shown = one.request.headers.all("Authorization")
        scheme, credential = credentials.presented(one)
        if not shown:
            yield Wrong(one, AUTHORIZATION, "Bearer and the token", "absent")
        elif len(shown) > 1 or scheme != "bearer" or not credential or " " in credential:
            other = f"{scheme.capitalize()} in its place" if scheme.isalpha() else "no scheme"
            many = (
                "several lines" if len(shown) > 1 else "" if scheme != "bearer" else "not one token"
            )
            yield Wrong(one, AUTHORIZATION, "Bearer and the token", many or other)


@check(
    "client-token-is-of-the-api-s-cloud",
    level="must",
    basis="observed",
    source="contract-facts §5, §6.1, §6.3",
)
@cured_by(
    "Take the token from authorization.cerner.com: the tenant, not the host, makes it sandbox."
)
def test_a_token_is_of_the_api_s_cloud(
    requests_of_client: Steps, token_requests: Steps
) -> Iterator[Wrong]:
    """The API gets tokens of the production cloud, which alone it trusts."""
    known = credentials.grants_in(token_requests.values())

    for one in requests_of_client.values():
        grant = known.get(credentials.bearer(one))
        where = seen.host(grant.exchange) if grant else ""
        if seen.calls_api(one) and seen.host(one) == seen.API_HOST and cloud_of(where) == "sandbox":
            yield Wrong(
                one, AUTHORIZATION, "a token of authorization.cerner.com", f"one of {where}"
            )
        for_api = seen.asks_for_token(one) and f"/hosts/{seen.API_HOST}/" in seen.path(one)
        if for_api and cloud_of(seen.host(one)) == "sandbox":
            yield Wrong(
                one,
                "request:line",
                f"authorization.cerner.com, for a token of {seen.API_HOST}",
                seen.host(one),
            )


@check("client-tenant-is-clean", level="must", basis="observed", source="contract-facts §5")
@cured_by("Trim the setting that holds the tenant: a copied id often brings a blank or a quote.")
def test_a_tenant_has_no_stray_character(requests_of_client: Steps) -> Iterator[Wrong]:
    """The tenant in a URL is its id and nothing else: no blank, quote, brace or line end."""
    named = [one for one in requests_of_client.values() if seen.tenant(one)]
    if not named:
        raise NotSeenError("the client asked nothing of a tenant")

    for one in named:
        if not re.fullmatch(r"[0-9A-Za-z_-]+", seen.tenant(one)):
            yield Wrong(
                one,
                "request:line",
                "the tenant's id, of letters, digits and hyphens",
                "other characters in it",
            )


@check("client-keeps-to-its-tenant", level="must", basis="observed", source="contract-facts §5")
@cured_by("Make token URL and API URL of one setting for the tenant.")
def test_a_token_is_of_the_tenant_that_is_called(
    api_calls: Steps, tokens_granted: Steps
) -> Iterator[Wrong]:
    """A token of one tenant is not used in another one's URL."""
    known = credentials.grants_in(tokens_granted.values())

    for one in api_calls.values():
        grant = known.get(credentials.bearer(one))
        own = seen.tenant(grant.exchange) if grant else ""
        if own and seen.tenant(one).lower() != own.lower():
            yield Wrong(
                one, "request:line", "the tenant that the token was granted in", "another one"
            )
