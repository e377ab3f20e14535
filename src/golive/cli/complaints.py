"""Why pytest refuses a command line, in golive's words: said once, without pytest's own usage and folders."""

from __future__ import annotations

import re

import pytest

from golive.kit.problems import did_you_mean
from golive.kit.streams import Lasting
from golive.pytest_plugin.state import RUN

LONGEST_HEARD = 8000
COLOUR = re.compile(r"\x1b\[[0-9;]*m")

CALLED, MISTAKEN, SETTINGS = "usage: ", ": error: ", "  "
"""How argparse begins to say how the program is called, what the mistake is, and where pytest found its settings."""

CHOICES = re.compile(r"invalid choice: '([^']*)' \(choose from ([^()]*)\)")


def in_own_words(text: str) -> str:
    """Return what pytest says of a wrong command line without what is around it, and with what may have been meant."""
    before, called, rest = text.partition(CALLED)
    _, mistaken, said = rest.partition(MISTAKEN)
    if not (called and mistaken):
        return text
    mistake, *more = said.removeprefix("argument ").split("\n")
    choice = CHOICES.search(mistake)
    words = [one.strip(" '") for one in choice[2].split(",")] if choice else []
    hint = did_you_mean(choice[1], words) if choice else ""
    kept = [one for one in more if not one.startswith(SETTINGS)]
    return before + "\n".join((f"{mistake}. {hint}" if hint else mistake, *kept))


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
