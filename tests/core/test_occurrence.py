from __future__ import annotations

import pytest

from golive.redaction.encodings import AnyOf


def test_nothing_stands_in_anything():
    assert not AnyOf([]).stands_in("any text")


@pytest.mark.parametrize(
    "text",
    ["first", "the first of many", "a second", "firsecond", "ends with a lone \udc80-byte"],
)
def test_any_of_many_is_found_wherever_it_stands(text):
    assert AnyOf(["first", "second", "\udc80-byte"]).stands_in(text)


@pytest.mark.parametrize("text", ["", "firs", "FIRST", "sec ond", "\udc80byte"])
def test_what_only_looks_alike_is_not_found(text):
    assert not AnyOf(["first", "second", "\udc80-byte"]).stands_in(text)
