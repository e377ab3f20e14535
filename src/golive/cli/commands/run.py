"""`golive run`: one environment, one run folder, pytest in this process, one exit code."""

from __future__ import annotations

import contextlib
import gc
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from golive.checks.verdict import MEANINGS, TITLES, ExitCode
from golive.cli.past_cache import take_damage_away
from golive.cli.run_folder import RunFolder
from golive.environment import find, github_actions, load, safe_name
from golive.kit.files import resources
from golive.kit.problems import ConfigurationProblem, shown_path
from golive.kit.signals import PATIENCE, end_within
from golive.kit.streams import Lasting
from golive.pytest_plugin.conclude import fault_of
from golive.report import files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from golive.environment import Environment, GithubActions

DEFAULT = "twin"
OTHERS = 0o077
"""What nobody else on this machine may do with the files of a run."""

LONGEST_HEARD = 8000
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
OURS = ("--env", "--run-folder")


def run(words: list[str]) -> int:
    """Run the suites for these words of the command line and return the exit code.

    Raises ConfigurationProblem when the environment can't be used, and click's exceptions for other
    mistakes of the user's; the run folder then says so, too.
    """
    name, options = split(words)
    umask = os.umask(OTHERS)
    try:
        folder = RunFolder.make(Path.cwd() / "reports", safe_name(name))
        return _within(folder, name, options)
    finally:
        os.umask(umask)


def _within(folder: RunFolder, name: str, options: list[str]) -> int:
    """Run in a folder that has begun; whatever happens, it says what the exit code does."""
    for warning in folder.in_the_way:
        click.echo(warning, err=True)
    try:
        refuse_what_is_ours(options)
        environment = load(find(name))
    except (ConfigurationProblem, click.ClickException) as problem:
        folder.end(ExitCode.CONFIGURATION, _lines(problem))
        actions = github_actions()
        if actions is not None and isinstance(problem, ConfigurationProblem):
            annotate(actions, problem)
        _set_outputs(ExitCode.CONFIGURATION, folder)
        raise
    except BaseException as error:
        stopped = isinstance(error, KeyboardInterrupt)
        folder.end(ExitCode.INTERRUPTED if stopped else ExitCode.INTERNAL_ERROR)
        raise
    console = os.dup(1)  # pytest puts a file in its place while it captures

    def leave() -> NoReturn:
        folder.end(ExitCode.INTERRUPTED)
        _set_outputs(ExitCode.INTERRUPTED, folder)
        with contextlib.suppress(OSError):
            os.write(console, _interrupted().encode())
        os._exit(ExitCode.INTERRUPTED)

    end_within(PATIENCE, leave)
    try:
        code = _settled(folder, *_pytest(environment, folder, options))
    finally:
        os.close(console)
    if code is None:
        return ExitCode.GO  # nothing was to be run, only shown
    if code == ExitCode.GO and not folder.path.is_dir():
        click.echo(f"the run folder {shown_path(folder.path)} is gone: no verdict.", err=True)
        code = ExitCode.INTERNAL_ERROR
    _set_outputs(code, folder)
    if code == ExitCode.INTERRUPTED:
        _leave_now(code)
    return code


def _settled(folder: RunFolder, code: int, said: Sequence[str]) -> int | None:
    """Return the exit code; where the plugin could not write it into the folder, it is written now.

    None where nothing was to be run, only shown (`--collect-only`, `--help`).
    """
    if files.is_finished(folder.path):
        told = files.exit_code_in(folder.path)
        if code not in (ExitCode.INTERRUPTED, ExitCode.INTERNAL_ERROR) and told is not None:
            code = told
        elif told != code:
            folder.end(code, said)
    elif code in (ExitCode.GO, ExitCode.NOTHING_PROVEN) and folder.path.is_dir():
        folder.discard()
        return None
    else:
        folder.end(code, said)
    folder.finish()
    return code


def _lines(problem: ConfigurationProblem | click.ClickException) -> list[str]:
    if isinstance(problem, ConfigurationProblem):
        return [str(one) for one in problem.problems]
    return [problem.format_message()]


