"""`golive client`: the twin with a journal, a client that works at it, and a verdict about its requests."""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from golive.checks.verdict import ExitCode
from golive.cli.commands.judge import environment_of
from golive.cli.commands.run import run_within
from golive.cli.output import FILE, PLACE, PORT, port_in_use, private_files, write_named
from golive.cli.targets import RunFolder
from golive.client.command import as_file, variables, with_loopback
from golive.client.command import run as run_command
from golive.client.journal import Journal, read_journal
from golive.client.judging import Watch
from golive.contract.document import Contract
from golive.environment import find, is_double, load
from golive.environment.operator import process_variables
from golive.exchanges.har_reading import Archive
from golive.kit.problems import ConfigurationProblem
from golive.kit.signals import forget_asking, treat_endings_as_interrupt
from golive.pytest_plugin.sinks import JOURNAL
from golive.pytest_plugin.state import Loaded
from golive.transport.session import protect, twin_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from golive.environment import Environment
    from golive.twin import Twin

DEFAULT = "twin"
NAME = "client"
EPILOG = """\b
Exit codes are those of `golive run`: 0 GO, 1 NO-GO, 3 internal error,
4 configuration, 5 nothing proven, 7 stale deviation, 130 interrupted.
Where the verdict is GO, the exit code of COMMAND."""


