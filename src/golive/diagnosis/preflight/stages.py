"""The stages of the walk that ask somebody, one function each, in their order."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from golive.contract.outcomes import CouldNotTellError, NotClaimedError, SuiteError
from golive.diagnosis.fields import grant_fields, shown_fields
from golive.diagnosis.preflight import probes as first
from golive.diagnosis.response_fields import answer_fields, clock_fields
from golive.environment import asked_in_short, service_root
from golive.exchanges.failures import TransportError
from golive.exchanges.key_sets import why_unread
from golive.redaction.rendering import show_word
from golive.transport.token import NotGrantedError, access_token_of

if TYPE_CHECKING:
    from golive.diagnosis.preflight.context import Course
    from golive.exchanges.model import Exchange
    from golive.transport.api import ApiCalls
    from golive.transport.token import TokenClient

ENDS_SOON = timedelta(days=14)


def names(course: Course, tokens: TokenClient) -> None:
    """Ask for the key set, which needs no credential, to see whether the way there works."""
    course.stage = "names"
    try:
        exchange = first.key_set(tokens, course.environment)
    except NotClaimedError as absent:
        course.unseen("key set", f"not asked for: the environment does not say `{absent.key}`")
        return
    except TransportError as error:
        if _shares_the_token_host(course):
            raise
        course.unseen("key set", f"could not be read ({error})")
        return
    course.walk.made["key_set"] = exchange
    if _shares_the_token_host(course):
        course.stop_if_unserved(exchange)
    host = asked_in_short(exchange.request.url)
    unread = why_unread(exchange)
    if not course.deep:
        course.passed("names and TLS", f"{host} answered")
        _tell_unread(course, unread)
        return
    clock = clock_fields(exchange)
    course.facts.update(clock)
    told = [f"{host} answered {exchange.status}", _certificate(course, exchange)]
    told.append(
        {"ok": "clocks agree", "skewed": f"this machine's clock is {clock.get('skew')} its"}.get(
            clock.get("clock", ""), "no Date header"
        )
    )
    course.passed("names and TLS", "; ".join(told))
    _tell_unread(course, unread)


def _shares_the_token_host(course: Course) -> bool:
    """Tell whether the key set and the tokens come from one host, so that one failure stands for both."""
    token = course.environment.token
    return service_root(token.key_set or "") == service_root(token.url)


def _tell_unread(course: Course, unread: str | None) -> None:
    if unread is not None:
        course.unseen("key set", f"could not be read ({unread}); nothing is concluded from it")


def _stop_at_a_portal(course: Course, exchange: Exchange) -> None:
    """End where a web page came with 200 and without any id of the service: it never got there."""
    if exchange.intercepted:
        course.stop(exchange)


def _certificate(course: Course, exchange: Exchange) -> str:
    ends = exchange.response.certificate_ends
    if ends is None:
        return "plain http, no certificate"
    course.facts["certificate_end"] = f"on {ends:%Y-%m-%d}"
    course.facts["certificate"] = "ends-soon" if ends - exchange.sent_at < ENDS_SOON else "ok"
    return f"certificate good until {ends:%Y-%m-%d}"


def token(course: Course, tokens: TokenClient) -> str | None:
    """Ask for the token of the run; return it, or None where the checks have to say what is wrong."""
    course.stage = "token"
    environment = course.environment
    try:
        exchange = tokens.grant(environment.main_account).exchange
    except NotGrantedError as refusal:
        exchange = refusal.exchange
    course.walk.made["token_granted"] = exchange
    course.stop_if_unserved(exchange)
    before = course.walk.made.get("key_set")
    if (
        before is None or before.intercepted
    ):  # else the way is open, and the page is the server's own
        _stop_at_a_portal(course, exchange)
    granted = access_token_of(exchange)
    body = exchange.json_or_none if isinstance(exchange.json_or_none, dict) else {}
    course.facts.update(clock_fields(exchange))
    if exchange.succeeded and granted:
        course.walk.used_credential = True
        course.facts.update(shown_fields(grant_fields(environment.token.scopes, body.get("scope"))))
        host = asked_in_short(exchange.request.url)
        course.evidence.append(f"{host} granted a token ({exchange.status})")
        detail = f"granted, scope {show_word(body.get('scope'))}"
        missing = course.facts.get("missing")
        if course.deep and missing:
            detail += f"; silently left out {missing}"
        course.passed("token", detail)
        return granted
    if 400 <= exchange.status < 500 or course.deep:
        course.stop(exchange)
    # A 200 without a token, or a 5xx, is for the checks to judge.
    course.failed("token", f"status {exchange.status}, no token; the checks say why")
    return None


def read_api(course: Course, api: ApiCalls, tokens: TokenClient) -> str | None:
    """Read once with that token; return the operation that was asked, or None where no reading is claimed."""
    course.stage = "api"
    try:
        exchange = _read(course, api)
        healing = course.facts["clouds"] != "differ" and _key_unknown(exchange)
        if healing:
            # A key that was rotated in a moment ago heals with a fresh token, another cloud's never.
            tokens.forget(course.environment.main_account)
            exchange = _read(course, api)
    except NotClaimedError as absent:
        course.failed("API", f"not asked: the environment does not say `{absent.key}`")
        return None
    course.walk.made[exchange.name] = exchange
    course.stop_if_unserved(exchange)
    _stop_at_a_portal(course, exchange)
    fine = exchange.succeeded and answer_fields(exchange)["media"] != "html"
    if exchange.status in (400, 401, 403, 404) or (course.deep and not fine):
        course.stop(exchange)
    course.walk.read_with_success = exchange.succeeded
    note = course.passed if exchange.succeeded else course.failed
    detail = f"{asked_in_short(exchange.request.url)} answered {exchange.status}"
    if healing:
        course.facts["healed"] = True
        detail += " with a fresh token; it did not know the first one's key"
    note("API", detail)
    return exchange.request.operation


def _read(course: Course, api: ApiCalls) -> Exchange:
    """Send the first probe that the environment has test data for; raises NotClaimedError where it has none."""
    absent = NotClaimedError("claims.operations")
    for operation in first.probes(api.contract, course.environment):
        try:
            return first.reading(api, operation)
        except NotClaimedError as error:
            absent = error
    raise absent


def _key_unknown(exchange: Exchange) -> bool:
    return exchange.status == 401 and answer_fields(exchange)["subcode"] == "unknown_kid"


def claimed(course: Course, api: ApiCalls, asked: str | None) -> None:
    """Compare what the environment claims with what was shown; only reads, never writes."""
    course.stage = "claimed"
    environment = course.environment
    operations = environment.claims.operations
    shown = [name for name in operations if name == asked]
    for operation in operations:
        exchange = None if operation in shown else _another_reading(course, api, operation)
        if exchange is None:
            continue
        course.walk.made[exchange.name] = exchange
        course.stop_if_unserved(exchange)
        if not exchange.succeeded:
            course.stop(exchange, claimed=True, operation=operation)
        shown.append(operation)
    untried = [operation for operation in operations if operation not in shown]
    detail = f"shown {', '.join(shown) or 'nothing'}"
    if untried:
        detail += f"; claimed and not tried {', '.join(untried)}"
    accounts = environment.claims.accounts
    if accounts:
        detail += f"; {len(accounts)} further accounts claimed and not used"
    course.passed("claims", detail)


def _another_reading(course: Course, api: ApiCalls, operation: str) -> Exchange | None:
    """Read once more by another operation; None where it writes or there is nothing to read."""
    known = api.contract.operations.get(operation)
    if known is None or known.writes:
        return None
    with suppress(CouldNotTellError, NotClaimedError, SuiteError):
        return first.reading(api, known, _leading_to(course, api, operation))
    return None


def _leading_to(course: Course, api: ApiCalls, operation: str) -> Exchange | None:
    """Return an exchange of the walk whose answer may link to the operation."""
    for made in course.walk.made.values():
        asked = api.contract.operations.get(made.request.operation)
        if asked and any(target == operation for target, _ in asked.links(made.status)):
            return made
    return None
