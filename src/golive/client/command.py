"""Runs the client's own command, such as its integration tests, with what it needs to work at the twin.

That are addresses, account and test data: as variables, a `.env` file or JSON.
"""

from __future__ import annotations

import contextlib
import json
import shlex
import subprocess
from typing import TYPE_CHECKING

from golive.environment import KeyCredential, Recipient, SecretCredential

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from golive.environment import Environment


LOOPBACK = "127.0.0.1,localhost"


def variables(environment: Environment) -> dict[str, str]:
    """Return the variables by which a client finds a started twin: `GOLIVE_TOKEN_URL` and so on."""
    account = environment.main_account
    found = {"GOLIVE_TOKEN_URL": account.token_url}
    for name, api in environment.apis.items():
        own = "API" if name == "messages" else name.upper().replace("-", "_")
        found[f"GOLIVE_{own}_URL"] = f"{api.base_url}/{api.version}"
    found["GOLIVE_TENANT"] = environment.tenant
    found["GOLIVE_SCOPE"] = " ".join(account.scopes)
    credential = account.credential
    if isinstance(credential, SecretCredential):
        found["GOLIVE_CLIENT_ID"] = credential.client_id
        found["GOLIVE_CLIENT_SECRET"] = credential.client_secret.reveal()
    elif isinstance(credential, KeyCredential):
        found["GOLIVE_CLIENT_ID"] = credential.client_id
        found["GOLIVE_PRIVATE_KEY"] = credential.private_key.reveal()
        found["GOLIVE_KEY_ID"] = credential.key_id
        found["GOLIVE_ALGORITHM"] = credential.algorithm
    for name, value in vars(environment.test_data).items():
        if isinstance(value, str):
            found[f"GOLIVE_{name.upper()}"] = value
        elif isinstance(value, Recipient):
            found[f"GOLIVE_{name.upper()}_ID"] = value.id
            found[f"GOLIVE_{name.upper()}_TYPE"] = value.type
    return found


def with_loopback(surroundings: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for a command: those around, golive's, and no proxy before the twin."""
    names = [name for name in ("NO_PROXY", "no_proxy") if surroundings.get(name)] or ["NO_PROXY"]
    around = {name: ",".join(filter(None, (surroundings.get(name), LOOPBACK))) for name in names}
    return {**surroundings, **around, **own}


def as_file(file: Path, found: Mapping[str, str]) -> str:
    """Return the text of a file of variables: JSON where its name ends so, else `.env`."""
    if file.suffix.lower() == ".json":
        return json.dumps(found, indent=2) + "\n"
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in found.items())


PATIENCE = 10.0
"""Seconds that a command has to end after it was interrupted."""

BY_SIGNAL = 128
"""What a shell adds to the number of a signal that ended a command."""


def run(words: Sequence[str], variables: Mapping[str, str], umask: int) -> int:
    """Run a command with these variables and return its exit code; raises OSError where it can't be started.

    `umask` is that of its files, which are none of golive's.

    Ctrl-C goes to the command, too, as to everything in the foreground of a terminal; it is waited for.
    """
    with subprocess.Popen([*words], env=dict(variables), umask=umask) as process:  # noqa: S603 - the user's own
        try:
            code = process.wait()
        except KeyboardInterrupt:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)
            if process.poll() is None:
                process.terminate()
            code = process.wait()
    return code if code >= 0 else BY_SIGNAL - code
