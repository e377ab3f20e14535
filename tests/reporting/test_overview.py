"""`summary.md`: every part of it, from what `summary.json` holds."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from golive.checks.verdict import ExitCode
from golive.diagnosis.causes import Change
from golive.environment import KnownDeviation, Secret
from golive.pytest_plugin.conclude import summary
from golive.report.markdown import overview
from golive.report.text import header

from .conftest import EXCHANGE, finding, result

HOSTILE = "</details><img src=x> **x** | [a](http://e.example) @team `\n# GO"


@pytest.fixture
def page(run):
    def make(verdict):
        return overview(summary(run, verdict))

    return make


def test_a_go_is_short_and_says_what_was_asked(run, page, asked):
    run.client = asked
    run.results = [result("one", proves=dict.fromkeys(run.environment.claims.operations, "full"))]
    text = page(ExitCode.GO)
    assert text.startswith("# ✅ golive twin: GO\n\nEvery deciding check passed. This was the ")
    for words in (
        "it proves that the suite works, not that the API does",
        "| tenant | `ec2458f2-1e24-41c8-b71b-0e701af7583d` |",
        "| token from | the embedded twin, in place of authorization.cerner.com (production cloud) |",
        "| checks | 1: 1 passed |",
        "| requests | 147, 29 of them for tokens |",
        "| exit code | 0 |",
    ):
        assert words in text
    assert re.search("^## (?!Not looked at)", text, re.MULTILINE) is None
    assert len(text) < 1500


def test_a_proxy_and_a_private_ca_are_named_without_a_password(run, page):
    safety = replace(
        run.environment.safety,
        proxy=Secret("http://me:a-password-1@proxy.example:3128"),
        ca_bundle=Path("/x/company-ca.pem"),
    )
    run.environment = replace(run.environment, safety=safety)
    text = page(ExitCode.GO)
    assert "| proxy | `http://proxy.example:3128` |" in text
    assert "| private CA | `company-ca.pem` |" in text
    assert "a-password-1" not in text
    assert header(run.environment)[-2:] == [
        "  by the proxy http://proxy.example:3128",
        "  trusting the private CA company-ca.pem",
    ]


def test_a_run_that_knows_nothing_says_so(page):
    text = page(ExitCode.NOTHING_PROVEN)
    assert text.startswith("# ⚠️ golive twin: NOTHING PROVEN")
    assert "| checks | none |" in text
    assert "twin was asked" not in text


def test_a_run_that_asked_the_twin_says_so_whatever_its_verdict(run, page, asked):
    run.client = asked
    assert "The embedded twin was asked, not the API." in page(ExitCode.NO_GO)


def test_a_finding_has_its_sentence_place_exchange_and_next_step(run, page):
    run.results = [result("inbox-ids", "failed", findings=[finding()])]
    text = page(ExitCode.NO_GO)
    for words in (
        "# ❌ golive twin: NO-GO",
        "## Findings (1)\n\n### `inbox-ids`\n\nEvery item has an id.\n(must, documented: RFC 9110 §15.1)",
        "- at `/items/0/id`: expected `a text`, actual `a number`",
        "- exchange `GET http://127.0.0.1:1/api.cernermillennium.com/x` → 200, "
        "2026-01-02T03:04:05.678Z, opc-request-id `abc`",
        "- **next step** Report it.",
    ):
        assert words in text


def test_what_decides_comes_first_and_each_finding_says_how_it_is_known(run, page):
    guess = finding(basis="inferred", source="contract-facts §9", advice=True)
    rfc = finding(1, basis="standard", source="RFC 6749 §5.2")
    run.results = [result("inbox-ids", "failed", findings=[guess, finding(2), rfc])]
    places = [line for line in page(ExitCode.NO_GO).splitlines() if line.startswith("- at ")]
    assert places[0].endswith("actual `a number`")
    assert places[1].endswith("actual `a number` (must, standard: RFC 6749 §5.2)")
    assert places[2].endswith("(must, inferred: contract-facts §9)")


def test_many_findings_are_counted_and_only_the_first_are_shown(run, page):
    run.results = [
        result(f"check-{n:02}", "failed", findings=[finding(10 * n + each) for each in range(5)])
        for n in range(30)
    ]
    text = page(ExitCode.NO_GO)
    assert text.count("### ") == 10
    assert text.index("## Why") < text.index("## Findings (30)")
    assert text.count("- and 2 more places") == 10
    assert "20 more, in full in `summary.json`: `check-10`" in text
    assert text.count("**next step**") == 10


def test_one_cause_is_one_finding_with_its_harm_and_the_others_that_found_it(run, page):
    run.results = [result(f"check-{n}", "failed", findings=[finding()]) for n in range(3)]
    text = page(ExitCode.NO_GO)
    assert "## Findings (1)" in text
    assert "- harm: **client breaks**; the same was found by `check-1`, `check-2`" in text
    assert "Explains 3 checks." in text


def test_advice_is_counted_and_named(run, page):
    run.results = [result(f"a-{n}", "advice", findings=[finding(advice=True)]) for n in range(7)]
    assert (
        "## Advice (7)\n\nIt decides nothing: `a-0`, `a-1`, `a-2`, `a-3`, `a-4` and 2 more"
        in page(ExitCode.GO)
    )


def test_the_stop_has_its_cause_evidence_and_cure(run, page, stopped_walk):
    diagnosis = replace(
        stopped_walk.diagnosis,
        change=Change('url: "x"', "mine.yaml:11"),
        guess=True,
        settles="Ask again tomorrow.",
    )
    run.preflight = replace(stopped_walk, diagnosis=diagnosis)
    text = page(ExitCode.CONFIGURATION)
    assert "## Stopped before the first check\n\n- **cause** The token comes from" in text
    assert "- evidence: the second one\n- **next step** Take the token from" in text
    assert '- write `url: "x"` at `mine.yaml:11`' in text
    assert "- this is a guess; what would settle it: Ask again tomorrow." in text
    run.preflight = replace(
        stopped_walk, diagnosis=replace(diagnosis, change=Change("golive envs"))
    )
    assert "- run `golive envs`" in page(ExitCode.CONFIGURATION)


def test_what_was_not_proven_is_said_once_a_cause(run, page):
    run.results = [
        *(
            result(f"t-{n}", "could not tell", cause="It was down.", next_step="Wait.")
            for n in range(3)
        ),
        result("e", "not claimed", reason="not claimed by the environment: test_data.patient"),
        result("f", "internal error", cause="KeyError"),
        result("g", proves={"listInboxItems": "envelope"}),
    ]
    run.faults = ["junit.xml can't be written"]
    run.environment = replace(run.environment, demands={"getMessage": 5})
    text = page(ExitCode.INTERNAL_ERROR)
    assert "- could not tell: It was down. (`t-0`, `t-1`, `t-2`) Wait." in text
    assert "- not claimed by the environment: test_data.patient (`e`)" in text
    assert "- internal error: KeyError (`f`)" in text
    assert "## The suite itself failed\n\n- junit.xml can't be written" in text
    assert "- `getMessage`: 0 proofs, and the environment demands 5" in text
    assert "- `listInboxItems`: no proof against a real success that held an item" in text


def test_a_stale_deviation_says_what_to_delete(run, page):
    entries = (
        KnownDeviation("gone", "It is mended", "SUP-1", date(2025, 1, 1)),
        KnownDeviation("live", "A known one", "SUP-2", date(2027, 1, 1)),
    )
    run.environment = replace(run.environment, known_deviations=entries)
    run.results = [
        result(
            "live",
            "known deviation",
            findings=[finding()],
            deviation={"reason": "A known one", "ticket": "SUP-2", "until": "2027-01-01"},
        )
    ]
    text = page(ExitCode.STALE_DEVIATION)
    assert "- `gone`: It is mended (SUP-1, until 2025-01-01); **stale**" in text
    assert "  - **next step** delete the entry at `" in text
    assert "- `live`: A known one (SUP-2, until 2027-01-01); live" in text


def test_nothing_that_a_deployment_says_is_markup(run, page, stopped_walk):
    diagnosis = replace(
        stopped_walk.diagnosis, cause=HOSTILE, evidence=(HOSTILE,), change=Change(HOSTILE, HOSTILE)
    )
    run.preflight = replace(stopped_walk, diagnosis=diagnosis)
    exchange = EXCHANGE | {"url": HOSTILE, "correlation": {HOSTILE: HOSTILE}}
    hostile = finding(at=HOSTILE, expected=HOSTILE, actual=HOSTILE, exchange=exchange)
    run.results = [
        result("a", "failed", findings=[hostile | {"next_step": HOSTILE}]),
        result("b", "could not tell", cause=HOSTILE, next_step=HOSTILE),
        result("c", "not claimed", reason=HOSTILE),
        result("d", "internal error", cause=HOSTILE),
    ]
    run.faults = [HOSTILE]
    run.environment = replace(run.environment, title=HOSTILE, tenant=HOSTILE, name=HOSTILE)
    markup = MarkdownIt("commonmark").enable("table").render(page(ExitCode.NO_GO))
    tags = set(re.findall(r"<(\w+)", markup))
    known = "h1 h2 h3 p table thead tbody tr th td ul li strong code"
    assert tags <= {*known.split()}
    assert markup.count("<h1>") == 1
    assert markup.count("<tr>") == 13
