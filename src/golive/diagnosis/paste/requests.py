"""Parses the requests of a paste into the fields of `causes.yaml`, with the same functions as the doctor."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

from golive.diagnosis.causes import places_in_pastes
from golive.diagnosis.fields import (
    api_of,
    patient_fields,
    place_fields,
    tenant_fields,
    token_fields,
    version_fields,
)
from golive.diagnosis.paste.answers import plain
from golive.diagnosis.paste.breaks import broken_rules, writes
from golive.diagnosis.paste.carried import api_credential, client_fields, media_fields, odd_header
from golive.diagnosis.paste.curl import (
    BY_THE_SHELL,
    VERSION,
    api_parts,
    host_of,
    is_key_set,
    is_open,
    readable,
    tenant_of,
)
from golive.diagnosis.paste.links import URL
from golive.diagnosis.paste.named import scopes_asked_in
from golive.diagnosis.paste.paths import called_path, missing_step, unfilled
from golive.diagnosis.paste.phrases import pattern
from golive.diagnosis.paste.residue import without_objects
from golive.diagnosis.paste.transcript import is_of_the_platform
from golive.diagnosis.scopes import SMART_SCOPE, grant_fields, scope_fields, to_ask
from golive.diagnosis.services import scope_of_path, service_of
from golive.diagnosis.spelling import url_defect
from golive.environment import API_HOST, AUTHORIZATION_HOST, PUBLIC_SANDBOX_TENANT
from golive.environment.urls import segments

if TYPE_CHECKING:
    from golive.diagnosis.paste.pieces import PastedRequest
    from golive.diagnosis.paste.transcript import Transcript


def request_fields(transcript: Transcript, text: str = "") -> dict[str, Any]:
    """Read what requests and text show: hosts, clouds, tenants, scopes, the form of the credential."""
    token, api = transcript.token_request, transcript.api_request
    of_api = api is not None and (is_of_the_platform(api) or not is_key_set(api.url))
    base, version, tenant = api_parts(api.url) if api and of_api else (None, None, None)
    served = service_of(api.url) if api else None
    if served is None or served.service not in ("messages", "fhir", "fhir-open"):
        version = tenant = None  # the path of another service says nothing about either
    token_tenant = tenant_of(token.url) if token else None
    found: dict[str, Any] = dict(places_in_pastes())
    token_url = readable(token.url) if token and not is_open(token.url) else None
    found |= place_fields(token_url, readable(base) if base else None, tenant or token_tenant)
    if api and "host-assumed" in api.flags:
        found |= dict.fromkeys(("api_host", "api_cloud", "clouds"))
    found["host"] = found.get("api_host") or found.get("token_host")
    if token_tenant and tenant and not (is_open(token_tenant) or is_open(tenant)):
        found["tenants"] = "same" if token_tenant == tenant else "differ"
        found["token_tenant"] = token_tenant
    if token_tenant and not is_open(token_tenant):
        of_token = tenant_fields(token_tenant)
        found |= of_token if of_token["tenant_form"] != "ok" else {}
    if is_open(found.get("tenant") or ""):
        encoded = ENCODED.match(found["tenant"]) is not None  # nobody writes so by hand
        found["tenant_form"] = "placeholder" if encoded else None
        found["tenant_cloud"] = None
        found["tenant"] = unquote(found["tenant"]) if encoded else None
    found |= version_fields(None if version and is_open(version) else version, api_of(base))
    asked: list[str] = []
    if token:
        form = token.form
        # A setting is taken apart by the program that reads it, many do so at commas.
        between = "[, ]+" if "named" in token.flags else " +"
        asked = [one for one in re.split(between, " ".join(form.get("scope", []))) if one]
        found |= client_fields(token, form, text)
        if found["client_authentication"] == "none" and pattern("credential_beside").search(text):
            found["client_authentication"] = None
        cut = "shell" if pattern("background_job").search(text) else "written"
        found["form_cut"] = cut if BY_THE_SHELL in token.flags else None
        granting = service_of(token.url)
        found["owner"] = granting.owner if granting else None
        found["token_service"] = granting.service if granting else None
    asked = asked or _asked_beside(text)
    if asked and not any(map(is_open, asked)):
        found |= scope_fields(asked, api_of(base))
    found["platform_scope"] = "asked" if any(map(OF_THE_PLATFORM.match, asked)) else None
    found |= _api_fields(api, found, text) if api else {}
    found |= _caller(api, found, asked)
    found |= wanted_scopes(found)
    found |= right_urls(found)
    found |= _bearer_fields(api, found)
    found |= {"asked": None} if found.get("scope_parameter") == "absent" else {}  # nothing was sent
    shown = {name: plain(value) for name, value in found.items() if value is not None}
    # The contract's own words, which may be long.
    return shown | {name: found[name] for name in ("broken_rules", "operations") if name in found}


CALLERS = {"messages": "messages", "fhir": "fhir", "fhir-open": "fhir"}
NAME_OF_A_SCOPE = re.compile(r"[\w:./*-]+")


def _asked_beside(text: str) -> list[str]:
    """Return the scopes that a text says to be asked for beside its requests: in words, or in a form without a URL."""
    form = pattern("form").search(text)
    in_form = parse_qs(form[1]).get("scope", [""])[0].split() if form else []
    in_form = in_form if all(map(NAME_OF_A_SCOPE.fullmatch, in_form)) else []
    return scopes_asked_in(without_objects(text)) or in_form


def wanted_scopes(found: dict[str, Any]) -> dict[str, str]:
    """Return what has to be asked for, as a request and as a list hold it: what was asked for, and what is lacking."""
    lacks = found.get("message_scope") == "not-asked" and found.get("caller") == "messages"
    own = found.get("message_scope_name")
    asked = str(found.get("asked") or "").split()
    wanted = to_ask(asked, found, own or MESSAGES if lacks else None) or ([own] if own else [])
    return {"scopes_to_ask": " ".join(wanted), "scope_items": ", ".join(wanted)} if wanted else {}


def _api_fields(api: PastedRequest, before: dict[str, Any], text: str) -> dict[str, Any]:
    """Read what the call of an API alone shows: its credential, whether it writes, which rules it breaks."""
    found = dict(before)
    if "named" not in api.flags or api.header("Authorization"):
        found["api_credential"] = carries = api_credential(api)
        found["odd_header"] = odd_header(api) if carries == "misspelt" else None
        shown = api.authorization[1][:60]
        hidden = carries == "json" or re.search(r"\.{2}|…|^[xX*]+$", shown)
        if carries == "placeholder" or (is_open(shown) and not hidden):
            found["shown_placeholder"] = shown
    found |= broken_rules(api, text) | media_fields(api) | called_path(api) | unfilled(api)
    found["writes"] = writes(api)
    found["url_defect"] = found.get("url_defect") or url_defect(api.url)
    found |= {} if found["url_defect"] or found.get("path_spelling") else missing_step(api.url)
    query = [*api.query]
    apart = "named" in api.flags and not query  # its parameters may stand in the program alone
    named = "patientId" in (api.body if query else URL.sub("", text))
    found |= patient_fields(f"{api.url}?patientId=1" if named else api.url)
    plain_list = api.method in ("GET", "HEAD") and query == ["patientId"]
    if found["patient"] == "asked" and not plain_list:
        found["patient"] = "with-more"  # such as one message by its id, or a window of dates
    if api.method not in ("GET", "HEAD") or len(query) > 1 or apart:
        found["patient"] = "with-more"
    found |= _sibling(api, found)
    return found


def _sibling(api: PastedRequest, found: dict[str, Any]) -> dict[str, Any]:
    """Return what is known of an EHR API, also of one that golive has no contract for: its scope and its path."""
    served, steps = service_of(api.url), segments(api.url)
    scope = scope_of_path("/".join(steps)) if served and served.service == "messages" else None
    if scope is None:
        return {}
    known: dict[str, Any] = {"message_scope_name": scope, "namespace": steps[1]}
    if found.get("path") == "unknown" and VERSION.fullmatch("".join(steps[2:3])):
        known |= {"path": "known", "version": "known", "patient": "with-more"}
    return known


def _caller(api: PastedRequest | None, found: dict[str, Any], asked: list[str]) -> dict[str, Any]:
    """Return which API the requests are for; of a caller of FHIR nothing is said about the scope of Messages."""
    served = service_of(api.url) if api else None
    caller = CALLERS.get(served.service) if served else None
    hosts = str(found.get("hosts_name") or "")
    if caller is None and hosts:
        caller = "messages" if hosts == API_HOST else "fhir" if hosts.startswith("fhir-") else None
    if caller is None and asked and all(SMART_SCOPE.match(scope) for scope in asked):
        caller = "fhir"
    known = {"caller": caller, "service": served.service if served else None}
    if caller != "fhir":
        return known
    syntax = found.get("scope_syntax")
    return {
        **known,
        "message_scope": None,
        "message_scope_name": found.get("asked") or "SCOPES",
        "scope_syntax": "ok" if syntax in ("smart-v1", "smart-v2") else syntax,
    }


def merged(asked: dict[str, Any], answered: dict[str, Any]) -> dict[str, Any]:
    """Join the fields of requests and answer; compare what was granted with what was asked for."""
    facts = asked | answered
    facts |= right_urls(facts)
    if isinstance(facts.get("granted"), str) and isinstance(asked.get("asked"), str):
        facts |= grant_fields(asked["asked"].split(), facts["granted"])
    return facts


MESSAGES = "oraclehealth:millennium:message"
OF_THE_PLATFORM = re.compile("oraclehealth:millennium:")
ENCODED = re.compile(r"(?i)(?:%24)?(?:%7b|%3c)")
"""How a placeholder begins that was encoded for a URL, and so was sent: `{`, `<` or `${`."""

OPEN = re.compile(r"^fhir-open\.")
"""The host of the open sandbox, for which there are no tokens."""


def right_urls(found: dict[str, Any]) -> dict[str, Any]:
    """Write the URLs that would be right for this API host and tenant."""
    fhir, in_sandbox = found.get("caller") == "fhir", found.get("api_cloud") == "sandbox"
    if in_sandbox and not fhir:
        return {}
    tenant = found.get("tenant") or found.get("token_tenant") or "{tenant}"
    of_sandbox = found.get("token_cloud") == "sandbox" and not found.get("api_cloud")
    if (found.get("clouds") == "differ" or of_sandbox) and tenant != PUBLIC_SANDBOX_TENANT:
        tenant = "{tenant}"  # a tenant lives in one cloud; which one this is of can't be known
    granting = (
        AUTHORIZATION_HOST.replace("cerner", "sandboxcerner") if in_sandbox else AUTHORIZATION_HOST
    )
    host, base = API_HOST, f"https://{API_HOST}/{tenant}/{found.get('namespace') or 'message'}"
    if fhir:
        hosts = str(found.get("hosts_name") or "")
        host = str(found.get("api_host") or (hosts if hosts.startswith("fhir-") else "{FHIR host}"))
        host = OPEN.sub("fhir-ehr-code.", host)
        base = f"https://{host}/r4/{tenant}"
    elif found.get("api_cloud") == "production":
        host = str(found["api_host"])
    tail = f"/tenants/{tenant}/hosts/{host}/protocols/oauth2/profiles/smart-v1/token"
    tail = tail.replace("/hosts/{FHIR host}", "")  # the URL without it serves FHIR as well
    return {
        "right_token_host": granting,
        "right_token_url": f"https://{granting}{tail}",
        "right_base_url": base,
    }


def _bearer_fields(api: PastedRequest | None, found: dict[str, Any]) -> dict[str, Any]:
    """Read the token that the API was called with; its issuer names the cloud where no URL does."""
    scheme, token = api.authorization if api else ("", "")
    if scheme != "bearer":
        return {}
    bare = token.removeprefix("Bearer ").strip()
    read = token_fields(bare, found.get("tenant"), datetime.now(UTC))
    read.pop("token_time", None)  # the call was made at another time than now
    return read | issued(found | read)


def issued(found: dict[str, Any]) -> dict[str, Any]:
    """Return host and cloud of the token's issuer, where no URL of it is there, and its cloud against the API's."""
    if found.get("token_cloud") is not None or not found.get("issuer_cloud"):
        return {}
    cloud, api = found["issuer_cloud"], found.get("api_cloud")
    clouds = {"clouds": "same" if cloud == api else "differ"} if api else {}
    return {"token_cloud": cloud, "token_host": host_of(str(found["issuer"])), **clouds}
