"""What the exchanges of a run came to, by the keys under which checks take them: kept in an archive, and read again.

A row has the name of an exchange, its parameters, and the number of the request, the numbers of a chain's steps, or why
it was not made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golive.contract.outcomes import (
    CouldNotTellError,
    NotClaimedError,
    NotRecordedError,
    SuiteError,
)
from golive.exchanges.model import Exchange, Steps
from golive.redaction import REDACTOR

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from golive.exchanges.registry import Key
    from golive.exchanges.schedule import Result

Json = dict[str, Any]


def kept_results(made: Mapping[Key, Result]) -> dict[str, list[Any]]:
    """Return the rows of an archive: `made` of what was made, `stopped` of what was not."""
    found: list[Any] = []
    stopped: list[Any] = []
    for (name, parameters), result in made.items():
        key = [name, dict(parameters)]
        if isinstance(result, Exchange):
            found.append([*key, result.number])
        elif isinstance(result, Steps):
            found.append([*key, {step: one.number for step, one in result.items()}])
        else:
            stopped.append([*key, _why(result)])
    return {"made": found, "stopped": stopped}


def _why(result: Exception) -> Json:
    """Return why an exchange was not made."""
    match result:
        case CouldNotTellError():
            names = ("cause", "next_step", "unsettled_shape", "configuration")
            return {name: getattr(result, name) for name in names}
        case NotClaimedError():
            return {"key": result.key, "operation": result.operation}
    return {"suite_error": REDACTOR.redact(str(result))}


def results_in(
    own: Mapping[str, Any], exchanges: Iterable[Exchange], known: Container[str]
) -> dict[Key, Result]:
    """Return what golive's own recording has, by the keys of its run; `known` are names that still mean something."""
    by_number = {one.number: one for one in exchanges}
    made: dict[Key, Result] = {}
    for name, parameters, numbers in _rows(own, "made"):
        if name in known:
            made[_key(name, parameters)] = _result(by_number, numbers)
    for name, parameters, stop in _rows(own, "stopped"):
        made[_key(name, parameters)] = _stop(stop)
    return made


def _rows(own: Mapping[str, Any], name: str) -> list[list[Any]]:
    rows = own.get(name)
    return [row for row in rows if isinstance(row, list) and len(row) == 3] if rows else []


def _key(name: Any, parameters: Any) -> Key:
    pairs = parameters.items() if isinstance(parameters, dict) else ()
    return str(name), tuple(sorted((str(one), str(value)) for one, value in pairs))


def _result(by_number: Mapping[int, Exchange], numbers: Any) -> Result:
    if not isinstance(numbers, dict):
        found = by_number.get(numbers)
        return found or NotRecordedError(f"exchange {numbers}, which was taken out of it")
    steps = {str(step): by_number.get(number) for step, number in numbers.items()}
    lacking = [step for step, one in steps.items() if one is None]
    if lacking:
        return NotRecordedError(f"step {lacking[0]}, which was taken out of it")
    return Steps({step: one for step, one in steps.items() if one is not None})


def _stop(stop: Any) -> Result:
    stop = stop if isinstance(stop, dict) else {}
    if "key" in stop:
        return NotClaimedError(str(stop["key"]), operation=str(stop.get("operation", "")))
    if "suite_error" in stop:
        return SuiteError(str(stop["suite_error"]))
    said = {name: str(stop.get(name, "")) for name in ("cause", "next_step")}
    flags = {name: bool(stop.get(name)) for name in ("unsettled_shape", "configuration")}
    return CouldNotTellError(said["cause"], next_step=said["next_step"], **flags)
