"""What an environment, or a file that can't be used, shows before anything is sent: fields and words for causes."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from golive.contract.apis import known_apis
from golive.diagnosis.causes import Diagnosis, diagnose, places_in_files
from golive.diagnosis.fields import (
    Fields,
    api_of,
    namespace,
    place_fields,
    version_fields,
)
from golive.diagnosis.scopes import scope_fields, to_ask
from golive.diagnosis.spelling import credential_shape, shape_place
from golive.environment import (
    API_HOST,
    AUTHORIZATION_HOST,
    PUBLIC_SANDBOX_TENANT,
    SecretCredential,
    address_of,
    is_double,
    is_loopback,
    proxy_in_surroundings,
)
from golive.environment.urls import TWIN
from golive.kit.problems import MissingVariable, shown_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from golive.contract.apis import KnownApi
    from golive.diagnosis.fields import Fields
    from golive.environment import Environment
    from golive.kit.problems import Problem

VARIABLE = re.compile(r"\$\{(\w+)")
SANDBOX_HOST = AUTHORIZATION_HOST.replace("cerner", "sandboxcerner")
RIGHT_TOKEN_HOST = {"production": AUTHORIZATION_HOST, "sandbox": SANDBOX_HOST}


def setting_facts(environment: Environment) -> Fields:
    """Return the fields and words of an environment; of its credential only the shape."""
    token, api = environment.token, environment.api
    known = _known(environment)
    places = place_fields(token.url, api.base_url, environment.tenant)
    credential = token.credential
    shape = odd = None
    if isinstance(credential, SecretCredential):
        shape = credential_shape(credential.client_id, credential.client_secret.reveal())
        odd = shape_place(credential.client_id, credential.client_secret.reveal(), shape)
    host = places["api_host"]
    path = f"/tenants/{{tenant}}/hosts/{host}/protocols/oauth2/profiles/smart-v1/token"
    start = _origin(environment)
    right = RIGHT_TOKEN_HOST.get(places["api_cloud"] or "")
    return {
        **places,
        **version_fields(api.version, known),
        **scope_fields(token.scopes, known),
        **{word: at(environment, key) for word, key in places_in_files().items()},
        "credential_shape": shape,
        "shape_place": odd,
        "client_authentication": token.client_authentication,
        "file": shown_path(environment.path),
        "timeouts_at": f"`safety.connect_timeout` and {at(environment, 'safety.read_timeout')}",
        "of_cloud_at": _of_cloud(environment, places["tenant_cloud"]),
        "right_token_host": right,
        "right_token_url": f"{start}{right}{path}" if right else None,
        **_right(start, known),
        **_to_ask(environment, known),
        "public_sandbox_tenant": PUBLIC_SANDBOX_TENANT,
        **_variables(environment),
    }


def _of_cloud(environment: Environment, tenant_cloud: str | None) -> str:
    """Name the keys that go with the token's cloud besides its URL: all of them change when that does."""
    token = environment.token
    there = {
        # A tenant that is known to live in production's cloud is right already.
        "tenant": tenant_cloud is None,
        "token.credential": True,
        "token.key_set_url": token.key_set_url,
        "token.issuer": token.issuer,
    }
    keys = [(key, environment.line_of(key)) for key, is_there in there.items() if is_there]
    named = [f"`{key}`{f' (line {line})' if line else ''}" for key, line in keys]
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)


def _known(environment: Environment) -> KnownApi | None:
    """Return what is described of the API that is asked first, None where it is none of the contract's."""
    names = [name for name, api in environment.apis.items() if api == environment.api]
    return known_apis().get(names[0]) or api_of(environment.api.base_url)


def _right(start: str, api: KnownApi | None) -> Fields:
    """Return the URL and the scope that would be right for this API."""
    if api is None:
        return {}
    scopes = {"message_scope_name": api.scopes[0]} if api.scopes else {}
    return {"right_base_url": f"{start}{API_HOST}/{{tenant}}/{namespace(api)}", **scopes}


def _to_ask(environment: Environment, api: KnownApi | None) -> Fields:
    """Return the scopes of the file, as they have to stand there, with that of the API."""
    if api is None or not api.scopes:
        return {}
    scopes = environment.token.scopes
    found = scope_fields(scopes, api)
    wanted = to_ask(scopes, found, None if found["message_scope"] == "asked" else api.scopes[0])
    return {"scopes_to_ask": " ".join(wanted), "scope_items": ", ".join(wanted)}


def _origin(environment: Environment) -> str:
    """Return what stands before a real host in the file's URLs: https://, {twin}/, or a double's address."""
    url = environment.api.base_url
    if not is_double(url):
        return "https://"
    with suppress(OSError, UnicodeDecodeError):
        if TWIN in environment.path.read_text(encoding="utf-8"):
            return f"{TWIN}/"
    return f"{urlsplit(url).scheme}://{address_of(url)}/"


