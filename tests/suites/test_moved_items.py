"""What others bring or take away while a run goes on is no fault of a list; what a server drops is one."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from golive.exchanges.headers import Headers
from golive.exchanges.model import Exchange, Request, Response
from suites.messages.moved import brought, is_taken_away, taken_away

BASE = "http://127.0.0.1/tenant/message/20241001/patientMessages"
START = datetime(2026, 3, 29, 12, 0, 0, tzinfo=UTC)


def answer(after: int, url: str, operation: str, body: object, status: int, **query: str):
    request = Request("GET", f"{url}?{urlencode(query)}", operation=operation)
    response = Response(status, Headers(), json.dumps(body).encode())
    return Exchange(url, request, response, START + timedelta(seconds=after), 0.1)


def inbox(after: int, *ids: str, **query: str) -> Exchange:
    body = {"items": [{"id": one} for one in ids]}
    return answer(after, f"{BASE}/inboxItems", "listInboxItems", body, 200, **query)


def read(after: int, key: str, status: int) -> Exchange:
    return answer(after, f"{BASE}/{key}", "getMessage", {"id": key}, status)


def test_what_no_later_answer_shows_was_taken_away() -> None:
    lacking = inbox(5, "1")
    made = [inbox(1, "1", "2"), lacking, inbox(7, "1", limit="1000"), read(9, "2", 404)]
    assert taken_away(made, lacking, {"2"}) == {"2"}


@pytest.mark.parametrize(
    "later",
    [
        [read(9, "2", 200)],
        [],
        [read(3, "2", 404)],
        [read(9, "1", 404)],
        [read(9, "2", 404), inbox(8, "1", "2", limit="1000")],
        [read(9, "2", 404), read(9, "3", 200)],
        [read(9, "2", 500)],
    ],
)
def test_what_a_later_answer_shows_or_nobody_asked_for_was_dropped(later) -> None:
    lacking = inbox(5, "1")
    made = [inbox(1, "1", "2", "3"), lacking, *later]
    assert "2" not in taken_away(made, lacking, {"2", "3"})


def test_what_no_list_shows_before_the_last_one_that_lacks_it_was_brought() -> None:
    first, last = inbox(1, "1"), inbox(9, "1", "2")
    assert brought(
        [first, inbox(4, "1"), inbox(6, "1", "2", limit="1000"), last], first, {"2"}
    ) == {"2"}


@pytest.mark.parametrize(
    "between",
    [
        [
            inbox(2, "1", "2", limit="1000"),
            inbox(4, "1"),
        ],  # shown by another question, and then not
        [inbox(0, "1", "2", limit="1000")],  # shown before
        [inbox(10, "1")],  # and gone again
    ],
)
def test_what_comes_and_goes_was_not_brought(between) -> None:
    first, last = inbox(1, "1"), inbox(9, "1", "2")
    assert brought([first, *between, last], first, {"2"}) == set()


def test_a_message_that_no_list_shows_any_more_was_taken_away_before_it_was_read() -> None:
    made = [inbox(1, "1", "2"), one := read(4, "2", 404), inbox(9, "1")]
    assert is_taken_away(made, one)
    assert not is_taken_away([*made, inbox(8, "2", limit="1000")], one)
    assert not is_taken_away(made[:2], one)
    assert not is_taken_away([inbox(1, "1", "2"), one, inbox(9, "1", limit="1000")], one)
    assert not is_taken_away([inbox(1, "1"), other := read(4, "3", 500), inbox(9, "1")], other)
