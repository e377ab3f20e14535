"""The words for one cause: what it is, what supports it, what to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.reporting.words import LABEL, labelled

if TYPE_CHECKING:
    from golive.doctor import Diagnosis


def diagnosis_lines(diagnosis: Diagnosis, width: int) -> list[str]:
    """Return a diagnosis as lines for a terminal of this width; what is to be copied stays whole."""
    evidence = [
        labelled("" if number else "evidence", line, width)
        for number, line in enumerate(diagnosis.evidence)
    ]
    support = evidence
    if diagnosis.guess:
        support.append(labelled("a guess", f"What would settle it: {diagnosis.settles}", width))
    if diagnosis.differs:
        support.append(labelled("differs", diagnosis.differs, width))
    after = [labelled("source", diagnosis.source, width)]
    if diagnosis.give:
        after.insert(0, labelled("to Oracle", ", ".join(diagnosis.give), width))
    blocks = [
        [labelled("cause", f"{diagnosis.cause} ({diagnosis.id})", width)],
        *([support] if support else []),
        [labelled("cure", diagnosis.cure, width), *_change(diagnosis), *after],
    ]
    return "\n\n".join("\n".join(block) for block in blocks).split("\n")


def _change(diagnosis: Diagnosis) -> list[str]:
    change = diagnosis.change
    if change is None:
        return []
    indent = " " * LABEL
    if change.place:
        return ["", f"  {'write':<{LABEL - 2}}{change.text}", f"{indent}at {change.place}"]
    return ["", f"  {'run':<{LABEL - 2}}{change.text}"]
