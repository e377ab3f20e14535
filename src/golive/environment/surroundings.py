"""What this machine tells other programs and golive does not listen to: a proxy."""

from __future__ import annotations

from golive.environment.variables import variables_now

_NAMES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")


def proxy_in_surroundings() -> bool:
    """Say whether a proxy is set for other programs; golive itself takes one from its file alone."""
    variables = variables_now()
    return any(variables.get(name) for name in _NAMES)
