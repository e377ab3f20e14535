"""Options of pytest's that would lead past what golive promises: refused, with the reason, before anything is sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence

HERE = re.compile(r"([0-9]+\*)?popen")
"""Where workers of pytest-xdist may be: processes of this machine's own."""

UNFILTERED = "what a check or a library prints would reach the terminal past the redaction"
BY_HAND = "a debugger shows variables, with secrets and patients' data in them"
NEEDED = "golive needs conftest.py, in which the exchanges are: take --noconftest away"
STAYS = "a run and its secrets stay on this machine"
REFUSED: dict[str, tuple[str, Callable[[Any], bool], str]] = {
    "capture": ("-s or --capture={value}", lambda value: value != "fd", UNFILTERED),
    "debug": ("--debug", bool, "it writes the arguments of every hook, patients' ids among them"),
    "pastebin": ("--pastebin", bool, "it sends what was printed to a website"),
    "usepdb": ("--pdb", bool, BY_HAND),
    "trace": ("--trace", bool, BY_HAND),
    "noconftest": ("--noconftest", bool, NEEDED),
    "looponfail": ("-f", bool, "it runs again and again and has no verdict"),
    "rsyncdir": ("--rsyncdir", bool, STAYS),
    "px": ("--px", bool, STAYS),
    "tx": (
        "--tx {value}",
        lambda value: not all(HERE.fullmatch(one) for one in value),
        f"{STAYS}: say `-n 4`",
    ),
}
"""By pytest's own name: the option as it is typed, whether a value is meant, and why it is refused.

A run needs none of them: `-v`, `-rA`, `--tb=long`, `-l` and `--log-file` show what a check did, redacted.
"""


SHOWING = {
    "collectonly": ("--collect-only", "--collectonly", "--co"),
    "version": ("--version", "-V"),
    "help": ("--help", "-h"),
    "markers": ("--markers",),
    "showfixtures": ("--fixtures", "--funcargs"),
    "show_fixtures_per_test": ("--fixtures-per-test",),
    "cacheshow": ("--cache-show",),
    "setuponly": ("--setup-only", "--setuponly", "--setup-plan", "--setupplan"),
    "setupplan": ("--setup-plan", "--setupplan"),
}
"""By pytest's own name: options that show something and make no check, which sends nothing and ends with 0."""


def only_shows(options: Namespace) -> bool:
    """Return whether these options make no check, so that nothing is to be sent and there is no verdict."""
    return any(getattr(options, name, None) for name in SHOWING)


def refusal(options: Namespace, typed: Sequence[str]) -> str:
    """Return in a sentence which option is refused and why, empty where every one may be used.

    `typed` are the words of the command line: what makes no check must be typed there, or 0 could be taken for GO.
    """
    given = {word.split("=")[0] for word in typed}
    for name, spellings in SHOWING.items():
        if getattr(options, name, None) and not given & set(spellings):
            return f"{spellings[0]} is refused where it is not typed (PYTEST_ADDOPTS, a file): no check would be made."
    for name, (typed, refuses, reason) in REFUSED.items():
        value = getattr(options, name, None)
        if value is not None and refuses(value):
            shown = " ".join(value) if isinstance(value, list) else value
            return f"{typed.format(value=shown)} is refused: {reason}."
    return ""
