"""The whole suite against each mutant of the twin's source, each in a process of its own.

The mutant lives in that process alone: the modules of the twin are imported again there, one of them from the mutated
syntax tree. Nothing is written to the installed source.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.util import spec_from_loader
from typing import TYPE_CHECKING, Any, Literal

from golive.checks.verdict import ExitCode, Outcome
from golive.mutation.runs import run_all
from golive.mutation.source.mutants import parsed
from golive.mutation.source.scope import MODULES
from golive.pytest_plugin.state import RUN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    import pytest

    from golive.mutation.source.mutants import SourceMutant
    from golive.pytest_plugin.state import Run

Ended = Literal["detected", "advice only", "no GO", "broken", "timed out", "undetected"]

LONGEST = 120.0
"""Seconds that the run of one mutant may take, or of processor time half of it."""

_TWIN = "golive.twin."
_ALSO = ("application", "boxes", "edits", "population", "world")
"""What else imports names of the mutated modules."""


@dataclass(frozen=True)
class SourceRun:
    """What the suite said about one mutant, by the mutant's key.

    `by` are the checks that failed, or of `advice only` those that advised; of a `broken` twin and of a run that
    ended with `no GO`, as nothing was proven or could be decided, `why` says what happened instead.
    """

    key: str
    ended: Ended
    by: tuple[str, ...] = ()
    why: str = ""


def source_runs(
    mutants: Sequence[SourceMutant | None], jobs: int, limit: float
) -> Iterator[SourceRun]:
    """Yield the run of each mutant as it ends, None being the twin as it is; `limit` in seconds a run.

    Raises SuiteError where the whole of it can't run.
    """
    yield from run_all(mutants, _mutate, _ended, jobs, late=_late, limit=limit)


def _late(mutant: SourceMutant | None) -> SourceRun:
    return SourceRun(mutant.key if mutant else "", "timed out")


class _Mutated(MetaPathFinder, Loader):
    """Imports modules from other code than that of their files; `codes` by the module's whole name."""

    def __init__(self, codes: Mapping[str, Any]) -> None:
        self._codes = codes

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:  # noqa: ARG002
        return spec_from_loader(fullname, self) if fullname in self._codes else None

    def create_module(self, spec: ModuleSpec) -> None:  # noqa: ARG002 - an ordinary module
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(self._codes[module.__name__], module.__dict__)  # noqa: S102 - golive's own source, mutated


_BROKEN: dict[str, str] = {}
"""In the process of a run: why its twin could not be imported."""


def _mutate(mutant: SourceMutant | None, session: pytest.Session) -> None:
    session.config.stash[RUN].keep_going = True
    try:
        replace_modules({mutant.module: mutant.code()} if mutant else without_defects())
    except Exception as error:
        _BROKEN["why"] = type(error).__name__
        session.config.stash[RUN].interrupted = True


def without_defects() -> dict[str, Any]:
    """Return the code of the twin's modules without that of its defects: what every mutant is made from."""
    return {name: compile(tree, f"<{name}>", "exec") for name, tree in parsed().items()}


def replace_modules(codes: Mapping[str, Any]) -> None:
    """Import the twin's modules again in this process, some of them from this code, by their names below the twin."""
    sys.meta_path.insert(0, _Mutated({f"{_TWIN}{name}": code for name, code in codes.items()}))
    for module in {*MODULES, *_ALSO, *codes}:
        if (
            module != "keys" or module in codes
        ):  # keys that were made before the processes parted stay
            package, _, last = f"{_TWIN}{module}".rpartition(".")
            if sys.modules.pop(f"{package}.{last}", None):
                delattr(
                    sys.modules[package], last
                )  # else `from package import module` finds the old one
    for name in codes:
        import_module(f"{_TWIN}{name}")


def _ended(mutant: SourceMutant | None, run: Run, code: int) -> SourceRun:
    key = mutant.key if mutant else ""
    found = {
        outcome: tuple(one["id"] for one in run.results if one["outcome"] == outcome)
        for outcome in (Outcome.FAILED, Outcome.ADVICE)
    }
    if _BROKEN or run.twin is None:
        return SourceRun(key, "broken", why=_BROKEN.get("why") or "; ".join(run.faults))
    if found[Outcome.FAILED]:
        return SourceRun(key, "detected", found[Outcome.FAILED])
    if found[Outcome.ADVICE]:
        return SourceRun(key, "advice only", found[Outcome.ADVICE])
    if code != ExitCode.GO:
        return SourceRun(key, "no GO", why=f"exit code {code}")
    return SourceRun(key, "undetected")
