"""What an environment file says of the authorization server and of credentials: the rules below `token` and accounts.

The JSON Schema says with `oneOf` what makes a credential, for editors; a failed `oneOf` can't be explained to a
person, so golive itself goes by these rules.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from golive.environment.declaration import keys_of
from golive.environment.schema import MAIN
from golive.environment.sections import KeyCredential, SecretCredential, TwinCredential
from golive.environment.url_rules import check_server_url
from golive.environment.urls import (
    API_HOST,
    AUTHORIZATION_HOST,
    TWIN,
    played_host,
    real_host,
    segments,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from golive.environment.source import Source

OWN_PARAMETERS = frozenset({"grant_type", "scope", "client_assertion_type"})
SECRET_PARAMETERS = frozenset(
    {"client_id", "client_secret", "client_assertion", "assertion", "username", "password"}
    | {"code", "code_verifier", "refresh_token", "access_token", "subject_token", "actor_token"}
)
"""Parameters of RFC 6749, 7521, 7636 and 8693 that carry a credential."""

_NAME = re.compile(r"[A-Za-z0-9_-]+")


def check_token_server(source: Source, tenant: str | None, apis: Mapping[str, str]) -> None:
    """Note what is wrong below `token` beyond the shape of each key."""
    key_set = source.text("token.key_set_url")
    if key_set is not None:
        check_server_url(source, "token.key_set_url", key_set, tenant)
    issuer = source.text("token.issuer")
    if issuer is not None:
        _check_issuer(source, issuer, tenant)
    _check_places(source, apis)
    for owner in ("token", *source.accounts()):
        _check_parameters(source, f"{owner}.parameters")


def _check_issuer(source: Source, issuer: str, tenant: str | None) -> None:
    if issuer.startswith(TWIN):
        message = "an issuer is a name, and the twin's tokens name the real host."
        source.problem("token.issuer", message, "Write https:// and the host that the twin plays.")
    else:
        check_server_url(source, "token.issuer", issuer, tenant)


def _check_places(source: Source, apis: Mapping[str, str]) -> None:
    """Keep every token URL out of the APIs' paths: what is posted there would change data."""
    tenant = source.text("tenant") or ""
    keys = ("token.url", *(f"{account}.token_url" for account in source.accounts()))
    bases = {f"{key}.base_url": source.text(f"{key}.base_url") for key in apis.values()}
    for key in keys:
        url = source.text(key)
        if not url or not any(bases.values()):
            continue
        host, path = _as_routed(url.replace("{tenant}", tenant))
        for place, base in bases.items():
            api_host, api_path = _as_routed((base or "").replace("{tenant}", tenant))
            if base and host == api_host and path[: len(api_path)] == api_path:
                own = place in ("api.base_url", f"apis.{MAIN}.base_url")
                what = "messages are sent and" if own else "data may be"
                message = f"the token URL is below {place}, where {what} changed."
                source.problem(key, message, "Write the URL of the token endpoint.")
                break
        else:
            if host[0] == API_HOST:
                message = f"{API_HOST} grants no tokens: messages are sent and changed there."
                source.problem(key, message, f"Take the token from {AUTHORIZATION_HOST}.")


def _as_routed(url: str) -> tuple[tuple[str, int | None], list[str]]:
    """Return host, port and path of a URL as servers distinguish them: capitals, a last dot and a usual port do not."""
    try:
        port = None if played_host(url) or url.startswith(TWIN) else urlsplit(url).port
    except ValueError:
        port = None  # another rule reports it
    host = real_host(url).casefold().rstrip(".")
    return (host, None if port in (80, 443) else port), [
        part.casefold() for part in segments(url) if part
    ]


def _check_parameters(source: Source, key: str) -> None:
    for name in source.mapping(key):
        place = f"{key}.{name}"
        if not _NAME.fullmatch(name):
            message = "a parameter's name has only letters, digits, hyphens and underscores."
            source.problem(key, message, "Correct the name.")
        elif name in OWN_PARAMETERS:
            message = "golive sends this parameter itself."
            source.problem(place, message, "Remove it; scopes go below token.scopes.")
        elif name in SECRET_PARAMETERS:
            message = "this parameter carries a credential, which has no place here."
            source.problem(place, message, "Remove it; credentials go below credential:.")


