"""`golive run`: one environment, one run folder, pytest in this process, one exit code."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from golive.cli.run_folder import RunFolder
from golive.environment import find, github_actions, load
from golive.problems import ConfigurationProblem, shown_path
from golive.resources import resources
from golive.stopping import PATIENCE, end_within
from golive.verdict import MEANINGS, TITLES, ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from golive.environment import Environment, GithubActions

DEFAULT = "twin"
OURS = ("--env", "--run-folder")


def run(words: list[str]) -> int:
    """Run the suites for these words of the command line and return the exit code.

    Raises ConfigurationProblem when the environment can't be used, and click's exceptions for other
    mistakes of the user's; no run folder is made then.
    """
    name, options = split(words)
    environment = _environment(name)
    folder = RunFolder.make(Path.cwd() / "reports", environment.name)
    console = os.dup(1)  # pytest puts a file in its place while it captures

    def leave() -> NoReturn:
        folder.finish()
        os.write(console, _interrupted().encode())
        os._exit(ExitCode.INTERRUPTED)

    end_within(PATIENCE, leave)
    try:
        code = _pytest(environment, folder, options)
    finally:
        folder.finish()
        os.close(console)
    _set_outputs(code, folder)
    if code == ExitCode.INTERRUPTED:
        _leave_now(code)
    return code


def _environment(name: str) -> Environment:
    """Load the environment; what is wrong with it is told to the pipeline, too."""
    try:
        return load(find(name))
    except ConfigurationProblem as problem:
        actions = github_actions()
        if actions is not None:
            annotate(actions, problem)
        raise


def annotate(actions: GithubActions, problem: ConfigurationProblem) -> None:
    """Leave in a job of GitHub Actions what made a run impossible."""
    from golive.reporting import job
    from golive.reporting.annotating import of_problem
    from golive.reporting.workflow_commands import commands

    for line in commands(of_problem(problem, actions.workspace), more="below"):
        click.echo(line)
    with contextlib.suppress(OSError):  # all of it is on the terminal, too
        job.outputs(actions, ExitCode.CONFIGURATION)
        job.summary(actions, job.problem_page(problem))


def _set_outputs(code: int, folder: RunFolder) -> None:
    """Tell a job of GitHub Actions what its step has come to."""
    actions = github_actions()
    if actions is None:
        return
    from golive.reporting.job import outputs

    with contextlib.suppress(OSError):
        outputs(actions, code, shown_path(folder.path) if folder.path.is_dir() else "")


def split(words: Sequence[str]) -> tuple[str, list[str]]:
    """Tell the environment from what goes to pytest.

    The environment is the first word, unless that is an option or a path that only pytest can mean
    (a folder, a Python file, a node id).
    """
    options = list(words)
    name = DEFAULT
    if options and not options[0].startswith("-") and not _is_for_pytest(options[0]):
        name = options.pop(0)
    for option in options:
        if option.split("=")[0] in OURS:
            raise click.UsageError(
                f"{option.split('=')[0]} is set by `golive run`. Name the environment first: "
                "`golive run sandbox`."
            )
    return name, options


def _is_for_pytest(word: str) -> bool:
    path = word.split("::")[0]
    return "::" in word or path.endswith(".py") or Path(path).is_dir()


def _pytest(environment: Environment, folder: RunFolder, options: list[str]) -> int:
    import pytest

    from golive.cli.reporter import Replacing
    from golive.pytest_plugin.state import Loaded

    root = resources()
    arguments = [
        *("-c", str(root / "pyproject.toml"), "--rootdir", str(root)),
        # The options of the first must be known before the second looks for paths among the words.
        *("-p", "golive.pytest_plugin", "-p", "golive.cli.choosing"),
        # They collect garbage five times at the end, to warn of what nobody sees here.
        *("-p", "no:unraisableexception", "-p", "no:threadexception"),
        # Beside the runs, because an installed golive lies where nobody should write.
        *("-o", f"cache_dir={folder.path.parent / '.pytest_cache'}"),
        *("-o", "junit_family=xunit2", "-o", f"junit_suite_name=golive {environment.path.stem}"),
        f"--junitxml={folder.path / 'junit.xml'}",
        f"--alluredir={folder.path / 'allure-results'}",
        f"--env={environment.path}",
        f"--run-folder={folder.path}",
        *options,
    ]
    # Hardly anything of a run becomes garbage, and looking for it took a tenth of the run.
    gc.set_threshold(20_000, 20, 50)
    code = pytest.main(arguments, plugins=[Replacing(), Loaded(environment)])
    if code == pytest.ExitCode.INTERRUPTED:  # pytest's own code: stopped before the session began
        click.echo(_interrupted(), nl=False)
        return ExitCode.INTERRUPTED
    return int(code)


def _interrupted() -> str:
    code = ExitCode.INTERRUPTED
    return f"\n{TITLES[code]}: {MEANINGS[code]}\nexit code {int(code)}\n"


def _leave_now(code: int) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads may still wait for an answer, and the interpreter would wait for them at its end.
    # Whoever pressed Ctrl-C has waited long enough; everything worth keeping is on disk.
    os._exit(code)
