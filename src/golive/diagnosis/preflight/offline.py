"""The stages that send nothing: what the file says of URLs, credential and scopes, and the token of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.diagnosis.fields import shown_fields, token_fields
from golive.diagnosis.preflight.context import NAMES
from golive.environment import SecretCredential, asked_in_short
from golive.exchanges.jwt import read
from golive.exchanges.key_sets import why_unread

if TYPE_CHECKING:
    from golive.diagnosis.preflight.context import PreflightContext


def environment_stage(context: PreflightContext, *, offline: bool = False) -> None:
    """Say where the file points; the doctor also says what looks wrong before anything is sent."""
    facts = context.facts
    clouds = f"token from {_cloud(facts['token_cloud'])}"
    clouds += f", API in {_cloud(facts['api_cloud'])}"
    looked = context.diagnose({**facts, "stage": "urls"})
    suspicious = looked.id != "unknown"
    if not context.deep:
        where = f"tenant {facts['tenant']}; {clouds}"
        where += f"; suspicious ({looked.id}): {looked.cause}" if suspicious else ""
        context.showed("environment", where, ok=not suspicious)
        return
    # What is asked later names its host itself.
    hosts = f", token host {facts['token_host']}, API host {facts['api_host']}" if offline else ""
    context.evidence.append(f"tenant {facts['tenant']}{hosts}")
    _urls(context)
    syntax, misspelt = facts["scope_syntax"], "scope_spelling" in facts
    scopes = f"scopes {facts['asked']}" + (f" ({syntax})" if syntax != "ok" else "")
    scopes += f" (did you mean {facts['meant_scope']}?)" if misspelt else ""
    odd = syntax != "ok" or misspelt or facts["credential_shape"] not in ("ok", None)
    context.showed("credential and scopes", f"{_credential(context)}; {scopes}", ok=not odd)
    if offline and suspicious:
        context.stage = "urls"
        facts["stage"] = "urls"
        context.end(f"{looked.id}, found without asking anybody")


def _urls(context: PreflightContext) -> None:
    """Say what the URLs alone show; what the credential looks like is a matter of the next stage."""
    facts = context.facts
    others = ("credential_shape", "scope_syntax", "scope_spelling")
    of_urls = {name: value for name, value in facts.items() if name not in others}
    looked = context.diagnose({**of_urls, "stage": "urls"})
    segment = {"same": "", "other": f"; /hosts/{facts['hosts_name']}/ is not the API's host"}
    token_url, api_url = context.environment.token.url, context.environment.api.base_url
    token, api = asked_in_short(token_url), asked_in_short(api_url)
    if facts["clouds"] == "same":
        api += f", both {facts['api_cloud']} cloud"
    else:
        token += f" ({_cloud(facts['token_cloud'])})"
        api += f" ({_cloud(facts['api_cloud'])})"
    no_segment = "; no /hosts/ in the token URL" if facts["token_cloud"] else ""
    version = context.environment.api.version
    where = f"{token} and {api}; tenant {facts['tenant']}, version {version}" + segment.get(
        facts["hosts_segment"] or "", no_segment
    )
    for label, other in context.environment.labelled_apis():
        if other is not context.environment.api:
            where += f"; {label}: {asked_in_short(other.base_url)}, version {other.version}"
    suspicious = looked.id != "unknown"
    where += f" - suspicious: {looked.id}" if suspicious else ""
    context.showed("URLs and clouds", where, ok=not suspicious)


def _credential(context: PreflightContext) -> str:
    how = context.facts["client_authentication"]
    if not isinstance(context.environment.token.credential, SecretCredential):
        return f"{how}, not used yet"
    shape = context.facts["credential_shape"]
    looks = "looks like an id and a secret" if shape == "ok" else f"looks odd: {shape}"
    return f"{how}, {looks}, not used yet"


def _cloud(name: str | None) -> str:
    return f"the {name} cloud" if name else "no known cloud"


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
    asked = made.get("key_set")
    keys = None if asked is None or why_unread(asked) else asked.json
    read_of_it = token_fields(granted, context.environment.tenant, exchange.ended_at, keys)
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
    context.showed(NAMES["claims"], detail)


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