KEY_ACCOUNTS = ("private_key_jwt", "private_key_jwt_rsa")
KINDS = {"twin": TwinCredential, "client_secret": SecretCredential, "private_key": KeyCredential}
"""What a credential is, by the key that only this kind has."""
NEEDS = {"client_secret_basic": "client_secret", "private_key_jwt": "private_key"}
"""What a way to authenticate needs."""


def check_credential(source: Source, owner: str) -> None:
    """Note what is wrong with the credential below `owner` and with its way to authenticate."""
    key = f"{owner}.credential"
    credential = source.value(key)
    if not isinstance(credential, dict) or source.problem_of(key):
        return
    members = {kind: [one.name for one in keys_of(section)] for kind, section in KINDS.items()}
    # An unknown key is most likely one of these misspelt: that one is not missing as well.
    if credential.keys() - {name for names in members.values() for name in names}:
        return
    kinds = [kind for kind in KINDS if kind in credential]
    if "twin" in kinds:
        if len(credential) > 1:
            cure = "Remove the other keys, or remove twin."
            source.problem(key, "the name of a twin's account stands alone.", cure)
    elif not kinds:
        message = "there is neither a client_secret nor a private_key."
        source.problem(key, message, "Add client_secret: ${GOLIVE_CLIENT_SECRET}.")
    elif len(kinds) > 1:
        message = "both a secret and a private key are given."
        source.problem(key, message, "Keep the one that the system account is registered with.")
    else:
        _check_kind(source, owner, kinds[0], members[kinds[0]])


def _check_kind(source: Source, owner: str, kind: str, members: list[str]) -> None:
    """Note the keys that a kind of credential lacks, those of another kind, and a way that it can't authenticate."""
    credential = source.mapping(f"{owner}.credential")
    for name in members:
        if name not in credential:
            message = "this key is missing or has no value."
            source.problem(f"{owner}.credential.{name}", message, "Add it.")
    for name in credential:
        if name not in members:
            message = f"this belongs to a private_key, and a {kind} is given."
            source.problem(f"{owner}.credential.{name}", message, "Remove it.")
    key = f"{owner}.client_authentication"
    way, fits = source.text(key), next(way for way, needed in NEEDS.items() if needed == kind)
    if way and way != fits:
        needed = NEEDS[way]
        message = f"{way} needs a {needed}, and the credential has a {kind}."
        source.problem(key, message, f"Write {fits}, or give the {needed.rpartition('_')[2]}.")


def check_account(source: Source, key: str) -> None:
    """Note a claimed key account that does not authenticate with a key."""
    name = key.rpartition(".")[2]
    credential = source.value(f"{key}.credential")
    if name not in KEY_ACCOUNTS or not isinstance(credential, dict):
        return
    basic = source.sound(f"{key}.client_authentication") == "client_secret_basic"
    if (basic or "client_secret" in credential) and not source.has_problem_at(key):
        message = "this account is claimed to authenticate with a private key, and has none."
        source.problem(key, message, "Give it a private_key, key_id and algorithm.")


def private_key_fault(text: str) -> str:
    """Say why a text is not a private key in PEM or JWK form; empty when it looks like one."""
    stripped = text.strip()
    if stripped.startswith("-----BEGIN "):
        if "PRIVATE KEY-----" not in stripped.partition("\n")[0]:
            return "the key is not a private one."
        if "ENCRYPTED" in stripped:
            return "the private key is encrypted with a passphrase, which golive can't ask for."
        ended = stripped.endswith("-----") and "-----END " in stripped
        return "" if ended else "the private key is not complete."
    try:
        members = json.loads(stripped)
    except (ValueError, RecursionError):
        members = None
    if not isinstance(members, dict) or "kty" not in members:
        return "the private key is neither PEM nor JWK text."
    return "" if "d" in members else "the key is not a private one."
