"""Text for a terminal: a header, a failure, a diagnosis, and how lines are broken at its width."""

from __future__ import annotations

import shutil
import textwrap
from collections import Counter
from typing import TYPE_CHECKING

from golive.contract.label import Basis
from golive.environment import asked
from golive.exchanges.model import status_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from golive.environment import Environment
    from golive.report.summary import Data, Summary

FINDINGS_SHOWN = 5
OWN_DEMAND = "the project's own demand"
NARROWEST = 60
"""Columns that are used at least; a terminal with fewer breaks the lines itself."""

LABEL = 12
"""The column in which a text begins that has a label before it."""


def terminal_width(*, least: int = NARROWEST, most: int | None = None) -> int:
    """Return how many columns to fill; without a terminal and COLUMNS, 100 of them."""
    width = max(shutil.get_terminal_size((100, 24)).columns, least)
    return min(width, most or width)


def _left_out(environment: Environment) -> list[str]:
    if environment.safety.access_rules != "spread":
        return []
    profile = "" if "safety.access_rules" in environment.lines else "profile gate: "
    by = environment.asks_all_by
    return [f"  {profile}without what only varies another question (`{by}` asks it)"]


def header(environment: Environment) -> list[str]:
    """Say what is about to be asked, and whom."""
    writes = "writes to test data" if environment.may_write else "read-only"
    return [
        f"golive: {environment.name} - {environment.title}",
        f"  tenant {environment.tenant}, {writes}, message data: {environment.data}",
        f"  token from {asked(environment.token.url)}",
        *(
            f"  {label} at {asked(api.base_url)}, version {api.version}"
            for label, api in environment.labelled_apis()
        ),
        *_left_out(environment),
        *(f"  {way}" for way in environment.way),
        *([f"  the twin has the defect {one}" for one in environment.twin.defects]),
    ]


def named_apis(environment: Data) -> list[tuple[str, Data]]:
    """Give the APIs of a summary's environment with their labels; summaries of before had one only."""
    apis = environment.get("apis") or {"": environment["api"]}
    return [(f"API {name}" if len(apis) > 1 else "API", api) for name, api in apis.items()]


def failure_text(result: Data) -> str:
    """Say what a check found: sentence, expected, actual, source, exchange, next step."""
    lines = [f"{result['id']}: {result['statement']}"]
    if result.get("cause"):
        lines.append(f"  cause     {result['cause']}")
        if result.get("next_step"):
            lines.append(f"  next      {result['next_step']}")
        return "\n".join(lines)
    lines.append(f"  {label_of(result)}")
    findings = result["findings"]
    for finding in findings[:FINDINGS_SHOWN]:
        remark = "  (advice)" if finding["advice"] else ""
        lines += [
            f"  at        {finding['at']}{remark}",
            f"  expected  {finding['expected']}",
            f"  actual    {finding['actual']}",
        ]
        if label_of(finding) != label_of(result):
            lines.append(f"  known     {label_of(finding)}")
    lines += _lines_around(findings[0]) if findings else []
    if len(findings) > FINDINGS_SHOWN:
        lines.append(f"  … and {len(findings) - FINDINGS_SHOWN} more in summary.json")
    for exchange in {one["exchange"]["name"]: one["exchange"] for one in findings}.values():
        lines.append(
            f"  exchange  {exchange['method']} {exchange['url']} → "
            f"{status_words(exchange['status'])}, {exchange['sent_at']}, {exchange['milliseconds']} ms"
        )
        ids = [f"{name} {value}" for name, value in exchange["correlation"].items()]
        if ids:
            lines.append(f"            {', '.join(ids)}")
        if exchange["method"] != "GET" and "curl" in exchange:  # its URL says what a GET asks
            lines.append(f"  again     {exchange['curl']}")
    for step in dict.fromkeys(finding["next_step"] for finding in findings):
        lines.append(f"  next      {step}")
    if "again" in result:
        lines.append(f"  run       {result['again']}")
    return "\n".join(lines)


