"""May this tenant go live? An answer from evidence alone: each reason against it is a sentence, and nothing is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from golive.checks.verdict import MEANINGS, TITLES, ExitCode
from golive.contract.apis import known_operations
from golive.environment import address_of, is_double
from golive.evidence.reading import Evidence, MalformedError, read
from golive.evidence.statement import FILE, LISTS
from golive.evidence.verify import others, verify
from golive.kit.files import MOST_BYTES, UnreadableError, read_regular
from golive.kit.json_text import NotJsonError, read_json
from golive.kit.problems import counted, shown_path
from golive.report.summary import SUMMARY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SKEW = timedelta(minutes=5)
"""How far clocks of two machines may differ."""


@dataclass(frozen=True)
class Policy:
    """What evidence has to show. `required` are ids of checks and operations; `here` is what `configured` returns."""

    environment: str
    here: Mapping[str, str]
    max_age: timedelta
    key: Ed25519PublicKey | None = None
    min_reach: int = 0
    max_deviations: int | None = None
    required: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """Whether a tenant may go live: the evidence that was read, reasons against it, and remarks."""

    tenant: str
    evidence: Evidence | None
    reasons: tuple[str, ...]
    remarks: tuple[str, ...] = ()

    @property
    def may(self) -> bool:
        """Whether nothing stands against it."""
        return not self.reasons


class Shelf:
    """Of each environment and tenant, as evidence says of itself, the evidence of the run that ended last.

    `unread` is, by its file, what is not evidence; `_unproven` are the summaries of runs that have none.
    """

    def __init__(self, places: Iterable[Path]) -> None:
        self._latest: dict[tuple[str, str], Evidence] = {}
        self.unread: dict[Path, str] = {}
        self._unproven: list[tuple[Path, str, str, str]] = []
        for file in dict.fromkeys(one for place in places for one in _files(place)):
            if file.name == SUMMARY:
                self._without(file)
                continue
            try:
                self._keep(read(file))
            except (MalformedError, UnreadableError) as error:
                self.unread[file] = str(error)

    def _keep(self, evidence: Evidence) -> None:
        said = evidence.golive
        # A tenant of a list is asked for by its id; its runs are called ENVIRONMENT@NAME.
        name = said["environment"].partition("@")[0], said["tenant"]
        known = self._latest.get(name)
        if known is None or _time(known.golive["ended"]) < _time(said["ended"]):
            self._latest[name] = evidence

    def latest(self, environment: str, tenant: str) -> Evidence | None:
        """Return the evidence of the run that ended last, None where there is none."""
        return self._latest.get((environment, tenant))

    def later(self, evidence: Evidence) -> list[Path]:
        """Return the folders of later runs of the same environment, of this tenant or none, that have no evidence."""
        said = evidence.golive
        return [
            folder
            for folder, environment, tenant, started in self._unproven
            if environment == said["environment"]
            and tenant in ("", said["tenant"])
            and started > said["started"]
        ]

    def checks(self) -> set[str]:
        """Return the ids of all checks that the evidence names, those of projects among them."""
        return {
            name
            for one in self._latest.values()
            for ids in (*LISTS, "undecided")
            for name in one.statement["predicate"].get(ids, one.golive["undecided"])
        }

    def names(self) -> list[tuple[str, str]]:
        """Return the environments and tenants that there is evidence of, sorted."""
        return sorted(self._latest)

    def _without(self, file: Path) -> None:
        try:
            summary = read_json(read_regular(file, MOST_BYTES))
            about = summary["environment"]
            row = (file.parent, about["name"], about.get("tenant", ""), summary["started"])
        except (OSError, NotJsonError, KeyError, TypeError, AttributeError):
            return  # no run of golive's
        refused = summary.get("exit_code") == ExitCode.CONFIGURATION and not summary.get("requests")
        texts = all(isinstance(one, str) for one in row[1:])
        if texts and not (refused or summary.get("recorded")):
            self._unproven.append(row)


def _files(place: Path) -> Iterator[Path]:
    """Yield the evidence below a place, and the summary of each run that has none."""
    if not place.is_dir():
        yield place.resolve()
        return
    summaries = (one for one in sorted(place.rglob(SUMMARY)) if not (one.parent / FILE).exists())
    yield from (file.resolve() for file in (*sorted(place.rglob(FILE)), *summaries))


def answer(tenant: str, shelf: Shelf, policy: Policy, now: datetime) -> Answer:
    """Answer for one tenant."""
    evidence = shelf.latest(policy.environment, tenant)
    broken = [f"{shown_path(file)} can't be read: {why}" for file, why in shelf.unread.items()]
    if evidence is None:
        return Answer(tenant, None, (_nothing(tenant, shelf, policy), *broken))
    verified = verify(evidence, policy.key, policy.here, alone=policy.key is not None)
    later = [
        f"A later run, {shown_path(one)}, has no evidence: it was stopped, or still goes on."
        for one in shelf.later(evidence)
    ]
    claims = (*_against(evidence, policy, now), *_lacking(evidence, policy, now))
    reasons = [*verified.faults, *claims, *later, *broken]
    same = others(evidence, policy.here)
    remarks = [one for one in verified.remarks if one not in same]
    return Answer(tenant, evidence, tuple(reasons), tuple(remarks))


def _nothing(tenant: str, shelf: Shelf, policy: Policy) -> str:
    known = shelf.names()
    of_environment = [one for name, one in known if name == policy.environment]
    elsewhere = sorted({name for name, one in known if one == tenant})
    sentence = f"There is no evidence of {policy.environment} for this tenant"
    if elsewhere:
        return f"{sentence}, only of {', '.join(elsewhere)}."
    if of_environment:
        return f"{sentence}, only for {', '.join(of_environment[:3])}."
    return f"{sentence}."


def _against(evidence: Evidence, policy: Policy, now: datetime) -> Iterator[str]:
    """Yield what its own claims have against going live: how the run ended, who answered, when, by which contract."""
    said = evidence.golive
    code = said["exit_code"]
    if code != ExitCode.GO:
        title, meaning = TITLES.get(code, said["verdict"]), MEANINGS.get(code, "")
        yield f"The run ended with {title}: {meaning}"
    urls = (said["token_url"], *(api["base_url"] for api in said["apis"].values()))
    doubled = [address_of(url) for url in urls if is_double(url)]
    if said["double"]:
        yield f"Not the service answered, but {said['double']}."
    elif doubled:
        yield f"Its URLs lead to a double on the machine of the run ({doubled[0]})."
    if said["recorded"]:
        yield "A recording was judged; the service was not asked."
    if said["part"]:
        yield f"Not every check was made: {said['part']}"
    ended = _time(said["ended"])
    if ended > now + SKEW:
        yield f"It ends in the future, at {said['ended']}."
    elif now - ended > policy.max_age:
        yield f"It is {span(now - ended)} old; {span(policy.max_age)} are allowed."
    yield from others(evidence, policy.here)


def _lacking(evidence: Evidence, policy: Policy, now: datetime) -> Iterator[str]:
    """Yield what it lacks of what is demanded."""
    said = evidence.golive
    reach = said["reach"].get("percent", 0)
    if reach < policy.min_reach:
        yield f"Its reach is {reach} % of the known faults; {policy.min_reach} % are demanded."
    deviations = [one["check"] for one in said["known_deviations"]]
    if policy.max_deviations is not None and len(deviations) > policy.max_deviations:
        yield (
            f"It tolerates {counted(len(deviations), 'known deviation')} ({', '.join(deviations[:3])}); "
            f"{policy.max_deviations} are allowed."
        )
    for one in said["known_deviations"]:
        if one["until"] < f"{now:%Y-%m-%d}":
            yield f"The deviation {one['check']} was tolerated until {one['until']}, which is past."
    passed = frozenset(evidence.statement["predicate"]["passedTests"])
    for name in policy.required:
        if name in known_operations():
            if name not in said["proven"]:
                yield f"{name} was not proven against a real success."
        elif name not in passed:
            yield f"The check {name} did not pass: {_became(name, evidence)}."


def _became(name: str, evidence: Evidence) -> str:
    """Say what became of a check that did not pass."""
    predicate = evidence.statement["predicate"]
    lists = {
        "it failed": predicate["failedTests"],
        "it is a known deviation or advice": predicate["warnedTests"],
        "it came to no verdict": evidence.golive["undecided"],
    }
    return next((what for what, ids in lists.items() if name in ids), "it was not made")


def span(time: timedelta) -> str:
    """Write a span of time in its largest whole unit: `3 days`, `1 hour`."""
    minutes = int(time.total_seconds() // 60)
    units = ((minutes // 1440, "day"), (minutes // 60, "hour"), (minutes, "minute"))
    number, unit = next((one for one in units if one[0] > 1), units[-1])
    return counted(max(number, 0), unit)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
