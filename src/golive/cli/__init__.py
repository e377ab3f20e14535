"""The command line: what a person types, and the exit code that a pipeline reads.

Every way out of it leads through here: whatever ended it has an exit code, and what is printed on stderr.

Each command is in a module of `golive.cli.commands`, loaded when it is called, so that `golive --help` answers at
once. A mistake of the user's is a message on stderr and exit code 4, never a traceback.
"""

from __future__ import annotations

import gc
import importlib
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from golive import __version__
from golive.checks.verdict import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable

DECIDING = frozenset(
    {"run", "judge", "client", "doctor", "prove", "diff", "gate", "gather", "verify"}
)
"""Commands whose exit code is their result, even where nobody reads what they print."""

COMMANDS = {
    "checks": "List the checks: id, level, basis, area, statement, source, and what they read at observed places.",
    "client": "Judge a client: let it work at the twin, or run its tests, and end with a verdict about its requests.",
    "diff": "Show what has changed between two runs: shapes, never values.",
    "doctor": "Find out why ENV does not work: run preflight stage by stage, name the cause and the cure.",
    "envs": "List the environments, and what each still lacks.",
    "exchanges": "List the exchanges that a check can take: name, sentence, operation, who reads it.",
    "explain": "Explain what you have: an answer, curl commands, a code, an id, a token.",
    "gate": "Answer from the evidence of runs whether tenants may go live, with each reason against it. Sends nothing.",
    "gather": "Make one overview of run folders, or of zip and tar archives of them, with one verdict.",
    "hosts": "Show the hosts that may get a real credential, or add one.",
    "init": "Write environments, .env.example, an example check and a pipeline into FOLDER, by five questions.",
    "judge": "Judge the exchanges of an HTTP Archive (HAR): of a browser, Postman, a proxy, or a run's exchanges.har.",
    "learn": "Show what runs taught about places that no public text names, and keep it.",
    "openapi": "Write the contract of an API as one OpenAPI 3.1 document, to make a client or a mock from.",
    "prove": "Prove that every check can fail: inject known faults, and report which checks detect them.",
    "report": "Write report.html, the go-live page, of a run folder again (default: the last run).",
    "run": "Run the suites against ENV (default: twin) and end with a verdict.",
    "show": "Print the exchanges of a check as `curl -v` would, with the places of its findings marked.",
    "tell": "Print a message about RUN if its verdict is news, else nothing; nothing is sent.",
    "tenants": "List the tenants of FILE (YAML or CSV), and what each still lacks; nothing is sent.",
    "tidy": "Keep the last runs of each environment and tenant, and remove the older run folders.",
    "twin": "Run the twin by itself, for curl and Postman, until Ctrl-C.",
    "verify": "Verify the evidence of a run, offline: its digests, its signature, and that nothing is missing.",
}
"""The first sentence of each command's help, for the list of all, which loads none of them."""


TOGETHER = {
    "environments": ("envs", "tenants", "hosts"),
    "listing": ("exchanges", "openapi"),
    "overview": ("gather", "tell"),
    "runs": ("show", "report", "tidy"),
}
"""Modules that hold several commands, each as `NAME_command`; any other command is the `command` of its own module."""


class Commands(click.Group):
    """The group that loads a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        """Return the names in the order of the help."""
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """Return a command, loaded now; None where there is no such command."""
        if cmd_name not in COMMANDS:
            return None
        home = next((one for one, names in TOGETHER.items() if cmd_name in names), cmd_name)
        module = importlib.import_module(f"golive.cli.commands.{home}")
        name = "command" if home == cmd_name else f"{cmd_name}_command"
        command: click.Command = getattr(module, name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """List the commands by `COMMANDS`."""
        limit = formatter.width - 6 - max(map(len, COMMANDS))
        with formatter.section("Commands"):
            formatter.write_dl(
                (name, click.Command(name, help=text).get_short_help_str(limit))
                for name, text in COMMANDS.items()
            )


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="golive", message="%(prog)s %(version)s")
def cli() -> None:
    """Check a deployment of the Oracle Health Millennium Messages API against its contract."""


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line; every way out of the process leads through here."""
    code = exit_code_of(arguments)
    gc.freeze()  # or Python would look through everything for garbage before it ends: a quarter of a second
    sys.exit(code)


def exit_code_of(arguments: list[str] | None = None) -> int:
    """Run the command line and return the exit code; what went wrong is printed on stderr."""
    words = sys.argv[1:] if arguments is None else list(arguments)

    def call() -> object:
        # Not cli.main(): that ends with 1 for a closed pipe, which would read as NO-GO.
        with cli.make_context("golive", words) as context:
            return cli.invoke(context)

    return _code_of(call, decides=bool(DECIDING.intersection(words[:1])))


def _code_of(call: Callable[[], object], *, decides: bool = False) -> int:
    """Call the command line and return what it returned, or the exit code of the way in which it ended.

    Where the code `decides`, it is the same whether or not anybody could read what was printed. Elsewhere what
    is printed is all there is: a full disk is reported, a reader who has seen enough is not.
    """
    from golive.kit.streams import READER_LEFT, lasting_streams, legible

    with lasting_streams() as (out, err):
        legible(out)
        legible(err)
        code = _ended(call)
        out.flush()
        if code == ExitCode.GO and out.lost and not decides and out.lost.errno not in READER_LEFT:
            click.echo(f"Error: the output can't be written: {out.lost.strerror}.", err=True)
            return ExitCode.CONFIGURATION
        return code


def _ended(call: Callable[[], object]) -> int:
    from golive.kit.problems import ConfigurationProblem, place_of

    try:
        returned = call()
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.exceptions.NoArgsIsHelpError as asked:
        click.echo(asked.format_message())
        return ExitCode.GO
    except click.ClickException as mistake:
        mistake.show()
        return ExitCode.CONFIGURATION
    except ConfigurationProblem as problem:
        click.echo(str(problem), err=True)
        return ExitCode.CONFIGURATION
    except (click.Abort, KeyboardInterrupt):
        return ExitCode.INTERRUPTED
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else ExitCode.INTERNAL_ERROR
    except Exception as error:  # the last resort: one redacted line, no traceback
        from golive.redaction import redact

        words = str(error).split("\n")[0]
        told = redact(f"{type(error).__name__}: {words} ({place_of(error)})")
        click.echo(f"golive: internal error: {told}", err=True)
        return ExitCode.INTERNAL_ERROR
    return returned if isinstance(returned, int) else ExitCode.GO
