"""One cause, one entry: what several checks found together, with the harm of the worst and the root first.

Findings with the same place, expectation and answer are one entry. So are all of a server that fails (the status
is the same, whatever was expected), what else is wrong with an answer whose status or body was wrong already, and
the questions that such an answer left open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from golive.checks.verdict import Outcome
from golive.contract.harm import COMPLETE_ANSWER, JSON_TEXT, Harm, harm_by, harm_of, worst
from golive.exchanges.error_body import TOKEN_URN, error_uri_parts
from golive.report.groups import with_outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from golive.report.summary import Data

Cause: TypeAlias = tuple[str, ...]

ANSWERED = re.compile(r"\banswered (\d{3})\b")
"""How a cause of «could not tell» says that an answer before it was no success."""

UNSERVED = re.compile(r"\bsuccess(?:es)?\b")
"""How a cause of «could not tell» says that all of several answers were none, without naming their status."""

NOW_AND_THEN = "relation:good-token"
"""Where a check says that good tokens are refused now and then: every 401 to one of them is its effect."""

REFUSED: Cause = ("status", "401")
WITH_THE_OWN_TOKEN = '"Authorization: Bearer $TOKEN"'  # noqa: S105 - words of a shell
"""How a finding's curl command presents the run's own token, and no other."""
SUCCESS = re.compile(r"(?:any )?2(?:xx|[0-9]{2})\b")

BODY = ("body", "header:content-type")
"""Places at which an answer is wrong as a whole: what a check finds inside it follows from that."""


@dataclass
class Entry:
    """What follows from one cause: `root` is the check that names it best, `others` found the same or its effects.

    `left_open` could not be decided for that reason.
    """

    root: Data
    others: list[Data] = field(default_factory=list)
    left_open: list[Data] = field(default_factory=list)

    @property
    def found(self) -> list[Data]:
        """All checks that found something, the root first."""
        return [self.root, *self.others]

    @property
    def explains(self) -> int:
        """How many checks the cause explains."""
        return len(self.found) + len(self.left_open)

    @property
    def harm(self) -> Harm:
        """The worst harm of what was found; of good tokens that are refused, it is that alone."""
        found = [self.root] if self.finding["at"] == NOW_AND_THEN else self.found
        return harm_by(self.root["id"], worst(map(harm_in, found)))

    @property
    def finding(self) -> Data:
        """The finding by which the root names the cause."""
        return leading(self.root)

    @property
    def server_fails(self) -> bool:
        """Whether the cause is a server that fails at several places, whatever it is asked."""
        one = self.finding
        places = {
            finding["exchange"]["url"] for check in self.found for finding in check["findings"]
        }
        return one["at"] == "status" and one["actual"].startswith("5") and len(places) > 1

    @property
    def without_json(self) -> str:
        """What came in place of JSON at several places, in a sentence; empty where it did not."""
        one = self.finding
        asked = {
            f"{other['exchange']['method']} {other['exchange']['url']}"
            for check in self.found
            for other in check["findings"]
            if (other["at"], other["actual"]) == ("body", one["actual"])
        }
        if (one["at"], one["expected"]) != ("body", JSON_TEXT) or len(asked) < 2:
            return ""
        return f"{len(asked)} different requests were answered without JSON: {one['actual']}."

    @property
    def why(self) -> str:
        """What came, and what was expected where."""
        one = self.finding
        if one["at"] == "status":
            return f"Answered {one['actual']}{_reason(one)} where {one['expected']} is due"
        place = "" if one["at"].startswith("relation:") else f"{one['at']}: "
        return f"{place}expected {one['expected']}, got {one['actual']}"

    @property
    def sentence(self) -> str:
        """The cause in one sentence."""
        if self.server_fails:
            asked = {
                f"{one['exchange']['method']} {one['exchange']['url']}"
                for check in self.found
                for one in check["findings"]
                if one["exchange"]["status"] == self.finding["exchange"]["status"]
            }
            return f"The server fails: {len(asked)} different requests were answered {self.finding['actual']}."
        if self.without_json:
            return self.without_json
        if self.finding["expected"] == COMPLETE_ANSWER:
            return f"No complete HTTP answer came: {self.finding['actual']}."
        return f"{self.root['statement'].rstrip('.')}: not so. {self.why}."


def _reason(one: Data) -> str:
    """Return the URN with which the authorization server says why it refused, in brackets; empty where it says none."""
    parts = error_uri_parts(one["exchange"].get("error_uri"))
    return f" ({parts[0].removeprefix(TOKEN_URN)})" if parts else ""


def harm_in(check: Data) -> str:
    """Return the harm of a check of `summary.json`; summaries of before do not name it."""
    return str(check.get("harm") or harm_of(check["id"], check["area"], check["findings"]))


def leading(check: Data) -> Data:
    """Return the finding that says most of a check's: what decides before advice, the status before what is inside."""
    findings: list[Data] = check["findings"]
    return min(findings, key=lambda one: (bool(one["advice"]), one["at"] != "status"))


