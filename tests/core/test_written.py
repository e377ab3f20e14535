"""What counts as written, and that an entry can be made of whatever was sent."""

import pytest

from golive.exchanges.headers import Headers
from golive.exchanges.model import Request
from golive.exchanges.writes import entry

URL = "https://api.cernermillennium.com/t/message/20241001/patientMessages/sentItems"


def sent(body: bytes, method: str = "POST") -> Request:
    return Request(method, URL, Headers.of({}), body)


@pytest.mark.parametrize(
    ("status", "shown"), [(201, 201), (500, 500), (None, "unknown"), (400, None), (302, None)]
)
def test_what_was_not_refused_was_written_or_may_have_been(status, shown):
    found = entry(sent(b'{"subject": "golive: x"}'), status)
    assert (found and found["status"]) == shown


def test_what_only_reads_writes_nothing():
    assert entry(sent(b"", "GET"), 200) is None


@pytest.mark.parametrize(
    "body", [b"[" * 10_000 + b"]" * 10_000, b"\xff", b"", b"[]", b'{"a": NaN}', b"<p>"]
)
def test_a_body_that_nobody_can_read_has_an_entry_without_its_members(body):
    found = entry(sent(body), 500)
    assert found == {"method": "POST", "url": URL, "status": 500}
