"""Collects the findings of one check and raises them all at once.

    with expect(inbox_items) as it:
        it.status(200)
        it.schema(contract, "messages-20241001/inbox-items")

An answer that is broken as HTTP is a finding of whatever check reads it.

One cause is one finding: violations that many items of an array share are reported once, with their number.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from golive.checks.authority import binds_the_standard_alone
from golive.checks.disclosure import repeated_secrets
from golive.checks.findings import Finding, FindingsError
from golive.contract.harm import COMPLETE_ANSWER, JSON_TEXT
from golive.contract.label import Basis, Label
from golive.environment.urls import real_host
from golive.exchanges.model import NO_STATUS
from golive.kit.json_text import NotJsonError
from golive.kit.problems import counted
from golive.redaction.rendering import show_word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from golive.contract.document import Contract
    from golive.contract.validation import Violation
    from golive.exchanges.model import Exchange


LAST = {Basis.OWN: 1, Basis.INFERRED: 2}
MOST_SHOWN = 20
"""Findings of one schema that a check reports; a wrong list of 1,000 items needs no 1,000 lines."""


def _shown(value: str | None) -> str:
    return "absent" if value is None else show_word(value) or "empty"


class Expect:
    """The findings of one exchange, as they are collected."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.findings: list[Finding] = []
        if exchange.response.broken:
            at = "status" if exchange.status == NO_STATUS else "body"
            self.violated(at, COMPLETE_ANSWER, exchange.response.broken)

    def __enter__(self) -> Expect:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # What was found before a question turned out to be unanswerable still counts.
        if self.findings and (kind is None or issubclass(kind, Exception)):
            # Where the answer is not HTTP, everything else is missing for that one reason.
            whole = self.exchange.status != NO_STATUS
            raise FindingsError(self.findings if whole else self.findings[:1]) from None

    def violated(
        self,
        at: str,
        expected: str,
        actual: str,
        *,
        next_step: str = "",
        advice: bool = False,
        label: Label | None = None,
    ) -> None:
        """Add a finding. `expected` and `actual` are words for a person.

        `label` says how this demand is known where the check's label does not; `advice` is short for a guess.
        What is found already, at this place and in these words, is said once, as it is known more firmly.
        """
        own = label or Label()
        finding = Finding.of(
            self.exchange,
            at,
            expected=expected,
            actual=actual,
            next_step=next_step,
            label=replace(own, basis=Basis.INFERRED) if advice else own,
        )
        for index, one in enumerate(self.findings):
            if (one.at, one.expected) == (finding.at, finding.expected):
                if one.advice:
                    self.findings[index] = finding
                return
        self.findings.append(finding)

    def that(
        self,
        holds: bool,
        at: str,
        expected: str,
        actual: str,
        *,
        next_step: str = "",
        advice: bool = False,
        label: Label | None = None,
    ) -> None:
        """Add a finding unless the condition holds."""
        if not holds:
            self.violated(at, expected, actual, next_step=next_step, advice=advice, label=label)

    def found_at(self, at: str) -> bool:
        """Return whether something is wrong at this place already."""
        return any(finding.at == at for finding in self.findings)

    def status(self, *allowed: int, advice: bool = False) -> None:
        """The status is one of these."""
        status, wanted = self.exchange.status, " or ".join(map(str, allowed))
        self.that(status in allowed, "status", wanted, str(status), advice=advice)

    def header(self, name: str, *, advice: bool = False, label: Label | None = None) -> str | None:
        """The header is there and not empty; returns its value."""
        value = self.exchange.header(name)
        shown = "absent" if value is None else "empty"
        self.that(bool(value), f"header:{name}", "present", shown, advice=advice, label=label)
        return value

    def header_matches(
        self, name: str, form: re.Pattern[str], what: str, *, label: Label | None = None
    ) -> None:
        """The header's whole value has this form; `what` names it for a person."""
        value = self.exchange.header(name)
        if value is None or form.fullmatch(value) is None:
            self.violated(f"header:{name}", what, _shown(value), label=label)

    def header_has(self, name: str, word: str, *, label: Label | None = None) -> None:
        """The header's comma-separated list has this word, whatever its case."""
        value = self.exchange.header(name)
        words = {part.strip().lower() for part in (value or "").split(",")}
        if word.lower() not in words:
            self.violated(f"header:{name}", word, _shown(value), label=label)

    def media_type(self, wanted: str = "application/json", *, label: Label | None = None) -> None:
        """The body's media type is this one."""
        actual = self.exchange.media_type
        if actual != wanted:
            self.violated("header:Content-Type", wanted, _shown(actual or None), label=label)

    def keeps_secrets(self, label: Label | None = None) -> None:
        """No credential and no token that this run had sent, or been granted, comes back."""
        for repeated in repeated_secrets(self.exchange):
            host = real_host(self.exchange.request.url)
            self.violated(
                "relation:nothing-secret-comes-back",
                "an answer without any credential or token of this run",
                f"the answer repeats {repeated}",
                next_step=f"Treat it as leaked: replace it, and report this to the operator of {host}.",
                label=label,
            )

    def json(self, *, label: Label | None = None) -> Any:
        """The body is JSON; returns it, or None with a finding.

        A media type that is wrong as well, being that of the page that came, is no second finding.
        """
        try:
            return self.exchange.json
        except NotJsonError as error:
            wrong = "header:Content-Type"
            self.findings = [finding for finding in self.findings if finding.at != wrong]
            self.violated("body", JSON_TEXT, str(error), label=label)
            return None

    def schema(
        self,
        contract: Contract,
        name: str,
        instance: object = ...,
        *,
        below: str = "",
        label: Label | None = None,
        apart_from: frozenset[str] = frozenset(),
    ) -> None:
        """The body, or the given instance, keeps the schema; each violation is known as its node is.

        `below` is the JSON pointer at which the instance stands in the answer. Where `label` is inferred, so is
        every violation; its level holds for all of them. `apart_from` are JSON pointers below the instance of what
        another check judges.
        """
        if instance is ...:
            instance = self.json(label=label)
            if instance is None and self.exchange.response.body.strip() != b"null":
                return
        found = [one for one in contract.violations(name, instance) if one.at not in apart_from]
        if binds_the_standard_alone(self.exchange):
            found = [one for one in found if one.basis in (Basis.STANDARD, Basis.OWN)]
        guess = label is not None and label.basis is Basis.INFERRED
        # What the contract demands comes first: neither a project's demands nor advice can push it out.
        found = sorted(without_repeats(found), key=lambda one: LAST.get(one.basis, 0))
        for violation in found[:MOST_SHOWN]:
            at = f"{below}{violation.at}" or "body"
            known = Label(label.level if label else None, violation.basis, violation.source)
            self.violated(at, violation.expected, violation.actual, advice=guess, label=known)


def expect(exchange: Exchange) -> Expect:
    """Start collecting findings about an exchange."""
    return Expect(exchange)


INDEX = re.compile(r"/[0-9]+(?=/|$)")


def without_repeats(found: Iterable[Violation]) -> list[Violation]:
    """Return one violation for each place in an item, expectation and basis, in the order of the first of each."""
    groups: dict[tuple[object, ...], list[Violation]] = {}
    for one in found:
        groups.setdefault((INDEX.sub("/*", one.at), one.expected, one.basis), []).append(one)
    return [_together(group) for group in groups.values()]


def _together(group: list[Violation]) -> Violation:
    first = group[0]
    if len(group) == 1:
        return first
    others = "" if len({one.actual for one in group}) == 1 else " and other values"
    return replace(first, actual=f"{first.actual}{others}, in {counted(len(group), 'item')}")
