"""What `golive prove` changes in the headers of answers, which no description of an API has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from golive import Mutant, Recording


@hookimpl
def golive_faults(recording: Recording) -> Iterable[Mutant]:
    """Answers for anybody's cache, false validators, open origins, two lengths, and what shows the program."""
    from suites.answers.faults import faults

    return faults(recording)
