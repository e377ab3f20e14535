"""Reads the body that a program in a paste sends: an object that is written out in Python or JavaScript."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

import yaml

from golive.diagnosis.paste.objects import LARGEST_LOOSE, end_of

MOST = 20
"""Objects of a text that are looked at."""

SENT = re.compile(r"\{\s*[\"']?patientId\b")
"""How the bodies of the operations that write begin; people and pages write their members in this order."""


class _Literal(yaml.SafeLoader):
    """Reads quoted texts and numbers as they are, and what stands there without quotes, a name, as `{name}`."""


def _text_or_name(_: yaml.SafeLoader, node: yaml.ScalarNode) -> str:
    return str(node.value) if node.style else f"{{{node.value}}}"


_Literal.add_constructor("tag:yaml.org,2002:str", _text_or_name)


def literal_body(text: str) -> dict[str, Any] | None:
    """Return the first object of a text that is the body of a write; what is computed is a placeholder in it."""
    for match in islice(SENT.finditer(text), MOST):
        start = text[match.start() : match.start() + LARGEST_LOOSE]
        try:
            value = yaml.load(start[: end_of(start)], _Literal)  # noqa: S506
        except (yaml.YAMLError, ValueError, RecursionError):
            continue
        found = _with_names(value)
        if isinstance(found, dict) and {"messages", "messageSender"} & found.keys():
            return found
    return None


def _with_names(value: object) -> Any:
    if isinstance(value, dict):
        return {str(name).strip("{}"): _with_names(each) for name, each in value.items()}
    return [_with_names(each) for each in value] if isinstance(value, list) else value