def annotate(actions: GithubActions, problem: ConfigurationProblem) -> None:
    """Leave in a job of GitHub Actions what made a run impossible."""
    from golive.report import github as job
    from golive.report.github import of_problem
    from golive.report.workflow_commands import commands

    for line in commands(of_problem(problem, actions.workspace), more="below"):
        click.echo(line)
    with contextlib.suppress(OSError):  # all of it is on the terminal, too
        job.summary(actions, job.problem_page(problem))


def _set_outputs(code: int, folder: RunFolder) -> None:
    """Tell a job of GitHub Actions what its step has come to."""
    actions = github_actions()
    if actions is None:
        return
    from golive.report.github import outputs

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
    return name, options


def refuse_what_is_ours(options: Sequence[str]) -> None:
    """Raise click's UsageError for an option that `golive run` sets itself."""
    for option in options:
        if option.split("=")[0] in OURS:
            raise click.UsageError(
                f"{option.split('=')[0]} is set by `golive run`. Name the environment first: "
                "`golive run sandbox`."
            )


def _is_for_pytest(word: str) -> bool:
    path = word.split("::")[0]
    return "::" in word or path.endswith(".py") or Path(path).is_dir()


def _pytest(
    environment: Environment, folder: RunFolder, options: list[str]
) -> tuple[int, list[str]]:
    """Call pytest; return its exit code, and what it said on standard error."""
    import pytest

    from golive.cli.reporter import Replacing
    from golive.pytest_plugin.state import Loaded

    root = resources()
    cache = folder.path.parent / ".pytest_cache"
    take_damage_away(cache)
    arguments = [
        *("-c", str(root / "pyproject.toml"), "--rootdir", str(root)),
        # By name, because their options are used: the surroundings may keep plugins from coming by themselves.
        *("-p", "xdist", "-p", "allure_pytest"),
        # The options of the first must be known before the second looks for paths among the words.
        *("-p", "golive.pytest_plugin", "-p", "golive.cli.paths"),
        # They collect garbage five times at the end, to warn of what nobody sees here.
        *("-p", "no:unraisableexception", "-p", "no:threadexception"),
        # Beside the runs, because an installed golive lies where nobody should write.
        *("-o", f"cache_dir={cache}"),
        *("-o", "junit_family=xunit2", "-o", f"junit_suite_name=golive {environment.path.stem}"),
        f"--junitxml={folder.path / 'junit.xml'}",
        f"--alluredir={folder.path / 'allure-results'}",
        f"--env={environment.path}",
        f"--run-folder={folder.path}",
        *options,
    ]
    # Hardly anything of a run becomes garbage, and looking for it took a tenth of the run.
    gc.set_threshold(20_000, 20, 50)
    heard = _Heard(sys.stderr)
    try:
        with contextlib.redirect_stderr(heard):
            code = int(pytest.main(arguments, plugins=[Replacing(), Loaded(environment)]))
    except KeyboardInterrupt:
        code = int(pytest.ExitCode.INTERRUPTED)
    except Exception as error:  # of a plugin after the last hook
        click.echo(f"golive: internal error: {fault_of(error)}", err=True)
        return int(ExitCode.INTERNAL_ERROR), [fault_of(error)]
    if code == pytest.ExitCode.INTERRUPTED:  # pytest's own code: stopped before the session began
        click.echo(_interrupted(), nl=False)
        code = ExitCode.INTERRUPTED
    return int(code), heard.problems


class _Heard(Lasting):
    """Standard error, and what was said on it: pytest tells nobody else why it refuses the words of a command."""

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
        told = [line.strip() for line in lines if line.strip() and not line.startswith("  ")]
        return [line for line in told if not line.startswith("usage: ")]


def _interrupted() -> str:
    code = ExitCode.INTERRUPTED
    return f"\n{TITLES[code]}: {MEANINGS[code]}\nexit code {int(code)}\n"


def _leave_now(code: int) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads may still wait for an answer, and the interpreter would wait for them at its end.
    # Whoever pressed Ctrl-C has waited long enough; everything worth keeping is on disk.
    os._exit(code)
