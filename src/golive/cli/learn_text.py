"""What runs taught, for people: what is elsewhere first, then each question that only live answers can settle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.learning.lessons import ROOT
from golive.learning.recognise import Standing
from golive.redaction import redact
from golive.report.text import counted, labelled, some, terminal_width, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from golive.contract.roles import Question
    from golive.learning.lessons import Lessons
    from golive.learning.recognise import Answer

SHOWN = 3


def as_text(found: Lessons) -> str:
    """Return the whole page, without a line feed at its end."""
    width = terminal_width()
    runs = found.runs
    days = sorted({f"{one.started:%Y-%m-%d}" for one in runs})
    answers = sum(sum(one.statuses.values()) for one in found.evidence.values())
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    lines = [
        wrapped(
            f"What {counted(len(runs), 'run')} of {runs[-1].environment} ({when}) saw in "
            f"{counted(answers, 'successful answer')} of what no public text names",
            width,
        ),
        "",
        *_news(found, width),
    ]
    for number, question in enumerate(found.contract.mapping.questions, start=1):
        lines += [
            "",
            wrapped(f"{number}. {question.asks}", width),
            *_answered(found, question, width),
        ]
    return redact("\n".join(lines))


def _news(found: Lessons, width: int) -> list[str]:
    lines = found.news()
    if lines:
        return [
            "elsewhere than golive assumes",
            *(wrapped(f"  {one}", width, hanging=4) for one in lines),
        ]
    if found.settled:
        return ["Everything that was seen is where golive assumes it."]
    return ["Nothing was seen that would settle a place."]


def _answered(found: Lessons, question: Question, width: int) -> list[str]:
    """Return the lines about one question: settled, contradicted, still open, and how it was refused."""
    lines: list[str] = []
    asked = [
        one
        for one in found.answers
        if one.role in question.roles and one.operation in (*question.operations, "")
    ]
    for standing in Standing:
        some_of = [one for one in asked if one.standing is standing]
        if standing is Standing.SETTLED and some_of:
            lines.append(labelled("settled", _settled(some_of), width))
        elif some_of:
            for why, names in _by_reason(some_of).items():
                lines.append(labelled(str(standing), f"{', '.join(names)}: {why}", width))
    statuses = {
        f"{operation} {status}": times
        for operation in question.operations
        if operation in found.evidence
        for status, times in sorted(found.evidence[operation].statuses.items())
    }
    if statuses:
        lines.append(labelled("answers", _counted(statuses), width))
    refused = found.refusals(question.answers)
    for kind, situations in refused.items():
        lines.append(labelled("refused", f"{kind}: {some(sorted(situations), SHOWN)}", width))
    if not asked and not refused:
        lines.append(labelled("open", "no run asked for it", width))
    if not lines or any(one.standing is Standing.OPEN for one in asked) or not (asked or refused):
        lines.append(labelled("settled by", question.settled_by, width))
    return lines


def _settled(answers: Iterable[Answer]) -> str:
    places: dict[str, list[str]] = {}
    for one in answers:
        shown = f"{one.role} {one.place or ROOT} ({one.seen})"
        places.setdefault(one.operation or "headers", []).append(shown)
    return "; ".join(f"{operation}: {', '.join(said)}" for operation, said in places.items())


def _by_reason(answers: Iterable[Answer]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in answers:
        name = " of ".join(filter(None, (one.role, one.operation)))
        found.setdefault(one.why, []).append(name)
    return found


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{what} ({times})" for what, times in counts.items())
