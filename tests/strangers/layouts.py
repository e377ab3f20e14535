"""Where the authorization server, its key set and the API are; the first segment stands for the host."""

from __future__ import annotations

from dataclasses import dataclass, field

_SMART = ("protocols", "oauth2", "profiles", "smart-v1", "token")
_RESOURCE_HOSTS = (
    "api.cernermillennium.com",
    "fhir-ehr.cerner.com",
    "fhir-ehr-code.cerner.com",
    "fhir-myrecord.cerner.com",
)


@dataclass(frozen=True)
class Layout:
    """The addresses of a deployment. `{tenant}` in a path takes any one segment, `{host}` a known host."""

    auth_hosts: tuple[str, ...]
    api_host: str
    token_paths: tuple[tuple[str, ...], ...]
    keys_path: tuple[str, ...]
    issuers: tuple[str, ...]
    oracle: bool = True  # its claims, its key names, its two clouds
    alg: str = "ES256"
    api_prefix: tuple[str, ...] = ()
    extra_form: dict[str, str] = field(default_factory=dict)

    def token_route(self, segments: tuple[str, ...]) -> dict[str, str] | None:
        """The variables of a token URL, or None if the path is not a token URL."""
        for path in self.token_paths:
            found = _match(path, segments)
            if found is not None:
                return found
        return None

    def token_path(self, tenant: str) -> str:
        """The path that a user of this deployment writes down."""
        parts = [part.format(tenant=tenant, host=self.api_host) for part in self.token_paths[0]]
        return "/".join(parts)


def _match(path: tuple[str, ...], segments: tuple[str, ...]) -> dict[str, str] | None:
    if len(path) != len(segments):
        return None
    found = {}
    for expected, actual in zip(path, segments, strict=True):
        if expected == "{host}" and actual not in _RESOURCE_HOSTS:
            return None
        if expected in {"{host}", "{tenant}"}:
            found[expected.strip("{}")] = actual
        elif expected != actual:
            return None
    return found


LAYOUTS = {
    "oracle": Layout(
        auth_hosts=("authorization.cerner.com", "authorization.sandboxcerner.com"),
        api_host="api.cernermillennium.com",
        token_paths=(
            ("tenants", "{tenant}", "hosts", "{host}", *_SMART),
            ("tenants", "{tenant}", *_SMART),
        ),
        keys_path=("jwk",),
        issuers=("https://authorization.cerner.com/", "https://authorization.sandboxcerner.com/"),
    ),
    # One company host for everything: no tenant in the token URL, keys under a path of its own.
    "one-host": Layout(
        auth_hosts=("gateway.clinic.example",),
        api_host="gateway.clinic.example",
        token_paths=(("oauth2", "token"),),
        keys_path=("oauth2", "keys"),
        issuers=("https://gateway.clinic.example/oauth2",),
        oracle=False,
        api_prefix=("ehr",),
    ),
    "entra-like": Layout(
        auth_hosts=("login.clinic.example",),
        api_host="api.clinic.example",
        token_paths=(("{tenant}", "oauth2", "v2.0", "token"),),
        keys_path=("discovery", "v2.0", "keys"),
        issuers=("https://login.clinic.example/v2.0",),
        oracle=False,
        alg="RS256",
        extra_form={"resource": "https://api.clinic.example/"},
    ),
    "auth0-like": Layout(
        auth_hosts=("clinic.auth.example",),
        api_host="api.clinic.example",
        token_paths=(("oauth", "token"),),
        keys_path=(".well-known", "jwks.json"),
        issuers=("https://clinic.auth.example/",),
        oracle=False,
        alg="RS256",
        extra_form={"audience": "https://api.clinic.example/messages"},
    ),
}
