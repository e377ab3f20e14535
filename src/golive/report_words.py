"""The words that golive's own reports are made of: a secret that is one of them can't be kept out of a report."""

from __future__ import annotations

import json
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


def stands_in_reports(secret: str) -> bool:
    """Tell whether a secret is a part of what every report consists of; a shorter one is not redacted at all."""
    return len(secret) >= SHORTEST and secret.casefold() in _structure()


@cache
def _structure() -> str:
    rules = resources() / "schemas" / "summary.schema.json"
    page = files("golive.page")
    texts = [
        *_names(json.loads(rules.read_text(encoding="utf-8"))),
        *(page.joinpath(name).read_text(encoding="utf-8") for name in ("page.html.j2", "page.css")),
        *(*TITLES.values(), *MEANINGS.values(), FILES, JUNIT),
    ]
    return "\n".join(texts).casefold()


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
