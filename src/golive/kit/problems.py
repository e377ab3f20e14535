"""What is wrong in a file that a person wrote, said so that the person can mend it.

Every file that golive reads from its user (environments, error cases, known deviations) is checked
as a whole, and everything wrong with it is reported at once, each problem on one line: file, line,
key, what is wrong, and the cure. A problem never quotes a value, because a value in the wrong place
may be a secret; it quotes keys only where they are plain words.
"""

from __future__ import annotations

import difflib
import re
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from golive.kit.invisible import with_escapes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import yaml


_PLAIN_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,39}")


@dataclass(frozen=True)
class Problem:
    """One mistake in one file.

    `file` is as shown to people, `line` counts from 1 (None: the file as a whole), `key` is dotted,
    `message` says what is wrong and `cure` (may be empty) what to do; both are whole sentences. `kind` names
    a mistake that the doctor has more to say about; most have none.
    """

    file: str
    line: int | None
    key: str
    message: str
    cure: str = ""
    kind: str = ""

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        where = f"{place}: {self.key}: " if self.key else f"{place}: "
        # A file's name, or a word of the command line, may hold what a terminal would obey.
        return with_escapes(f"{where}{self.message} {self.cure}".rstrip())


@dataclass(frozen=True)
class MissingVariable(Problem):
    """The file asks for an environment variable that is not set; `variable` is its name."""

    variable: str = ""


class ConfigurationProblem(Exception):  # noqa: N818 - the word that users read and design fixed
    """What a user wrote makes a run impossible; holds every problem found (exit code 4)."""

    exit_code = 4

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @classmethod
    def of(
        cls, file: Path | str, message: str, cure: str = "", line: int | None = None
    ) -> ConfigurationProblem:
        """Make one of a single mistake in a file, or in one line of it."""
        shown = shown_path(file) if isinstance(file, Path) else file
        return cls([Problem(shown, line, "", message, cure)])

    def __reduce__(self) -> tuple[type[ConfigurationProblem], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


def in_line_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort problems by line, those of the whole file first, and drop exact repetitions."""
    unique = dict.fromkeys(problems)
    return tuple(sorted(unique, key=lambda problem: problem.line or 0))


def place_of(error: BaseException) -> str:
    """Name the file and the line in which an exception was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown place"


def shown_path(path: Path) -> str:
    """Write a path as people know it: relative to the current folder when it is below that."""
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def nearest(word: str, known: Iterable[str]) -> str:
    """Give the known word that is close to this one, "" where none is."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    close = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Give `Did you mean "x"?` when one of the known words is close to this one, else nothing."""
    near = nearest(word, known)
    return f'Did you mean "{near}"?' if near else ""


def which(word: str, known: Collection[str]) -> str:
    """Give `Did you mean "x"?` where a known word is close to this one, else all that there are."""
    return did_you_mean(word, known) or f"There are: {', '.join(sorted(known)) or 'none'}."


def plain_word(word: object) -> str | None:
    """Give the word when it looks like a key that somebody typed, None when it may be a secret."""
    if isinstance(word, str) and _PLAIN_WORD.fullmatch(word):
        return word
    return None


def counted(number: int, what: str) -> str:
    """Say how many: `1 request`, `2 requests`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def any_of(words: Iterable[str]) -> str:
    """Join quoted words as `"a", "b" or "c"`."""
    quoted = [f'"{word}"' for word in words]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


ONE_KEY = re.compile(r"\s*[\w-]+:(?!.*:(\s|$)).*")


def yaml_mistake(error: yaml.MarkedYAMLError, text: str) -> tuple[int, str, str]:
    """Return the line where YAML stopped, what is wrong and the cure, in words that quote no value."""
    said, context = error.problem or "", error.context or ""
    stopped = error.problem_mark.line if error.problem_mark else 0
    opened = error.context_mark.line if error.context_mark else stopped
    written = [*text.splitlines(), "", ""][stopped]
    line = stopped
    if "quoted scalar" in context:
        line = opened
        message, cure = "a quotation mark opens here and is never closed.", "Close it."
    elif "flow" in context:
        line = opened
        message = "what opens here with [ or { is not closed."
        cure = "Close it, and put every value that holds one of []{} in quotes."
    elif "\\t" in said or written.lstrip(" ").startswith("\t"):
        message, cure = "a tab stands where YAML wants spaces.", "Indent with spaces."
    elif "mapping values" in said:
        message = "this is not valid YAML: a colon where none can be."
        cure = "Put a value that holds a colon and a space in quotes."
        if ONE_KEY.fullmatch(written):
            cure = "Indent this line as its neighbours are, or give the line above its colon."
    elif "another document" in said:
        message, cure = "another document begins here.", "Keep one document in a file."
    elif "tag" in said:
        message = "YAML tags (!) are not accepted."
        cure = "Write the value alone, in quotes if it begins with that sign."
    elif "{" in written:
        message, cure = "this is not valid YAML.", "Put a value that begins with { in quotes."
    else:
        message = "this is not valid YAML."
        cure = "Check indentation, colons and quotes, here and in the lines above."
    return line + 1, message, cure
