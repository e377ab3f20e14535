"""The stages of preflight that send requests, one function each, in their order."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from golive.contract.outcomes import CouldNotTellError, NotClaimedError, SuiteError
from golive.diagnosis.fields import shown_fields
from golive.diagnosis.preflight import probes as first
from golive.diagnosis.response_fields import clock_fields
from golive.diagnosis.scopes import grant_fields
from golive.environment import asked_in_short, service_root
from golive.exchanges.error_body import key_unknown, names_no_reason, too_early
from golive.exchanges.failures import TransportError
from golive.exchanges.key_sets import why_unread
from golive.redaction.rendering import show_word
from golive.transport.token import access_token_of

if TYPE_CHECKING:
    from golive.diagnosis.preflight.context import PreflightContext
    from golive.exchanges.model import Exchange
    from golive.transport.api import ApiCalls
    from golive.transport.token import TokenClient

ENDS_SOON = timedelta(days=14)


def names(context: PreflightContext, tokens: TokenClient) -> None:
    """Ask for the key set, which needs no credential, to see whether the way there works."""
    context.stage = "names"
    try:
        exchange = first.key_set(tokens, context.environment)
    except NotClaimedError as absent:
        context.unseen("key set", f"not asked for: the environment does not say `{absent.key}`")
        return
    except TransportError as error:
        if _shares_the_token_host(context):
            raise
        context.unseen("key set", f"could not be read ({error})")
        return
    context.preflight.made["key_set"] = exchange
    if _shares_the_token_host(context):
        context.stop_if_unserved(exchange)
    host = asked_in_short(exchange.request.url)
    unread = why_unread(exchange)
    if not context.deep:
        context.showed("names and TLS", f"{host} answered")
        _note_unread(context, unread)
        return
    clock = clock_fields(exchange)
    context.facts.update(clock)
    off = f"this machine's clock is {clock.get('skew')} its"
    clocks = {"ok": "clocks agree", "skewed": off}.get(clock.get("clock", ""), "no Date header")
    certificate = _certificate(context, exchange)
    context.showed("names and TLS", f"{host} answered {exchange.status}; {certificate}; {clocks}")
    _note_unread(context, unread)


def _shares_the_token_host(context: PreflightContext) -> bool:
    """Return whether the key set and the tokens come from one host, so that one failure stands for both."""
    token = context.environment.token
    return service_root(token.key_set or "") == service_root(token.url)


def _note_unread(context: PreflightContext, unread: str | None) -> None:
    if unread is not None:
        context.unseen("key set", f"could not be read ({unread}); nothing is concluded from it")


def _certificate(context: PreflightContext, exchange: Exchange) -> str:
    ends = exchange.response.certificate_ends
    if ends is None:
        return "plain http, no certificate"
    context.facts["certificate_end"] = f"on {ends:%Y-%m-%d}"
    context.facts["certificate"] = "ends-soon" if ends - exchange.sent_at < ENDS_SOON else "ok"
    return f"certificate good until {ends:%Y-%m-%d}"


def token(context: PreflightContext, tokens: TokenClient) -> str | None:
    """Ask for the token of the run; return it, or None where the checks have to say what is wrong."""
    context.stage = "token"
    environment = context.environment
    exchange = first.token_granted(tokens, environment)
    context.preflight.made["token_granted"] = exchange
    context.stop_if_unserved(exchange)
    before = context.preflight.made.get("key_set")
    # Where the key set came, the way is open, and a page is the server's own.
    if exchange.intercepted and (before is None or before.intercepted):
        context.stop(exchange)
    granted = access_token_of(exchange)
    body = exchange.json_or_none if isinstance(exchange.json_or_none, dict) else {}
    context.facts.update(clock_fields(exchange))
    if exchange.succeeded and granted:
        context.preflight.used_credential = True
        context.facts.update(
            shown_fields(grant_fields(environment.token.scopes, body.get("scope")))
        )
        host = asked_in_short(exchange.request.url)
        context.evidence.append(f"{host} granted a token ({exchange.status})")
        detail = f"granted, scope {show_word(body.get('scope'))}"
        missing = context.facts.get("missing")
        if context.deep and missing:
            detail += f"; silently left out {missing}"
        context.showed("token", detail)
        return granted
    if exchange.succeeded and (context.deep or _is_nothing_at_all(exchange)):
        context.stop(exchange, kind="success-without-token")
    if 400 <= exchange.status < 500 or context.deep:
        context.stop(exchange)
    # A 200 without a token, or a 5xx, is for the checks to judge.
    context.showed("token", f"status {exchange.status}, no token; the checks say why", ok=False)
    return None


def read_api(context: PreflightContext, api: ApiCalls, tokens: TokenClient) -> str | None:
    """Read once with that token; return the operation that was asked, or None where no reading is claimed."""
    context.stage = "api"
    try:
        exchange = _read(context, api)
        may_pass = context.facts["clouds"] != "differ"
        healing = may_pass and key_unknown(exchange)
        if healing:
            # A key that was rotated in a moment ago is known with a fresh token, another cloud's key never.
            tokens.forget(context.environment.main_account)
            exchange = _read(context, api)
        if may_pass:
            exchange = _patient(context, api, exchange)
    except NotClaimedError as absent:
        why = f"not asked: the environment does not say `{absent.key}`"
        context.showed("API", why, ok=False)
        return None
    context.preflight.made[exchange.name] = exchange
    context.stop_if_unserved(exchange)
    if exchange.intercepted:  # it never got there
        context.stop(exchange)
    if exchange.status in (400, 401, 403, 404) or (context.deep and not exchange.succeeded):
        context.stop(exchange)
    if exchange.succeeded:
        _stop_without_json(context, exchange)
    context.preflight.read_with_success = exchange.succeeded
    detail = f"{asked_in_short(exchange.request.url)} answered {exchange.status}"
    if healing:
        context.facts["healed"] = True
        detail += " later, with a fresh token; it did not know the first one's key"
    context.showed("API", detail, ok=exchange.succeeded)
    return exchange.request.operation


def _is_nothing_at_all(exchange: Exchange) -> bool:
    """Return whether a success has neither a body nor an id of the service, as a mock or a gateway answers."""
    return not exchange.response.body and not exchange.correlation


def _stop_without_json(context: PreflightContext, exchange: Exchange, **more: object) -> None:
    """End the doctor's preflight where a success shows nothing, a run's where nothing at all came."""
    if exchange.json_or_none is None and (context.deep or _is_nothing_at_all(exchange)):
        context.stop(exchange, kind="success-without-json", **more)


def _read(context: PreflightContext, api: ApiCalls) -> Exchange:
    """Send the first probe that the environment has test data for; raises NotClaimedError where it has none."""
    absent = NotClaimedError("claims.operations")
    for operation in first.probes(api.contract, context.environment):
        try:
            return first.reading(api, operation)
        except NotClaimedError as error:
            absent = error
    raise absent


PASSING = {
    key_unknown: ("still did not know a key of that issuer", "knew a key of that issuer"),
    too_early: ("still called the token too early", "took the token, or said more"),
    names_no_reason: ("still refused the token", "took the token, or said more"),
}
"""Refusals of a fresh token that may pass -> what is said where one stayed, and where it did not."""


def _patient(context: PreflightContext, api: ApiCalls, exchange: Exchange) -> Exchange:
    """Ask again after pauses where the key exists, as its issuer publishes it, and the API may soon take the token."""
    refused = next((one for one in PASSING if one(exchange)), None)
    if refused is None or not context.facts.get("kid_known_to_token_host"):
        return exchange
    later = api.once_key_is_known(exchange, partial(_read, context, api), refused)
    if later is None:
        return exchange
    apart = (later.sent_at - exchange.sent_at).total_seconds()
    became = PASSING[refused][0 if refused(later) else 1]
    context.evidence.append(f"asked again for {apart:.1f} s, the API {became}")
    return later


def claimed(context: PreflightContext, api: ApiCalls, asked: str | None) -> None:
    """Compare what the environment claims with what was shown; only reads, never writes."""
    context.stage = "claimed"
    environment = context.environment
    operations = environment.claims.operations
    shown = [name for name in operations if name == asked]
    for operation in operations:
        exchange = None if operation in shown else _another_reading(context, api, operation)
        if exchange is None:
            continue
        context.preflight.made[exchange.name] = exchange
        context.stop_if_unserved(exchange)
        if not exchange.succeeded:
            context.stop(exchange, claimed=True, operation=operation)
        _stop_without_json(context, exchange, claimed=True, operation=operation)
        shown.append(operation)
    untried = [operation for operation in operations if operation not in shown]
    detail = f"shown {', '.join(shown) or 'nothing'}"
    if untried:
        detail += f"; claimed and not tried {', '.join(untried)}"
    accounts = environment.claims.accounts
    if accounts:
        detail += f"; {len(accounts)} further accounts claimed and not used"
    context.showed("claims", detail)


def _another_reading(context: PreflightContext, api: ApiCalls, operation: str) -> Exchange | None:
    """Read once more by another operation; None where it writes or there is nothing to read."""
    known = api.contract.operations.get(operation)
    if known is None or known.writes:
        return None
    with suppress(CouldNotTellError, NotClaimedError, SuiteError):
        return first.reading(api, known, _leading_to(context, api, operation))
    return None


def _leading_to(context: PreflightContext, api: ApiCalls, operation: str) -> Exchange | None:
    """Return an exchange of preflight whose answer may link to the operation."""
    for made in context.preflight.made.values():
        asked = api.contract.operations.get(made.request.operation)
        if asked and any(target == operation for target, _ in asked.links(made.status)):
            return made
    return None
