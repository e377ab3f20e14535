"""JSON pointers: written and read as RFC 6901 has them, and followed only where they lead somewhere."""

import pytest

from golive.kit.pointers import REMOVE, steps_of, value_at, with_value, written

DOCUMENT = {"a/b": [{"m~n": 1}, 2], "": 3}


@pytest.mark.parametrize(
    ("pointer", "steps", "value"),
    [
        ("", [], DOCUMENT),
        ("/", [""], 3),
        ("/a~1b/0/m~0n", ["a/b", "0", "m~n"], 1),
        ("/a~1b/1", ["a/b", "1"], 2),
    ],
)
def test_a_pointer_is_read_written_and_followed(pointer, steps, value):
    assert steps_of(pointer) == steps
    assert written(steps) == pointer
    assert value_at(DOCUMENT, steps) == value


@pytest.mark.parametrize("steps", [["x"], ["a/b", "2"], ["a/b", "-1"], ["a/b", "x"], ["", "0"]])
def test_what_leads_nowhere_is_a_lookup_error(steps):
    with pytest.raises(LookupError):
        value_at(DOCUMENT, steps)


def test_a_change_leaves_the_original_as_it_was():
    assert with_value(DOCUMENT, ["a/b", 0, "m~n"], 7) == {"a/b": [{"m~n": 7}, 2], "": 3}
    assert with_value(DOCUMENT, ["a/b", "0"], REMOVE) == {"a/b": [2], "": 3}
    assert with_value(DOCUMENT, ["new"], 1) == {**DOCUMENT, "new": 1}
    assert with_value(DOCUMENT, [], 1) == 1
    assert DOCUMENT == {"a/b": [{"m~n": 1}, 2], "": 3}
