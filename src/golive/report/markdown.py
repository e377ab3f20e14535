"""`summary.md`: a run on one page of Markdown, for a job summary, a ticket or a chat.

Whatever words and values look like, they stay text: what an API answered could hold markup, a mention that notifies a
team, a link, a table's bar, or signs that turn the reading direction. Values go between backticks, in which nothing is
markup (`code`); words go through `plain`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from golive.checks.verdict import Outcome
from golive.environment import asked
from golive.exchanges.model import status_words
from golive.exchanges.repeated import repeated_words
from golive.kit.invisible import visible
from golive.report.causes import found_in
from golive.report.groups import by_cause, with_outcome
from golive.report.reach import left_to, out_of_reach, sentence
from golive.report.reasons import MOST as REASONS
from golive.report.reasons import reasons
from golive.report.text import label_of, named_apis, some, way_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2 import Template

    from golive.report.summary import Data, Summary

NAME = "summary.md"
IDS_SHOWN = 5
SIGNS = {0: "✅", 1: "❌"}
SAYS_ITSELF = (Outcome.NOT_CLAIMED, Outcome.NOT_SEEN)


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    templates = Environment(  # noqa: S701 - not HTML: each value goes through a filter
        loader=PackageLoader("golive.report", ""),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    filters = (plain, code, cell, plain_with_keys, label_of, status_words, ids)
    templates.filters |= {one.__name__: one for one in filters}
    return templates.get_template("summary.md.j2")


def overview(data: Summary) -> str:
    """Return the page for what `summary.json` holds."""
    found = found_in(data["checks"])
    open_outcomes = (Outcome.COULD_NOT_TELL, Outcome.INTERNAL_ERROR, *SAYS_ITSELF)
    return _template().render(
        data=data,
        sign=SIGNS.get(data["exit_code"], "⚠️"),
        reasons=reasons(data)[:REASONS],
        facts=_facts(data),
        failed=found.failed,
        project_tests=[one for one in data.get("project_tests", []) if one["cause"]],
        advice=with_outcome(data["checks"], Outcome.ADVICE),
        unproven=[one for one in data["proofs"] if one["lacking"] or not one["proofs"]],
        undecided=[one for each in open_outcomes for one in by_cause(found.rest, each)],
        says_itself=SAYS_ITSELF,
        left_to=left_to(data),
        out_of_reach=out_of_reach(data.get("reach") or {}),
    )


def _facts(data: Summary) -> dict[str, str]:
    """Return in Markdown who was asked, when and how much."""
    environment, counts = data["environment"], data["counts"]
    when = {"when": f"{data['started']} to {data['ended']}"}
    end = {"exit code": str(data["exit_code"])}
    if "api" not in environment:  # its file could not be read, or was not read yet
        return when | end
    counted = ", ".join(f"{number} {outcome}" for outcome, number in counts.items() if number)
    again = repeated_words(data.get("asked_again", []))
    part = f" ({data['part'].rstrip('.')})" if data.get("part") else ""
    return {
        "environment": plain(environment["title"]),
        "tenant": code(environment["tenant"]),
        "token from": plain(asked(environment["token"]["url"], embedded=data["twin"])),
        **{
            f"{plain(label)} at": f"{plain(asked(api['base_url'], embedded=data['twin']))}, "
            f"version {code(str(api['version']))}"
            for label, api in named_apis(environment)
        },
        **{what: code(name) for what, name in way_of(environment).items()},
        **when,
        "checks": f"{len(data['checks'])}: {counted}{part}" if counted else "none",
        "requests": f"{data['requests']}, {data['token_requests']} of them for tokens",
        **({"repetition": again} if again else {}),
        **({"reach": plain(sentence(data["reach"]))} if data.get("reach") else {}),
        "golive": f"version {code(data['golive_version'])}",
        **end,
    }


def ids(checks: Iterable[Data]) -> str:
    """Name the first of these checks, and say how many there are more."""
    return some([code(check["id"]) for check in checks], IDS_SHOWN)


LONGEST_VALUE = 300
LONGEST_WORDS = 900
"""Characters that are shown; the rest is in `summary.json`."""

SPECIAL = re.compile(r"[\\`*\[\]|~#]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
AT_THE_BEGINNING = re.compile(r"^(?:[-+=]|\d+[.)](?=\s|$))")
LINKING = re.compile(r":(?=//)|(?<=www)\.", re.IGNORECASE)
VALUES = re.compile(r"`([^`]+)`")
"""How golive's own sentences mark the keys, the commands and the values in them."""


def plain(text: str) -> str:
    """Return words that Markdown leaves as they are: no markup, no link, no mention of anybody."""
    text = AT_THE_BEGINNING.sub(_escaped_mark, SPECIAL.sub(r"\\\g<0>", one_line(text)))
    text = LINKING.sub(r"\\\g<0>", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("@", "@&#8203;")  # an invisible sign: a mention ends before it begins


def _escaped_mark(match: re.Match[str]) -> str:
    return f"{match[0][:-1]}\\{match[0][-1]}"


def code(text: str) -> str:
    """Return a value between as many backticks as it takes; nothing in it is markup."""
    text = one_line(text, LONGEST_VALUE) or " "
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def cell(text: str) -> str:
    """Return text that is Markdown already so that it can stand in a table."""
    return re.sub(r"(?<!\\)\|", r"\\|", text)


def one_line(text: str, longest: int = LONGEST_WORDS) -> str:
    """Return text on one line, of bearable length, with a name for each sign that can't be seen."""
    text = visible(" ".join(text.split()))
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text)} characters)"


def plain_with_keys(text: str) -> str:
    """Return words in which what stands between backticks is a value."""
    between = VALUES.split(one_line(text))
    said = (code(part) if index % 2 else _plain_within(part) for index, part in enumerate(between))
    return "".join(said)


def _plain_within(part: str) -> str:
    """Return words between two values as plain ones, with the blanks around them."""
    words = part.strip()
    return part.replace(words, plain(words)) if words else part
