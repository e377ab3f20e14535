"""Streams that can't show every sign."""

import io
from types import SimpleNamespace

import pytest

from golive.kit.streams import _replace, legible


def shown(encoding: str, text: str) -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    legible(stream)
    stream.write(text)
    stream.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("ascii", "section 5.1 -> 200 ... - \\u6771"),
        ("latin-1", "§5.1 -> 200 ... - \\u6771"),
        ("utf-8", "§5.1 → 200 … ─ 東"),
        ("utf-16", "§5.1 → 200 … ─ 東"),
    ],
)
def test_what_an_encoding_lacks_becomes_something_alike(encoding: str, text: str) -> None:
    assert shown(encoding, "§5.1 → 200 … ─ 東") == text


def test_a_stream_that_can_not_be_changed_stays_as_it_is() -> None:
    legible(io.StringIO())
    legible(SimpleNamespace(encoding="ascii"))
    legible(None)


def test_an_encoding_that_nobody_knows_is_no_utf() -> None:
    told: list[str] = []
    legible(SimpleNamespace(encoding="x-unknown", reconfigure=lambda errors: told.append(errors)))
    assert told == ["golive-legible"]


def test_only_writing_is_helped() -> None:
    error = UnicodeDecodeError("ascii", b"\xff", 0, 1, "no")
    with pytest.raises(UnicodeDecodeError):
        _replace(error)
