"""The stages that need no network: what the file says of URLs, credential and scopes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.environment import SecretCredential

if TYPE_CHECKING:
    from golive.doctor.course import Course


def environment_stage(course: Course, *, offline: bool = False) -> None:
    """Say where the file points; the doctor also says what looks wrong before anything is sent."""
    facts = course.facts
    clouds = f"token from the {facts['token_cloud'] or 'unknown'} cloud"
    clouds += f", API in the {facts['api_cloud'] or 'unknown'} cloud"
    if not course.deep:
        course.passed("environment", f"tenant {facts['tenant']}; {clouds}")
        return
    looked = course.diagnose({**facts, "stage": "urls"})
    suspicious = looked.id != "unknown"
    course.evidence.append(
        f"tenant {facts['tenant']}, token host {facts['token_host']}, API host {facts['api_host']}"
    )
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
    token = f"{facts['token_host']} ({facts['token_cloud'] or 'unknown'} cloud)"
    api = f"{facts['api_host']} ({facts['api_cloud'] or 'unknown'} cloud)"
    if facts["clouds"] == "same":
        token, api = facts["token_host"], f"{facts['api_host']}, both {facts['api_cloud']} cloud"
    no_segment = "; no /hosts/ in the token URL" if facts["token_cloud"] else ""
    version = course.environment.api.version
    where = f"{token} and {api}; tenant {facts['tenant']}, version {version}" + segment.get(
        facts["hosts_segment"] or "", no_segment
    )
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