def at(environment: Environment, key: str) -> str:
    """Name a key with its place, as `key` in FILE, line N."""
    file, line = environment.place_of(key)
    place = f"`{key}` in {shown_path(file)}"
    return f"{place}, line {line}" if line else place


def place(environment: Environment, key: str) -> str:
    """Give the place of a key, or of the nearest one above it, as FILE:LINE."""
    file, line = environment.place_of(key)
    return f"{shown_path(file)}:{line}" if line else shown_path(file)


def _variables(environment: Environment) -> Fields:
    """Name the variables that hold the credential: those of the file or, where it names none, the usual ones."""
    if not isinstance(environment.token.credential, SecretCredential):
        return {}
    usual = {"id_variable": ("client_id", "GOLIVE_CLIENT_ID")}
    usual["variable"] = ("client_secret", "GOLIVE_CLIENT_SECRET")
    return {
        word: _variable_at(environment, f"token.credential.{key}") or name
        for word, (key, name) in usual.items()
    }


def _variable_at(environment: Environment, key: str) -> str | None:
    """Return the name of the first variable on the line of a key; an environment keeps values, no names."""
    number = environment.line_of(key)
    with suppress(OSError, UnicodeDecodeError):
        lines = environment.path.read_text(encoding="utf-8").splitlines()
        found = VARIABLE.search(lines[number - 1]) if number and number <= len(lines) else None
        own = environment.listed.variables if environment.listed else {}
        return own.get(found[1], found[1]) if found else None
    return None


def proxy_fields(environment: Environment, netloc: str) -> Fields:
    """Return whether a proxy is named, or set for other programs of this machine only."""
    host = netloc.rpartition("@")[2].rsplit(":", 1)[0].strip("[]")
    if is_loopback(host):
        return {"proxy": None}
    if environment.safety.proxy is not None:
        return {"proxy": "named"}
    return {"proxy": "only-in-surroundings" if proxy_in_surroundings() else "none"}


FIELDS_OF_KIND: dict[str, Fields] = {
    "malformed-tenant": {"tenant_form": "malformed"},
    "scope-with-comma": {"scope_syntax": "commas"},
    "secret-with-whitespace": {"credential_shape": "surrounding-whitespace"},
    "url-of-another-tenant": {"problem": "url-of-another-tenant"},
}
PLACES = ("problem_at", "credential_at", "scopes_at", "tenant_at", "version_at")
SHOWN = 12


# The cures of these causes give the Messages API's own URL and version; other APIs' problems speak for themselves.
BASE_URL = ("api.base_url", "apis.messages.base_url")
VERSION = ("api.version", "apis.messages.version")


def diagnose_file(problems: Sequence[Problem]) -> Diagnosis:
    """Return the cause of the first telling problem; all of them are its evidence."""
    telling = next((each for each in problems if _fields(each)), problems[0])
    line = f", line {telling.line}" if telling.line else ""
    where = f"`{telling.key}` in {telling.file}{line}" if telling.key else telling.file
    place = f"{telling.file}:{telling.line}" if telling.line else telling.file
    facts: Fields = {
        "stage": "environment",
        "file": telling.file,
        **dict.fromkeys(PLACES, where),
        "variable": _variable(telling),
        "exports": " ".join(f"{name}=…" for name in _missing(problems)) or None,
        "public_sandbox_tenant": PUBLIC_SANDBOX_TENANT,
        "reason": telling.message,
        "next_step": telling.cure or "Correct the file.",
        **(_fields(telling) or {"problem": "other"}),
    }
    more = len(problems) - SHOWN
    lines = [*map(str, problems[:SHOWN]), *([f"and {more} more"] if more > 0 else [])]
    return diagnose(facts, tuple(lines), lambda _: place)


def _fields(problem: Problem) -> Fields:
    if isinstance(problem, MissingVariable):
        return {"problem": "missing-variable"}
    if problem.kind == "url-without-tenant":
        base = problem.key in BASE_URL
        return {"problem": "base-url-without-tenant" if base else "url-without-tenant"}
    if problem.key in VERSION:
        return {"problem": "unknown-version"}
    return FIELDS_OF_KIND.get(problem.kind, {})


def _missing(problems: Sequence[Problem]) -> list[str]:
    named = (each.variable for each in problems if isinstance(each, MissingVariable))
    return list(dict.fromkeys(named))


def _variable(problem: Problem) -> str | None:
    if isinstance(problem, MissingVariable):
        return problem.variable
    return "GOLIVE_CLIENT_SECRET" if problem.kind == "secret-with-whitespace" else None