@click.command(
    context_settings={"allow_interspersed_args": False}, epilog=EPILOG, options_metavar="[OPTIONS]"
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[-- COMMAND ...]")
@click.option("--port", type=PORT, default=0, help="Port of the twin; 0: a free one.")
@click.option(
    "--seed",
    type=int,
    metavar="N",
    help="Decides the messages, and makes client id and secret the same at each start.",
)
@click.option(
    "--write-env",
    "file",
    type=FILE,
    metavar="FILE",
    help="Write the variables into FILE, once the twin listens: as JSON if it ends in .json, else as a .env.",
)
@click.option(
    "--watch", is_flag=True, help="Print each request as it comes, with what is wrong in it."
)
@click.option(
    "--judge",
    "recording",
    type=PLACE,
    metavar="FILE",
    help="Start no twin: judge the requests of an HTTP Archive (FILE.har) or of a journal (FILE.jsonl).",
)
@click.option(
    "--env",
    "name",
    metavar="ENV",
    help="The environment: its test data, its `demands` on the client, its known deviations (default: twin; of a "
    "recording of a real service none: it says whether its data is synthetic).",
)
@click.option(
    "--token-lifetime",
    type=click.IntRange(1),
    metavar="SECONDS",
    help="What `expires_in` of the twin says (default: as the environment has it, 570).",
)
@click.option(
    "--scenario",
    metavar="NAME|FILE",
    help="A bad day of the twin, to see how the client takes it: one of `golive twin --scenarios`, or a TOML file.",
)
@click.option("--fail-on-advice", is_flag=True, help="Treat advisory findings as failures.")
def command(
    words: tuple[str, ...],
    file: Path | None,
    watch: bool,
    recording: Path | None,
    name: str | None,
    fail_on_advice: bool,
    **given: Any,
) -> int:
    """Judge a client: let it work at the twin, or run its tests, and end with a verdict about its requests.

    Without COMMAND, the twin listens until Ctrl-C. COMMAND gets what the client needs as variables: GOLIVE_TOKEN_URL,
    GOLIVE_API_URL, GOLIVE_CLIENT_ID, GOLIVE_CLIENT_SECRET, GOLIVE_SCOPE, GOLIVE_PATIENT and more. Every request is
    kept in journal.jsonl of the run folder, without any secret.
    """
    options = ["--fail-on-advice"] if fail_on_advice else []
    with private_files() as umask:
        if recording is not None:
            if words or watch or file:
                message = "--judge takes neither a COMMAND nor --watch or --write-env."
                raise click.UsageError(message)
            return _judge_recording(recording, name, options)
        given["accounts_seed"] = given["seed"]
        settings = {name: one for name, one in given.items() if one is not None}
        work = Work(words, file, umask)
        return _judge_live(DEFAULT if name is None else name, work, options, settings, watch=watch)


@dataclass(frozen=True)
class Work:
    """What the client does: a command, or whatever until Ctrl-C; `file` is for its variables, `umask` for its files."""

    words: tuple[str, ...]
    file: Path | None
    umask: int

    def do(self, offered: Mapping[str, str]) -> int | None:
        """Run the command and return its exit code, or wait for Ctrl-C; raises click.ClickException."""
        if self.file is not None:
            write_named(self.file, as_file(self.file, offered))
        if self.words:
            try:
                given = with_loopback(process_variables(), offered)
                return run_command(self.words, given, self.umask)
            except OSError as error:
                message = f"{self.words[0]} can't be started: {error.strerror}."
                raise click.ClickException(f"{message} Write the command behind `--`.") from None
        click.echo("The twin listens. What the client needs; the account works nowhere else:\n")
        click.echo("".join(f"  {name}={value}\n" for name, value in offered.items()))
        click.echo(
            "Let the client work, then press Ctrl-C: the verdict about its requests follows."
        )
        sys.stdout.flush()
        threading.Event().wait()
        return None


def _judge_recording(recording: Path, name: str | None, options: list[str]) -> int:
    contract = Contract()
    archive = read_journal(recording, contract)
    if name is None and all(is_double(one.request.url) for one in archive.exchanges):
        name = DEFAULT
    environment = environment_of(archive, name, contract)
    folder = RunFolder.make(Path.cwd() / "reports", f"{NAME}-{environment.path.stem}")
    return run_within(folder, options, lambda: _loaded(environment, archive))


def _loaded(environment: Environment, archive: Archive) -> Loaded:
    """Return what is judged, under a name of its own: its runs are none of the environment's."""
    named = replace(environment, name=f"{NAME}-{environment.name}")
    return Loaded(named, archive, of_client=True)


def _judge_live(
    name: str, work: Work, options: list[str], settings: dict[str, Any], *, watch: bool
) -> int:
    environment = load(find(name))
    if not environment.needs_twin:
        message = "it leads to a real service, and a client is judged at the twin."
        cure = "Put {twin}/ in place of https:// of its URLs, or record the client's traffic and use --judge FILE.har."
        raise ConfigurationProblem.of(environment.path, message, cure)
    contract = Contract()
    treat_endings_as_interrupt()
    folder = RunFolder.make(Path.cwd() / "reports", f"{NAME}-{environment.path.stem}")
    place = folder.path / JOURNAL
    code = None
    with place.open("w", encoding="utf-8") as lines:
        journal = Journal(contract, lines)
        twin = None
        try:
            twin = _started(environment, contract, journal, settings)
            journal.address = twin.address
            if watch:
                journal.heard = Watch(contract, twin.address, click.echo)
            environment = environment.with_twin(twin.address, twin.accounts, twin.tokens)
            protect(environment)
            code = work.do(variables(environment))
        except (click.ClickException, ConfigurationProblem):
            folder.discard()
            raise
        except KeyboardInterrupt:
            click.echo("")
        finally:
            if twin is not None:
                twin.stop()
    forget_asking()
    archive = Archive(place, journal.exchanges)
    verdict = run_within(folder, options, lambda: _loaded(environment, archive))
    if code:
        click.echo(f"the command ended with exit code {code}")
    return verdict or code or ExitCode.GO


def _started(
    environment: Environment, contract: Contract, journal: Journal, settings: dict[str, Any]
) -> Twin:
    try:
        return twin_for(environment, contract, journal=journal, **settings)
    except ValueError as error:
        raise ConfigurationProblem.of(environment.path, f"twin: {error}", "Correct it.") from None
    except OSError as error:
        raise port_in_use(settings["port"], error) from None
