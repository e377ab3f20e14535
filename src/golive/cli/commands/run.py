"""`golive run`: one environment, one run folder, pytest in this process, one exit code."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

import click

from golive.checks.verdict import MEANINGS, TITLES, ExitCode, closing_words
from golive.cli.commands.environments import choosing
from golive.cli.output import PLACE, annotate, private_files, reports_option, set_outputs
from golive.cli.pytest_call import call_pytest
from golive.cli.targets import DEFAULT, Asked, RunFolder, is_environment, split, targets
from golive.evidence.envelope import private_key
from golive.evidence.statement import keep_evidence
from golive.kit.problems import ConfigurationProblem, shown_path
from golive.kit.signals import PATIENCE, end_within
from golive.pytest_plugin.options import OPTIONS
from golive.pytest_plugin.state import Loaded
from golive.report import files
from golive.report.text import terminal_width, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


OURS = ("--env", "--run-folder", "--client")


EPILOG = """\b
Exit codes: 0 GO, 1 NO-GO, 3 internal error, 4 configuration, 5 nothing proven,
6 could not tell, 7 stale deviation, 130 interrupted."""


class RunCommand(click.Command):
    """Shows golive's own options of pytest in its help, as the plugin declares them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read -j N as --jobs N: an option of click's would take the j of -kinbox-j for it."""
        words = [re.sub(r"\A-j([0-9]+)\Z", r"--jobs=\1", one) for one in args]
        return super().parse_args(ctx, ["--jobs" if one == "-j" else one for one in words])

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List click's options, then those that go to pytest."""
        super().format_options(ctx, formatter)
        with formatter.section("golive's own options"):
            formatter.write_dl(
                (f"{name} {settings.get('metavar', '')}".strip(), settings["help"])
                for name, settings in OPTIONS.items()
                if name not in OURS
            )


@click.command(
    cls=RunCommand,
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
    epilog=EPILOG,
    options_metavar="",
)
@click.option(
    "--tenants", type=PLACE, metavar="FILE", help="Run the tenants of FILE (see `golive tenants`)."
)
@choosing
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    metavar="N",
    help="-j N: run N of several at a time, a process each (default: 1).",
)
@click.option(
    "--sign", metavar="KEY", type=PLACE, help="Sign evidence.json with this Ed25519 key (PEM)."
)
@click.option("--rates", type=PLACE, hidden=True)
@reports_option
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[ENV]... [PYTEST OPTIONS]...")
def command(words: tuple[str, ...], **options: Any) -> int:
    """Run the suites against ENV (default: twin) and end with a verdict.

    ENV is the name of an environment (see `golive envs`) or the path of its file; of several, and of the tenants of
    --tenants FILE, each is run by a process of its own. Whatever follows goes to pytest: -k EXPR, -m MARKER, -n 4,
    -x, -v, --lf, a path of a suite, and golive's own options, below.
    """
    if "-h" in words:  # no option of click's: it would take the h of -kinbox-without for it
        click.echo(click.get_current_context().get_help())
        return ExitCode.GO
    asked = Asked(**options)
    try:
        return run(list(words), asked)
    except click.ClickException as mistake:
        mistake.show()
        return _refused("`golive run --help` lists the options.")
    except ConfigurationProblem as problem:
        click.echo(str(problem), err=True)
        if asked.tenants is not None:
            return _refused(f"`golive tenants {asked.tenants}` says what each tenant lacks.")
        name = next(iter(split(words)[0]), DEFAULT)
        pointer = "`golive envs` says what each environment lacks."
        if is_environment(name):
            pointer += f" `golive doctor {name}` looks at the whole set-up."
        return _refused(pointer)


def _refused(pointer: str) -> int:
    """Say as the last thing, like every run, what the exit code means, and where to read on."""
    code = ExitCode.CONFIGURATION
    sentence = wrapped(f"{TITLES[code]}: {MEANINGS[code]} {pointer}", terminal_width())
    click.echo(f"\n{sentence}\nexit code {int(code)}", err=True)
    return code


