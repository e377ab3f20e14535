"""What is hostile stays text: rendered as Markdown and read back."""

from __future__ import annotations

import html
import re

import pytest
from markdown_it import MarkdownIt

from golive.report.markdown import cell, code, one_line, plain, plain_with_keys

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HOSTILE = [
    "plain words",
    "**bold** _em_ ~~gone~~ `code` snake_case_name",
    "<script>alert(1)</script><img src=x onerror=y>",
    "[text](https://evil.example) ![image](http://evil.example/x.png)",
    "see https://evil.example/ or www.evil.example",
    "<https://evil.example>",
    "# heading",
    "- item",
    "+ item",
    "1. item",
    "12) item",
    "> quote",
    "---",
    "| a | b |",
    "\\`already\\` \\escaped\\",
    "``two`` backticks ``` and three",
    "`",
    "&lt;b&gt; &amp; &copy;",
    "line one\nline two\r\n\n    indented code",
]


def text_of(markup):
    return html.unescape(re.sub(r"<[^>]*>", "", markup)).strip()


@pytest.mark.parametrize("text", HOSTILE)
def test_words_are_rendered_as_they_are_and_as_nothing_else(text):
    markup = RENDERER.render(plain(text))
    assert re.findall(r"<(\w+)", markup) == ["p"]
    assert text_of(markup) == one_line(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_value_is_code_and_nothing_else(text):
    markup = RENDERER.render(f"x {code(text)}")
    assert re.findall(r"<(\w+)", markup) == ["p", "code"]
    assert text_of(markup) == f"x {one_line(text)}"


@pytest.mark.parametrize("text", HOSTILE)
def test_words_with_values_hold_code_and_nothing_else(text):
    markup = RENDERER.render(f"x {plain_with_keys(text)}")
    assert set(re.findall(r"<(\w+)", markup)) <= {"p", "code"}


def test_values_stand_in_a_sentence_where_they_stood():
    text = "Write `token.url` (line 4), `a_b`-`c` and 2*3 - `safety.rate`: `x`."
    markup = RENDERER.render(plain_with_keys(text))
    assert "\\" not in markup
    assert text_of(re.sub(r"</?code>", "`", markup)) == text


@pytest.mark.parametrize("text", ["| a | b |", "a|b", "`|`", "\\|"])
def test_a_value_breaks_no_table(text):
    for made in (code(text), plain(text)):
        table = f"| key | {cell(made)} |\n|---|---|\n| last | row |"
        markup = RENDERER.render(table)
        assert markup.count("<th>") == 2


def test_a_mention_reaches_nobody():
    assert "@team" not in plain("ask @team")
    assert text_of(RENDERER.render(plain("ask @team"))).replace("\u200b", "") == "ask @team"


def test_an_address_becomes_no_link_in_github_s_own_markdown():
    assert plain("https://evil.example") == r"https\://evil.example"
    assert plain("www.evil.example") == r"www\.evil.example"


def test_an_empty_value_is_still_a_value():
    assert re.findall(r"<(\w+)", RENDERER.render(code(""))) == ["p", "code"]


def test_signs_that_turn_the_reading_direction_are_named():
    assert code("abc\u202etxt") == "`abc\\u202etxt`"
    assert plain("a\u200bb") == "a\\\\u200bb"


def test_what_is_long_is_cut_and_says_so():
    assert code("x" * 5000) == f"`{'x' * 300}… (5000 characters)`"
    assert len(plain("y" * 5000)) < 1000
