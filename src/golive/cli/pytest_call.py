"""pytest, called by `golive run` in this process: its arguments, paths and cache, what it says on standard error.

pytest looks for its configuration's suites only when it is started in their folder. As a plugin of pytest's, this
module puts them in when the user has named no path, and finds `suites/oauth` from everywhere. It is named with `-p`,
so that the workers of pytest-xdist load it as well.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from golive.checks.verdict import ExitCode, closing_words
from golive.cli.complaints import AlreadySaid, Heard
from golive.kit.files import own_folder, resources
from golive.kit.invisible import with_escapes
from golive.kit.problems import did_you_mean
from golive.pytest_plugin.conclude import fault_of
from golive.pytest_plugin.project import SUITES, settings_arguments, suites_folders
from golive.pytest_plugin.refusing import refusal

if TYPE_CHECKING:
    from golive.pytest_plugin.state import Loaded


LARGEST_CACHE = 20_000_000
"""Bytes; no list of golive's checks comes near it."""

CACHED = {"lastfailed": dict, "nodeids": list, "stepwise": dict}
"""The files of pytest's cache that golive's runs use, and what each holds."""


def call_pytest(loaded: Loaded, folder: Path, options: list[str]) -> tuple[int, list[str]]:
    """Call pytest; return its exit code, and what it said on standard error."""
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
        *("-p", "golive.pytest_plugin", "-p", "golive.cli.pytest_call"),
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
    heard = Heard(sys.stderr)
    try:
        with contextlib.redirect_stderr(heard):
            code = int(pytest.main(arguments, plugins=[Replacing(), loaded, AlreadySaid(heard)]))
    except KeyboardInterrupt:
        code = int(pytest.ExitCode.INTERRUPTED)
    except Exception as error:  # of a plugin after the last hook
        click.echo(f"golive: internal error: {fault_of(error)}", err=True)
        return int(ExitCode.INTERNAL_ERROR), [fault_of(error)]
    if code == pytest.ExitCode.INTERRUPTED:  # pytest's own code: stopped before the session began
        click.echo(closing_words(ExitCode.INTERRUPTED))
        code = ExitCode.INTERRUPTED
    return int(code), heard.problems


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


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let pytest's words about an option name the command that was typed."""
    parser.prog = "golive run"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    """Complete the paths; raises UsageError for an unknown path or defect, and for an option that is refused."""
    known = early_config.known_args_namespace
    if reason := refusal(known, early_config.invocation_params.args):
        raise pytest.UsageError(reason)
    _refuse_unknown_defects(known.defect)
    paths: list[str] = []
    for word in known.file_or_dir:
        found = _found(word)
        place = args.index(word)
        args[place : place + 1] = found
        paths += found
    if not paths:
        paths = [*map(str, suites_folders())]
        args += paths
    # Whatever is chosen, golive's conftest.py files come first: they hold what every suite takes.
    own = own_folder(SUITES)
    known.file_or_dir = [str(resources() / SUITES)] if own else paths


def _found(word: str) -> list[str]:
    """Give what a word means: in the current folder, in golive's, or, of a folder, in both."""
    path = word.split("::")[0]
    root = resources()
    here, there = Path(path), root / path
    if here.exists():
        both = here.is_dir() and there.is_dir() and here.resolve() != there.resolve()
        return [str(there), word] if both else [word]
    if there.exists():
        return [str(root / word)]
    known = (
        f"{SUITES}/{each.name}"
        for folder in suites_folders()
        for each in folder.iterdir()
        if each.is_dir()
    )
    hint = did_you_mean(path, known)
    sentences = [
        f"{word}: there is no such file or folder.",
        *([hint] if hint else []),
        "An environment comes first: `golive run sandbox -k inbox`.",
    ]
    raise pytest.UsageError(with_escapes(" ".join(sentences)))


def _refuse_unknown_defects(defects: list[str]) -> None:
    if not defects:
        return
    from golive.twin.defects import chosen

    try:
        chosen(defects)
    except ValueError as error:
        raise pytest.UsageError(f"--defect: {error}") from None
