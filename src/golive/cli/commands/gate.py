"""`golive gate`: reads evidence and answers for each tenant whether it may go live; sends nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from golive.checks.kill_matrix import shipped
from golive.checks.verdict import ExitCode
from golive.cli.output import PLACE, as_json
from golive.contract.apis import known_operations
from golive.environment import Tenant, read_tenants
from golive.evidence.envelope import public_key
from golive.evidence.gate import Answer, Policy, Shelf, answer, span
from golive.evidence.statement import configured
from golive.kit.files import UnreadableError, read_text
from golive.kit.invisible import with_escapes
from golive.kit.problems import ConfigurationProblem, counted, did_you_mean, shown_path
from golive.report.text import terminal_width, wrapped

REPORTS = "reports"
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
LARGEST_LIST = 1_000_000

EPILOG = """\b
Exit codes: 0 every tenant may go live, 1 one may not, 4 an option, a key or a file is wrong."""


def _age(text: str) -> timedelta:
    """Read a span of time: `30m`, `24h`, `7d`."""
    match = re.fullmatch(r"([0-9]{1,5})([mhd])", text.strip())
    if match is None:
        raise click.BadParameter("write a number with m, h or d: 30m, 24h, 7d.")
    return timedelta(**{UNITS[match[2]]: int(match[1])})


def _percent(text: str) -> int:
    """Read a share in whole per cent, with or without its sign."""
    match = re.fullmatch(r"([0-9]{1,3}) ?%?", text.strip())
    if match is None or int(match[1]) > 100:
        raise click.BadParameter("write whole per cent: 85%.")
    return int(match[1])


@click.command(epilog=EPILOG)
@click.argument("places", nargs=-1, metavar="[FILE|DIR]...", type=PLACE)
@click.option("--env", "environment", metavar="ENV", required=True, help="The environment's name.")
@click.option("--tenant", "tenants", metavar="ID", multiple=True, help="A tenant; repeatable.")
@click.option(
    "--tenants",
    "listed",
    metavar="FILE",
    type=PLACE,
    help="A tenant's id in each line; # comments. Or a list of tenants as `golive tenants` reads it.",
)
@click.option(
    "--key", metavar="PUB", type=PLACE, help="Demand this key's signature (Ed25519, PEM)."
)
@click.option(
    "--max-age",
    metavar="24h",
    type=_age,
    default="24h",
    show_default=True,
    help="How old evidence may be.",
)
@click.option(
    "--min-reach",
    metavar="85%",
    type=_percent,
    default="0",
    help="Which share of the known faults it has to reach.",
)
@click.option(
    "--max-deviations",
    metavar="N",
    type=click.IntRange(0),
    help="How many known deviations it may tolerate.",
)
@click.option(
    "--require",
    "required",
    metavar="NAME",
    multiple=True,
    help="A check that has to have passed, or an operation proven; repeatable.",
)
@click.option("--json", "json_wanted", is_flag=True, help="Print the answers as JSON.")
def command(
    places: tuple[Path, ...],
    environment: str,
    tenants: tuple[str, ...],
    listed: Path | None,
    json_wanted: bool,
    **asked: Any,
) -> int:
    """Answer from the evidence of runs whether tenants may go live, with each reason against it. Sends nothing.

    Of each tenant, the run that ended last decides. FILE is an evidence.json, DIR a folder with run folders in it
    (default: reports).
    """
    wanted = list(dict.fromkeys((*tenants, *(_listed(listed, environment) if listed else ()))))
    if not wanted:
        raise click.UsageError("Name a tenant, by --tenant or --tenants.")
    asked["key"] = public_key(asked["key"]) if asked["key"] else None
    policy = Policy(environment, configured(), **asked)
    shelf = Shelf(_places(places))
    _check_required(asked["required"], shelf)
    now = datetime.now(UTC)
    answers = [answer(tenant, shelf, policy, now) for tenant in wanted]
    may = sum(one.may for one in answers)
    if json_wanted:
        click.echo(as_json([_as_dict(one, environment) for one in answers]))
    else:
        for one in answers:
            _show(one, environment, now)
        if len(answers) > 1:
            click.echo(f"{may} of {counted(len(answers), 'tenant')} may go live.")
    return ExitCode.GO if may == len(answers) else ExitCode.NO_GO


def _places(given: tuple[Path, ...]) -> tuple[Path, ...]:
    for place in given:
        if not place.exists():
            raise ConfigurationProblem.of(place, "there is no such file or folder.")
    return given or (Path(REPORTS),) if Path(REPORTS).exists() else given


def _listed(file: Path, environment: str) -> list[str]:
    """Read a list of tenants; raises ConfigurationProblem."""
    if file.suffix.casefold() in (".yaml", ".yml", ".csv"):
        return [_id_of(one) for one in read_tenants(file) if one.environment == environment]
    try:
        lines = read_text(file, LARGEST_LIST).splitlines()
    except UnreadableError as error:
        raise ConfigurationProblem.of(file, str(error), error.cure, error.line) from None
    tenants = [line.partition("#")[0].strip() for line in lines]
    for number, tenant in enumerate(tenants, 1):
        if len(tenant.split()) > 1:
            message = "a line holds one tenant's id, and nothing else."
            raise ConfigurationProblem.of(file, message, line=number)
    if not any(tenants):
        raise ConfigurationProblem.of(file, "it names no tenant.")
    return [one for one in tenants if one]


def _id_of(tenant: Tenant) -> str:
    if "$" in tenant.tenant:
        message = f"the id of {tenant.name} is a variable's, and evidence is asked for by the id."
        line = tenant.lines.get("tenant", tenant.line)
        raise ConfigurationProblem.of(tenant.file, message, "Write the id out.", line)
    return tenant.tenant


def _check_required(names: tuple[str, ...], shelf: Shelf) -> None:
    known = {*shipped().needs, *known_operations(), *shelf.checks()} if names else set()
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known) or "`golive checks` lists the checks."
            raise click.UsageError(f"--require {name}: there is no such check or operation. {hint}")


def _show(one: Answer, environment: str, now: datetime) -> None:
    width = terminal_width()
    word = "may go live" if one.may else "may NOT go live"
    lines = [f"{environment}, tenant {one.tenant}: {word}"]
    if one.evidence is not None:
        said = one.evidence.golive
        age = span(now - datetime.fromisoformat(said["ended"]))
        deviations = counted(len(said["known_deviations"]), "known deviation")
        lines.append(
            f"       {said['verdict']}, {age} old, reach {said['reach'].get('percent', 0)} %, {deviations}: "
            f"{shown_path(one.evidence.file)}"
        )
    lines += [f"  NO   {reason}" for reason in one.reasons]
    lines += [f"  note {remark}" for remark in one.remarks]
    for line in lines:
        click.echo(wrapped(with_escapes(line), width, hanging=7))
    click.echo()


def _as_dict(one: Answer, environment: str) -> dict[str, Any]:
    return {
        "environment": environment,
        "tenant": one.tenant,
        "may_go_live": one.may,
        "reasons": list(one.reasons),
        "remarks": list(one.remarks),
        "evidence": shown_path(one.evidence.file) if one.evidence else None,
    }
