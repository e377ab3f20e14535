"""Environment variables: where they come from, and how they get into a file's values.

This is the one place in golive that reads `os.environ`. A `.env` in the current folder, then one in
the project's root, add what is not set for real. Values are filled in after the YAML has been
parsed, so no variable can change the structure of a file.
"""

from __future__ import annotations

import logging
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dotenv import dotenv_values

from golive.problems import ConfigurationProblem, Problem, shown_path
from golive.resources import resources

if TYPE_CHECKING:
    from collections.abc import Mapping

# The default may hold a placeholder in braces, such as {tenant}, but no further reference.
_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-((?:[^{}]|(?<!\$)\{[^{}]*\})*))?\}")
_SHELL_STYLE = re.compile(r"\$[A-Z_][A-Z0-9_]*")
_MOST_BYTES = 64 * 1024


def variables_now() -> dict[str, str]:
    """Give the variables of this process, completed from the `.env` files that exist.

    Raises ConfigurationProblem when a `.env` can't be read as UTF-8 text.
    """
    merged: dict[str, str] = {}
    for folder in (resources(), Path.cwd()):
        merged |= _read_dotenv(folder / ".env")
    return merged | dict(os.environ)


def _read_dotenv(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    # The library reports a line it can't read through logging, with no say of ours in the words.
    log = logging.getLogger("dotenv.main")
    was_disabled, log.disabled = log.disabled, True
    try:
        found = dotenv_values(path, interpolate=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        message, cure = "the file can't be read as UTF-8 text.", "Save it as UTF-8."
        raise ConfigurationProblem([Problem(shown_path(path), None, "", message, cure)]) from None
    finally:
        log.disabled = was_disabled
    return {name: value for name, value in found.items() if value is not None}


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


@dataclass(frozen=True)
class SecretValue:
    """What a secret's variable gave: a value, or a fault with its cure; nothing: it is missing."""

    value: str | None = None
    fault: str = ""
    cure: str = ""


def secret_value(name: str, variables: Mapping[str, str]) -> SecretValue:
    """Look a secret up: the variable itself, else the file that `NAME_FILE` names."""
    if variables.get(name):
        return SecretValue(variables[name])
    file = variables.get(f"{name}_FILE")
    if not file:
        return SecretValue()
    place = f"the file that {name}_FILE names"
    try:
        with Path(file).open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return SecretValue(fault=f"{place} is not UTF-8 text.")
    except (OSError, ValueError):
        return SecretValue(fault=f"{place} can't be read.", cure=f"Set {name}_FILE to its path.")
    if len(content) > _MOST_BYTES:
        return SecretValue(fault=f"{place} is larger than 64 KiB, which no secret is.")
    if not text.strip():
        return SecretValue(fault=f"{place} is empty.")
    return SecretValue(text.removesuffix("\n").removesuffix("\r"))
