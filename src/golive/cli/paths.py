"""What `golive run` hands to pytest as paths: the suites, wherever golive is installed.

pytest looks for its configuration's suites only when it is started in their folder. This plugin
puts them in when the user has named no path, and finds `suites/oauth` from everywhere. It is named
with `-p`, so that the workers of pytest-xdist load it as well.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from golive.kit.files import resources
from golive.kit.invisible import with_escapes
from golive.kit.problems import did_you_mean
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
        path = _found(word)
        args[args.index(word)] = path
        paths.append(path)
    if not paths:
        paths = [str(resources() / "suites")]
        args += paths
    known.file_or_dir = paths


def _found(word: str) -> str:
    path = word.split("::")[0]
    if Path(path).exists():
        return word
    root = resources()
    if (root / path).exists():
        return str(root / word)
    known = (f"suites/{each.name}" for each in (root / "suites").iterdir() if each.is_dir())
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
