"""The stages that need no network: what the file says of URLs, credential and scopes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.environment import SecretCredential, asked_in_short

if TYPE_CHECKING:
    from golive.diagnosis.preflight.context import Course


def environment_stage(course: Course, *, offline: bool = False) -> None:
    """Say where the file points; the doctor also says what looks wrong before anything is sent."""
    facts = course.facts
    clouds = f"token from {_cloud(facts['token_cloud'])}"
    clouds += f", API in {_cloud(facts['api_cloud'])}"
    if not course.deep:
        course.passed("environment", f"tenant {facts['tenant']}; {clouds}")
        return
    looked = course.diagnose({**facts, "stage": "urls"})
    suspicious = looked.id != "unknown"
    # What is asked later names its host itself.
    hosts = f", token host {facts['token_host']}, API host {facts['api_host']}" if offline else ""
    course.evidence.append(f"tenant {facts['tenant']}{hosts}")
    _urls(course)
    scopes = f"scopes {facts['asked']}"
    if facts["scope_syntax"] != "ok":
        scopes += f" ({facts['scope_syntax']})"
    odd = facts["scope_syntax"] != "ok" or facts["credential_shape"] not in ("ok", None)
    note = course.failed if odd else course.passed
    note("credential and scopes", f"{_credential(course)}; {scopes}")
    if offline and suspicious:
        course.stage = "urls"
        facts["stage"] = "urls"
        course.end(f"{looked.id}, found without asking anybody")


def _urls(course: Course) -> None:
    """Say what the URLs alone tell; what the credential looks like is a matter of the next stage."""
    facts = course.facts
    others = ("credential_shape", "scope_syntax")
    of_urls = {name: value for name, value in facts.items() if name not in others}
    looked = course.diagnose({**of_urls, "stage": "urls"})
    segment = {"same": "", "other": f"; /hosts/{facts['hosts_name']}/ is not the API's host"}
    token_url, api_url = course.environment.token.url, course.environment.api.base_url
    token, api = asked_in_short(token_url), asked_in_short(api_url)
    if facts["clouds"] == "same":
        api += f", both {facts['api_cloud']} cloud"
    else:
        token += f" ({_cloud(facts['token_cloud'])})"
        api += f" ({_cloud(facts['api_cloud'])})"
    no_segment = "; no /hosts/ in the token URL" if facts["token_cloud"] else ""
    version = course.environment.api.version
    where = f"{token} and {api}; tenant {facts['tenant']}, version {version}" + segment.get(
        facts["hosts_segment"] or "", no_segment
    )
    for label, other in course.environment.labelled_apis():
        if other is not course.environment.api:
            where += f"; {label}: {asked_in_short(other.base_url)}, version {other.version}"
    if looked.id == "unknown":
        course.passed("URLs and clouds", where)
    else:
        course.failed("URLs and clouds", f"{where} - suspicious: {looked.id}")


def _credential(course: Course) -> str:
    how = course.facts["client_authentication"]
    if not isinstance(course.environment.token.credential, SecretCredential):
        return f"{how}, not used yet"
    shape = course.facts["credential_shape"]
    looks = "looks like an id and a secret" if shape == "ok" else f"looks odd: {shape}"
    return f"{how}, {looks}, not used yet"


def _cloud(name: str | None) -> str:
    return f"the {name} cloud" if name else "no known cloud"
