"""A compressed body is unpacked whole, in each form that servers give it, or not at all."""

import gzip
import zlib

import pytest

from golive.transport.receiving import IncompleteError, unpacked

TEXT = b'{"items": [' + b"1, " * 5_000 + b"1]}"
PLAIN = zlib.compressobj(wbits=-zlib.MAX_WBITS)
FORMS = {
    "gzip": (gzip.compress(TEXT), ("gzip",)),
    "two members": (gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:]), ("gzip",)),
    "zlib": (zlib.compress(TEXT), ("deflate",)),
    "deflate without a frame": (PLAIN.compress(TEXT) + PLAIN.flush(), ("deflate",)),
    "not compressed": (TEXT, ()),
}


def _pieces(body, size):
    return [body[start : start + size] for start in range(0, len(body), size)]


@pytest.mark.parametrize("size", [1, 7, 65_536])
@pytest.mark.parametrize("form", FORMS)
def test_each_form_gives_the_body_in_pieces_of_any_size(form, size):
    body, coded = FORMS[form]
    assert b"".join(unpacked(_pieces(body, size), coded)) == TEXT


@pytest.mark.parametrize("form", [form for form in FORMS if FORMS[form][1]])
def test_a_body_without_its_end_is_none(form):
    body, coded = FORMS[form]
    with pytest.raises(IncompleteError):
        list(unpacked([body[:-4]], coded))


def test_what_is_not_compressed_is_none_and_nothing_is_nothing():
    with pytest.raises(IncompleteError):
        list(unpacked([b"not gzip at all"], ("gzip",)))
    assert list(unpacked([], ("gzip",))) == []
