"""Reads what a Secret of Kubernetes holds: values in base64 under `data`, plain ones under `stringData`."""

from __future__ import annotations

import base64
import re

from golive.diagnosis.paste.phrases import pattern
from golive.diagnosis.spelling import UUID, decoded

KEY = r"(?m)^[ \t]*[\"']?{}[\"']?:[ \t]*(?:\n|\{{)"
DATA, STRING_DATA = (re.compile(KEY.format(name)) for name in ("data", "stringData"))
"""Where values in base64 begin, and where plain ones do; `metadata:` is another key."""


def _values(text: str, begin: re.Pattern[str] = DATA) -> list[tuple[str, str]]:
    of_secrets = re.search(r"^\s*kind:\s*[\"']?Secret\b", text, re.MULTILINE)
    begins = begin.search(text) if of_secrets else None
    manifest = re.split(r"(?m)^---", text[begins.end() :])[0] if begins else ""
    return pattern("setting").findall(manifest)


def secret_data(text: str) -> dict[str, str]:
    """Return the values that a Secret of Kubernetes holds in base64 under `data`, decoded."""
    found = {}
    for name, value in _values(text):
        try:
            found[name] = base64.b64decode(value.strip("\"'"), validate=True).decode()
        except (ValueError, UnicodeDecodeError):
            continue
    return found


def plain_under_data(text: str) -> bool:
    """Return whether a client id stands under `data` of a Secret as it is, where base64 belongs."""
    return any(UUID.fullmatch(value.strip("\"'")) for _, value in _values(text))


FEWEST = 12
"""Characters of a value whose form says something."""


def encoded_under_string_data(text: str) -> bool:
    """Return whether a secret under `stringData` of a Secret is base64 of readable text."""
    named = (
        value.strip("\"'") for name, value in _values(text, STRING_DATA) if SECRET.search(name)
    )
    read = (decoded(one) for one in named if len(one) >= FEWEST)
    return any(
        one is not None and one.rstrip("\n").isascii() and one.rstrip("\n").isprintable()
        for one in read
    )


SECRET = re.compile(r"(?i)secret|password|client_?id")
