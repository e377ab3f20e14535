"""The stage of preflight that reads the token: it sends nothing, and says what it could not see."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from golive.diagnosis.fields import shown_fields, token_fields
from golive.diagnosis.preflight.context import NAMES
from golive.exchanges.jwt import read
from golive.exchanges.key_sets import why_unread

if TYPE_CHECKING:
    from golive.diagnosis.preflight.context import PreflightContext


def token_itself(context: PreflightContext, granted: str) -> None:
    """Read the token as far as it can be read: whom it is for, who signed it, how long it lives."""
    context.stage = "claims"
    it = read(granted)
    form = context.environment.token.form
    if it.sealed or form == "opaque":
        why = it.sealed or "opaque (`token.form`)"
        unseen = "tenant, client, issuer, scopes, times and signature can't be seen from outside"
        context.unseen(NAMES["claims"], f"the token is {why}: {unseen}")
        return
    if it.problem:
        context.unseen(NAMES["claims"], f"the token can't be read: {it.problem}")
        return
    made, host = context.preflight.made, context.facts["token_host"]
    exchange = made["token_granted"]
    moment = exchange.sent_at + timedelta(seconds=exchange.seconds)
    asked = made.get("key_set")
    keys = None if asked is None or why_unread(asked) else asked.json
    read_of_it = token_fields(granted, context.environment.tenant, moment, keys, host)
    found = shown_fields(read_of_it)
    context.facts.update(found)
    kid = f"kid {found['kid']} {_where_known(found, host)}" if found["kid"] else "no kid"
    context.evidence[-1] += f"; its {kid}"  # the last line says that it was granted
    tenant = found.get("token_tenant")
    detail = f"tenant {tenant or 'not named'}; {kid}"
    if context.deep:
        own = getattr(context.environment.token.credential, "client_id", None)
        whose = "the tenant and client asked for"
        client = read_of_it["client_id"]
        if found.get("tenants") != "same" or client != own:
            whose = f"tenant {tenant or 'not named'}, {_client(client, own)}"
        detail = f"{whose}, {_life(found)}; issuer {found.get('issuer')}; {kid}"
        if found.get("kid_known_to_token_host") is False:
            detail += " (the other cloud's key set is not asked: the file does not name it)"
    context.passed(NAMES["claims"], detail)


def _client(named: object, own: str | None) -> str:
    if named is None:
        return "no client named"
    return "its own client" if named == own else "another client"


def _where_known(found: dict[str, object], host: str) -> str:
    """Say whether the key set holds the token's key; nothing is said of a set that nobody has read."""
    known = found.get("kid_known_to_token_host")
    if known is None:
        return "not looked up"
    return f"{'in' if known else 'not in'} the key set of {host}"


def _life(found: dict[str, object]) -> str:
    left, time = found.get("seconds_left"), found.get("token_time")
    if time is None:
        return "no expiry named"
    return f"{left} s to live" if time == "ok" else f"{time} by this machine's clock"
