"""Which names a file may use: those of environments, and those of the variables that fill its values.

An environment file or a `.env` may come from a stranger, in a pull request or a downloaded folder. So a name
holds nothing that a shell, a runner or a path would take for more, and a file reaches no variable that was
set for another program.
"""

from __future__ import annotations

import re

PROXY_NAMES = (
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "ALL_PROXY",
    "all_proxy",
)
"""The variables in which a machine names its proxy; they fill `safety.proxy` and nothing else."""

ALLOWED_HOSTS = "GOLIVE_ALLOWED_HOSTS"
"""The operator's own list, from the process's real environment alone."""

_ENVIRONMENT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")
_OWN = re.compile(r"GOLIVE_[A-Za-z0-9_]+")
_SECRET = re.compile(
    r"(?:^|_)(?:SECRET|PASSWORD|PASSWD|PASSPHRASE|TOKEN|PRIVATE_KEY|API_KEY)(?:_|$)"
)
NAMED_BY_THE_RULE = "only letters, digits, hyphens, dots and underscores"


def is_environment_name(name: str) -> bool:
    """Say whether a text can be an environment's name."""
    return _ENVIRONMENT.fullmatch(name) is not None


def is_own(name: str) -> bool:
    """Say whether a variable is golive's by its name."""
    return _OWN.fullmatch(name) is not None


def sounds_secret(name: str) -> bool:
    """Say whether a variable holds a secret by its name."""
    return _SECRET.search(name.upper()) is not None
