"""How a client takes it when it is refused: what its next requests show."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from golive import NotSeenError, Steps, Wrong, check, cured_by
from suites.client import credentials, seen
from suites.client.citations import AUTHORIZATION
from suites.client.repeats import LOOP, SOON, repeated, same_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive import Exchange


@check(
    "client-does-not-repeat-a-refused-token",
    level="should",
    basis="standard",
    source="RFC 6750 §3.1",
)
@cured_by("Drop the token at a 401, ask for a new one, and repeat the request once.")
def test_a_refused_token_is_not_used_again(refusals_of_tokens: Steps) -> Iterator[Wrong]:
    """After a 401 the client takes a fresh token, and does not send the refused one again."""
    refused: dict[str, Exchange] = {}
    for one in seen.by_time(refusals_of_tokens):
        token = credentials.bearer(one)
        first = refused.get(token)
        if first and seen.calls_api(one) and one.sent_at > first.ended_at and one.status == 401:
            yield Wrong(
                one,
                AUTHORIZATION,
                "a fresh token after a 401",
                f"the one that request {first.number} had",
            )
        if token and one.status == 401:
            refused.setdefault(token, one)


@check("client-does-not-loop-on-401", level="should", basis="standard", source="RFC 9110 §15.5.2")
@cured_by(
    "Repeat once with a fresh token, then stop and show WWW-Authenticate and body: `golive explain` reads them."
)
def test_a_client_does_not_loop_on_401(refusals_of_tokens: Steps) -> Iterator[Wrong]:
    """A client that is refused with a fresh token, too, stops and reports it."""
    calls = [one for one in refusals_of_tokens.values() if seen.calls_api(one)]

    for alike in repeated(calls):
        run: list[Exchange] = []
        for one in alike:
            close = not run or one.sent_at - run[-1].sent_at < SOON
            run = [*run, one] if one.status == 401 and close else [one] if one.status == 401 else []
            if len(run) == LOOP:
                yield Wrong(
                    one,
                    "request:line",
                    "an end after one fresh token",
                    f"the {LOOP}th time 401",
                )


@check(
    "client-asks-once-after-a-new-key",
    level="should",
    basis="inferred",
    source="contract-facts §6.3",
)
@cured_by(
    "Ask for a token once more and repeat the request once; if it stays, compare the hosts of token URL and API."
)
def test_a_client_tries_once_more_after_a_new_key(refusals_of_tokens: Steps) -> Iterator[Wrong]:
    """After a 401 with unknown_kid the client asks for one more token: the keys may just have been rotated."""
    ordered = seen.by_time(refusals_of_tokens)
    unknown = [one for one in ordered if one.status == 401 and b"unknown_kid" in _answer(one)]
    if not unknown:
        raise NotSeenError("no request of the client was answered with unknown_kid")
    first = unknown[0]
    fresh = [one for one in ordered if credentials.granted(one) and one.sent_at > first.sent_at]
    lacking = [] if fresh else [first]
    yield from (
        Wrong(one, AUTHORIZATION, "one more token after unknown_kid", "none") for one in lacking
    )


def _answer(one: Exchange) -> bytes:
    return b"" if one.response.lacks_body else one.response.body


@check(
    "client-stops-at-a-refused-credential",
    level="should",
    basis="inferred",
    source="contract-facts §4.2; RFC 6749 §5.2",
)
@cured_by(
    "Stop at 400 or 401 of the token endpoint, and show error and error_uri: `golive explain` reads them."
)
def test_a_client_stops_at_a_refused_credential(token_requests: Steps) -> Iterator[Wrong]:
    """A token request that was refused is not sent again and again: nothing but a person can cure it."""
    run: list[Exchange] = []
    for one in seen.by_time(token_requests):
        refused = one.status in (400, 401, 403)
        run = [*run, one] if refused and (not run or one.sent_at - run[-1].sent_at < SOON) else []
        if len(run) == LOOP:
            yield Wrong(
                one, "request:line", "an end after a refusal", f"the {LOOP}th refusal in a row"
            )


@check("client-does-not-repeat-a-403", level="should", basis="standard", source="RFC 9110 §15.5.4")
@cured_by("Stop at 403: the token lacks the scope, and only the registration can change that.")
def test_a_forbidden_request_is_not_repeated(api_calls: Steps) -> Iterator[Wrong]:
    """A request that was answered with 403 is not sent again with the same token."""
    forbidden = [one for one in api_calls.values() if one.status == 403]
    if not forbidden:
        raise NotSeenError("no request of the client was answered with 403")

    for alike in repeated(forbidden):
        for earlier, later in pairwise(alike):
            again = credentials.bearer(earlier) == credentials.bearer(later)
            if again and same_request(earlier, later):
                yield Wrong(
                    later,
                    "request:line",
                    "another token, or none",
                    f"request {earlier.number} again",
                )
