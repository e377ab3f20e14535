"""The files of an overview: a page, `summary.json`, `summary.md` and `junit.xml`; none holds a time of its own."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from golive.checks.verdict import ExitCode
from golive.kit.files import write_together
from golive.kit.invisible import with_escapes
from golive.report.html.render import filled, own_file
from golive.report.html.view import TONES
from golive.report.junit import CASE, DECLARATION
from golive.report.junit import NAME as JUNIT
from golive.report.markdown import NAME as MARKDOWN
from golive.report.markdown import SIGNS, cell, plain
from golive.report.overview.sources import PAGE
from golive.report.summary import SUMMARY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from golive.report.overview.model import Overview, Row

ROWS = 100
"""Rows of the page in Markdown: a ticket or a chat takes no more."""

LEFT_OUT = 20
"""Lines about what was left out: the page has them all."""

PRIVATE = 0o700
"""Who may look into a new folder: its owner."""

TREND = {"good": "+", "bad": "!", "warn": "?"}


def write(folder: Path, found: Overview) -> None:
    """Write the files of an overview into a folder, all or none; raises OSError."""
    folder.mkdir(PRIVATE, parents=True, exist_ok=True)
    write_together(
        {
            folder / SUMMARY: as_json(found),
            folder / MARKDOWN: as_markdown(found),
            folder / JUNIT: as_junit(found),
            folder / PAGE: as_html(found),
        }
    )


def as_json(found: Overview) -> str:
    """Return the text of `summary.json` (`schemas/overview.schema.json`)."""
    return json.dumps(found.as_dict(), indent=1, ensure_ascii=False) + "\n"


def as_html(found: Overview) -> str:
    """Return the page."""
    from markupsafe import Markup

    data = found.as_dict()
    for row, shown in zip(found.rows, data["tenants"], strict=True):
        shown |= {"in_a_row": row.in_a_row, "trend": _trend(row)}
    style = Markup(own_file("page.css"))  # noqa: S704 - golive's own file
    return filled("overview.html.j2", data=data, tones=TONES, style=style, all_ask=found.double)


def _trend(row: Row) -> list[tuple[str, str]]:
    """Return the last verdicts as signs, those in a row of one tone together."""
    tones = [TONES.get(code, "warn") for _, code in row.nights]
    return [(tone, TREND[tone] * len([*group])) for tone, group in groupby(tones)]


def as_markdown(found: Overview) -> str:
    """Return the overview on one page of Markdown: the rows that are not GO, and how many are."""
    sign = SIGNS.get(found.code, "⚠️")
    verdict = found.as_dict()["verdict"]
    lines = [f"# {sign} golive: {verdict}", "", plain(found.meaning)]
    lines += [f"- Left out: {plain(one)}" for one in shortened(found.left_out)]
    rows = [row for row in found.rows if row.code is not ExitCode.GO]
    if rows:
        lines += ["", "| tenant | verdict | first reason | since |", "|---|---|---|---|"]
        lines += [_line(row) for row in rows[:ROWS]]
    if len(rows) > ROWS:
        lines += ["", f"{len(rows) - ROWS} more are in `overview.html`."]
    return "\n".join(lines) + "\n"


def shortened(left_out: Sequence[str]) -> list[str]:
    """Return the first sentences about what was left out, and how many there are more."""
    more = len(left_out) - LEFT_OUT
    return [*left_out[:LEFT_OUT], *([f"{more} more, see {PAGE}"] if more > 0 else [])]


def _line(row: Row) -> str:
    harm = f"**{row.harm}:** " if row.harm else ""
    since = f"{row.since:%Y-%m-%d} ({row.in_a_row} of {row.runs})" if row.since else ""
    sign = SIGNS.get(row.code, "⚠️")
    words = f"{harm}{plain(with_escapes(row.reason))}"
    return f"| {cell(plain(row.key))} | {sign} {row.verdict} | {cell(words)} | {since} |"


def as_junit(found: Overview) -> str:
    """Return a JUnit file with a suite for each tenant: a case for its verdict, and one for each check that failed."""
    whole = ElementTree.Element("testsuites", name="golive tenants")
    for row in found.rows:
        suite = ElementTree.SubElement(whole, "testsuite", name=row.key, time="0")
        bad = row.counts and row.code is not ExitCode.GO
        tag = "failure" if row.code is ExitCode.NO_GO else "error"
        case = ElementTree.SubElement(suite, "testcase", classname=CASE, name=row.verdict, time="0")
        if bad:
            said = with_escapes(f"{row.verdict}: {row.reason}")
            ElementTree.SubElement(case, tag, message=said).text = with_escapes(row.next_step)
        for one in row.failed:
            words = {"classname": row.key, "name": one["check"], "time": "0"}
            check = ElementTree.SubElement(suite, "testcase", words)
            ElementTree.SubElement(check, "failure", message=with_escapes(one["sentence"]))
        counts = {"tests": "testcase", "failures": "testcase/failure", "errors": "testcase/error"}
        for name, path in counts.items():
            suite.set(name, str(len(suite.findall(path))))
    return DECLARATION + ElementTree.tostring(whole, "unicode")
