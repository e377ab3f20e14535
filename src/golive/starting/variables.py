"""`.env.example`: every variable that the written environments ask for, with what it is; no value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.starting.environments import variables_of

if TYPE_CHECKING:
    from collections.abc import Mapping

HEAD = """\
# Copy this file to .env, which git ignores, and fill it in. Variables that are set for real win over it.
# A secret can also come from a file of this folder: instead of NAME, set NAME_FILE to its name. A file elsewhere is
# named by an exported NAME_FILE. Only GOLIVE_* and the proxy variables are read from here.
# A value with a space, # or quotation mark goes between single quotes.
"""

MEANINGS = {
    "GOLIVE_CLIENT_ID": "The id of the system account.",
    "GOLIVE_CLIENT_SECRET": "Its secret.",
    "GOLIVE_PRIVATE_KEY": "Its private key, as PEM or JWK.",
    "GOLIVE_KEY_ID": "The key's id (kid) as it is registered.",
    "GOLIVE_PATIENT_ID": "A patient with messages in the sandbox; without it, nothing of messages is checked.",
    "GOLIVE_PRODUCTION_TENANT": "The customer's production tenant.",
    "GOLIVE_PRODUCTION_PATIENT_ID": "A test patient with messages in production.",
    "HTTPS_PROXY": "A proxy for all requests. What stands only here needs `golive hosts add HOST`, too.",
}
SECRETS = ("GOLIVE_CLIENT_SECRET", "GOLIVE_PRIVATE_KEY")


def example(texts: Mapping[str, str]) -> str:
    """Return the file for these environments, by name; an optional variable is commented out."""
    users: dict[str, list[str]] = {}
    needed: dict[str, bool] = {}
    for environment, text in texts.items():
        for name, required in variables_of(text).items():
            users.setdefault(name, []).append(environment)
            needed[name] = needed.get(name, False) or required
    blocks = [HEAD]
    for name in sorted(users, key=list(MEANINGS).index):
        who = " and ".join(users[name])
        how = f"Needed by {who}." if needed[name] else f"Used by {who}, if set."
        lines = [f"# {MEANINGS[name]} {how}", f"{name}=" if needed[name] else f"# {name}="]
        if name in SECRETS:
            lines.append(f"# {name}_FILE={name.removeprefix('GOLIVE_').lower()}.txt")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)
