"""What a client was refused for something that it asked, and what it did next."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from golive import NotSeenError, Steps, Wrong, check, cured_by
from suites.client import credentials, seen
from suites.client.citations import AUTHORIZATION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive import Exchange

FAULTS = {400, 405, 406, 411, 413, 414, 415, 422}
"""Statuses that say that the request itself is at fault; a bad day of the service brings none of them."""

OUTDATED = {409, 412}
LONGEST = 160


def _words(one: Exchange) -> str:
    """Return what a refusal says: its status, and the words of its answer."""
    said = seen.answer(one)
    found = said.get("message") or said.get("error_uri") or said.get("error") or ""
    return f"{one.status} {str(found)[:LONGEST]}".strip()


@check("client-is-refused-nothing", level="should", basis="standard", source="RFC 9110 §15.5")
@cured_by(
    "Read the words of the answer, and correct what they name; a refusal that is tested on purpose is no fault."
)
def test_no_call_is_refused(api_calls: Steps) -> Iterator[Wrong]:
    """No call of an API is refused with 400, 405, 406, 411, 413, 414, 415 or 422, which say that it is wrong."""
    for one in api_calls.values():
        if one.status in FAULTS:
            yield Wrong(one, "request:line", "a request that is not refused", _words(one))


@check("client-gets-its-token", level="must", basis="standard", source="RFC 6749 §5.2")
@cured_by("Correct what error and error_uri name: `golive explain` reads them.")
def test_a_client_gets_a_token(token_requests: Steps) -> Iterator[Wrong]:
    """A client whose token request is refused with 400 or 401 gets a token in the end."""
    ordered = seen.by_time(token_requests)
    refused = [one for one in ordered if one.status in (400, 401)]
    granted = any(credentials.granted(one) for one in ordered)
    unclear = any(one.succeeded and one.response.lacks_body for one in ordered)
    lost = [] if granted or unclear else refused
    yield from (Wrong(one, "request:line", "a token", _words(one)) for one in lost)


@check(
    "client-does-not-repeat-a-refusal",
    level="should",
    basis="inferred",
    source="RFC 9110 §15.5",
)
@cured_by("Stop at such an answer: the same request gets the same refusal.")
def test_a_refused_request_is_not_repeated(api_calls: Steps) -> Iterator[Wrong]:
    """A request that was refused as wrong, or as out of date, is not sent again unchanged."""
    refused = [one for one in seen.by_time(api_calls) if one.status in FAULTS | OUTDATED]
    if not refused:
        raise NotSeenError("no request of the client was refused as wrong or as out of date")

    first: dict[tuple[str, str, bytes], Exchange] = {}
    for one in refused:
        asked = one.request.method, one.request.url, one.request.body
        before = first.setdefault(asked, one)
        if before is not one and one.sent_at > before.ended_at:
            yield Wrong(
                one,
                "request:line",
                "another request, or none",
                f"request {before.number} again",
            )


@check(
    "client-reads-again-after-a-conflict",
    level="should",
    basis="inferred",
    source="contract-facts §2.5, §9; RFC 9110 §15.5.10",
)
@cured_by(
    "Read the list again, look whether the change is still due, and send it with the versions of that reading."
)
def test_a_conflict_is_read_again(
    requests_of_client: Steps, status_changes: Steps
) -> Iterator[Wrong]:
    """After a change of status that is out of date (409, 412), the client reads the messages again."""
    outdated = [one for one in status_changes.values() if one.status in OUTDATED]
    if not outdated:
        raise NotSeenError("no change of status was answered with 409 or 412")
    ordered = seen.by_time(requests_of_client)

    def read_after(first: Exchange) -> bool:
        patient = str(seen.body(first).get("patientId"))
        return any(
            one.request.operation == "getMessage"
            or (seen.lists(one) and seen.query(one).get("patientId") == patient)
            for one in ordered
            if one.sent_at > first.sent_at
        )

    lost = [one for one in outdated if not read_after(one)]
    yield from (Wrong(one, "request:line", "a reading after the conflict", "none") for one in lost)


@check(
    "client-takes-a-fresh-token-after-a-401",
    level="should",
    basis="inferred",
    source="contract-facts §6.3; RFC 6750 §3.1",
)
@cured_by("Ask for a token once more and repeat the request once, before a person is called.")
def test_a_token_that_worked_is_replaced(refusals_of_tokens: Steps) -> Iterator[Wrong]:
    """Where a token that worked is refused, the client asks for a fresh one: it may have ended early."""
    ordered = seen.by_time(refusals_of_tokens)
    worked: set[str] = set()
    ended: list[Exchange] = []
    for one in filter(seen.calls_api, ordered):
        if one.succeeded:
            worked.add(credentials.bearer(one))
        elif one.status == 401 and credentials.bearer(one) in worked:
            ended.append(one)
    if not ended:
        raise NotSeenError("no token that had worked was refused")
    last = ended[-1].sent_at
    asked = any(seen.asks_for_token(one) and one.sent_at > ended[0].sent_at for one in ordered)
    other = any(
        one.sent_at >= last and one.succeeded for one in ordered if seen.calls_api(one)
    )  # another process' token
    lost = [] if asked or other else ended[:1]
    yield from (Wrong(one, AUTHORIZATION, "a fresh token after a 401", "none") for one in lost)


@check(
    "client-reads-again-what-was-no-list",
    level="should",
    basis="inferred",
    source="RFC 9110 §8.3; contract-facts §3",
)
@cured_by("Look at Content-Type and at the form of the answer; what is no list moves no watermark.")
def test_what_was_no_list_is_read_again(inboxes: Steps) -> Iterator[Wrong]:
    """Where something else comes in place of a list, such as a page, the client asks for that time again."""
    ordered = seen.by_time(inboxes)
    strange = [one for one in ordered if seen.is_no_list(one)]
    if not strange:
        raise NotSeenError("every list that the client asked for was one")
    lists = seen.Windows(one for one in ordered if one.succeeded and not seen.is_no_list(one))
    yield from (
        Wrong(one, "request:line", "the same time again", "a time that no later list covers")
        for one in strange
        if not lists.covered(one, lambda *_: True, seen.window(one)[1])
    )


@check(
    "client-pauses-between-polls",
    level="should",
    basis="inferred",
    source="contract-facts §3",
)
@cured_by("Poll once a minute or less often; ask again at once only for another window.")
def test_a_poll_waits_for_the_next_one(lists: Steps) -> Iterator[Wrong]:
    """A client does not list the same window again and again within moments."""
    alike: dict[tuple[str, str, str], list[Exchange]] = {}
    for one in seen.by_time(lists):
        named = seen.query(one)
        key = one.request.operation, named.get("patientId", ""), named.get(seen.LOWER, "")
        alike.setdefault(key, []).append(one)

    for asked in alike.values():
        run = 0
        for earlier, one in pairwise(asked):
            (_, before), (_, upper) = seen.window(earlier), seen.window(one)
            passed = one.sent_at - earlier.sent_at
            same = abs(upper - before) <= passed + seen.TICK
            quick = earlier.succeeded and one.succeeded and passed < seen.TICK
            run = run + 1 if same and quick else 0
            if run == BUSY:
                yield Wrong(
                    one,
                    "request:time",
                    "a pause between two lists of the same window",
                    f"{BUSY + 1} of them within moments",
                )


BUSY = 9
"""Repetitions in a row, each within a second, that make a loop."""
