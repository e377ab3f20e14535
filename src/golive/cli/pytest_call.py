"""pytest, called by `golive run` in this process: its arguments, its cache, what it says on standard error."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import sys
from typing import TYPE_CHECKING

import click

from golive.checks.verdict import ExitCode, closing_words
from golive.kit.streams import Lasting
from golive.pytest_plugin.conclude import fault_of
from golive.pytest_plugin.project import settings_arguments

if TYPE_CHECKING:
    from pathlib import Path

    from golive.pytest_plugin.state import Loaded

LONGEST_HEARD = 8000
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
LARGEST_CACHE = 20_000_000
"""Bytes; no list of golive's checks comes near it."""

CACHED = {"lastfailed": dict, "nodeids": list, "stepwise": dict}
"""The files of pytest's cache that golive's runs use, and what each holds."""


def call_pytest(loaded: Loaded, folder: Path, options: list[str]) -> tuple[int, list[str]]:
    """Call pytest; return its exit code, and what it said on standard error."""
    import pytest

    from golive.cli.reporter import Replacing

    environment = loaded.environment
    # What failed last time is another tenant's matter where another was asked.
    own = environment.name if environment.listed else f"{environment.name}@{environment.tenant}"
    of_file = hashlib.sha256(str(environment.path.resolve()).encode()).hexdigest()[:8]
    cache = folder.parent / ".pytest_cache" / f"{own}-{of_file}"
    _remove_damaged(cache)
    arguments = [
        *settings_arguments(),
        # By name, because their options are used: the surroundings may keep plugins from coming by themselves.
        *("-p", "xdist", "-p", "allure_pytest"),
        # The options of the first must be known before the second looks for paths among the words.
        *("-p", "golive.pytest_plugin", "-p", "golive.cli.paths"),
        *("-p", "golive.pytest_plugin.judging"),
        # They collect garbage five times at the end, to warn of what nobody sees here.
        *("-p", "no:unraisableexception", "-p", "no:threadexception"),
        # Beside the runs, because an installed golive is where nothing should be written.
        *("-o", f"cache_dir={cache}"),
        *("-o", "junit_family=xunit2", "-o", f"junit_suite_name=golive {environment.name}"),
        f"--junitxml={folder / 'junit.xml'}",
        f"--env={environment.path}",
        f"--run-folder={folder}",
        *(["--client"] if loaded.of_client else []),
        *options,
    ]
    heard = _Heard(sys.stderr)
    try:
        with contextlib.redirect_stderr(heard):
            code = int(pytest.main(arguments, plugins=[Replacing(), loaded]))
    except KeyboardInterrupt:
        code = int(pytest.ExitCode.INTERRUPTED)
    except Exception as error:  # of a plugin after the last hook
        click.echo(f"golive: internal error: {fault_of(error)}", err=True)
        return int(ExitCode.INTERNAL_ERROR), [fault_of(error)]
    if code == pytest.ExitCode.INTERRUPTED:  # pytest's own code: stopped before the session began
        click.echo(closing_words(ExitCode.INTERRUPTED))
        code = ExitCode.INTERRUPTED
    return int(code), heard.problems


class _Heard(Lasting):
    """Standard error, and what was printed on it: the only place where pytest says why it refuses a command line."""

    def __init__(self, stream: object) -> None:
        super().__init__(stream)
        self._said = ""

    def write(self, text: str) -> int:
        """Write the text and remember it."""
        self._said = (self._said + text)[-LONGEST_HEARD:]
        return super().write(text)

    @property
    def problems(self) -> list[str]:
        """The lines that name a problem, without colours."""
        lines = [COLOUR.sub("", line).removeprefix("ERROR: ") for line in self._said.splitlines()]
        messages = [line.strip() for line in lines if line.strip() and not line.startswith("  ")]
        return [line for line in messages if not line.startswith("usage: ")]


def _remove_damaged(cache: Path) -> None:
    """Remove from pytest's cache each file that does not hold what pytest keeps there.

    pytest reads it without looking at its form, and a file of another form would end every run before it begins.
    """
    for name, form in CACHED.items():
        file, good = cache / "v" / "cache" / name, False
        with contextlib.suppress(OSError, ValueError, RecursionError):
            good = not file.exists() or _is_good(file, form)
        if not good:
            with contextlib.suppress(OSError):
                file.unlink()


def _is_good(file: Path, form: type) -> bool:
    if not file.is_file() or file.stat().st_size > LARGEST_CACHE:
        return False
    kept = json.loads(file.read_text(encoding="utf-8"))
    names = kept if form is list or file.name == "lastfailed" else ()
    return isinstance(kept, form) and all(isinstance(name, str) for name in names)
