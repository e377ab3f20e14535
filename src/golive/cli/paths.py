"""What `golive run` hands to pytest as paths: the suites, wherever golive is installed.

pytest looks for its configuration's suites only when it is started in their folder. This plugin
puts them in when the user has named no path, and finds `suites/oauth` from everywhere. It is named
with `-p`, so that the workers of pytest-xdist load it as well.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from golive.kit.files import own_folder, resources
from golive.kit.invisible import with_escapes
from golive.kit.problems import did_you_mean
from golive.pytest_plugin.project import SUITES, suites_folders
from golive.pytest_plugin.refusing import refusal


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
