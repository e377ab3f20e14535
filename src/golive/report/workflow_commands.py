"""GitHub's workflow commands: lines on standard output that a runner takes for more than text.

`::error file=…,line=…::message` becomes an annotation. Because any line could be such a command, one that an
API's answer has put there included, a run makes the runner take no commands until a word comes that
nobody can guess.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from golive.report.markdown import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

SHOWN = 10
"""Annotations of each level that GitHub shows for a step."""


class Severity(StrEnum):
    """The three levels, the worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True)
class Annotation:
    """A remark at a place; `file` is relative to the repository, empty where no file there is meant."""

    severity: Severity
    title: str
    message: str
    file: str = ""
    line: int | None = None

    def __str__(self) -> str:
        """Return the workflow command; the message has at most a few lines."""
        named = {"file": self.file, "line": str(self.line or 1)} if self.file else {}
        properties = {**named, "title": one_line(self.title)}
        marks = str.maketrans({":": "%3A", ",": "%2C"})
        values = {name: _data(value).translate(marks) for name, value in properties.items()}
        options = ",".join(f"{name}={value}" for name, value in values.items())
        message = "\n".join(map(one_line, self.message.split("\n")))
        return f"::{self.severity} {options}::{_data(message)}"


def commands(annotations: Iterable[Annotation], *, more: str) -> list[str]:
    """Return the commands, errors first, of each level no more than GitHub shows.

    Where there are more, the last one of the level says how many; `more` says where they are.
    """
    wanted = list(dict.fromkeys(annotations))
    lines: list[str] = []
    for severity in Severity:
        chosen = [one for one in wanted if one.severity is severity]
        if len(chosen) > SHOWN:
            left = len(chosen) - SHOWN + 1
            chosen = chosen[: SHOWN - 1]
            chosen.append(Annotation(severity, f"golive: {left} more", f"{left} more are {more}."))
        lines += map(str, chosen)
    return lines


def silence() -> tuple[str, str]:
    """Return the command that stops commands, and the one that lets them through again, which nobody can guess."""
    word = secrets.token_hex(16)
    return f"::stop-commands::{word}", f"::{word}::"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
