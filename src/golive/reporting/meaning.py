"""What a verdict means for this very run, in one sentence: the same on the terminal and in `summary.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.failures import OWN_LIMIT
from golive.problems import shown_path
from golive.verdict import MEANINGS, ExitCode, Outcome

if TYPE_CHECKING:
    from golive.pytest_plugin.state import Run


PROVES = "This was the embedded twin: it proves that the suite works, not that the API does."
"""What a GO on the twin is worth."""


def meaning(run: Run, verdict: ExitCode) -> str:
    """Return the verdict in one sentence, with what it rests on or what it lacks."""
    lacking = [one for one in run.proofs if one.lacking]
    if verdict is ExitCode.NOTHING_PROVEN and lacking:
        missing = ", ".join(f"{one.operation} {one.full} of {one.demanded}" for one in lacking)
        file = shown_path(run.environment.path)
        place = f"{file}:{lacking[0].line}" if lacking[0].line else file
        return f"Fewer proofs than {place} demands: {missing}."
    if verdict is ExitCode.CONFIGURATION and run.misused:
        return f"The command line is wrong: {run.misused}."
    blamed = [result["cause"] for result in run.results if result["configuration"]]
    if verdict is ExitCode.CONFIGURATION and blamed and blamed[0].startswith(OWN_LIMIT):
        return f"{blamed[0]}. {_step_of(run, blamed[0])}"
    if verdict is ExitCode.CONFIGURATION and blamed:
        return f"The way to the service did not stay open: {blamed[0]}."
    if verdict is ExitCode.NOTHING_PROVEN and not run.results:
        return "No check was chosen, so nothing was asked. `golive checks` lists them all."
    tolerated = sum(result["outcome"] == Outcome.KNOWN_DEVIATION for result in run.results)
    if verdict is not ExitCode.GO:
        return MEANINGS[verdict]
    told = f"Every deciding check passed, or is a known deviation ({tolerated})."
    return f"{told if tolerated else MEANINGS[verdict]} {run.part}".rstrip()


def _step_of(run: Run, cause: str) -> str:
    return next(str(one["next_step"]) for one in run.results if one.get("cause") == cause)
