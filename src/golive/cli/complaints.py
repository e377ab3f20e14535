"""Why pytest refuses a command line, in golive's words: said once, without pytest's own usage and folders."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from golive.kit.problems import did_you_mean
from golive.kit.streams import Lasting
from golive.pytest_plugin.options import OPTIONS
from golive.pytest_plugin.refusing import SHOWING
from golive.pytest_plugin.state import RUN

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_HEARD = 8000
COLOUR = re.compile(r"\x1b\[[0-9;]*m")

OF_THE_PARSER = re.compile(r"usage: [^\0]*?: error: (?:argument )?([^\n]*)(?:\n {2}\S[^\n]*)*")
"""What argparse says of a mistake: how the program is called, the mistake, and where pytest found its settings."""

CHOICES = re.compile(r"invalid choice: '([^']*)' \(choose from ([^()]*)\)")

OF_RUN = ("--tenants", "--jobs", "--sign", "--reports", "--help")
OF_PYTEST = (
    *(
        "--lf",
        "--last-failed",
        "--ff",
        "--failed-first",
        "--nf",
        "--new-first",
        "--sw",
        "--stepwise",
    ),
    *(
        "--maxfail",
        "--exitfirst",
        "--verbose",
        "--quiet",
        "--tb",
        "--durations",
        "--deselect",
        "--ignore",
    ),
    *("--junitxml", "--log-file", "--showlocals", "--color", "--numprocesses", "--dist"),
    *(one for spellings in SHOWING.values() for one in spellings if one.startswith("--")),
)
KNOWN = (*OPTIONS, *OF_RUN, *OF_PYTEST)
"""Long options that a command line of `golive run` may have: those of its own, and pytest's usual ones."""


def unknown_option(word: str) -> str:
    """Say of a word that it is a misspelt option, and which one was meant; empty where that is not known."""
    name = word.split("=")[0]
    if not name.startswith("--") or name in KNOWN:
        return ""
    hint = did_you_mean(name, KNOWN)
    return f"{name}: there is no such option. {hint}" if hint else ""


def in_own_words(text: str) -> str:
    """Return what pytest says of a wrong command line without what is around it, and with what may have been meant."""

    def reworded(found: re.Match[str]) -> str:
        hints = [*_hints(found[1])]
        return ". ".join((found[1].rstrip("."), *hints)) if hints else found[1]

    return OF_THE_PARSER.sub(reworded, text)


def _hints(message: str) -> Iterator[str]:
    if choice := CHOICES.search(message):
        hint = did_you_mean(choice[1], [one.strip(" '") for one in choice[2].split(",")])
        yield from [hint] if hint else []
    for word in message.split():
        if hint := unknown_option(word.rstrip(":")):
            yield hint.rpartition("option. ")[2]


class Heard(Lasting):
    """Standard error, and what was printed on it: the only place where pytest says why it refuses a command line.

    `said` is what the verdict has said already; pytest, which says it again, is not heard.
    """

    def __init__(self, stream: object) -> None:
        super().__init__(stream)
        self._heard = ""
        self.said = ""

    def write(self, text: str) -> int:
        """Write the text in golive's words, and remember it."""
        own = in_own_words(text)
        self._heard = (self._heard + own)[-LONGEST_HEARD:]
        again = self.said and (self.said in own or not own.strip())
        if not again:
            super().write(own)
        return len(text)

    @property
    def problems(self) -> list[str]:
        """The lines that name a problem, without colours."""
        lines = [COLOUR.sub("", line).removeprefix("ERROR: ") for line in self._heard.splitlines()]
        return [line.strip() for line in lines if line.strip() and not line.startswith("  ")]


class AlreadySaid:
    """A plugin of pytest's: it lets standard error know why the verdict says that the command line is wrong."""

    def __init__(self, heard: Heard) -> None:
        self._heard = heard

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self, config: pytest.Config) -> None:
        """The verdict has been given by now."""
        run = config.stash.get(RUN, None)
        self._heard.said = run.usage_error if run is not None and run.concluded else ""
