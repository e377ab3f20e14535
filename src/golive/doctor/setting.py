"""What an environment tells before anything is sent: its fields, and the words for causes and cures."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from golive.doctor.fields import (
    Fields,
    credential_shape,
    place_fields,
    scope_fields,
    version_fields,
)
from golive.environment import (
    API_HOST,
    PUBLIC_SANDBOX_TENANT,
    SecretCredential,
    is_loopback,
    proxy_in_surroundings,
)
from golive.problems import shown_path

if TYPE_CHECKING:
    from golive.environment import Environment

RIGHT_TOKEN_HOST = {
    "production": "authorization.cerner.com",
    "sandbox": "authorization.sandboxcerner.com",
}
PLACES = {
    "token_url_at": "token.url",
    "base_url_at": "api.base_url",
    "version_at": "api.version",
    "tenant_at": "tenant",
    "scopes_at": "token.scopes",
    "credential_at": "token.credential",
    "patient_at": "test_data.patient",
    "proxy_at": "safety.proxy",
    "claims_at": "claims.operations",
    "ca_bundle_at": "safety.ca_bundle",
    "rate_at": "safety.rate",
    "key_id_at": "token.credential.key_id",
    "authentication_at": "token.client_authentication",
}


def setting_facts(environment: Environment) -> Fields:
    """Return the fields and words of an environment; of its credential only the shape."""
    token, api = environment.token, environment.api
    places = place_fields(token.url, api.base_url, environment.tenant)
    credential = token.credential
    shape = None
    if isinstance(credential, SecretCredential):
        shape = credential_shape(credential.client_id, credential.client_secret.reveal())
    host = places["api_host"]
    path = f"/tenants/{{tenant}}/hosts/{host}/protocols/oauth2/profiles/smart-v1/token"
    # A file that the twin plays for writes {twin}/ where a real one writes https://.
    start = "https://" if host == urlsplit(api.base_url).hostname else "{twin}/"
    right = RIGHT_TOKEN_HOST.get(places["api_cloud"] or "")
    return {
        **places,
        **version_fields(api.version),
        **scope_fields(token.scopes),
        **{word: at(environment, key) for word, key in PLACES.items()},
        "credential_shape": shape,
        "client_authentication": token.client_authentication,
        "file": shown_path(environment.path),
        "timeouts_at": f"`safety.connect_timeout` and {at(environment, 'safety.read_timeout')}",
        "right_token_host": right,
        "right_token_url": f"{start}{right}{path}" if right else None,
        "right_base_url": f"{start}{API_HOST}/{{tenant}}/message",
        "public_sandbox_tenant": PUBLIC_SANDBOX_TENANT,
        "variable": _variable(environment),
    }


def at(environment: Environment, key: str) -> str:
    """Name a key with its place, as `key` in FILE, line N."""
    line = environment.line_of(key)
    place = f"`{key}` in {shown_path(environment.path)}"
    return f"{place}, line {line}" if line else place


def place(environment: Environment, key: str) -> str:
    """Give the place of a key, or of the nearest one above it, as FILE:LINE."""
    line = environment.line_of(key)
    return f"{shown_path(environment.path)}:{line}" if line else shown_path(environment.path)


def _variable(environment: Environment) -> str | None:
    """Name the variable that usually holds this kind of credential; the file's own name is not kept."""
    return (
        "GOLIVE_CLIENT_SECRET"
        if isinstance(environment.token.credential, SecretCredential)
        else None
    )


def proxy_fields(environment: Environment, netloc: str) -> Fields:
    """Tell whether a proxy is named, or set for other programs of this machine only."""
    host = netloc.rpartition("@")[2].rsplit(":", 1)[0].strip("[]")
    if is_loopback(host):
        return {"proxy": None}
    if environment.safety.proxy is not None:
        return {"proxy": "named"}
    return {"proxy": "only-in-surroundings" if proxy_in_surroundings() else "none"}
