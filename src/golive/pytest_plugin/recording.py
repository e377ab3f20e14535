"""The exchanges of a run in a file, and a run that takes its exchanges from such a file instead of asking."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote, urlsplit

from golive.checks.disclosure import repeated_secrets
from golive.checks.verdict import Outcome
from golive.contract.document import Contract
from golive.contract.outcomes import (
    CouldNotTellError,
    NotRecordedError,
    NotSeenError,
    SuiteError,
)
from golive.exchanges import har
from golive.exchanges.curl import first_commands
from golive.exchanges.har_packed import results_in
from golive.exchanges.model import Exchange, Steps, exchanges_in
from golive.exchanges.schedule import ExchangeScheduler, attempt
from golive.kit.files import write_whole
from golive.kit.json_text import NotJsonError, read_json
from golive.pytest_plugin.fixtures import EXCHANGES
from golive.pytest_plugin.state import EXCHANGE_KEY, REQUESTS, UNKNOWN
from golive.redaction import REDACTOR
from golive.report import files
from golive.transport.api import ApiCalls
from golive.transport.recorded import RecordedClient, RecordedTokens
from golive.transport.recorded_requests import protect

if TYPE_CHECKING:
    from golive.exchanges.har_reading import Archive
    from golive.exchanges.registry import Key
    from golive.exchanges.schedule import Result
    from golive.pytest_plugin.state import Run
    from golive.transport.client import ApiClient

MOST_IN_ARCHIVE = 1000
"""Requests of a client that `exchanges.har` shows as well; there is the journal for more."""
SYNTHETIC = "synthetic"
FOUND = ("outcome", "findings", "harm")
"""Members of a result that are kept in a recording without values."""

OF_PREFLIGHT = frozenset({"key_set", "token_granted"})
"""Exchanges that a run makes before all others."""


def keep_findings(run: Run) -> None:
    """Add what the checks found to a recording that holds no values, by which it could be found again."""
    if run.archive is None and run.environment.data != SYNTHETIC and _with_findings(run):
        keep(run)


def _with_findings(run: Run) -> dict[str, Any]:
    """Return what was found, by the ids of the checks."""
    return {
        result["id"]: {name: result[name] for name in FOUND if name in result}
        for result in run.results
        if result["findings"]
    }


def correct(run: Run, result: dict[str, Any]) -> None:
    """Correct the result of a check that was made of a recording.

    In golive's own without values stands what the run found; anything else that is found now is owed to what stands
    for the values.
    """
    if run.archive is None or run.of_client:
        return
    own = run.archive.own
    if not (own or any(one.unavailable for one in run.archive.exchanges)):
        # What somebody did not do, or did not record, says nothing about the service.
        result["unsettled_shape"] |= result["outcome"] == Outcome.COULD_NOT_TELL
    if own.get("data") in (None, SYNTHETIC):
        return
    found = own.get("found")
    known = found.get(result["id"]) if isinstance(found, dict) else None
    if isinstance(known, dict) and _is_whole(known):
        result.update(known, unsettled_shape=False, configuration=False)
        result.pop("cause", None)
        result.pop("next_step", None)
    elif result["outcome"] in (Outcome.FAILED, Outcome.ADVICE, Outcome.INTERNAL_ERROR):
        lacking = NotRecordedError("the values of this run, whose message data is not synthetic")
        result |= {"outcome": str(Outcome.COULD_NOT_TELL), "findings": [], "cause": lacking.cause}
        result |= {"next_step": lacking.next_step, "unsettled_shape": True}
        result.pop("harm", None)


def _is_whole(known: dict[str, Any]) -> bool:
    """Return whether a result is as golive writes it."""
    findings, texts = known.get("findings"), ("at", "expected", "actual", "next_step", "source")
    return known.get("outcome") in [str(one) for one in Outcome] and (
        isinstance(findings, list)
        and all(isinstance(one, dict) for one in findings)
        and all(isinstance(one.get(name), str) for one in findings for name in texts)
        and all(isinstance(one.get("exchange"), dict) for one in findings)
    )


def take(run: Run, archive: Archive, keys: list[Key]) -> None:
    """Take the exchanges from a recording; nothing is sent."""
    contract = Contract()
    REDACTOR.marks = contract.personal
    if not REDACTOR.shows_data:
        REDACTOR.public |= contract.words
    if run.of_client:
        _take_of_client(run, archive, contract, keys)
        return
    if UNKNOWN not in EXCHANGES:
        EXCHANGES.add(recorded_others)
    protect(archive)
    client = RecordedClient(archive, run.environment, contract, EXCHANGES.plain)
    tokens = RecordedTokens(client)
    api = ApiCalls(cast("ApiClient", client), tokens, run.environment, contract)
    run.services = {
        "api": api,
        "tokens": tokens,
        "contract": contract,
        "environment": run.environment,
    }
    if archive.own:
        run.made |= of_own_run(archive, keys)
    else:
        run.made |= _matched(run, client, keys)
    keep(run)


def _take_of_client(run: Run, archive: Archive, contract: Contract, keys: list[Key]) -> None:
    """Take a client's requests, and those parts of them that checks read; whatever was answered, all of them count."""
    run.services = {"contract": contract, "environment": run.environment}
    if not REDACTOR.shows_data:
        _protect_persons(archive)
    all_of_them = Steps({f"{one.number}": one for one in archive.exchanges})
    run.made[REQUESTS, ()] = all_of_them
    for name, parameters in keys:
        if name != REQUESTS:
            try:
                run.made[name, parameters] = EXCHANGES[name].make(all_of_them)
            except NotSeenError as unseen:
                run.made[name, parameters] = unseen
    if len(archive.exchanges) <= MOST_IN_ARCHIVE:
        keep(run)


