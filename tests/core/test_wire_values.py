"""Values that somebody else wrote never raise: they are read, or they are not."""

from datetime import UTC, datetime

import hypothesis
import pytest
from hypothesis import strategies as st

from golive.kit.wire import http_date, instant_of, iso_time, resolved, split_url, whole_number


@hypothesis.given(
    st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d+ \d+:\d+:\d+ \S*")
)
def test_no_text_makes_reading_a_date_or_a_url_raise(text: str) -> None:
    moment = http_date(text)
    assert moment is None or moment.tzinfo is not None
    iso_time(text)
    whole_number(text)
    resolved(text, "http://host.example/a")
    split_url(text)
    split_url(f"http://{text}")


@pytest.mark.parametrize(
    "seconds", [1e308, -1e308, 10**300, float("inf"), float("nan"), True, "1", None]
)
def test_what_is_no_time_is_none(seconds: object) -> None:
    assert instant_of(seconds) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("007", 7), ("2147483649", 2**31), ("9" * 5000, 2**31), ("0" * 5000 + "7", 7)],
)
def test_a_number_of_any_length_is_read(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("text", [None, "", "-1", "+1", "1 ", "1.0", "²", "٣"])
def test_what_is_no_number_is_none(text: str | None) -> None:
    assert whole_number(text) is None


def test_a_time_is_read() -> None:
    assert instant_of(0) == datetime(1970, 1, 1, tzinfo=UTC)
    assert http_date("Wed, 21 Oct 2015 07:28:00 GMT") == datetime(2015, 10, 21, 7, 28, tzinfo=UTC)
    assert http_date("Mon, 01 Jan 9" + "9" * 20 + " 00:00:00 GMT") is None
    assert iso_time("2024-10-01 02:00:00.5+02:00") == datetime(2024, 10, 1, 0, 0, 0, 500_000, UTC)
    assert iso_time("2024-10-01T02:00:00") == datetime(2024, 10, 1, 2, tzinfo=UTC)
    assert iso_time("0001-01-01T00:00:00+05:00") is None
    assert iso_time("2024-10-32T00:00:00Z") is None
    assert split_url("http://[::1").hostname is None
    assert split_url("https://a.example/b").hostname == "a.example"
    assert resolved("../c", "https://a.example/b/d") == "https://a.example/c"
    assert resolved("http://[::1", "https://a.example/") == ""
