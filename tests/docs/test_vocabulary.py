"""The pages use the words of the field, and none that golive has made up."""

from __future__ import annotations

import re

from .conftest import PAGES, ROOT, prose

OWN_WORDS = re.compile(
    r"\b(lies?|liars?|lying|walks?|walked|kitchens?|recipes?|vaults?|strat(?:um|a)|anew|whoever|survivors?"
    r"|accused?s?|is no (?:JSON|HTTP|JWT))\b",
    re.IGNORECASE,
)
CODE = re.compile(r"`[^`]*`")  # names of tests and files keep the words they have


def own_words(text):
    return OWN_WORDS.findall(CODE.sub("", text))


def test_no_page_uses_a_word_of_golive_s_own():
    found = {str(page.relative_to(ROOT)): own_words(prose(page)) for page in PAGES}
    assert {page: words for page, words in found.items() if words} == {}


def test_such_a_word_would_be_seen():
    assert own_words("The walk tells a lie, and `a_lie` is code.") == ["walk", "lie"]
