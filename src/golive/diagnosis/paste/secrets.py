"""Reads what a Secret of Kubernetes holds: values in base64 under `data`, plain ones under `stringData`."""

from __future__ import annotations

import base64
import re

from golive.diagnosis.paste.phrases import pattern
from golive.diagnosis.spelling import UUID

DATA = re.compile(r"(?m)^[ \t]*[\"']?data[\"']?:[ \t]*(?:\n|\{)")
"""Where the values in base64 begin; `metadata:` and `stringData:` are other keys."""


def _values(text: str) -> list[tuple[str, str]]:
    of_secrets = re.search(r"^\s*kind:\s*[\"']?Secret\b", text, re.MULTILINE)
    begins = DATA.search(text) if of_secrets else None
    return pattern("setting").findall(text[begins.end() :]) if begins else []


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
