"""The stages of the walk that ask somebody, one function each, in their order."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from golive import first
from golive.doctor.fields import (
    answer_fields,
    clock_fields,
    grant_fields,
    shown_fields,
    token_fields,
)
from golive.findings import CouldNotTellError, NotClaimedError
from golive.redaction import show_word
from golive.token import NotGrantedError, access_token_of

if TYPE_CHECKING:
    from golive.doctor.course import Course
    from golive.exchange import Exchange
    from golive.messages import MessagesApi
    from golive.token import TokenClient

ENDS_SOON = timedelta(days=14)


def names(course: Course, api: MessagesApi) -> None:
    """Ask for the key set, which needs no credential, to see whether the way there works."""
    course.stage = "names"
    exchange = first.key_set(api, course.environment)
    course.walk.made["key_set"] = exchange
    course.stop_if_unserved(exchange)
    _stop_at_a_portal(course, exchange)
    host = course.facts["token_host"]
    if not course.deep:
        course.passed("names and TLS", f"{host} answered")
        return
    found = answer_fields(exchange)
    if 300 <= exchange.status < 400 or (exchange.succeeded and found["media"] == "html"):
        course.stop(exchange)
    clock = clock_fields(exchange)
    course.facts.update(clock)
    told = [f"{host} answered {exchange.status}", _certificate(course, exchange)]
    told.append(
        {"ok": "clocks agree", "skewed": f"this machine's clock is {clock.get('skew')} its"}.get(
            clock.get("clock", ""), "no Date header"
        )
    )
    course.passed("names and TLS", "; ".join(told))


def _stop_at_a_portal(course: Course, exchange: Exchange) -> None:
    """End where a web page came with 200 and without any id of the service: it never got there."""
    if exchange.intercepted:
        course.stop(exchange)


def _certificate(course: Course, exchange: Exchange) -> str:
    ends = exchange.response.certificate_ends
    if ends is None:
        return "plain http on this machine, no certificate"
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
    granted = access_token_of(exchange)
    body = exchange.json_or_none if isinstance(exchange.json_or_none, dict) else {}
    course.facts.update(clock_fields(exchange))
    if exchange.succeeded and granted:
        course.walk.used_credential = True
        course.facts.update(shown_fields(grant_fields(environment.token.scopes, body.get("scope"))))
        course.evidence.append(f"{course.facts['token_host']} granted a token ({exchange.status})")
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


def token_itself(course: Course, granted: str) -> None:
    """Read the token: whom it is for, who signed it, how long it lives."""
    course.stage = "claims"
    made = course.walk.made
    keys, exchange = made["key_set"].json_or_none, made["token_granted"]
    moment = exchange.sent_at + timedelta(seconds=exchange.seconds)
    host = course.facts["token_host"]
    read = token_fields(granted, course.environment.tenant, moment, keys or {}, host)
    found = shown_fields(read)
    course.facts.update(found)
    in_set = found.get("kid_known_to_token_host")
    kid = f"kid {found.get('kid')} {'in' if in_set else 'not in'} the key set of {host}"
    course.evidence[-1] += f"; its {kid}"  # the last line says that it was granted
    tenant = found.get("token_tenant")
    detail = f"tenant {tenant}; {kid}"
    if course.deep and found:
        own = getattr(course.environment.token.credential, "client_id", None)
        client = "its own client" if read["client_id"] == own else "another client"
        whose = "the tenant and client asked for"
        if found.get("tenants") != "same" or read["client_id"] != own:
            whose = f"tenant {tenant}, {client}"
        detail = f"{whose}, {_life(found)}; issuer {found.get('issuer')}; {kid}"
        if not in_set:
            detail += " (the other cloud's key set is not asked: the file does not name it)"
    course.passed("token's claims and key", detail)


def _life(found: dict[str, object]) -> str:
    left, time = found.get("seconds_left"), found.get("token_time")
    return f"{left} s to live" if time == "ok" else f"{time} by this machine's clock"


def read_api(course: Course, api: MessagesApi, tokens: TokenClient) -> str | None:
    """Read once with that token; return the exchange's name, or None where no reading is claimed."""
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
    if exchange.status in (401, 403, 404) or (course.deep and not fine):
        course.stop(exchange)
    course.walk.read_with_success = exchange.succeeded
    note = course.passed if exchange.succeeded else course.failed
    detail = f"{course.facts['api_host']} answered {exchange.status}"
    if healing:
        course.facts["healed"] = True
        detail += " with a fresh token; it did not know the first one's key"
    note("API", detail)
    return exchange.name


def _read(course: Course, api: MessagesApi) -> Exchange:
    try:
        return first.inbox_items(api, course.environment)
    except NotClaimedError:
        return first.sent_items(api, course.environment)


def _key_unknown(exchange: Exchange) -> bool:
    return exchange.status == 401 and answer_fields(exchange)["subcode"] == "unknown_kid"


def claimed(course: Course, api: MessagesApi, asked: str | None) -> None:
    """Compare what the environment claims with what was shown; only reads, never writes."""
    course.stage = "claimed"
    environment = course.environment
    operations = environment.claims.operations
    shown = [name for name in operations if first.READING_FIRST.get(name) == asked]
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


def _another_reading(course: Course, api: MessagesApi, operation: str) -> Exchange | None:
    """Read once more by another operation; None where it writes or there is nothing to read."""
    if operation == "listSentItems":
        return first.sent_items(api, course.environment)
    inbox = course.walk.made.get("inbox_items")
    if operation == "getMessage" and inbox is not None:
        with suppress(CouldNotTellError):
            return first.one_message(api, course.environment, inbox)
    return None