def _lines_around(finding: Data) -> list[str]:
    """Return the lines of the body around a finding's place; what else it may show stands in its own words."""
    if not finding["at"].startswith("/"):
        return []
    shown = finding.get("excerpt", [])[2:]  # request line and status come with the exchange
    return [f"  {'' if index else 'shows':8}  {one}" for index, one in enumerate(shown)]


def some(names: Sequence[str], most: int) -> str:
    """Name the first ones of many, and say how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def way_of(environment: Data) -> dict[str, str]:
    """Name what stands between golive and the hosts: the proxy and the private CA of a summary's environment."""
    safety = environment["safety"]
    named = {"proxy": safety.get("proxy"), "private CA": safety.get("ca_bundle")}
    return {what: str(name) for what, name in named.items() if name}


def label_of(one: Data) -> str:
    """Say how binding a check or a finding is, how that is known, and where it stands."""
    basis = OWN_DEMAND if one["basis"] == Basis.OWN else one["basis"]
    return f"{one['level']}, {basis}: {one['source']}"


def deviation_words(result: Data) -> str:
    """Say why a failure is tolerated, where that is being dealt with, and until when."""
    entry = result["deviation"]
    return f"known deviation: {entry['reason']} ({entry['ticket']}, until {entry['until']})"


def wrapped(line: str, width: int, *, hanging: int | None = None) -> str:
    """Break a line at this width; the rest is indented by `hanging` columns (default: two more).

    Nothing is broken inside a word, so that a URL stays one that can be copied.
    """
    start = len(line) - len(line.lstrip())
    indent = " " * (start + 2 if hanging is None else hanging)
    broken = textwrap.wrap(
        line,
        width,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )
    return "\n".join(broken)


def labelled(label: str, text: str, width: int) -> str:
    """Put a label before a text that is broken at this width and has a column of its own."""
    return textwrap.fill(
        " ".join(text.split()),
        width,
        initial_indent=f"  {f'{label} ':<{LABEL - 2}}",
        subsequent_indent=" " * LABEL,
        break_long_words=False,
        break_on_hyphens=False,
    )


def diagnosis_lines(diagnosis: Data, width: int) -> list[str]:
    """Return a diagnosis as lines for a terminal of this width; what is to be copied stays whole."""
    support = [
        labelled("" if number else "evidence", line, width)
        for number, line in enumerate(diagnosis["evidence"])
    ]
    if diagnosis["guess"]:
        support.append(labelled("a guess", f"What would settle it: {diagnosis['settles']}", width))
    if diagnosis["differs"]:
        support.append(labelled("differs", diagnosis["differs"], width))
    after = [labelled("source", diagnosis["source"], width)]
    if diagnosis["give"]:
        after.insert(0, labelled("to Oracle", ", ".join(diagnosis["give"]), width))
    blocks = [
        [labelled("cause", f"{diagnosis['cause']} ({diagnosis['id']})", width)],
        *([support] if support else []),
        [labelled("cure", diagnosis["cure"], width), *_change(diagnosis["change"]), *after],
    ]
    return "\n\n".join("\n".join(block) for block in blocks).split("\n")


def _change(change: Data | None) -> list[str]:
    if change is None:
        return []
    if "yaml" in change:
        write = f"  {'write':<{LABEL - 2}}{change['yaml']}"
        return ["", write, f"{' ' * LABEL}at {change['place']}"]
    return ["", f"  {'run':<{LABEL - 2}}{change['command']}"]


def project_tests(data: Summary) -> list[str]:
    """Say in a line what became of the project's own tests that are no checks; nothing where there are none."""
    tests = data.get("project_tests", [])
    counts = Counter(one["outcome"] for one in tests)
    told = ", ".join(f"{number} {outcome}" for outcome, number in counts.items())
    return [f"the project's own tests, no checks of the contract: {told}"] if tests else []