def entries(checks: Iterable[Data], *outcomes: Outcome) -> list[Entry]:
    """Return what the checks of these outcomes found by cause, the worst harm first, then what explains most.

    The root of an entry has the first of the outcomes that one of its checks has.
    """
    checks = list(checks)
    found = [one for one in with_outcome(checks, *outcomes) if one["findings"]]
    wrong = dict(_wrong_answers(found))
    groups: dict[Cause, Entry] = {}
    refused = any(one["at"] == NOW_AND_THEN for check in found for one in check["findings"])
    for check in sorted(found, key=lambda one: _roots_first(one, outcomes)):
        cause = REFUSED if refused and _by_a_refusal(check) else _cause(check, wrong)
        if cause in groups:
            groups[cause].others.append(check)
        else:
            groups[cause] = Entry(check)
    for check in with_outcome(checks, Outcome.COULD_NOT_TELL):
        entry = _that_left_open(check.get("cause", ""), groups)
        if entry is not None:
            entry.left_open.append(check)
    return sorted(groups.values(), key=lambda one: (one.harm.rank, -one.explains))


@dataclass(frozen=True)
class Found:
    """What a run found by cause: `failed` decides, `advised` is advice alone; `rest` are the checks that none explains.

    Advice and open questions that follow from a failure are in its entry.
    """

    failed: list[Entry]
    advised: list[Entry]
    rest: list[Data]


def found_in(checks: Iterable[Data]) -> Found:
    """Return the entries of a run; with --fail-on-advice those of advice are failures already."""
    checks = list(checks)
    found = entries(checks, Outcome.FAILED, Outcome.ADVICE)
    failed = [one for one in found if one.root["outcome"] == Outcome.FAILED]
    explained = {check["id"] for one in failed for check in one.left_open}
    return Found(
        failed,
        [one for one in found if one.root["outcome"] == Outcome.ADVICE],
        [one for one in checks if one["id"] not in explained],
    )


def _that_left_open(why: str, groups: dict[Cause, Entry]) -> Entry | None:
    """Return the entry whose status or body kept a check from a verdict, as the check says."""
    if answered := ANSWERED.search(why):
        return groups.get(("status", answered[1]))
    if UNSERVED.search(why):
        return next((one for one in groups.values() if one.server_fails), None)
    bodies = (one for one in groups.values() if one.finding["at"].lower() in BODY)
    return next((one for one in bodies if one.finding["actual"] in why), None)


def _by_a_refusal(check: Data) -> bool:
    """Return whether all that a check found is owed to a 401 to a good token; what only advises does not count."""
    findings: list[Data] = check["findings"]
    deciding = [one for one in findings if not one["advice"]] or findings
    return all(map(_is_refusal, deciding))


def _is_refusal(one: Data) -> bool:
    """Return whether a finding is about a 401 to the run's own token, or to one that a success was due to."""
    exchange = one["exchange"]
    success = one["at"] == "status" and SUCCESS.match(one["expected"]) is not None
    return exchange["status"] == 401 and (success or WITH_THE_OWN_TOKEN in exchange["curl"])


def _roots_first(check: Data, outcomes: tuple[Outcome, ...]) -> tuple[int, bool, bool, bool]:
    outcome = outcomes.index(Outcome(check["outcome"]))
    place = leading(check)["at"]
    return outcome, place != NOW_AND_THEN, place != "status", place.lower() not in BODY


def _wrong_answers(checks: Iterable[Data]) -> Iterator[tuple[Cause, Cause]]:
    """Yield each exchange whose answer is wrong as a whole, with the cause; what comes later is nearer to the root."""
    found = [(check, one) for check in checks for one in check["findings"]]
    for check, one in sorted(found, key=lambda pair: pair[1]["at"] == "status"):
        status = one["exchange"]["status"]
        if isinstance(status, int) and status >= 500:
            yield _sent(one), ("status", str(status))
        elif one["at"] == "status" or one["at"].lower() in BODY:
            yield _sent(one), _own(check, one)


def _cause(check: Data, wrong: dict[Cause, Cause]) -> Cause:
    one = leading(check)
    return _own(check, one) if one["at"] == "status" else wrong.get(_sent(one), _own(check, one))


def _own(check: Data, one: Data) -> Cause:
    """Return what a finding has in common with all of the same cause."""
    if one["at"] == "status" and one["actual"].startswith("5"):
        return "status", one["actual"][:3]
    return one["at"], one["expected"], one["actual"], harm_in(check)


def _sent(one: Data) -> Cause:
    exchange = one["exchange"]
    return exchange["sent_at"], exchange["method"], exchange["url"]
