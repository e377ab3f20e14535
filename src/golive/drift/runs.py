"""Finding runs: a folder by its path or name, the last ones of an environment, and all before another.

Which tenant was asked is in the fingerprint. A folder without one is of a run that got no answer.

It also finds since when a change is there (the earliest of the runs in a row, back from the last one, that show
it), and which checks found something at its place, by a run's summary.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from golive.drift.compare import compare
from golive.drift.fingerprint import FILE, Fingerprint, read
from golive.drift.promises import ITEM
from golive.kit.files import MOST_BYTES, read_regular
from golive.kit.problems import ConfigurationProblem, did_you_mean, shown_path
from golive.kit.run_folders import environment_of, named, run_folders, time_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from golive.contract.document import Contract
    from golive.drift.change import Change, Comparison


HOW_TO_RUN = "Make one with `golive run`."


@dataclass(frozen=True)
class Runs:
    """The runs below a folder of reports."""

    reports: Path
    unread: list[str] = field(default_factory=list)
    """The names of runs that were passed over because their fingerprint can't be read."""

    def read(self, folders: Iterable[Path]) -> Iterator[Fingerprint]:
        """Yield the fingerprints of these runs; one that can't be read is passed over, and noted."""
        for folder in folders:
            try:
                yield fingerprint_of(folder)
            except ConfigurationProblem:
                self.unread.append(folder.name)

    def of(self, environment: str) -> list[Path]:
        """Return the folders of an environment's runs that have a fingerprint, the oldest first."""
        return [path for path in run_folders(self.reports, environment) if (path / FILE).is_file()]

    def environments(self) -> list[str]:
        """Return the environments that have such runs, sorted."""
        return sorted({environment_of(path.name) for path in self._all()})

    def last(self, environment: str, count: int = 1) -> list[Path]:
        """Return the last run of an environment with those before it that asked the same tenant, the oldest first.

        Raises ConfigurationProblem where there are fewer than `count`.
        """
        found = self.of(environment)
        # The last run is the one in question: where it can't be read, its reader says so.
        last = next(Runs(self.reports).read(found[-1:]), None) if count > 1 else None
        earlier = (
            path
            for path in reversed(found[:-1])
            for one in self.read([path])
            if last is None or one.is_of(last)
        )
        found = [*list(islice(earlier, count - 1))[::-1], *found[-1:]]
        if len(found) >= count:
            return found
        there = ", ".join(self.environments())
        where = shown_path(self.reports)
        if found:
            tenant = f" for its tenant {last.tenant}" if last and last.tenant else ""
            only = f"there is only one run of {environment}{tenant}"
            message = f"{only} with a {FILE} that can be read."
            raise ConfigurationProblem.of(where, message, "Make another with `golive run`.")
        hint = did_you_mean(environment, self.environments())
        cure = f"{hint} {f'There are runs of {there}.' if there else ''} {HOW_TO_RUN}"
        message = f"there is no run of {environment} with a {FILE}."
        raise ConfigurationProblem.of(where, message, " ".join(cure.split()))

    def latest(self) -> str:
        """Return the environment of the last run of all; raises ConfigurationProblem without one."""
        runs = self._all()
        if not runs:
            where = shown_path(self.reports)
            raise ConfigurationProblem.of(where, f"there is no run with a {FILE}.", HOW_TO_RUN)
        return environment_of(runs[-1].name)

    def named(self, word: str) -> Path:
        """Return the folder of a run by its path, by its name, or by its fingerprint's path.

        Raises ConfigurationProblem where there is none, or where it has no fingerprint.
        """
        is_one = word in self.environments()
        hint = f"{word} is an environment: say `--env {word}` or `--last {word}`." if is_one else ""
        folder = named(word.removesuffix(f"/{FILE}"), self.reports, hint=hint)
        if not (folder / FILE).is_file():
            message = f"the run has no {FILE}: it got no answer, or an older golive made it."
            raise ConfigurationProblem.of(folder, message, HOW_TO_RUN)
        return folder.resolve()

    def before(self, found: Fingerprint, folder: Path) -> list[Path]:
        """Return the runs of the same environment that are older than this one, the oldest first."""
        end = time_of(folder)
        return [path for path in self.of(found.environment) if time_of(path) < end]

    def _all(self) -> list[Path]:
        return [path for path in run_folders(self.reports) if (path / FILE).is_file()]


def fingerprint_of(folder: Path) -> Fingerprint:
    """Read the fingerprint of a run folder; raises ConfigurationProblem."""
    return read(folder / FILE)


FARTHEST = 50
"""Runs that are looked at; a fingerprint takes some milliseconds to read."""


def dated(
    found: Comparison,
    first: Fingerprint,
    second: Fingerprint,
    earlier: Iterable[Fingerprint],
    contract: Contract,
) -> Comparison:
    """Return the comparison with the name of the run since which each change is there.

    `earlier` are the runs before the second that belong to its environment, the latest first.
    """
    open_ones = {one.key: one for one in found.changes}
    since = dict.fromkeys(open_ones, second.run)
    for number, run in enumerate(earlier):
        if not open_ones or number == FARTHEST:
            break
        there = compare(first, run, contract).keys
        for key, change in list(open_ones.items()):
            if key in there:
                since[key] = run.run
            elif _asked(change, run):
                del open_ones[key]
    changes = tuple(
        replace(one, since=since[one.key], unbroken=one.key in open_ones) for one in found.changes
    )
    return replace(found, changes=changes)


def _asked(change: Change, run: Fingerprint) -> bool:
    return any(name in run.situations for name in change.situations)


SUMMARY = "summary.json"
INDEX = re.compile(r"(?<=/)[0-9]+(?=/|$)")
PLACES = {"media type": "header:content-type"}


def checks_by_place(folder: Path) -> dict[str, set[str]]:
    """Return the ids of the checks with findings in a run, by the place; empty without a summary."""
    try:
        checks = json.loads(read_regular(folder / SUMMARY, MOST_BYTES))["checks"]
        found: dict[str, set[str]] = {}
        for check in checks:
            for finding in check.get("findings", ()):
                at = str(finding["at"])
                place = at.lower() if at.startswith("header:") else INDEX.sub(ITEM, at)
                found.setdefault(place, set()).add(str(check["id"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}  # it adds to what the fingerprints say, and they do not need it
    return found


def with_detected_by(found: Comparison, folder: Path) -> Comparison:
    """Return the comparison with the checks that found something at the place of each change.

    `folder` is the second run's; only checks count that read a situation which shows the change.
    """
    by_place = checks_by_place(folder)
    changes = tuple(
        replace(one, detected_by=tuple(sorted(by_place.get(_place(one), set()) & set(one.checks))))
        for one in found.changes
    )
    return replace(found, changes=changes)


def _place(change: Change) -> str:
    return PLACES.get(change.at, change.at)
