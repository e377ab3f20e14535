"""The fields of `causes.yaml`, read from what is at hand: URLs, scopes, a credential, a token.

Each function returns the fields that it can determine, by their names in `causes.yaml`; the others are None
or absent. Nothing here sends anything, and nothing here keeps a secret: of a credential only its shape is returned.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from golive.checks.authority import issuer_host
from golive.contract.apis import known_apis
from golive.contract.document import Contract
from golive.diagnosis.services import fhir_parts, service_of
from golive.diagnosis.spelling import (
    NOT_SET,
    UUID,
    end_of_tenant,
    length_of_tenant,
    meant_host,
    meant_path,
    url_defect,
)
from golive.environment import (
    FORMER_SANDBOX_TENANT,
    PUBLIC_SANDBOX_TENANT,
    cloud_of,
    is_loopback,
    real_host,
)
from golive.exchanges.jwt import kids, read
from golive.kit.files import resources
from golive.kit.wire import split_url
from golive.redaction.rendering import show_reason, show_url, show_word

if TYPE_CHECKING:
    from golive.contract.apis import KnownApi
    from golive.redaction.personal import PersonalMarks

SKEW = timedelta(seconds=60)
"""Two clocks that differ by more count as skewed; a Date header has whole seconds, and answers take a while."""

FROM_OUTSIDE = frozenset(
    {"error", "urn", "subcode", "kid", "reason", "issuer", "token_tenant", "client_id", "granted"}
)
"""Fields whose value is a text of an answer or of a token."""


Fields = dict[str, Any]


def place_fields(token_url: str | None, base_url: str | None, tenant: str | None) -> Fields:
    """Return hosts, clouds, tenants and paths of the two URLs; either may be missing.

    `base_url` is the API's URL up to its namespace, without the version.
    """
    token_host = real_host(token_url) if token_url else None
    api_host = real_host(base_url) if base_url else None
    token_cloud, api_cloud = cloud_of(token_host or ""), cloud_of(api_host or "")
    known = token_cloud is not None and api_cloud is not None
    segments = split_url(token_url or "").path.split("/")
    named = segments[segments.index("hosts") + 1] if "hosts" in segments[:-1] else None
    return {
        "token_host": token_host,
        "api_host": api_host,
        "token_cloud": token_cloud,
        "api_cloud": api_cloud,
        "clouds": ("same" if token_cloud == api_cloud else "differ") if known else None,
        "hosts_name": named,
        "hosts_segment": _hosts_segment(named, api_host),
        "path": _path(base_url, tenant) if base_url else None,
        "service": _service(base_url) if base_url else None,
        "url_defect": url_defect(token_url or "", of_token=True) or url_defect(base_url or ""),
        "meant_host": (meant := meant_host(token_host) or meant_host(api_host)),
        "host_spelling": "near" if meant else None,
        "meant_path": (
            step := meant_path(base_url, {namespace(one) for one in known_apis().values()})
        ),
        "path_spelling": "near" if step else None,
        **tenant_fields(tenant),
    }


def _hosts_segment(named: str | None, api_host: str | None) -> str | None:
    """Return whether the token is asked for the API's host; None where nothing says so, as of a mock here."""
    if not named or not api_host or is_loopback(api_host):
        return None
    return "same" if named == api_host else "other"


def _service(base_url: str) -> str | None:
    """Return what answers at an API's URL; a FHIR host that is called by another API's path says nothing."""
    served = service_of(base_url)
    known = served is not None and (served.service != "fhir" or fhir_parts(base_url) is not None)
    return served.service if served and known else None


def _path(base_url: str, tenant: str | None) -> str:
    end = [part for part in split_url(base_url).path.split("/") if part][-2:]
    names = {namespace(one) for one in known_apis().values()}
    return "known" if len(end) == 2 and end[1] in names and end[0] == tenant else "unknown"


@cache
def _marks() -> PersonalMarks:
    return Contract(resources() / "schemas").personal


def patient_fields(url: str) -> Fields:
    """Return whether the URL of a request names a patient, by the contract's marks."""
    return {"patient": "asked" if any(_marks().values(url)) else "none"}


def namespace(api: KnownApi) -> str:
    """Return the last step of an API's documented URL: what selects it behind the tenant."""
    return api.base_path.rpartition("/")[2]


def api_of(base_url: str | None) -> KnownApi | None:
    """Return the API that a URL up to the version names by its end, None where it is none's."""
    end = split_url(base_url or "").path.rstrip("/").rpartition("/")[2]
    return next((one for one in known_apis().values() if end and namespace(one) == end), None)


def tenant_fields(tenant: str | None) -> Fields:
    """Return the tenant's form, and its cloud where the facts name it."""
    if tenant is None:
        return {}
    malformed = "not-set" if NOT_SET.fullmatch(tenant) else "malformed"
    return {
        "tenant": tenant,
        "tenant_form": "ok" if UUID.fullmatch(tenant) else malformed,
        "tenant_length": None if UUID.fullmatch(tenant) else length_of_tenant(tenant),
        "tenant_end": end_of_tenant(tenant),
        "tenant_cloud": "production" if tenant.lower() == PUBLIC_SANDBOX_TENANT else None,
        "tenant_moved": True if tenant.lower() == FORMER_SANDBOX_TENANT else None,
    }


def version_fields(version: str | None, api: KnownApi | None = None) -> Fields:
    """Return whether the contract knows the version of this API, or of any where none is given."""
    known = {one for each in ([api] if api else known_apis().values()) for one in each.versions}
    return {"version": ("known" if version in known else "unknown") if version else None}


def token_fields(token: str, tenant: str | None, now: datetime, key_set: object = None) -> Fields:
    """Read an access token without trusting it: tenant, key, issuer's cloud, time.

    `key_set` is that of the token host, where it was asked; `now` is an aware time.
    """
    it = read(token)
    if it.problem:
        return {}
    found: Fields = {"kid": it.kid, "token_tenant": it.tenant, "client_id": it.client_id}
    issuer = it.claims.get("iss")
    if isinstance(issuer, str):
        found["issuer"] = issuer
        found["issuer_cloud"] = cloud_of(issuer_host(issuer))
        others = found["issuer_cloud"] is None and issuer.startswith("https://")
        found["issuer_owner"] = "other" if others else None
    if it.tenant and tenant:
        found["tenants"] = "same" if it.tenant == tenant else "differ"
    if key_set is not None and it.kid is not None:
        found["kid_known_to_token_host"] = it.kid in kids(key_set)
    start, end = it.claims.get("iat"), it.claims.get("exp")
    if isinstance(end, int | float):
        moment = now.timestamp()
        early = isinstance(start, int | float) and start > moment + SKEW.total_seconds()
        found["token_time"] = "expired" if end <= moment else "not-yet" if early else "ok"
        found["seconds_left"] = round(end - moment)
    return found


def shown_fields(fields: Fields) -> Fields:
    """Return the fields with what came from outside as it may be shown: known words stay as they are."""
    return {
        name: _shown(name, value) if name in FROM_OUTSIDE and isinstance(value, str) else value
        for name, value in fields.items()
    }


def _shown(name: str, value: str) -> str:
    if name == "reason" and value.startswith("status "):
        return value
    if name in {"urn", "reason"}:
        return show_reason(value)
    return show_url(value) if name == "issuer" else show_word(value)