def _protect_persons(archive: Archive) -> None:
    """Keep what a client sent and got of persons out of every output."""
    for one in archive.exchanges:
        texts = [value for _, value in one.request.query]
        texts.append(unquote(urlsplit(one.request.url).path.rpartition("/")[2]))
        REDACTOR.protect_personal(*(text for text in texts if text not in REDACTOR.public))
        bodies = [one.request.body, b"" if one.response.lacks_body else one.response.body]
        for body in filter(None, bodies):
            with contextlib.suppress(NotJsonError):
                REDACTOR.learn(read_json(body), personal=True)


def _matched(run: Run, client: RecordedClient, keys: list[Key]) -> dict[Key, Result]:
    """Return the recorded exchanges by the situations of the suites that they are of, and all others."""
    made: dict[Key, Result] = {}
    scheduler = ExchangeScheduler(EXCHANGES, run.services, 1, made)
    scheduler.make([key for key in keys if key[0] in OF_PREFLIGHT])
    scheduler.make_in_order(keys, EXCHANGE_KEY)
    known = {"recording": client.archive.exchanges, "environment": run.environment}
    for key, result in made.items():
        if isinstance(result, SuiteError):  # what stands in for a credential was not good enough
            made[key] = NotRecordedError("such a request")
        found = EXCHANGES[key[0]].recorded
        if found is not None and isinstance(made[key], CouldNotTellError):
            made[key] = attempt(found, known)
    used = {one.number for one in exchanges_in(made.values())}
    others = {f"{one.number}": one for one in client.unused if one.number not in used}
    run.part = _part(client.archive, len(others))
    return made | ({(UNKNOWN, ()): Steps(others)} if others else {})


def keep(run: Run) -> None:
    """Write what has been exchanged so far into the run folder."""
    known = any(isinstance(one, Exchange | Steps) for one in run.made.values())
    if run.folder is None or not known:
        return
    data = har.archive(run.made, _about(run), repeated_secrets)
    try:
        write_whole(run.folder / har.FILE, har.as_text(data))
    except OSError as error:
        run.unkept = files.unwritable(har.FILE, error)


def _about(run: Run) -> dict[str, Any]:
    """Return what `golive judge` must know of the run: where it was, as whom, with which test data."""
    environment = run.environment
    accounts = {"": environment.main_account, **environment.claims.accounts}
    clients = {name: getattr(one.credential, "client_id", "") for name, one in accounts.items()}
    shown: Any = environment.redacted()
    return {
        "environment": environment.name,
        "data": environment.data,
        "access_rules": environment.safety.access_rules,
        "clients": clients,
        "test_data": shown.get("test_data") or {},
        "twin": {"address": run.twin.address, "seed": environment.twin.seed} if run.twin else None,
        "first": first_commands(environment, run.twin.address if run.twin else ""),
        **({"found": _with_findings(run)} if environment.data != SYNTHETIC else {}),
    } | (_kept(run.archive.own) if run.archive else {})


def _kept(own: dict[str, Any]) -> dict[str, Any]:
    """Return what stays as it was where a recording of golive's own is judged."""
    names = ("twin", "first", "clients", "test_data", "data", "access_rules", "found")
    return {name: own[name] for name in names if name in own}


def _part(archive: Archive, others: int) -> str:
    """Say how much of a recording is of situations that checks ask about."""
    whole = len(archive.exchanges)
    return (
        f"A recording was judged: {whole - others} of its {whole} exchanges are of situations that checks ask about"
        + (", the others were judged by what holds of every answer." if others else ".")
    )


def recorded_others() -> Steps:
    """Everything in a recording that no exchange of the suites asks for; a run that asks has nothing of the kind."""
    return Steps()


def of_own_run(archive: Archive, keys: list[Key]) -> dict[Key, Result]:
    """Return the exchanges of golive's own recording, by the keys under which its run had them."""
    made = results_in(archive.own, archive.exchanges, EXCHANGES)
    for key in keys:
        if key not in made:
            made[key] = NotRecordedError(f"{' '.join((key[0], *(value for _, value in key[1])))}")
    return made
