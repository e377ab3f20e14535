"""How long it took until writes were seen, in words."""

from golive.exchanges.writes import late_words


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
