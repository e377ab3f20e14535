"""Environment variables: where they come from, and how they get into a file's values.

To what `operator` reads of the process, a `.env` in the current folder, then one in
the project's root, add what is not set for real, within the limits of `read_dotenv`. Values are filled in
after the YAML has been parsed, so no variable can change the structure of a file.

A `.env` may come from a stranger, so this module also restricts what it can set. For other programs a machine sets a
proxy, which golive does not use.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from dotenv.parser import Binding, parse_stream

from golive.environment.operator import (
    ALLOWED_HOSTS,
    PROXY_NAMES,
    is_own,
    process_variables,
    sounds_secret,
)
from golive.kit.files import UnreadableError, read_text, resources
from golive.kit.problems import ConfigurationProblem, Problem, shown_path

if TYPE_CHECKING:
    from collections.abc import Mapping


# The default may hold a placeholder in braces, such as {tenant}, but no further reference.
_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-((?:[^{}]|(?<!\$)\{[^{}]*\})*))?\}")
_SHELL_STYLE = re.compile(r"\$[A-Z_][A-Z0-9_]*")
_LARGEST_SECRET = 64 * 1024


def variables_now() -> dict[str, str]:
    """Give the variables of this process, completed from the `.env` files that exist.

    Raises ConfigurationProblem when a `.env` can't be read, or sets what none may set.
    """
    merged: dict[str, str] = {}
    for folder in dict.fromkeys((resources(), Path.cwd())):
        merged |= read_dotenv(folder / ".env")
    real = process_variables()
    # What is set for real wins in either form: NAME there is not outdone by a NAME_FILE here, nor the reverse.
    for name in [*merged]:
        other = name.removesuffix(FILE) if name.endswith(FILE) else f"{name}{FILE}"
        if real.get(other):
            del merged[name]
    return merged | real


@dataclass(frozen=True)
class Filled:
    """A text with its references filled in.

    `names` are the variables whose values stand in it now, `missing` those without a value,
    `malformed` a cure where something looks like a reference and is none, `whole` whether the text
    is one reference.
    """

    text: str
    names: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    malformed: str = ""
    whole: bool = False


def fill(text: str, variables: Mapping[str, str]) -> Filled:
    """Fill `${NAME}` and `${NAME:-default}` in. A default also stands in for an empty variable."""
    names: list[str] = []
    missing: list[str] = []

    def value_of(match: re.Match[str]) -> str:
        name, default = match.groups()
        value = variables.get(name, "")
        if value:
            names.append(name)
        elif default is None:
            missing.append(name)
        return value or default or ""

    between = _REFERENCE.sub("", text)
    if "${" in between:
        return Filled(text, malformed="Write ${NAME} or ${NAME:-default}.")
    if _SHELL_STYLE.search(between):
        return Filled(text, malformed="Write ${NAME}, with braces.")
    filled = _REFERENCE.sub(value_of, text)
    whole = _REFERENCE.fullmatch(text) is not None
    return Filled(filled, tuple(names), tuple(missing), whole=whole)


def secret_name(text: str) -> str | None:
    """Give NAME when a text is exactly `${NAME}`, None otherwise."""
    match = _REFERENCE.fullmatch(text)
    return match[1] if match and match[2] is None else None


def names_in(text: str) -> tuple[str, ...]:
    """Give the names of all variables that a text refers to, set or not."""
    return tuple(match[1] for match in _REFERENCE.finditer(text))


def secret_value(name: str, variables: Mapping[str, str]) -> str | None:
    """Look a secret up: the variable itself, else the file that `NAME_FILE` names; None where it is missing.

    Raises UnreadableError for a file that holds none.
    """
    file = variables.get(f"{name}_FILE")
    if variables.get(name) or not file:
        return variables.get(name) or None
    place = f"the file that {name}_FILE names"
    try:
        text = read_text(Path(file), _LARGEST_SECRET)
    except UnreadableError as error:
        cure = error.cure or f"Set {name}_FILE to its path."
        raise UnreadableError(f"{place} can't be used: {error}", cure) from None
    if not text.strip():
        raise UnreadableError(f"{place} is empty.")
    return text.removesuffix("\n").removesuffix("\r")


_LARGEST_DOTENV = 256 * 1024
FILE = "_FILE"


def _bindings(path: Path) -> list[tuple[int, Binding]]:
    """Return what a `.env` sets, each with its line; nothing where there is none. Raises UnreadableError."""
    there = path.exists() and not path.is_dir()
    text = read_text(path, _LARGEST_DOTENV) if there else ""
    found = []
    for binding in parse_stream(StringIO(text)):
        before = binding.original.string
        blank = before[: len(before) - len(before.lstrip())].count("\n")
        found.append((binding.original.line + blank, binding))
    return found


def read_dotenv(path: Path) -> dict[str, str]:
    """Return what a `.env` sets; nothing where there is none.

    The path of a `NAME_FILE` is absolute here. Raises ConfigurationProblem.
    """
    try:
        bindings = _bindings(path)
    except UnreadableError as error:
        raise ConfigurationProblem.of(path, str(error), error.cure, error.line) from None
    values = {
        one.key: (one.value, line)
        for line, one in bindings
        if one.key and one.value is not None and (is_own(one.key) or one.key in PROXY_NAMES)
    }
    problems = [
        Problem(shown_path(path), line, name, *why)
        for name, (value, line) in values.items()
        if (why := _refused(path, name, value))
    ]
    if problems:
        raise ConfigurationProblem(problems)
    return {name: _at_home(path, name, value) for name, (value, _) in values.items()}


def _refused(path: Path, name: str, value: str) -> tuple[str, str] | None:
    """Say why a `.env` may not set this: whom to trust, or a file out of its folder, by itself or by a link."""
    if name == ALLOWED_HOSTS:
        message = "a .env can't say whom to trust: it is in the folder that is to be trusted."
        return message, "Remove the line; use `golive hosts add HOST`, or export the variable."
    if not name.endswith(FILE) or not value:
        return None
    home = path.parent.resolve()
    try:
        inside = (home / Path(value).expanduser()).resolve().is_relative_to(home)
    except (OSError, ValueError, RuntimeError):
        inside = False
    if inside:
        return None
    message = "a .env can't name a file outside of its own folder."
    return message, f"Export {name} instead, or put the file beside the .env."


def dotenv_remarks() -> list[Problem]:
    """Return what is odd in the `.env` files that are read: lines without sense, values cut at a #."""
    found = []
    for path in dict.fromkeys(folder / ".env" for folder in (resources(), Path.cwd())):
        with suppress(UnreadableError):  # reading the variables has reported it
            for line, binding in _bindings(path):
                if message := _odd(binding):
                    found.append(Problem(shown_path(path), line, "", message))
    return found


def _odd(binding: Binding) -> str:
    said = binding.original.string.strip()
    if binding.error:
        return "this line can't be read, and sets nothing; write NAME=value, with a quote closed where it was opened."
    value = binding.value or ""
    rest = said.partition("=")[2].strip().removeprefix(value) if binding.key else ""
    if value and sounds_secret(binding.key or "") and re.match(r"\s+#", rest):
        left_out = len(rest.strip())
        return (
            f"the value of {binding.key} ends before ` #`, where a comment begins ({left_out} characters are left "
            "out); if they belong to it, put the value in single quotes."
        )
    return ""


def _at_home(path: Path, name: str, value: str) -> str:
    if not name.endswith(FILE) or not value:
        return value
    return str(path.parent.resolve() / Path(value).expanduser())


_NAMES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")


def proxy_in_surroundings() -> bool:
    """Say whether a proxy is set for other programs; golive itself takes one from its file alone."""
    variables = variables_now()
    return any(variables.get(name) for name in _NAMES)
