"""How long what was written is looked for again, and how long it took until it was seen, in words."""

import pytest

from golive.exchanges.writes import Patience, late_words


def entry(seconds: float, readings: int, *, seen: bool = True) -> dict[str, object]:
    return {"write": "w", "read": "r", "seen": seen, "seconds": seconds, "readings": readings}


def test_nothing_is_said_where_the_first_reading_showed_everything() -> None:
    assert late_words([]) == ""
    assert late_words([entry(0.1, 1), entry(0.0, 1)]) == ""


def test_the_longest_time_is_reported_and_what_was_never_seen() -> None:
    told = late_words([entry(0.1, 1), entry(0.7, 3), entry(1.7, 4), entry(5.0, 6, seen=False)])
    assert told == (
        "writes that were looked for again: 2 seen only later, after 1.7 s at most, "
        "1 not seen within 5.0 s"
    )


@pytest.mark.parametrize(
    ("seen_at", "readings"),
    [
        ([9, 2], [4, 2]),  # one that somebody else undid costs the next one nothing
        ([9, 9, 2, 2], [4, 4, 1, 1]),
        ([9, 9, 1, 9], [4, 4, 1, 4]),
        ([9, 2, 9, 2], [4, 2, 4, 2]),
    ],
)
def test_only_writes_in_vain_in_a_row_are_no_longer_waited_for(
    make_exchange, monkeypatch, seen_at, readings
) -> None:
    now = [0.0]
    monkeypatch.setattr("golive.exchanges.writes.time.monotonic", lambda: now[0])
    monkeypatch.setattr(
        "golive.exchanges.writes.time.sleep", lambda pause: now.__setitem__(0, now[0] + pause)
    )
    noted = []
    patience = Patience(1.0, noted)
    for shown in seen_at:
        made = []

        def read(made=made):
            made.append(make_exchange())
            return made[-1]

        patience.read(make_exchange(), read, lambda _, made=made, shown=shown: len(made) >= shown)
    assert [one["readings"] for one in noted] == readings
