"""What a verdict means for this very run, in a few sentences: the same on the terminal and in `summary.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.checks.verdict import MEANINGS, ExitCode, Outcome
from golive.contract.label import Basis
from golive.exchanges.failures import OWN_LIMIT, TIME_SPENT, is_unanswered
from golive.kit.problems import counted
from golive.pytest_plugin.left_open import NAMED, learnt_places, left_open, open_checks
from golive.pytest_plugin.reach import lacks_reach
from golive.pytest_plugin.state import EXCHANGE_KEY
from golive.report.reach import not_tested, shortfall
from golive.report.text import some
from golive.twin import DEFECT_FACTS

if TYPE_CHECKING:
    from golive.checks.coverage import Proofs
    from golive.pytest_plugin.state import Run
    from golive.report.summary import Data


NO_OPERATION = "Token flow only: no operation of the API was judged."


def meaning(run: Run, verdict: ExitCode, double: str, reach: Data | None = None) -> str:
    """Return the verdict in its sentences: what it rests on, what it lacks, what stayed open, who was asked.

    `double` names who answered in place of the service, empty where none is known to have. `reach` is how far the run
    reaches, as it stands in the summary, None where no check has ended.
    """
    if run.of_client:
        return meaning_of_client(run, verdict)
    said = [_reason(run, verdict, reach)]
    if verdict is ExitCode.GO:
        judged = (Outcome.PASSED, Outcome.KNOWN_DEVIATION, Outcome.ADVICE)
        nothing_judged = run.results and not any(
            result["operations"] for result in run.results if result["outcome"] in judged
        )
        said += [_advised(run), run.part, NO_OPERATION if nothing_judged else ""]
        said.append(not_tested(reach) if reach else "")
        said.append(_out_of_sight(run))
    if verdict in (ExitCode.GO, ExitCode.NOTHING_PROVEN, ExitCode.STALE_DEVIATION):
        said += [*left_open(run), *learnt_places(run)]
    if double and (run.archive or (run.client and run.client.was_answered)):
        said.append(_doubled(double, verdict))
    return " ".join(filter(None, said))


def _reason(run: Run, verdict: ExitCode, reach: Data | None) -> str:
    match verdict:
        case ExitCode.GO:
            return _passed(run)
        case ExitCode.CONFIGURATION:
            return _misconfigured(run)
        case ExitCode.NOTHING_PROVEN:
            return _nothing_proven(run, reach)
        case ExitCode.NO_GO:
            return " ".join(filter(None, (_broken(run), _failed_tests(run))))
        case ExitCode.COULD_NOT_TELL if run.cut_short:
            judged = counted(len(run.results), "check")
            return (
                f"The run was ended after {judged} by `-x` or `--maxfail`, which count those that could not tell. None "
                "failed, and the others were not judged: run without that option."
            )
        case ExitCode.COULD_NOT_TELL if _out_of_time(run):
            return f"{OWN_LIMIT}: the run's time was spent before every check was made. {TIME_SPENT.next_step}"
        case ExitCode.COULD_NOT_TELL:
            return _undecided(run)
    return MEANINGS[verdict]


def _undecided(run: Run) -> str:
    """Say why checks that decide could not: where every request was answered, in their own words."""
    unclear = [one for one in run.results if one["outcome"] == Outcome.COULD_NOT_TELL]
    why = [one["cause"] or "" for one in unclear if one["deciding"] and not one["unsettled_shape"]]
    if not why or any(map(is_unanswered, why)):
        return MEANINGS[ExitCode.COULD_NOT_TELL]
    more = f" (and {counted(len(why) - 1, 'other')})" if len(why) > 1 else ""
    return f"{open_checks(len(why))} open, though the service answered: {why[0]}{more}."


def _broken(run: Run) -> str:
    """Say whether the contract is broken, or what else failed; "" where only the project's tests did."""
    failed = [result for result in run.results if result["outcome"] == Outcome.FAILED]
    bases = {
        result["id"]: {one["basis"] for one in result["findings"] if not one["advice"]}
        for result in failed
    }
    own = [name for name, of_check in bases.items() if of_check == {Basis.OWN}]
    advised = [name for name, of_check in bases.items() if not of_check]
    if len(own) + len(advised) < len(failed) or not (failed or _failed_tests(run)):
        return MEANINGS[ExitCode.NO_GO]
    said = []
    if own:
        said.append(f"A demand of the project's own is not met ({some(own, NAMED)})")
    if advised:
        why = "as --fail-on-advice demands"
        said.append(f"Advice counts as a failure, {why} ({some(advised, NAMED)})")
    return f"{'. '.join(said)}; the contract is not broken." if said else ""


def _advised(run: Run) -> str:
    """Count the advisory findings, which a GO does not show otherwise."""
    found = [result["findings"] for result in run.results if result["outcome"] == Outcome.ADVICE]
    number = sum(map(len, found))
    if number < 2:
        return "1 advisory finding, which does not decide." if number else ""
    checks = counted(len(found), "check")
    return f"{number} advisory findings in {checks}, which do not decide."


def _out_of_sight(run: Run) -> str:
    """Say which defects of the twin no fixed request meets, where no generated one was sent."""
    if any(name == EXCHANGE_KEY for name, _ in run.made):
        return ""
    unmet = [one for one in run.environment.twin.defects if DEFECT_FACTS[one].needs_unusual_input]
    if not unmet:
        return ""
    return f"Only generated requests meet {some(unmet, NAMED)}: add `--generated`."


