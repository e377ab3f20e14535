"""What holds of every answer of a run, whatever was asked: of the third as of the first."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from golive import (
    Contract,
    Exchange,
    Expect,
    Finding,
    FindingsError,
    ThinDataError,
    check,
    real_host,
    show_word,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

DATE = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) "
    r"\d{4} \d\d:\d\d:\d\d GMT"
)
"""IMF-fixdate, the one form in which a date is sent (RFC 9110 §5.6.7)."""


@check("every-answer-has-a-date", level="must", basis="standard", source="RFC 9110 §6.6.1, §5.6.7")
def test_every_answer_has_a_date(answers: list[Exchange]) -> None:
    """Each answer with a status from 200 to 499 has a Date in the form of HTTP."""
    of_a_host: dict[str, list[Exchange]] = defaultdict(list)
    for one in _some(one for one in answers if 200 <= one.status < 500):
        of_a_host[real_host(one.request.url)].append(one)
    found: list[Finding] = []
    for asked in of_a_host.values():
        wrong = [one for one in asked if not DATE.fullmatch(one.header("Date") or "")]
        if wrong:
            it = Expect(wrong[0])
            value = wrong[0].header("Date")
            how = "none" if value is None else show_word(value)
            it.violated(
                "header:Date",
                "the time of the answer, such as Thu, 26 Nov 2026 09:00:00 GMT",
                f"{how}; {len(wrong)} of {len(asked)} answers of this host",
            )
            found += it.findings
    _raise(found)


@check("every-405-names-what-is-allowed", level="must", basis="standard", source="RFC 9110 §15.5.6")
def test_every_refusal_of_a_method_names_the_allowed(answers: list[Exchange]) -> None:
    """Each answer with 405 says in Allow which methods there are."""
    found: list[Finding] = []
    for one in _some(one for one in answers if one.status == 405):
        it = Expect(one)
        it.header("Allow")
        found += it.findings
    _raise(found)


@check("every-grant-is-not-stored", level="must", basis="standard", source="RFC 6749 §5.1")
def test_no_grant_may_be_stored(answers: list[Exchange]) -> None:
    """Each answer that grants a token says Cache-Control: no-store, however it was asked for."""
    found: list[Finding] = []
    for one in _some(one for one in answers if one.succeeded and _grants(one)):
        it = Expect(one)
        it.header_has("Cache-Control", "no-store")
        found += it.findings
    _raise(found)


@check(
    "every-success-keeps-its-schema",
    level="must",
    basis="documented",
    source="contract-facts §2.1, §2.2, §2.3",
)
def test_every_success_keeps_its_schema(answers: list[Exchange], contract: Contract) -> None:
    """Each success of an operation has the form that the contract gives, like its other answers."""
    of_an_operation: dict[str, list[Expect]] = defaultdict(list)
    for one in _some(one for one in answers if one.succeeded and _schema(one, contract)):
        it = Expect(one)
        it.schema(contract, _schema(one, contract))
        of_an_operation[one.request.operation].append(it)
    found: list[Finding] = []
    for judged in of_an_operation.values():
        # What is wrong with all of them is the finding of the operation's own checks.
        always = set.intersection(*({_place(one) for one in it.findings} for it in judged))
        found += [one for it in judged for one in it.findings if _place(one) not in always]
    _raise(found)


def _schema(one: Exchange, contract: Contract) -> str:
    operation = contract.operations.get(one.request.operation)
    return (operation.schema(one.status) if operation else None) or ""


def _place(finding: Finding) -> str:
    return re.sub(r"/\d+", "/*", finding.at)


def _grants(one: Exchange) -> bool:
    body = one.json_or_none
    return isinstance(body, dict) and "access_token" in body


def _some(found: Iterable[Exchange]) -> list[Exchange]:
    some = list(found)
    if not some:
        raise ThinDataError("no such answer came in this run")
    return some


def _raise(found: list[Finding]) -> None:
    if found:
        raise FindingsError(found)
