"""The stages that need no network: what the file says of URLs, credential and scopes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.environment import SecretCredential, asked_in_short

if TYPE_CHECKING:
    from golive.diagnosis.preflight.context import PreflightContext


def environment_stage(context: PreflightContext, *, offline: bool = False) -> None:
    """Say where the file points; the doctor also says what looks wrong before anything is sent."""
    facts = context.facts
    clouds = f"token from {_cloud(facts['token_cloud'])}"
    clouds += f", API in {_cloud(facts['api_cloud'])}"
    if not context.deep:
        context.passed("environment", f"tenant {facts['tenant']}; {clouds}")
        return
    looked = context.diagnose({**facts, "stage": "urls"})
    suspicious = looked.id != "unknown"
    # What is asked later names its host itself.
    hosts = f", token host {facts['token_host']}, API host {facts['api_host']}" if offline else ""
    context.evidence.append(f"tenant {facts['tenant']}{hosts}")
    _urls(context)
    scopes = f"scopes {facts['asked']}"
    if facts["scope_syntax"] != "ok":
        scopes += f" ({facts['scope_syntax']})"
    odd = facts["scope_syntax"] != "ok" or facts["credential_shape"] not in ("ok", None)
    note = context.failed if odd else context.passed
    note("credential and scopes", f"{_credential(context)}; {scopes}")
    if offline and suspicious:
        context.stage = "urls"
        facts["stage"] = "urls"
        context.end(f"{looked.id}, found without asking anybody")


def _urls(context: PreflightContext) -> None:
    """Say what the URLs alone show; what the credential looks like is a matter of the next stage."""
    facts = context.facts
    others = ("credential_shape", "scope_syntax")
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
    if looked.id == "unknown":
        context.passed("URLs and clouds", where)
    else:
        context.failed("URLs and clouds", f"{where} - suspicious: {looked.id}")


def _credential(context: PreflightContext) -> str:
    how = context.facts["client_authentication"]
    if not isinstance(context.environment.token.credential, SecretCredential):
        return f"{how}, not used yet"
    shape = context.facts["credential_shape"]
    looks = "looks like an id and a secret" if shape == "ok" else f"looks odd: {shape}"
    return f"{how}, {looks}, not used yet"


def _cloud(name: str | None) -> str:
    return f"the {name} cloud" if name else "no known cloud"