def _failed_tests(run: Run) -> str:
    """Say which of the project's own tests failed: that is no finding about the API."""
    failed = [one["nodeid"] for one in run.project_tests if one["outcome"] == Outcome.FAILED]
    if not failed:
        return ""
    whose = "Of the project's own tests, which are no checks of the contract,"
    return f"{whose} these failed: {some(failed, NAMED)}."


def _out_of_time(run: Run) -> bool:
    return any(TIME_SPENT.happened in (result.get("cause") or "") for result in run.results)


def _passed(run: Run) -> str:
    tolerated = sum(result["outcome"] == Outcome.KNOWN_DEVIATION for result in run.results)
    decided = "that could be decided " if any(left_open(run)) else ""
    if tolerated:
        return f"Every deciding check {decided}passed, or is a known deviation ({tolerated})."
    return f"Every deciding check {decided}passed."


def _misconfigured(run: Run) -> str:
    if run.mistakes:
        number = counted(len(run.mistakes), "mistake")
        if run.results:
            return f"The project's own suites have {number}, named above: what depends on it was not judged."
        return f"The project's own suites can't be run: {number}, named above."
    if run.usage_error:
        return f"The command line is wrong: {run.usage_error.rstrip('.')}.".replace("?.", "?")
    blamed = [result["cause"] for result in run.results if result["configuration"]]
    if blamed and blamed[0].startswith(OWN_LIMIT):
        return f"{blamed[0]}. {_step_of(run, blamed[0])}"
    if blamed:
        return f"The service became unreachable during the run: {blamed[0]}."
    return MEANINGS[ExitCode.CONFIGURATION]


def _nothing_proven(run: Run, reach: Data | None) -> str:
    if lacking := run.lacking:
        place, missing = lacking
        return f"Fewer proofs than {place} demands: {missing}. {run.part}".rstrip()
    if not run.results:
        return "No check was chosen, so nothing was asked. `golive checks` lists them all."
    if run.part and not any(result["deciding"] for result in run.results):
        return (
            f"{MEANINGS[ExitCode.NOTHING_PROVEN]} None of the selected checks decides: each is advice (`should`), "
            f"and a verdict needs a `must`. {run.part}"
        )
    unproven = [one for one in run.proofs if one.unproven]
    demanded = run.environment.demands.get("reach")
    if not unproven and reach and demanded and lacks_reach(run):
        place = run.environment.shown_place("demands.reach")
        return f"{shortfall(reach, demanded, place)} {run.part}".rstrip()
    if not unproven:
        return f"{MEANINGS[ExitCode.NOTHING_PROVEN]} {run.part}".rstrip()
    judged = [one for one in unproven if one.selected]
    advised = [one for one in unproven if not one.selected]
    if run.part and not any(one.reason for one in judged):
        return (
            f"{run.part} None of the selected ones passes against a real success with content of {_each(judged)}: "
            "select more of them, or run without -k, -m and paths."
        )
    said = []
    if judged:
        what = "a real success with content of"
        said.append(f"No deciding check passed against {what} {_each(judged)}.")
    if advised:
        said.append(f"No answer was a success of {_each(advised)}, of which no check decides.")
    cure = (
        "Keep what this service taught (`golive learn`), and run again."
        if run.taught
        else "Name in the environment file test data that has it, or take what this deployment lacks out of "
        "`claims.operations`."
    )
    return f"{' '.join(said)} {cure}"


def _each(unproven: list[Proofs]) -> str:
    return "; ".join(
        f"{one.operation} ({one.reason})" if one.reason else one.operation for one in unproven
    )


def _doubled(who: str, verdict: ExitCode) -> str:
    if verdict is ExitCode.GO:
        return f"This was {who}: it proves that the suite works, not that the API does."
    return f"{who[0].upper()}{who[1:]} was asked, not the API."


def _step_of(run: Run, cause: str) -> str:
    return next(str(one["next_step"]) for one in run.results if one.get("cause") == cause)


def meaning_of_client(run: Run, verdict: ExitCode) -> str:
    """Return the verdict in its sentences: what it rests on, what is advised, what the client never did."""
    said = [_of_client(run, verdict)]
    advised = [one for one in run.results if one["outcome"] == Outcome.ADVICE]
    if verdict is not ExitCode.NO_GO and advised:
        said.append(f"{counted(len(advised), 'check')} advised something, which does not decide.")
    unseen = sum(one["outcome"] == Outcome.NOT_SEEN for one in run.results)
    if unseen and verdict in (ExitCode.GO, ExitCode.NO_GO, ExitCode.NOTHING_PROVEN):
        them = counted(unseen, "check")
        said.append(f"{them} had nothing to judge: the client never did what they are about.")
    return " ".join(said)


def _of_client(run: Run, verdict: ExitCode) -> str:
    match verdict:
        case ExitCode.NO_GO:
            failed = [one["id"] for one in run.results if one["outcome"] == Outcome.FAILED]
            return f"The client's requests are not as they must be ({some(failed, NAMED)})."
        case ExitCode.NOTHING_PROVEN:
            return _client_did_nothing(run)
    return MEANINGS[verdict]


def _client_did_nothing(run: Run) -> str:
    if lacking := run.lacking:
        place, missing = lacking
        return f"The client did less than {place} demands: {missing}."
    unproven = [one.operation for one in run.proofs if one.unproven]
    if unproven:
        return f"No request of the client's succeeded that asked for {some(unproven, NAMED)}."
    return "No request of the client's for an operation succeeded."
