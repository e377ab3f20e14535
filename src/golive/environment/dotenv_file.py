"""Reading a `.env`, which may be a stranger's: what it may set, and what it can't.

It sets values of `GOLIVE_*` and of the proxy variables; what else stands in it is for other programs and is left
alone. A `NAME_FILE` of it leads to a file of its own folder and nowhere else, or it could send any file of this
machine away as a credential. What decides where golive writes or whom it trusts is never taken from it.
"""

from __future__ import annotations

import logging
import re
from io import StringIO
from pathlib import Path

from dotenv import dotenv_values

from golive.environment.names import ALLOWED_HOSTS, PROXY_NAMES, is_own
from golive.environment.regular_files import NotRegularError, read_regular
from golive.problems import ConfigurationProblem, Problem, shown_path

_MOST_BYTES = 256 * 1024
FILE = "_FILE"


def read_dotenv(path: Path) -> dict[str, str]:
    """Return what a `.env` sets; nothing where there is none.

    The path of a `NAME_FILE` is absolute here. Raises ConfigurationProblem.
    """
    if path.is_dir() or not path.exists():
        return {}
    text = _text_of(path)
    # The library reports a line it can't read through logging, with no say of ours in the words.
    log = logging.getLogger("dotenv.main")
    was_disabled, log.disabled = log.disabled, True
    try:
        found = dotenv_values(stream=StringIO(text), interpolate=False)
    finally:
        log.disabled = was_disabled
    values = {
        name: value
        for name, value in found.items()
        if value is not None and (is_own(name) or name in PROXY_NAMES)
    }
    problems = [*_decisions(path, text, values), *_strays(path, text, values)]
    if problems:
        raise ConfigurationProblem(problems)
    return {name: _at_home(path, name, value) for name, value in values.items()}


def _text_of(path: Path) -> str:
    message, cure = "the file can't be read as UTF-8 text.", "Save it as UTF-8."
    try:
        content = read_regular(path, _MOST_BYTES)
        if len(content) <= _MOST_BYTES:
            return content.decode("utf-8-sig")
        message, cure = "the file is larger than 256 KiB, which no .env is.", "Move it away."
    except NotRegularError:
        message, cure = "this is no regular file (a pipe or a device).", "Move it away."
    except (OSError, UnicodeDecodeError):
        pass
    raise ConfigurationProblem([Problem(shown_path(path), None, "", message, cure)])


def _decisions(path: Path, text: str, values: dict[str, str]) -> list[Problem]:
    if ALLOWED_HOSTS not in values:
        return []
    message = "a .env can't say whom to trust: it lies in the folder that is to be trusted."
    cure = "Remove the line; use `golive hosts add HOST`, or export the variable."
    line = _line_of(text, ALLOWED_HOSTS)
    return [Problem(shown_path(path), line, ALLOWED_HOSTS, message, cure)]


def _strays(path: Path, text: str, values: dict[str, str]) -> list[Problem]:
    """Name each NAME_FILE that leads out of the folder, by itself or by a symbolic link."""
    home = path.parent.resolve()
    found = []
    for name, value in values.items():
        if not name.endswith(FILE) or not value:
            continue
        try:
            inside = (home / Path(value).expanduser()).resolve().is_relative_to(home)
        except (OSError, ValueError, RuntimeError):
            inside = False
        if not inside:
            message = "a .env can't name a file outside of its own folder."
            cure = f"Export {name} instead, or put the file beside the .env."
            found.append(Problem(shown_path(path), _line_of(text, name), name, message, cure))
    return found


def _at_home(path: Path, name: str, value: str) -> str:
    if not name.endswith(FILE) or not value:
        return value
    return str(path.parent.resolve() / Path(value).expanduser())


def _line_of(text: str, name: str) -> int | None:
    pattern = re.compile(rf"\s*(?:export\s+)?['\"]?{re.escape(name)}['\"]?\s*=")
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if pattern.match(line)), None)
