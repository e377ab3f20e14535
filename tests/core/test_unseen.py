"""Which signs are none that people see."""

import unicodedata

import pytest

from golive.kit.invisible import ORDER, has_unseen, with_escapes


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("Zürich, 東京, \U0001f9ea\ufe0f \U0001fae8, a\xa0b", None),
        ("a\x1b]0;x\x07b", r"a\x1b]0;x\x07b"),
        ("a\u202eb\u200bc\u2066d\ufeffe", r"a\u202eb\u200bc\u2066d\ufeffe"),
        ("a\nb\r\u2028c\x85d", r"a\nb\r\u2028c\x85d"),
        ("\U000e0041\U000e0fff\ufffe\ue000", r"\U000e0041\U000e0fff\ufffe\ue000"),
        ("a\u3164b\xad", r"a\u3164b\xad"),
    ],
)
def test_a_sign_that_nobody_sees_is_written_as_an_escape(text, shown):
    assert with_escapes(text) == (text if shown is None else shown)
    assert has_unseen(text) is (with_escapes(text) != text)


def test_every_control_and_format_character_is_one():
    odd = [
        chr(n) for n in range(0x110000) if unicodedata.category(chr(n)) in ("Cc", "Cf", "Zl", "Zp")
    ]
    assert len(odd) > 200
    assert all(map(has_unseen, odd))


@pytest.mark.parametrize(
    "text", ["::error::x", " a ::add-mask::b", "x ::set-output name=a::b", "##[group]"]
)
def test_what_a_runner_takes_for_a_command_is_known(text):
    assert ORDER.search(text)


@pytest.mark.parametrize(
    "text", ["https://[::1]:8443/x", "std::vector", "tests/x.py::test_y", "a :: b", "#1"]
)
def test_what_only_looks_like_one_is_not(text):
    assert not ORDER.search(text)
