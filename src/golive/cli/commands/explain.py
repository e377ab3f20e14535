"""`golive explain`: finds the input, and prints the answers for a person or for a program."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from golive.checks.verdict import ExitCode
from golive.cli.output import as_json
from golive.kit.problems import ConfigurationProblem, shown_path
from golive.redaction import redact
from golive.report.text import labelled, terminal_width

if TYPE_CHECKING:
    from golive.diagnosis.paste import Answer
    from golive.pytest_plugin.fixtures import Check

LARGEST = 1_000_000
"""Bytes; more than any answer or set of commands, and read in a moment."""

LIKE_A_PATH = re.compile(
    r"(?:[\w.~-]*[/\\])*[\w .-]+\.(?:txt|log|har|json|ya?ml|env|http|bru|md|sh|ps1|out|html?)"
)
"""A word that nothing but a path looks like: by its extension, and without a scheme."""

BOM_16 = (b"\xff\xfe", b"\xfe\xff")

_problem = ConfigurationProblem.of


EPILOG = """\b
Exit codes: 0 explained, 4 no usable input, 6 unknown to golive (it describes the
input's form)."""


@click.command(epilog=EPILOG)
@click.argument("words", nargs=-1, metavar="[WORD]...")
@click.option(
    "--file",
    metavar="FILE",
    help="Read the input from FILE; - is standard input. FILE alone does the same.",
)
@click.option(
    "--json", "json_wanted", is_flag=True, help="Print JSON (schemas/explain.schema.json)."
)
def command(words: tuple[str, ...], file: str | None, json_wanted: bool) -> int:
    """Explain what you have: an answer, curl commands, a code, an id, a token. Nothing is sent.

    A response body, a header block, an error_uri, a URN, an exit code, an HTTP status, a check, a
    defect, a cause, a JWT, or several curl commands with the answers that came back between them;
    what an HTTP or OAuth library reports, a log, a redirect, a HAR file, a Postman collection or
    environment, a newman report, a .http or Bruno file, a .env, a manifest, a discovery document.
    """
    from golive.diagnosis.paste import explain

    answers = explain(_text(words, file), _checks)
    click.echo(_as_json(answers) if json_wanted else _as_text(answers))
    return ExitCode.GO if _explained(answers) else ExitCode.COULD_NOT_TELL


def _explained(answers: list[Answer]) -> bool:
    """Return whether anything is explained; a remark on a request beside it explains no answer."""
    return any(answer.known and answer.kind != "remark" for answer in answers)


def _checks() -> list[Check]:
    from golive.cli.commands.checks import collected

    return [*collected(generated=True), *collected(of_clients=True)]


def _text(words: tuple[str, ...], file: str | None) -> str:
    if words and words != ("-",) and file:
        raise _problem("the arguments", "Words and --file were given.", "Give one of them.")
    if len(words) == 1 and words != ("-",) and _is_file(words[0]):
        file = words[0]
        click.echo(f"Read the file {redact(shown_path(Path(file)))}.", err=True)
    elif words and words != ("-",):
        return _checked(" ".join(words), "the arguments")
    if file and file != "-":
        path = Path(file)
        shown = redact(shown_path(path))
        try:
            with path.open("rb") as opened:
                raw = opened.read(LARGEST + 1)
        except IsADirectoryError:
            raise _problem(shown, "This is a folder.", "Name a file in it.") from None
        except OSError as error:
            why = f"It can't be read: {error.strerror}."
            raise _problem(shown, why, "Check the name.") from None
        return _decoded(raw, shown)
    if sys.stdin.isatty() and not words and not file:
        cure = "See `golive explain --help`."
        raise _problem("standard input", "There is nothing to explain.", cure)
    return _decoded(sys.stdin.buffer.read(LARGEST + 1), "standard input")


def _is_file(word: str) -> bool:
    """Return whether one argument is a file that exists; raises where it only looks like the path of one."""
    try:
        path = Path(word)
        if path.is_file():
            return True
    except (OSError, ValueError):  # such as a text that is longer than a path can be
        return False
    if LIKE_A_PATH.fullmatch(word):
        shown = redact(shown_path(path))
        raise _problem(shown, "There is no such file.", "Check its name, or give the text itself.")
    return False


def _decoded(raw: bytes, place: str) -> str:
    if len(raw) > LARGEST:
        cure = "Paste the commands and their answers only."
        raise _problem(place, "It is longer than a million bytes.", cure)
    encoding = "utf-16" if raw.startswith(BOM_16) else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        why = f"It is not UTF-8 text (byte {error.start + 1})."
        raise _problem(place, why, "Save it as UTF-8; a binary file can't be explained.") from None
    return _checked(text, place)


def _checked(text: str, place: str) -> str:
    if len(text) > LARGEST:
        raise _problem(place, "It is longer than a million characters.", "Paste less.")
    if "\0" in text:
        raise _problem(place, "It is binary, not text.", "Paste the text of the answer.")
    if not text.strip():
        raise _problem(place, "It is empty.", "Paste an answer, a command, a code or an id.")
    return text


def _as_json(answers: list[Answer]) -> str:
    data = {"known": _explained(answers), "answers": [answer.as_dict() for answer in answers]}
    return as_json(data)


def _as_text(answers: list[Answer]) -> str:
    width = terminal_width(most=110)
    lines: list[str] = []
    remarks = [answer for answer in answers if answer.kind == "remark"]
    for answer in answers:
        if answer.kind == "remark":
            continue
        lines += [f"{answer.kind}: {answer.id}", _labelled("means", answer.means, width)]
        last = ""
        for label, text in answer.details:
            lines.append(_labelled("" if label == last else label, text, width))
            last = label
        lines += [_labelled("source", answer.source, width), ""]
    if remarks:
        lines.append("about the requests")
        lines += [_labelled("-", f"{one.means} [{one.source}]", width) for one in remarks]
    return "\n".join(lines).rstrip()


def _labelled(label: str, text: str, width: int) -> str:
    return labelled(label, redact(text), width)
