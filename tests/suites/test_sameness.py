"""Two readings of one message: what a server makes for each answer is no loss, and what makes another message is."""

import json
from datetime import UTC, datetime

import pytest

from golive.exchanges.headers import Headers
from golive.exchanges.model import Exchange, Request, Response
from suites.common.sameness import is_lost, substance
from suites.messages.lists import same_moment

SIGNED = "https://objects.example.org/p/{}/b/att?X-Amz-Signature={}"
ATTACHED = {"id": "att-1", "title": "scan.pdf", "contentType": "application/pdf", "size": 7}


def attached(number: int, **more: object) -> dict[str, object]:
    return {"attachments": [{**ATTACHED, "url": SIGNED.format(number, number), **more}]}


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("attachments", attached(1), attached(2)),
        (
            "attachments",
            {"attachments": [SIGNED.format(1, 1)]},
            {"attachments": [SIGNED.format(2, 2)]},
        ),
        ("retrievedDateTime", {"retrievedDateTime": "08:00"}, {"retrievedDateTime": "08:01"}),
        ("links", {"links": {"self": "/a?nonce=1"}}, {"links": {"self": "/a?nonce=2"}}),
        (
            "sender",
            {"sender": {"id": "1", "type": "PERSONNEL", "presence": "online"}},
            {"sender": {"id": "1", "type": "PERSONNEL", "presence": "away"}},
        ),
        ("priority", {"priority": {"value": "HIGH"}}, {"priority": {"value": "HIGH"}}),
    ],
)
def test_what_is_made_for_each_answer_is_no_loss(name, before, after) -> None:
    assert not is_lost(name, before, after)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("attachments", attached(1), attached(1, id="att-2")),
        ("attachments", attached(1), {"attachments": []}),
        ("attachments", attached(1), {"attachments": [None]}),
        ("attachments", attached(1), {}),
        ("attachments", {"attachments": [{"data": "eA=="}]}, {"attachments": [{"data": "eQ=="}]}),
        ("subject", {"subject": "Your visit"}, {"subject": "Your visi"}),
        ("sender", {"sender": {"id": "1"}}, {"sender": {"id": "2"}}),
        ("priority", {"priority": {"code": "HIGH"}}, {"priority": {"code": "NORMAL"}}),
        ("recipients", {"recipients": [{"id": "1"}]}, {"recipients": [{"id": "1"}, {"id": "2"}]}),
    ],
)
def test_what_makes_another_message_is(name, before, after) -> None:
    assert is_lost(name, before, after)


def test_a_text_that_begins_with_an_address_is_kept_where_it_is_none() -> None:
    assert substance("https: the visit") == "https: the visit"


def dated(text: str) -> tuple[Exchange, dict[str, object]]:
    item = {"id": "1", "createDateTime": {"dateTime": text, "timeZone": "UTC"}}
    answer = Response(200, Headers.of({}), json.dumps(item).encode())
    request = Request("GET", "https://api.example.org/patientMessages/1")
    return Exchange("made", request, answer, datetime.now(UTC), 0.1), item


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2026-03-04T18:03:23", "2026-03-04T18:03:23.102", True),
        ("2026-03-04T18:03:23.102", "2026-03-04T18:03:23", True),
        ("2026-03-04T18:03:23.1", "2026-03-04T18:03:23.102", True),
        ("2026-03-04T18:03:23", "2026-03-04T18:03:24.102", False),
        ("2026-03-04T18:03:23.103", "2026-03-04T18:03:23.102", False),
        ("2026-03-04T18:03:23.2", "2026-03-04T18:03:23.102", False),
        ("2026-03-04T18:03:23.102", "2026-03-04T18:03:23.102000", True),
    ],
)
def test_two_views_of_a_time_agree_as_exactly_as_the_coarser_one_says(one, other, same) -> None:
    assert same_moment(dated(one), dated(other)) is same
