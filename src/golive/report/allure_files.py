"""The files beside Allure's results that say what was asked, and what kinds of outcome there are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from golive.environment import asked
from golive.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Mapping

CATEGORIES = [
    {
        "name": "The contract is broken (decides)",
        "matchedStatuses": ["failed"],
    },
    {
        "name": "Advice (decides nothing)",
        "matchedStatuses": ["skipped"],
        "messageRegex": r"^XFAIL advice[\s\S]*",
    },
    {
        "name": "Known deviation (tolerated by the environment)",
        "matchedStatuses": ["skipped"],
        "messageRegex": r"^XFAIL known deviation[\s\S]*",
    },
    {
        "name": "Could not tell (no usable answer, or too little data)",
        "matchedStatuses": ["broken"],
        "messageRegex": r"^golive\.contract\.outcomes\.(CouldNotTell|ThinData)\w*[\s\S]*",
    },
    {
        "name": "Not claimed by the environment",
        "matchedStatuses": ["skipped"],
        "messageRegex": r"^Skipped[\s\S]*",
    },
    {
        "name": "The suite itself failed",
        "matchedStatuses": ["broken"],
        "messageRegex": r"^(?!golive\.contract\.outcomes\.(CouldNotTell|ThinData))[\s\S]*",
    },
]
"""One category for each outcome but passed.

Allure 2 reads them beside the results, puts a result into every one that matches and matches whole messages;
Allure 3 reads them from `allurerc.yaml` alone, takes the first and looks for a match anywhere.
"""


def categories() -> str:
    """Return the text of `categories.json`."""
    return json.dumps(CATEGORIES, indent=2) + "\n"


def properties(data: Mapping[str, Any]) -> str:
    """Return the text of `environment.properties`, from what `summary.json` holds."""
    return redact("".join(f"{key}={_value(value)}\n" for key, value in _properties(data).items()))


def _properties(data: Mapping[str, Any]) -> dict[str, str]:
    environment = data["environment"]
    if "api" not in environment:  # its file could not be read
        return {
            "verdict": f"{data['verdict']} (exit code {data['exit_code']})",
            "environment": environment["name"],
            "golive.version": data["golive_version"],
        }
    token, api = environment["token"]["url"], environment["api"]["base_url"]
    return {
        "verdict": f"{data['verdict']} (exit code {data['exit_code']})",
        "environment": environment["name"],
        "tenant": environment["tenant"],
        "token.host": asked(token, embedded=data["twin"]),
        "api.host": asked(api, embedded=data["twin"]),
        "api.version": str(environment["api"]["version"]),
        "double": f"{data['double']}: nothing is proven of a deployment"
        if data["double"]
        else "no",
        "requests": str(data["requests"]),
        "golive.version": data["golive_version"],
    }


def _value(text: str) -> str:
    """Escape a value as Java's properties files want it."""
    escaped = " ".join(text.split()).replace("\\", "\\\\")
    return "".join(c if " " <= c <= "~" else f"\\u{ord(c):04x}" for c in escaped if ord(c) < 65536)
