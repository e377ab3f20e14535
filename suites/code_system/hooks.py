"""What golive can't read from the description of the Code System API, for `golive prove`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive import Mutant, Recording, hookimpl
from suites.common.faults import echoes

if TYPE_CHECKING:
    from collections.abc import Iterable


@hookimpl
def golive_faults(recording: Recording) -> Iterable[Mutant]:
    """Answers that repeat the token."""
    return echoes(recording, "code_values", "code_value")
