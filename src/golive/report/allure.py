"""What Allure shows: of a check its statement, id, area, weight and source; of a run where it was, and categories.

The one module that imports allure, and only when a run writes Allure results. What is set here is text of the
suite itself; what the API answered comes through findings, which are redacted.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import allure_pytest.plugin
from allure_pytest.listener import AllureListener

from golive.contract.harm import harm_of, harms
from golive.contract.label import Basis
from golive.contract.requirements import load
from golive.environment import asked
from golive.exchanges.har import entry
from golive.exchanges.har_packed import Packed
from golive.exchanges.model import status_words
from golive.kit.files import resources
from golive.redaction import redact
from golive.report.exchange_text import as_curl_prints
from golive.report.published import links
from golive.report.text import label_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

    from golive.exchanges.model import Exchange
    from golive.report.summary import Data, Summary


OAUTH = "OAuth 2.0 client credentials"
OWN = "Demands of the project's own"
ADVICE = {"blocker": "minor", "critical": "minor", "normal": "minor", "minor": "trivial"}
OPEN = "No requirement: what golive assumes where the facts are silent"


def describe(
    check: Data,
    exchanges: Sequence[Exchange],
    *,
    deciding: bool,
    api: str,
    findings: Sequence[Data] = (),
) -> None:
    """Give the test that is being recorded the check's words and labels, and a step for each exchange.

    `api` is the API that the check is about, empty for one about tokens. Each exchange that `findings` are about is
    attached, as `curl -v` would print it.
    """
    import allure

    dynamic: Any = allure.dynamic  # it has no type annotations
    dynamic.title(check["statement"])
    dynamic.description(label_of(check))
    dynamic.label("golive-id", check["id"])
    dynamic.severity(severity(check, deciding=deciding))
    own = check["basis"] == Basis.OWN
    dynamic.epic(OWN if own else api or OAUTH)
    dynamic.feature(check["area"])
    for statement in statements(check["id"]) or (OWN if own else OPEN,):
        dynamic.story(statement)
    for words, url in links(check["source"]).items():
        dynamic.link(url, name=words)
    for exchange in exchanges:
        with allure.step(redact(_step(exchange))):
            pass  # it was made before the checks; the step says which it was
    for number, exchange in {one.number: one for one in exchanges}.items():
        places = [one for one in findings if one["exchange"].get("number") == number]
        if places:
            text = "\n".join(as_curl_prints(entry(exchange, Packed()), places))
            kind = allure.attachment_type.TEXT
            allure.attach(
                text, name=redact(f"exchange {number}: {exchange.name}"), attachment_type=kind
            )


def _step(exchange: Exchange) -> str:
    ids = "".join(f", {name} {value}" for name, value in exchange.correlation.items())
    asked = f"{exchange.name}: {exchange.request.method} → {status_words(exchange.status)}"
    return f"{asked} in {round(exchange.seconds * 1000)} ms{ids}"


def statements(check: str) -> tuple[str, ...]:
    """Return the requirements that the check holds, at most the first three."""
    return tuple(_statements().get(check, ())[:3])


@cache
def _statements() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    schemas = resources() / "schemas"
    for row in (*load(schemas), *load(schemas, of_clients=True)):
        for check in row.checks:
            found.setdefault(check, []).append(row.statement)
    return found


def severity(check: Data, *, deciding: bool) -> str:
    """Return Allure's word for the harm of a check; what decides nothing is at most minor."""
    word = harms()[harm_of(check["id"], check["area"])].severity
    return word if deciding else ADVICE.get(word, word)


class ChecksOnly(AllureListener):  # type: ignore[misc]  # it has no type annotations
    """Records tests alone; what is no function is no hook to pytest."""

    pytest_fixture_setup = None
    pytest_fixture_post_finalizer = None

    def _update_fixtures_children(self, item: pytest.Item) -> None:
        """Leave a test without the fixtures that nobody records."""


class InOnePiece(allure_pytest.plugin.AllureFileLogger):  # type: ignore[misc]
    """Writes what AllureFileLogger writes, each file in one call: its own way takes four times as long."""

    def _report_item(self, item: Any) -> None:
        text = json.dumps(item, default=_members, ensure_ascii=False)
        file = self._report_dir / item.file_pattern.format(prefix=uuid4())
        part = file.with_name(f"{file.name}.tmp")
        part.write_text(text, encoding="utf-8")
        part.replace(file)


def _members(item: object) -> dict[str, Any]:
    """Return what a part of Allure's model holds."""
    return {name: value for name, value in vars(item).items() if value or value is False}


def use() -> None:
    """Let allure-pytest record and write with these; it makes its own when it is configured."""
    allure_pytest.plugin.AllureListener = ChecksOnly
    allure_pytest.plugin.AllureFileLogger = InOnePiece


def categories() -> str:
    """Return the text of `categories.json`: one category for each outcome but passed.

    Allure 2 reads it beside the results, puts a result into every category that matches and matches whole messages;
    Allure 3 reads categories from `allurerc.yaml` alone, takes the first and looks for a match anywhere.
    """
    return files("golive.report").joinpath("categories.json").read_text(encoding="utf-8")


def properties(data: Summary) -> str:
    """Return the text of `environment.properties`, from what `summary.json` holds."""
    return redact("".join(f"{key}={_value(value)}\n" for key, value in _properties(data).items()))


def _properties(data: Summary) -> dict[str, str]:
    environment = data["environment"]
    known = {
        "verdict": f"{data['verdict']} (exit code {data['exit_code']})",
        "environment": environment["name"],
    }
    if "api" in environment:  # its file could be read
        api, double = environment["api"], data.get("double")
        known |= {
            "tenant": environment["tenant"],
            "token.host": asked(environment["token"]["url"], embedded=data["twin"]),
            "api.host": asked(api["base_url"], embedded=data["twin"]),
            "api.version": str(api["version"]),
            "double": f"{double}: nothing is proven of a deployment" if double else "no",
            "requests": str(data["requests"]),
        }
    return known | {"golive.version": data["golive_version"]}


def _value(text: str) -> str:
    """Escape a value as Java's properties files want it."""
    escaped = " ".join(text.split()).replace("\\", "\\\\")
    return "".join(c if " " <= c <= "~" else f"\\u{ord(c):04x}" for c in escaped if ord(c) < 65536)