def run(words: list[str], asked: Asked) -> int:
    """Run the suites for these words of the command line and return the exit code.

    Raises ConfigurationProblem when the environment can't be used, and click's exceptions for other
    mistakes of the user's; the run folder then says so, too.
    """
    names, options = split(words)
    found = targets(names, asked)

    def loaded() -> Loaded:
        return Loaded(replace(found[0].load(), rates=asked.rates))

    with private_files():
        if len(found) > 1:
            from golive.cli.fleet import run_each

            refuse_what_is_ours(options)
            return run_each(found, options, asked)
        folder = RunFolder.make(asked.reports.absolute(), found[0].key)
        return run_within(folder, options, loaded, asked.sign)


def run_within(
    folder: RunFolder, options: list[str], given: Callable[[], Loaded], sign: Path | None = None
) -> int:
    """Run in a folder that has begun; whatever happens, it says what the exit code does.

    `given` returns the environment, and the recording where one is judged; it may raise ConfigurationProblem.
    `sign` is the file of the key that signs its evidence.
    """
    for warning in folder.in_the_way:
        click.echo(warning, err=True)
    try:
        refuse_what_is_ours(options)
        loaded = given()
        key = private_key(sign) if sign is not None else None
    except (ConfigurationProblem, click.ClickException) as problem:
        folder.end(ExitCode.CONFIGURATION, _lines(problem))
        if isinstance(problem, ConfigurationProblem):
            annotate(problem)
        set_outputs(ExitCode.CONFIGURATION, folder.path)
        raise
    except BaseException as error:
        stopped = isinstance(error, KeyboardInterrupt)
        folder.end(ExitCode.INTERRUPTED if stopped else ExitCode.INTERNAL_ERROR)
        raise
    console = os.dup(1)  # pytest puts a file in its place while it captures

    def leave() -> NoReturn:
        folder.end(ExitCode.INTERRUPTED)
        set_outputs(ExitCode.INTERRUPTED, folder.path)
        with contextlib.suppress(OSError):
            os.write(console, f"{closing_words(ExitCode.INTERRUPTED)}\n".encode())
        os._exit(ExitCode.INTERRUPTED)

    end_within(PATIENCE, leave)
    try:
        code = _settled(folder, *call_pytest(loaded, folder.path, options))
    finally:
        os.close(console)
    if code is None:
        return ExitCode.GO  # nothing was to be run, only shown
    if code == ExitCode.GO and not folder.path.is_dir():
        click.echo(f"the run folder {shown_path(folder.path)} is gone: no verdict.", err=True)
        code = ExitCode.INTERNAL_ERROR
    if files.is_of_a_session(folder.path) and (unkept := keep_evidence(folder.path, key)):
        click.echo(unkept, err=True)
        code = ExitCode.INTERNAL_ERROR
        folder.end(code, [unkept])
    if code == ExitCode.CONFIGURATION and not files.is_of_a_session(folder.path):
        _refused("`golive run --help` lists the options.")
    set_outputs(code, folder.path)
    if code == ExitCode.INTERRUPTED:
        _leave_now(code)
    return code


def _settled(folder: RunFolder, code: int, said: Sequence[str]) -> int | None:
    """Return the exit code; where the plugin could not write it into the folder, it is written now.

    None where nothing was to be run, only shown (`--collect-only`, `--help`).
    """
    if files.is_finished(folder.path):
        in_folder = files.exit_code_in(folder.path)
        if code not in (ExitCode.INTERRUPTED, ExitCode.INTERNAL_ERROR) and in_folder is not None:
            code = in_folder
        elif in_folder != code:
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


def refuse_what_is_ours(options: Sequence[str]) -> None:
    """Raise click's UsageError for an option that `golive run` sets itself."""
    for option in options:
        if option.split("=")[0] in OURS:
            message = f"{option.split('=')[0]} is set by `golive run`. Name the environment first"
            raise click.UsageError(f"{message}: `golive run sandbox`.")


def _leave_now(code: int) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads may still wait for an answer, and the interpreter would wait for them at its end.
    # A person who pressed Ctrl-C has waited long enough; everything worth keeping is on disk.
    os._exit(code)
