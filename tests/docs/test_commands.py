"""Every `golive …` that a page tells people to type is a command that golive understands."""

from __future__ import annotations

import re
import shlex

import click
import pytest

from golive.cli import cli

from .conftest import PAGES, ROOT, blocks, prose

INLINE = re.compile(r"`((?:\.venv/bin/)?golive(?: [^`]+)?)`")
ENVIRONMENTS = {path.stem for path in (ROOT / "environments").glob("*.yaml")} | {
    "mine",
    "nomenclature",
    "standalone",
}
"""Those of the checkout, and those that the pages add."""
GIVEN_ON = {"run", "judge"}
HAS_ENVIRONMENT = {"run", "doctor", "checks"}


def commands():
    for page in PAGES:
        where = page.relative_to(ROOT)
        for block in blocks(page):
            if block.language in {"sh", "text", "console"}:
                for line in block.text.splitlines():
                    typed = re.match(r"(?:\$ )?((?:\.venv/bin/)?golive( .*)?)$", line)
                    if typed and (block.language == "sh" or line.startswith("$ ")):
                        yield str(where), typed[1]
        for typed in INLINE.findall(prose(page)):
            yield str(where), " ".join(typed.split())


def arguments_of(typed):
    """The words after `golive`, as a shell gives them: no comment, pipe or redirection."""
    words = shlex.split(re.split(r"\s[<|]\s", typed)[0], comments=True)
    return words[1:]


def help_of(command, name):
    return command.get_help(click.Context(command, info_name=name, **cli.context_settings))


def understand(arguments):
    """Parse a command line as click does, without opening files or running anything."""
    command, words, name = cli, list(arguments), "golive"
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        name, command = (
            words[0],
            command.get_command(click.Context(command, **cli.context_settings), words[0]),
        )
        assert command is not None, f"no command {name}"
        words = words[1:]
    if name in GIVEN_ON:  # what follows goes to pytest: its help names what is meant to be used
        told = help_of(command, name)
        for word in words:
            option = word.partition("=")[0]
            assert not option.startswith("-") or re.search(rf"(?<!\S){option}\b", told), option
    else:
        given, _, order = command.make_parser(
            click.Context(command, **cli.context_settings)
        ).parse_args(list(words))
        for parameter in order:
            if isinstance(parameter.type, click.Choice):
                value = given[parameter.name]
                for each in [value] if isinstance(value, str) else value or []:
                    assert each in parameter.type.choices, each
    if name in HAS_ENVIRONMENT and words and not words[0].startswith("-"):
        place = words[0]
        assert place in ENVIRONMENTS or place.isupper() or place.endswith(".yaml"), place


def test_every_command_line_on_the_pages_parses():
    wrong, seen = [], 0
    for where, typed in commands():
        seen += 1
        try:
            understand(arguments_of(typed))
        except (AssertionError, click.UsageError, ValueError) as error:
            wrong.append(f"{where}: {typed}: {error}")
    assert seen >= 80
    assert wrong == []


@pytest.mark.parametrize(
    "typed",
    [
        "golive rum twin",
        "golive run twin --defects x",
        "golive diff --fail-on minor",
        "golive run nowhere",
    ],
)
def test_a_command_that_is_wrong_would_be_seen(typed):
    with pytest.raises((AssertionError, click.UsageError)):
        understand(arguments_of(typed))
