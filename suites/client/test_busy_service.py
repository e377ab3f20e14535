"""How a client takes it when the service asks it to wait, or is not available: the pauses between its requests."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from golive import NotSeenError, Steps, Wrong, check, cured_by, http_date, whole_number
from suites.client.repeats import LOOP, SOON, repeated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive import Exchange

AREA = "bad days"
SLACK = timedelta(milliseconds=500)
"""What clocks and the way take."""

MOST_TRIES = 10


def _wait(one: Exchange) -> timedelta | None:
    """Return how long an answer asks to wait, None where it does not say."""
    said = (one.header("Retry-After") or "").strip()
    if (seconds := whole_number(said)) is not None:
        return timedelta(seconds=seconds)
    until = http_date(said)
    return None if until is None else max(timedelta(0), until - one.ended_at)


@check(
    "client-waits-as-it-is-asked-to",
    area=AREA,
    level="should",
    basis="standard",
    source="RFC 9110 §10.2.3; RFC 6585 §4",
)
@cured_by("Read Retry-After (seconds, or a date) and wait so long before the request is repeated.")
def test_a_client_waits_as_it_is_asked_to(requests_of_client: Steps) -> Iterator[Wrong]:
    """After an answer with Retry-After, the client sends the same request no sooner."""
    waits = {
        one.number: wait
        for one in requests_of_client.values()
        if one.status in (429, 503) and (wait := _wait(one))
    }
    if not waits:
        raise NotSeenError("no answer to the client had a Retry-After")

    for alike in repeated(requests_of_client.values()):
        for earlier, later in pairwise(alike):
            wait = waits.get(earlier.number)
            passed = later.sent_at - earlier.ended_at
            # What was sent before the answer came could not know of it.
            if wait and later.sent_at > earlier.ended_at and passed + SLACK < wait:
                said = f"{passed.total_seconds():.1f} s"
                yield Wrong(
                    later,
                    "request:time",
                    f"{wait.total_seconds():.0f} s after the answer before",
                    said,
                )


@check(
    "client-waits-longer-each-time",
    area=AREA,
    level="should",
    basis="inferred",
    source="contract-facts §4.1; RFC 6585 §4",
)
@cured_by("Wait a second before the first repetition, and twice as long before each later one.")
def test_a_client_does_not_hammer(busy_answers: Steps) -> Iterator[Wrong]:
    """A client that gets 429 or 5xx again and again pauses in between."""
    for alike in repeated(busy_answers.values()):
        run: list[Exchange] = []
        for one in alike:
            quick = not run or one.sent_at - run[-1].ended_at < SLACK
            run = [*run, one] if one.unavailable and quick else [one] if one.unavailable else []
            if len(run) == LOOP:
                yield Wrong(
                    one,
                    "request:time",
                    "a pause that grows",
                    f"the {LOOP}th time within moments",
                )


@check(
    "client-gives-up-in-the-end",
    area=AREA,
    level="should",
    basis="inferred",
    source="contract-facts §4.1",
)
@cured_by("Give up after a handful of tries, and report it with opc-request-id and the time.")
def test_a_client_gives_up_in_the_end(busy_answers: Steps) -> Iterator[Wrong]:
    """A client does not repeat a request without end while the service is not available."""
    for alike in repeated(busy_answers.values()):
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
