"""`golive init`: five questions, and everything that a folder needs for its first run.

An option answers its question; `--yes` takes the rest as proposed. Nothing here is a secret, and none is asked for.
"""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from golive.kit.problems import shown_path
from golive.scaffold import DEPLOYMENTS, PIPELINES, Answers, plan, write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from golive.scaffold import Written

INTRODUCTION = """\
Five questions at most; Enter takes what stands in brackets. Nothing is written before the last answer, and no
secret is asked for.
"""

DATA = {True: "synthetic", False: "phi"}

QUESTIONS = {
    "deployments": (
        "Which deployments do you test: Oracle's developer sandbox, a customer's production, both?",
        [*DEPLOYMENTS],
    ),
    "tenant": ("The tenant id of {whose} (empty: {otherwise})", []),
    "credential": (
        "How does your system account prove who it is: a client secret, or a registered key?",
        ["secret", "key"],
    ),
    "data": (
        "Is everybody in the sandbox invented, so that reports may show values?",
        ["phi", "synthetic"],
    ),
    "pipeline": ("Which pipeline shall run golive?", [*PIPELINES]),
}
"""Each question, in the order of what follows from what, and what may be answered; empty for any text."""


def _choice(question: str) -> click.Choice[str]:
    return click.Choice(QUESTIONS[question][1])


EPILOG = """\b
Exit codes: 0 written, or nothing was missing; 4 an option is wrong or a file
can't be written (nothing is written then); 130 interrupted."""


@click.command(epilog=EPILOG)
@click.argument("folder", metavar="[FOLDER]", default=".")
@click.option("--yes", is_flag=True, help="Ask nothing: take the options and the proposals.")
@click.option(
    "--for",
    "deployments",
    type=_choice("deployments"),
    help="Which deployments to test (proposed: both).",
)
@click.option("--tenant", metavar="ID", help="The tenant, of production if that is wanted.")
@click.option(
    "--credential",
    type=_choice("credential"),
    help="How the system account proves who it is (proposed: secret).",
)
@click.option(
    "--data",
    type=_choice("data"),
    help="Whether the sandbox's people are invented (proposed: phi, which hides values).",
)
@click.option(
    "--pipeline",
    type=_choice("pipeline"),
    help="Which pipeline to write (proposed: github); for many tenants one of the others.",
)
@click.option("--source", metavar="WHAT", help="What the pipeline's pip installs: a wheel, a URL.")
def command(folder: str, yes: bool, **given: str | None) -> None:
    """Write environments, .env.example, an example check and a pipeline into FOLDER, by five questions.

    Files that are there are kept as they are, so it can be run again: it adds what is missing. No secret is asked for.
    """
    root = Path(folder)
    if not root.is_dir():
        raise click.UsageError(f"{folder}: there is no such folder. Make it first.")
    known: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    answers = replace(Answers(), **known)
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError(
                "`golive init` asks its questions on a terminal. Say --yes, and give the answers as "
                "options (see `golive init --help`)."
            )
        click.echo(INTRODUCTION)
        answers = ask(answers, known)
    faults = answers.faults()
    if faults:
        raise click.UsageError("\n".join(faults))
    written = write(root, plan(answers))
    click.echo("\n".join(report(root, answers, written)))


def ask(answers: Answers, known: Mapping[str, object]) -> Answers:
    """Ask the questions whose answers are not known yet."""
    for name, (question, _) in QUESTIONS.items():
        if name in known:
            continue
        if name == "tenant":
            answer = _ask_tenant(question, answers)
        elif name == "data":
            answer = _ask_data(question, answers)
        else:
            answer = click.prompt(question, type=_choice(name), default=getattr(answers, name))
        changed: dict[str, Any] = {name: answer}
        answers = replace(answers, **changed)
    return answers


def _ask_tenant(question: str, answers: Answers) -> str:
    production = "production" in answers.environments
    otherwise = "a variable names it" if production else "Oracle's public one"
    whose = "production" if production else "the sandbox"
    question = question.format(whose=whose, otherwise=otherwise)
    while True:
        tenant: str = click.prompt(question, default="", show_default=False).strip()
        faults = replace(answers, tenant=tenant).faults()
        if not faults:
            return tenant
        click.echo(faults[0].removeprefix("--tenant: "), err=True)


def _ask_data(question: str, answers: Answers) -> str:
    if "sandbox" not in answers.environments:
        return "phi"
    return DATA[click.confirm(question, default=answers.data == "synthetic")]


def report(folder: Path, answers: Answers, written: Written) -> list[str]:
    """Say what was written, what was kept, and what comes next."""
    new = [f"  {path}" for path in written.files]
    if written.ignored:
        new.append(f"  .gitignore ({', '.join(written.ignored)})")
    where = shown_path(folder)
    lines = [f"written into {where}", *new] if new else [f"nothing is missing in {where}"]
    if written.kept:
        lines += ["", "kept as it was", *(f"  {path}" for path in written.kept)]
    if written.lacking:
        lines += ["", f"{written.example} lacks, for these answers"]
        lines += [f"  {line}" for line in written.lacking]
    first = answers.environments[0]
    copy = f"cp {written.example} .env"
    if (folder / ".env").exists():  # another program's, or filled in already
        copy = f"cat {written.example} >> .env"
    steps = {
        "golive run twin": "works as it stands, without an account",
        copy: "then fill .env in; git ignores it",
        f"golive doctor {first} --offline": "is everything in order, before anything is sent?",
        f"golive run {first}": "the first run against a real deployment",
    }
    if folder.resolve() != Path.cwd():
        steps = {f"cd {shlex.quote(shown_path(folder))}": "", **steps}
    width = max(map(len, steps))
    lines += ["", "next", *(f"  {what:<{width}}  {why}".rstrip() for what, why in steps.items())]
    if answers.pipeline != "none":
        lines += ["", *_where_from(folder, answers.source)]
        where = PIPELINES[answers.pipeline]
        lines.append(f"It needs the variables of {written.example} as {where}.")
    return lines


def _where_from(folder: Path, source: str) -> list[str]:
    """Say what the pipeline installs, and how it gets there if it is a wheel that is not there yet."""
    said = f"The pipeline installs golive from {source}"
    if not source.endswith(".whl") or "://" in source or (folder / source).exists():
        return [f"{said} (GOLIVE_SOURCE)."]
    return [
        f"{said}, which is not there yet.",
        f"`python -m pip wheel --no-deps --wheel-dir {Path(source).parent} CHECKOUT` makes it of golive's checkout;",
        "or change GOLIVE_SOURCE to where it is.",
    ]
