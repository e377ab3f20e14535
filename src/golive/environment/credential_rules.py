"""What a credential needs to be one, and how it may be used to authenticate.

The JSON Schema says the same with `oneOf`, for editors; a failed `oneOf` can't be explained to a
person, so golive itself goes by these rules.

Whether a text can be a private key, before anybody tries to sign with it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from golive.environment.yaml_source import Source


_KEY_MEMBERS = ("key_id", "algorithm")
KEY_ACCOUNTS = ("private_key_jwt", "private_key_jwt_rsa")


def check_credential(source: Source, owner: str) -> None:
    """Note what is wrong with the credential below `owner` and with its way to authenticate."""
    key = f"{owner}.credential"
    credential = source.value(key)
    if not isinstance(credential, dict) or source.problem_of(key):
        return
    # An unknown key is most likely one of these misspelt: that one is not missing as well.
    if any(name not in _MEMBERS for name in credential):
        return
    if "twin" in credential:
        if len(credential) > 1:
            cure = "Remove the other keys, or remove twin."
            source.problem(key, "the name of a twin's account stands alone.", cure)
        return
    if "client_secret" in credential and "private_key" in credential:
        message = "both a secret and a private key are given."
        source.problem(key, message, "Keep the one that the system account is registered with.")
        return
    _check_members(source, key, credential)
    _check_authentication(source, owner, credential)


_MEMBERS = ("client_id", "client_secret", "private_key", *_KEY_MEMBERS, "twin")


def _check_members(source: Source, key: str, credential: Mapping[str, object]) -> None:
    needed = ["client_id"]
    if "private_key" in credential:
        needed += _KEY_MEMBERS
    elif "client_secret" not in credential:
        message = "there is neither a client_secret nor a private_key."
        cure = "Add client_secret: ${GOLIVE_CLIENT_SECRET}."
        source.problem(key, message, cure)
        return
    for name in needed:
        if name not in credential:
            source.problem(f"{key}.{name}", "this key is missing or has no value.", "Add it.")
    if "client_secret" in credential:
        for name in _KEY_MEMBERS:
            if name in credential:
                message = "this belongs to a private_key, and a client_secret is given."
                source.problem(f"{key}.{name}", message, "Remove it.")


def _check_authentication(source: Source, owner: str, credential: Mapping[str, object]) -> None:
    key = f"{owner}.client_authentication"
    wanted = source.sound(key)
    if wanted == "private_key_jwt" and "client_secret" in credential:
        message = "private_key_jwt needs a private_key, and the credential has a client_secret."
        source.problem(key, message, "Write client_secret_basic, or give the key.")
    elif wanted == "client_secret_basic" and "private_key" in credential:
        message = "client_secret_basic needs a client_secret, and the credential has a private_key."
        source.problem(key, message, "Write private_key_jwt, or give the secret.")


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
    """Say why a text is no private key in PEM or JWK form; empty when it looks like one."""
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
