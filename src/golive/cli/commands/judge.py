"""`golive judge`: the checks on exchanges that were recorded; nothing is sent and no credential is needed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from golive.cli.commands.run import refuse_what_is_ours, run_within
from golive.cli.output import PLACE, private_files, reports_option
from golive.cli.targets import RunFolder, with_stand_ins
from golive.contract.document import Contract
from golive.environment import Environment, find, is_double, load, real_host, service_root
from golive.environment.twin_binding import as_recorded
from golive.exchanges.har_reading import Archive, read_archive
from golive.kit.problems import ConfigurationProblem
from golive.pytest_plugin.state import Loaded
from golive.transport.recorded_requests import client_in, records_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

STAND_IN = "golive-stands-in-for-what-no-recording-has"
"""Takes the place of a variable that is not set: nothing is sent, so no credential is needed."""

EPILOG = """\b
Exit codes are those of `golive run`: 0 GO, 1 NO-GO, 3 internal error,
4 no HTTP Archive, or no such environment, 5 nothing proven,
7 stale deviation, 130 interrupted."""


@click.command(
    context_settings={"ignore_unknown_options": True}, epilog=EPILOG, options_metavar="[--env ENV]"
)
@click.argument("file", metavar="FILE.har", type=PLACE)
@click.option(
    "--env",
    "name",
    metavar="ENV",
    help="The environment that was recorded, by name or by path (default: the one that golive's own recording names).",
)
@reports_option
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[PYTEST OPTIONS]...")
def command(file: Path, name: str | None, reports: Path, options: tuple[str, ...]) -> int:
    """Judge the exchanges of an HTTP Archive (HAR): of a browser, Postman, a proxy, or a run's exchanges.har.

    Nothing is sent, and no credential is needed. Each exchange is matched to the operation and the situation that
    checks ask about; what they can't answer is "not in the recording". Whatever follows goes to pytest, as with
    `golive run`: -k EXPR, -m MARKER, -v.
    """
    refuse_what_is_ours(options)
    contract = Contract()
    archive = read_archive(file, contract)
    environment = environment_of(archive, name, contract)
    with private_files():
        folder = RunFolder.make(reports.absolute(), f"judged-{environment.path.stem}")
        return run_within(folder, list(options), lambda: Loaded(environment, archive))


def environment_of(archive: Archive, name: str | None, contract: Contract) -> Environment:
    """Return the environment that was recorded, as it was then; raises ConfigurationProblem."""
    own = archive.own
    if name is None and isinstance(own.get("environment"), str):
        name = own["environment"].partition("@")[0]  # of a file of tenants
    if name is None:
        message = "nothing in it says which environment was recorded."
        raise ConfigurationProblem.of(archive.file, message, "Name it: `--env sandbox`.")
    path = find(name)
    try:
        environment = load(path)
    except ConfigurationProblem as wrong:
        known = with_stand_ins(path, wrong, STAND_IN)
        if known is None:
            raise
        environment = known
    if own:
        twin = _mapping(own.get("twin"))
        address, test_data = str(twin.get("address") or ""), _mapping(own.get("test_data"))
        clients = _mapping(own.get("clients"))
        if own.get("access_rules") == "spread":  # what a gate leaves out is not in its recording
            environment = replace(
                environment, safety=replace(environment.safety, access_rules="spread")
            )
    else:
        urls = (one.request.url for one in archive.exchanges if is_double(one.request.url))
        url = next(urls, "")
        address = service_root(url).removesuffix(f"/{real_host(url)}")
        test_data = records_in(archive, contract, environment)
        clients = {"": client_in(archive)}
    return as_recorded(environment, STAND_IN, address=address, clients=clients, test_data=test_data)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
