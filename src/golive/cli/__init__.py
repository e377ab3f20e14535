"""The command line: what a person types, and the exit code that a pipeline reads.

Each command imports what it needs when it is called, so that `golive --help` answers at once. A
mistake of the user's is a message on stderr and exit code 4, never a traceback.
"""

from __future__ import annotations

import sys
from typing import NoReturn

import click

from golive import __version__
from golive.checks.verdict import ExitCode
from golive.cli.commands.after_a_run import diff, report
from golive.cli.commands.hosts import hosts
from golive.cli.epilogs import (
    EXPLAIN_EPILOG,
    INIT_EPILOG,
    OPENAPI_EPILOG,
    PROVE_EPILOG,
    RUN_EPILOG,
)
from golive.cli.exits import code_of

DECIDING = frozenset({"run", "doctor", "prove", "diff"})
"""Commands whose exit code is their result, whoever reads what they print."""

TWIN_TOKEN_LIFETIME = 570
"""Seconds; what the twin grants unless told otherwise (contract-facts §4.1)."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="golive", message="%(prog)s %(version)s")
def cli() -> None:
    """Check a deployment of the Oracle Health Millennium Messages API against its contract."""


@cli.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
    epilog=RUN_EPILOG,
    options_metavar="",
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[ENV] [PYTEST OPTIONS]...")
def run(words: tuple[str, ...]) -> NoReturn:
    """Run the suites against ENV (default: twin) and end with a verdict.

    ENV is the name of an environment (see `golive envs`) or the path of its file. Whatever follows
    goes to pytest: -k EXPR, -m MARKER, -n 4, -x, -v, --lf, a path of a suite, and golive's own
    options, below.
    """
    if "-h" in words:  # no option of click's: it would take the h of -kinbox-without for it
        click.echo(click.get_current_context().get_help())
        sys.exit(ExitCode.GO)
    from golive.cli.commands.run import run as run_suites

    sys.exit(run_suites(list(words)))


@cli.command()
def envs() -> None:
    """List the environments, and what each still lacks."""
    from golive.cli.commands.envs import table

    click.echo(table())


@cli.command(epilog=INIT_EPILOG)
@click.argument("folder", metavar="[FOLDER]", default=".")
@click.option("--yes", is_flag=True, help="Ask nothing: take the options and the proposals.")
@click.option(
    "--for",
    "deployments",
    type=click.Choice(["sandbox", "production", "both"]),
    help="Which deployments to test (proposed: both).",
)
@click.option("--tenant", metavar="ID", help="The tenant, of production if that is wanted.")
@click.option(
    "--credential",
    type=click.Choice(["secret", "key"]),
    help="How the system account proves who it is (proposed: secret).",
)
@click.option(
    "--data",
    type=click.Choice(["phi", "synthetic"]),
    help="Whether the sandbox's people are invented (proposed: phi, which hides values).",
)
@click.option(
    "--pipeline",
    type=click.Choice(["github", "gitlab", "none"]),
    help="Which pipeline to write (proposed: github).",
)
@click.option("--source", metavar="WHAT", help="What the pipeline's pip installs: a wheel, a URL.")
def init(folder: str, yes: bool, **given: str | None) -> NoReturn:
    """Write environments, .env.example and a pipeline into FOLDER, by five questions.

    No file is overwritten, and no secret is asked for.
    """
    from golive.cli.commands.init import init as write_files

    sys.exit(write_files(folder, given, yes=yes))


@cli.command()
@click.argument("environment", metavar="[ENV]", default="twin")
@click.option("--offline", is_flag=True, help="Do only what needs no network.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def doctor(environment: str, offline: bool, as_json: bool) -> NoReturn:
    """Find out why ENV does not work: walk the stages of a run, name the cause and the cure."""
    from golive.cli.commands.doctor import doctor as examine

    sys.exit(examine(environment, offline=offline, as_json=as_json))


@cli.command()
@click.argument("environment", metavar="[ENV]", default="twin")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array, an object a check.")
@click.option("-k", "expression", default="", metavar="EXPR", help="Only checks that match.")
@click.option("-m", "markers", default="", metavar="EXPR", help="Only checks with these markers.")
@click.option(
    "--requirements", is_flag=True, help="The contract's statements, and what holds each."
)
def checks(
    environment: str, as_json: bool, expression: str, markers: str, requirements: bool
) -> NoReturn:
    """List the checks: id, level, basis, area, statement, source."""
    from golive.cli.commands.checks import list_checks

    if requirements:
        from golive.cli.commands.checks import list_requirements

        if expression or markers:
            raise click.UsageError("--requirements prints the whole table, without -k and -m.")
        sys.exit(list_requirements(environment, as_json=as_json))
    sys.exit(list_checks(environment, as_json=as_json, expression=expression, markers=markers))


@cli.command(epilog=OPENAPI_EPILOG)
@click.argument("file", required=False, metavar="[FILE]")
@click.option("--api", default="messages", show_default=True, help="Which API, by its name.")
def openapi(file: str | None, api: str) -> None:
    """Write the contract of an API as one OpenAPI 3.1 document, to make a client or a mock from.

    FILE ends in .yaml, .yml or .json; without it, YAML goes to standard output. Nothing is sent.
    """
    from golive.cli.commands.openapi import write

    write(file, api)


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port; 0: a free one.")
@click.option(
    "--latency", type=click.FloatRange(0), default=0, help="Milliseconds before an answer."
)
@click.option(
    "--token-lifetime",
    type=click.IntRange(1),
    default=TWIN_TOKEN_LIFETIME,
    show_default=True,
    help="Seconds; what `expires_in` says.",
)
@click.option("--clock-offset", type=float, default=0, help="Seconds that its clock is ahead.")
@click.option("--seed", type=int, default=1, show_default=True, help="Decides the messages.")
@click.option(
    "--token-form",
    type=click.Choice(["jws", "jwe"]),
    default="jws",
    show_default=True,
    help="Its access tokens: signed, or encrypted as well.",
)
@click.option("--defect", "defects", multiple=True, help="A lie to tell; repeatable.")
@click.option("--list-defects", is_flag=True, help="List the lies that it can tell, and end.")
def twin(
    port: int,
    latency: float,
    token_lifetime: int,
    clock_offset: float,
    seed: int,
    token_form: str,
    defects: tuple[str, ...],
    list_defects: bool,
) -> None:
    """Run the twin by itself, for curl and Postman, until Ctrl-C."""
    from golive.cli.commands.twin import defect_list, serve

    if list_defects:
        click.echo(defect_list())
        return
    serve(
        port=port,
        seed=seed,
        token_form=token_form,
        latency=latency / 1000,
        token_lifetime=token_lifetime,
        clock_offset=clock_offset,
        defects=defects,
    )


@cli.command(epilog=PROVE_EPILOG)
@click.option("--json", "json_file", metavar="FILE", help="Write the whole kill matrix into FILE.")
@click.option(
    "--seeds", type=click.IntRange(1), default=20, show_default=True, help="Honest runs to make."
)
@click.option(
    "--jobs", "-j", type=click.IntRange(1), default=2, show_default=True, help="Processes."
)
@click.option("--mutants-only", is_flag=True, help="Only the lies that need no HTTP.")
@click.option("--defects-only", is_flag=True, help="Only the lies that the twin tells.")
@click.option("--defect", "names", multiple=True, metavar="NAME", help="Only this; repeatable.")
def prove(
    json_file: str | None,
    seeds: int,
    jobs: int,
    mutants_only: bool,
    defects_only: bool,
    names: tuple[str, ...],
) -> NoReturn:
    """Prove that every check can fail: tell lies, and see who notices."""
    if mutants_only and (defects_only or names):
        raise click.UsageError("--mutants-only excludes --defects-only and --defect.")
    from golive.cli.commands.prove import prove as run_proof
    from golive.cli.commands.prove import to_tell

    defects = [] if mutants_only else to_tell(names)
    mutants = not (defects_only or names)
    sys.exit(
        run_proof(json_file=json_file, seeds=seeds, jobs=jobs, defects=defects, mutants=mutants)
    )


@cli.command(name="explain", epilog=EXPLAIN_EPILOG)
@click.argument("words", nargs=-1, metavar="[WORD]...")
@click.option("--file", metavar="FILE", help="Read the input from FILE; - is standard input.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schemas/explain.schema.json).")
def explain_command(words: tuple[str, ...], file: str | None, as_json: bool) -> NoReturn:
    """Explain what you have: an answer, curl commands, a code, an id, a token. Nothing is sent.

    A response body, a header block, an error_uri, a URN, an exit code, an HTTP status, a check, a
    defect, a cause, a JWT, or several curl commands with the answers that came back between them.
    """
    from golive.cli.commands.explain import explain_input

    sys.exit(explain_input(words, file, as_json=as_json))


cli.add_command(diff)
cli.add_command(hosts)
cli.add_command(report)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line; every way out of the process leads through here."""
    sys.exit(exit_code_of(arguments))


def exit_code_of(arguments: list[str] | None = None) -> int:
    """Run the command line and return the exit code; what went wrong is told on stderr."""
    words = sys.argv[1:] if arguments is None else list(arguments)

    def call() -> None:
        # Not cli.main(): that ends with 1 for a closed pipe, which would read as NO-GO.
        with cli.make_context("golive", words) as context:
            cli.invoke(context)

    return code_of(call, decides=bool(DECIDING.intersection(words[:1])))
