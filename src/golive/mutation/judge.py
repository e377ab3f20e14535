"""Which checks detect a fault, and whether for the right reason.

A finding counts only where the fault is: at the changed place or at an ancestor of it, in an exchange that was
changed. A check that crashes or "could not tell" has detected nothing, and a fault over which most checks of the
exchange fail for other reasons is not detected by them either.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from golive.checks.findings import FindingsError
from golive.contract.outcomes import CouldNotTellError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from golive.exchanges.model import Made
    from golive.exchanges.registry import Key
    from golive.mutation.record import Case, Recording


@dataclass(frozen=True)
class Mutant:
    """One violation of the contract in one recorded exchange.

    `key` and `step` name the exchange, `made` is what stands there instead. `at` are the places at which a
    finding counts; `deciding` says in which column the mutant stands.
    """

    id: str
    area: str
    key: Key
    made: Made
    at: tuple[str, ...]
    deciding: bool
    violation: str
    not_by: frozenset[str] = frozenset()


@dataclass
class Result:
    """What became of a fault: the checks that detected it, and those that failed for another reason.

    `missed_by` are checks that are listed as detecting this fault, and did not; `why` says in words what kept a defect
    from being detected as its row says. `places` are the findings by which it was detected: check, place, exchange.
    """

    detected_by: list[str] = field(default_factory=list)
    advised_by: list[str] = field(default_factory=list)
    failed_elsewhere: list[str] = field(default_factory=list)
    crashed: list[str] = field(default_factory=list)
    missed_by: list[str] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    places: list[tuple[str, str, str]] = field(default_factory=list)


def matches(at: str, places: tuple[str, ...]) -> bool:
    """Return whether a finding's place is one of the places, or an ancestor of one.

    A place that ends in `*` takes every finding below it, too (a relation has no pointer).
    """
    return any(_covers(at, place) for place in places)


def _covers(at: str, place: str) -> bool:
    if place.endswith("*"):
        return at.startswith(place[:-1])
    if at == place:
        return True
    if not place.startswith("/"):
        return False
    return at == "body" or (at.startswith("/") and place.startswith(f"{at}/"))


def judge_mutant(recording: Recording, mutant: Mutant, readers: list[Case]) -> Result:
    """Call every check that reads the changed exchange and sort out what each said."""
    made: Mapping[Key, Made] = {**recording.made, mutant.key: mutant.made}
    result = Result()
    for case in readers:
        try:
            case.call(made, mutant.key)
        except CouldNotTellError:
            continue
        except FindingsError as error:
            found = error.under(case.check.label)
            right = [f for f in found if matches(f.at, mutant.at)]
            if not right or case.check.id in mutant.not_by:
                result.failed_elsewhere.append(case.check.id)
                continue
            result.places += [(case.check.id, f.at, str(f.exchange["name"])) for f in right]
            if not case.check.advisory and not all(f.advice for f in right):
                result.detected_by.append(case.check.id)
            else:
                result.advised_by.append(case.check.id)
        except Exception as error:
            result.crashed.append(f"{case.check.id}: {type(error).__name__}")
    return result
