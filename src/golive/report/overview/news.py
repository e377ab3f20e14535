"""When a verdict is news, and the message about it: a first failure, another one, one that lasts, a first success.

What was known is a file of the pipeline's, which `golive tell` reads and writes; without one, everything was GO. The
message has the form that a chat's webhook or an issue tracker's API takes; nothing is sent. What an API answered stays
text in it: it goes into parts that are no markup, or through `plain`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from golive.checks.verdict import TITLES, ExitCode
from golive.kit.files import UnreadableError, read_text
from golive.kit.invisible import with_escapes
from golive.kit.problems import ConfigurationProblem
from golive.report.markdown import plain
from golive.report.overview.model import worst

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from golive.report.overview.model import Row


SCHEMA_VERSION = 1
MOST_BYTES = 8 * 1024 * 1024


class Kind(StrEnum):
    """What is new about a tenant."""

    FIRST_FAILURE = "first failure"
    ANOTHER_VERDICT = "another verdict"
    STILL_FAILING = "still failing"
    FIRST_SUCCESS = "first success"


@dataclass(frozen=True)
class Known:
    """What is known of a tenant: its last verdict, how many runs in a row had it, and the last run's folder."""

    code: ExitCode
    runs: int
    run: str


@dataclass(frozen=True)
class News:
    """A tenant of which there is something new; `runs` have its verdict, in a row."""

    kind: Kind
    row: Row
    runs: int


def news(
    rows: Iterable[Row], known: Mapping[str, Known], after: int | None = None
) -> tuple[list[News], dict[str, Known]]:
    """Return what is new, and what is known from now on.

    A failure that lasts is news once, when so many runs in a row (`after`) had it. A run that was interrupted says
    nothing about a tenant, nor does one that was already looked at, nor a row that has no say.
    """
    found: list[News] = []
    now = dict(known)
    for row in rows:
        before = known.get(row.key, Known(ExitCode.GO, 0, ""))
        if (
            row.code is ExitCode.INTERRUPTED
            or not row.counts
            or (row.run and row.run == before.run)
        ):
            continue
        runs = before.runs + 1 if row.code == before.code else 1
        now[row.key] = Known(row.code, runs, row.run)
        kind = _kind(before.code, row.code)
        if kind is None and row.code and runs == after:
            kind = Kind.STILL_FAILING
        if kind is not None:
            found.append(News(kind, row, runs))
    return found, now


def _kind(before: ExitCode, now: ExitCode) -> Kind | None:
    if before == now:
        return None
    if now is ExitCode.GO:
        return Kind.FIRST_SUCCESS
    return Kind.FIRST_FAILURE if before is ExitCode.GO else Kind.ANOTHER_VERDICT


def read(file: Path) -> dict[str, Known]:
    """Return what is known, nothing where there is no file; raises ConfigurationProblem where it is no such file."""
    if not file.exists():
        return {}
    try:
        data = json.loads(read_text(file, MOST_BYTES))
        if data["schema_version"] != SCHEMA_VERSION:
            raise ValueError(data)
        return {str(key): _known(one) for key, one in data["tenants"].items()}
    except UnreadableError as error:
        raise ConfigurationProblem.of(file, str(error), error.cure) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        message = "this is not a state that `golive tell` wrote."
        cure = "Name another file, or delete it: everything counts as GO before then."
        raise ConfigurationProblem.of(file, message, cure) from None


def _known(data: Mapping[str, Any]) -> Known:
    return Known(ExitCode(data["exit_code"]), int(data["runs"]), str(data["run"]))


def as_json(known: Mapping[str, Known]) -> str:
    """Return the text of the file."""
    tenants = {
        key: {"exit_code": int(one.code), "runs": one.runs, "run": one.run}
        for key, one in sorted(known.items())
    }
    return json.dumps({"schema_version": SCHEMA_VERSION, "tenants": tenants}, indent=1) + "\n"


LINES = 20
LONGEST_LINE = 300
LONGEST_TITLE = 140
LONGEST_PAGE = 50_000
"""Characters; GitHub takes no more than 65,536."""

