"""How a client takes it when it is refused, asked to wait, or not answered: what its next requests show."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from golive import NotSeenError, Steps, Wrong, check, demand, http_date, whole_number
from suites.client import credentials, seen
from suites.client.citations import AUTHORIZATION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from golive import Exchange

LOOP = 4
"""The same answer to the same request so many times in a row is a loop: the first, and three that changed nothing."""

SOON = timedelta(minutes=1)
SLACK = timedelta(milliseconds=500)
"""What clocks and the way take."""


def _alike(requests: Iterable[Exchange]) -> Iterator[list[Exchange]]:
    """Yield the requests that ask the same, in their order."""
    found: dict[tuple[str, str, bytes], list[Exchange]] = defaultdict(list)
    for one in sorted(requests, key=lambda one: one.sent_at):
        request = one.request
        url = request.url.partition("?")[0] if seen.lists(one) else request.url
        found[request.method, url, request.body].append(one)
    yield from found.values()


@check(
    "client-does-not-repeat-a-refused-token",
    level="should",
    basis="standard",
    source="RFC 6750 §3.1",
)
def test_a_refused_token_is_not_used_again(refusals_of_tokens: Steps) -> None:
    """After a 401 the client takes a fresh token, and does not send the refused one again."""

    def found() -> Iterator[Wrong]:
        refused: dict[str, Exchange] = {}
        for one in seen.by_time(refusals_of_tokens):
            token = credentials.bearer(one)
            first = refused.get(token)
            if (
                first
                and seen.calls_api(one)
                and one.sent_at > seen.ended(first)
                and one.status == 401
            ):
                yield Wrong(
                    one,
                    AUTHORIZATION,
                    "a fresh token after a 401",
                    f"the one that request {first.number} had",
                )
            if token and one.status == 401:
                refused.setdefault(token, one)

    demand(found(), "Drop the token at a 401, ask for a new one, and repeat the request once.")


@check("client-does-not-loop-on-401", level="should", basis="standard", source="RFC 9110 §15.5.2")
def test_a_client_does_not_loop_on_401(refusals_of_tokens: Steps) -> None:
    """A client that is refused with a fresh token, too, stops and reports it."""
    calls = [one for one in refusals_of_tokens.values() if seen.calls_api(one)]

    def found() -> Iterator[Wrong]:
        for alike in _alike(calls):
            run: list[Exchange] = []
            for one in alike:
                close = not run or one.sent_at - run[-1].sent_at < SOON
                run = (
                    [*run, one]
                    if one.status == 401 and close
                    else [one]
                    if one.status == 401
                    else []
                )
                if len(run) == LOOP:
                    yield Wrong(
                        one,
                        "request:line",
                        "an end after one fresh token",
                        f"the {LOOP}th time 401",
                    )

    demand(
        found(),
        "Repeat once with a fresh token, then stop and show WWW-Authenticate and body: `golive explain` reads them.",
    )


@check(
    "client-asks-once-after-a-new-key",
    level="should",
    basis="inferred",
    source="contract-facts §6.3",
)
def test_a_client_tries_once_more_after_a_new_key(refusals_of_tokens: Steps) -> None:
    """After a 401 with unknown_kid the client asks for one more token: the keys may just have been rotated."""
    ordered = seen.by_time(refusals_of_tokens)
    unknown = [one for one in ordered if one.status == 401 and b"unknown_kid" in _answer(one)]
    if not unknown:
        raise NotSeenError("no request of the client was answered with unknown_kid")
    first = unknown[0]
    fresh = [one for one in ordered if credentials.granted(one) and one.sent_at > first.sent_at]
    lacking = [] if fresh else [first]
    demand(
        (Wrong(one, AUTHORIZATION, "one more token after unknown_kid", "none") for one in lacking),
        "Ask for a token once more and repeat the request once; if it stays, compare the hosts of token URL and API.",
    )


def _answer(one: Exchange) -> bytes:
    return b"" if one.response.lacks_body else one.response.body


@check(
    "client-stops-at-a-refused-credential",
    level="should",
    basis="inferred",
    source="contract-facts §4.2; RFC 6749 §5.2",
)
def test_a_client_stops_at_a_refused_credential(token_requests: Steps) -> None:
    """A token request that was refused is not sent again and again: nothing but a person can cure it."""

    def found() -> Iterator[Wrong]:
        run: list[Exchange] = []
        for one in seen.by_time(token_requests):
            refused = one.status in (400, 401, 403)
            run = (
                [*run, one] if refused and (not run or one.sent_at - run[-1].sent_at < SOON) else []
            )
            if len(run) == LOOP:
                yield Wrong(
                    one, "request:line", "an end after a refusal", f"the {LOOP}th refusal in a row"
                )

    demand(
        found(),
        "Stop at 400 or 401 of the token endpoint, and show error and error_uri: `golive explain` reads them.",
    )


@check("client-does-not-repeat-a-403", level="should", basis="standard", source="RFC 9110 §15.5.4")
def test_a_forbidden_request_is_not_repeated(api_calls: Steps) -> None:
    """A request that was answered with 403 is not sent again with the same token."""
    forbidden = [one for one in api_calls.values() if one.status == 403]
    if not forbidden:
        raise NotSeenError("no request of the client was answered with 403")

    def found() -> Iterator[Wrong]:
        for alike in _alike(forbidden):
            for earlier, later in pairwise(alike):
                again = credentials.bearer(earlier) == credentials.bearer(later)
                if again and seen.same_request(earlier, later):
                    yield Wrong(
                        later,
                        "request:line",
                        "another token, or none",
                        f"request {earlier.number} again",
                    )

    demand(
        found(),
        "Stop at 403: the token lacks the scope, and only the registration can change that.",
    )


def _wait(one: Exchange) -> timedelta | None:
    """Return how long an answer asks to wait, None where it does not say."""
    said = (one.header("Retry-After") or "").strip()
    if (seconds := whole_number(said)) is not None:
        return timedelta(seconds=seconds)
    until = http_date(said)
    return None if until is None else max(timedelta(0), until - seen.ended(one))


@check(
    "client-waits-as-it-is-asked-to",
    level="should",
    basis="standard",
    source="RFC 9110 §10.2.3; RFC 6585 §4",
)
def test_a_client_waits_as_it_is_asked_to(requests_of_client: Steps) -> None:
    """After an answer with Retry-After, the client sends the same request no sooner."""
    waits = {
        one.number: wait
        for one in requests_of_client.values()
        if one.status in (429, 503) and (wait := _wait(one))
    }
    if not waits:
        raise NotSeenError("no answer to the client had a Retry-After")

    def found() -> Iterator[Wrong]:
        for alike in _alike(requests_of_client.values()):
            for earlier, later in pairwise(alike):
                wait = waits.get(earlier.number)
                passed = later.sent_at - seen.ended(earlier)
                # What was sent before the answer came could not know of it.
                if wait and later.sent_at > seen.ended(earlier) and passed + SLACK < wait:
                    said = f"{passed.total_seconds():.1f} s"
                    yield Wrong(
                        later,
                        "request:time",
                        f"{wait.total_seconds():.0f} s after the answer before",
                        said,
                    )

    demand(
        found(),
        "Read Retry-After (seconds, or a date) and wait so long before the request is repeated.",
    )


@check(
    "client-waits-longer-each-time",
    level="should",
    basis="inferred",
    source="contract-facts §4.1; RFC 6585 §4",
)
def test_a_client_does_not_hammer(busy_answers: Steps) -> None:
    """A client that gets 429 or 5xx again and again pauses in between."""

    def found() -> Iterator[Wrong]:
        for alike in _alike(busy_answers.values()):
            run: list[Exchange] = []
            for one in alike:
                quick = not run or one.sent_at - seen.ended(run[-1]) < SLACK
                run = [*run, one] if one.unavailable and quick else [one] if one.unavailable else []
                if len(run) == LOOP:
                    yield Wrong(
                        one,
                        "request:time",
                        "a pause that grows",
                        f"the {LOOP}th time within moments",
                    )

    demand(
        found(),
        "Wait a second before the first repetition, and twice as long before each later one.",
    )


@check("client-gives-up-in-the-end", level="should", basis="inferred", source="contract-facts §4.1")
def test_a_client_gives_up_in_the_end(busy_answers: Steps) -> None:
    """A client does not repeat a request without end while the service is not available."""

    def found() -> Iterator[Wrong]:
        for alike in _alike(busy_answers.values()):
            run = 0
            for earlier, one in pairwise(alike):
                run = run + 1 if one.unavailable and one.sent_at - earlier.sent_at < SOON else 0
                if run == MOST_TRIES:
                    yield Wrong(
                        one,
                        "request:line",
                        "an end after some tries",
                        f"{MOST_TRIES} repetitions without success",
                    )

    demand(
        found(), "Give up after a handful of tries, and report it with opc-request-id and the time."
    )


MOST_TRIES = 10
