"""Pages, commands, messages, comments and data use the words of the field, and none that golive has made up."""

from __future__ import annotations

import ast
import io
import re
import tokenize

import click
import pytest

from golive.cli import COMMANDS, cli

from .conftest import PAGES, ROOT, prose

OWN_WORDS = re.compile(
    r"\b(lies?|lied|liars?|lying|walks?|walked|walking|kitchens?|recipes?|vaults?|strat(?:um|a)|anew|whoever"
    r"|surviv(?:es?|ed|ors?)|accus(?:es?|ed|ing)|had its day|is no (?:JSON|HTTP|JWT|UTF-8)"
    r"|honest(?:y|ly)?|tells?|told|notices?|noticed)\b",
    re.IGNORECASE,
)
CODE = re.compile(r"`[^`]*`")  # names of tests and files keep the words they have
PAGES_MAY = {"tell", "tells", "told", "notice", "honest"}
"""Ordinary English on a page, where a sentence has room for it."""

ORDINARY = re.compile(
    r"could[ -]not[ -]tell|GitHub notices?|\S*-(?:told|tells|honest)-\S*|\S+-told\b"  # ids stay
    r"|(?:golive|Usage:) +tell\b|^  tell  "  # the command
    r'|"(?:walk|told|noticed|lies|survived|noticed_by|honest_runs)"'  # members of golive's files
    r"|(?:data|score)\.[\w.]+",  # the same, in the page's template
    re.IGNORECASE | re.MULTILINE,
)
DATA = {".json", ".j2", ".sh", ".toml", ".yaml", ".yml"}
SOURCES = [
    path
    for folder in ("src/golive", "suites", "schemas", "environments")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in DATA | {".py"}
]


def own_words(text):
    return OWN_WORDS.findall(ORDINARY.sub("", CODE.sub("", text)))


def words_of(path):
    """The words for people in a file: comments, docstrings and strings with a space in them; of data, all."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return text
    constants = (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return "\n".join(
        [
            *(token.string for token in tokens if token.type == tokenize.COMMENT),
            *(one for one in constants if isinstance(one, str) and " " in one.strip()),
        ]
    )


def test_no_page_uses_a_word_of_golive_s_own():
    found = {str(page.relative_to(ROOT)): own_words(prose(page)) for page in PAGES}
    own = {page: [word for word in words if word not in PAGES_MAY] for page, words in found.items()}
    assert {page: words for page, words in own.items() if words} == {}


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_no_help_uses_one(command):
    whole = click.Context(cli, **cli.context_settings)
    shown = cli.get_command(whole, command) if command else cli
    context = click.Context(shown, parent=whole, info_name=command) if command else whole
    assert own_words(shown.get_help(context)) == []


def test_no_source_message_or_data_uses_one():
    found = {str(path.relative_to(ROOT)): own_words(words_of(path)) for path in SOURCES}
    assert {path: words for path, words in found.items() if words} == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The walk tells a lie, and `a_lie` is code.", ["walk", "tells", "lie"]),
        ("Could not tell: the body is no JSON.", ["is no JSON"]),
        ('"walk": the stages; unknown-client-told-from-wrong-secret', []),
        ("Whoever noticed it was told.", ["Whoever", "noticed", "told"]),
    ],
)
def test_such_a_word_would_be_seen(text, words):
    assert own_words(text) == words


def test_such_a_word_would_be_seen_in_a_comment_a_docstring_and_a_message(tmp_path):
    file = tmp_path / "module.py"
    file.write_text(
        '"""A walk."""\nlies = {}  # a recipe\nraise ValueError(f"{lies} survived it")\n'
    )
    assert sorted(own_words(words_of(file))) == ["recipe", "survived", "walk"]
