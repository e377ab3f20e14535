"""The words that golive's own reports are made of: a secret that is one of them can't be kept out of a report."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from golive.redaction import SHORTEST
from golive.resources import resources
from golive.verdict import MEANINGS, TITLES

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES = (
    "summary.json summary.md report.html junit.xml results.jsonl fingerprint.json allure-results"
)
JUNIT = "testsuites testsuite testcase classname properties property failure failures errors skipped timestamp"
SHORT = 4
"""Characters; a shorter word is no secret that anybody was ever given."""

WORD = re.compile(r"[a-z0-9_-]+")


def stands_in_reports(secret: str) -> bool:
    """Tell whether a secret is a word of a report's structure or, from a length on that is redacted, a part of it."""
    words, whole = _structure()
    looked_for = secret.casefold()
    return (len(secret) >= SHORT and looked_for in words) or (
        len(secret) >= SHORTEST and looked_for in whole
    )


@cache
def _structure() -> tuple[frozenset[str], str]:
    schema = json.loads(
        (resources() / "schemas" / "summary.schema.json").read_text(encoding="utf-8")
    )
    page = files("golive.page")
    texts = [
        *_names(schema),
        *(page.joinpath(name).read_text(encoding="utf-8") for name in ("page.html.j2", "page.css")),
        *(*TITLES.values(), *MEANINGS.values(), FILES, JUNIT),
    ]
    whole = "\n".join(texts).casefold()
    return frozenset(WORD.findall(whole)), whole


def _names(schema: Any) -> Iterator[str]:
    """Yield the names of members and the fixed values in a JSON Schema."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        yield from (one for one in schema.get("enum", ()) if isinstance(one, str))
        for value in schema.values():
            yield from _names(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _names(value)
