"""Reads what a Secret of Kubernetes holds: values in base64 under `data`, plain ones under `stringData`."""

from __future__ import annotations

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
    found = pattern("setting").findall(manifest)
    return [(name, value.strip("\"'")) for name, value in found]


def secret_data(text: str) -> dict[str, str]:
    """Return the values that a Secret of Kubernetes holds in base64 under `data`, decoded."""
    read = ((name, decoded(value)) for name, value in _values(text))
    return {name: value for name, value in read if value is not None}


def plain_under_data(text: str) -> bool:
    """Return whether a client id stands under `data` of a Secret as it is, where base64 belongs."""
    return any(UUID.fullmatch(value) for _, value in _values(text))


SECRET = re.compile(r"(?i)secret|password|client_?id")
FEWEST = 12
"""Characters of a value whose form says something."""


def encoded_under_string_data(text: str) -> bool:
    """Return whether a secret under `stringData` of a Secret is base64 of readable text."""
    values = _values(text, STRING_DATA)
    named = (one for name, one in values if SECRET.search(name) and len(one) >= FEWEST)
    read = (one.rstrip("\n") for one in map(decoded, named) if one is not None)
    return any(one.isascii() and one.isprintable() for one in read)