WORDS = {
    Kind.FIRST_FAILURE: "fails",
    Kind.ANOTHER_VERDICT: "fails otherwise than before",
    Kind.STILL_FAILING: "still fails, for {} runs",
    Kind.FIRST_SUCCESS: "is GO again",
}


class Message:
    """What is to be said: the news, where everybody else stands, the run's page, and an address with more."""

    def __init__(
        self, news: Sequence[News], known: dict[str, Known], page: str = "", link: str = ""
    ) -> None:
        self.news, self.page, self.link = news, page, link
        self.code = worst([one.code for one in known.values()] or [ExitCode.GO])
        self._only = news[0].row.key if len(known) == 1 else ""

    @property
    def title(self) -> str:
        """One line with the verdict: of the one there is, or over all."""
        return f"golive {self._only}: {TITLES[self.code]}".replace(" :", ":")[:LONGEST_TITLE]

    @property
    def lines(self) -> list[str]:
        """A line for each tenant of which there is something new."""
        found = [with_escapes(_line(one))[:LONGEST_LINE] for one in self.news[:LINES]]
        more = len(self.news) - LINES
        return [*found, f"and {more} more"] if more > 0 else found

    @property
    def text(self) -> str:
        """All of it as plain text."""
        return "\n".join([*self.lines, *([self.link] if self.link else [])])

    @property
    def markdown(self) -> str:
        """All of it as Markdown, with the run's own page."""
        points = "\n".join(f"- {plain(line)}" for line in self.lines)
        parts = [points, self.page[:LONGEST_PAGE].strip(), self.link]
        return "\n\n".join(part for part in parts if part) + "\n"


def _line(one: News) -> str:
    row = one.row
    head = f"{row.key} {WORDS[one.kind].format(one.runs)}"
    if one.kind is Kind.FIRST_SUCCESS:
        return head
    harm = f"{row.harm}: " if row.harm else ""
    return f"{head}: {row.verdict}. {harm}{row.reason}".rstrip()


def for_slack(message: Message) -> dict[str, Any]:
    """Return the body for an incoming webhook of Slack; `plain_text` holds no markup and no mention."""
    parts = {"header": message.title, "section": message.text[:2900]}
    blocks = [
        {"type": kind, "text": {"type": "plain_text", "text": text, "emoji": False}}
        for kind, text in parts.items()
    ]
    shown = message.title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"text": shown, "blocks": blocks}


def for_teams(message: Message) -> dict[str, Any]:
    """Return the body for a webhook of Teams (Workflows): an adaptive card, whose text runs hold no markup."""

    def run(text: str, **more: Any) -> dict[str, Any]:
        return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **more}]}

    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [run(message.title, weight="bolder", size="large"), *map(run, message.lines)],
    }
    if message.link:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "More", "url": message.link}]
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": card}]}


def for_github(message: Message) -> dict[str, Any]:
    """Return the body for an issue of GitHub's API: to make one, to comment on it, to change it."""
    state = "closed" if message.code is ExitCode.GO else "open"
    return {"title": message.title, "body": message.markdown, "state": state}


def for_gitlab(message: Message) -> dict[str, Any]:
    """Return the body for an issue of GitLab's API: to make one, and to change it."""
    event = "close" if message.code is ExitCode.GO else "reopen"
    return {"title": message.title, "description": message.markdown, "state_event": event}


def for_programs(message: Message) -> dict[str, Any]:
    """Return all of it for a program of one's own."""
    return {
        "title": message.title,
        "exit_code": int(message.code),
        "link": message.link,
        "news": [
            {"kind": str(one.kind), "runs": one.runs, **one.row.as_dict()} for one in message.news
        ],
    }


FORMS: dict[str, Callable[[Message], dict[str, Any]]] = {
    "slack": for_slack,
    "teams": for_teams,
    "github": for_github,
    "gitlab": for_gitlab,
    "json": for_programs,
}
