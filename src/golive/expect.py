"""Collects the findings of one check and raises them all at once.

    with expect(inbox_items) as it:
        it.status(200)
        it.schema(contract, "messages-20241001/inbox-items")

An answer that is broken as HTTP is a finding of whatever check reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golive.alike import told_once
from golive.authority import binds_the_standard_alone
from golive.exchange import NO_STATUS
from golive.findings import Finding, FindingsError
from golive.redaction import show_word
from golive.strict_json import NotJsonError
from golive.verdict import Basis

if TYPE_CHECKING:
    import re
    from types import TracebackType

    from golive.contract import Contract
    from golive.exchange import Exchange

REPORT_IT = (
    "Compare the exchange with the source. If they differ, report it to Oracle with the time and the "
    "correlation ids shown."
)
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
            self.violated(at, "a complete HTTP answer", exchange.response.broken)

    def __enter__(self) -> Expect:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # What was found before a question turned out to be unanswerable still counts.
        if self.findings and (kind is None or issubclass(kind, Exception)):
            # Where there is no HTTP, everything else is missing for that one reason.
            whole = self.exchange.status != NO_STATUS
            raise FindingsError(self.findings if whole else self.findings[:1]) from None

    def violated(
        self,
        at: str,
        expected: str,
        actual: str,
        *,
        next_step: str = REPORT_IT,
        advice: bool = False,
    ) -> None:
        """Add a finding. `expected` and `actual` are words for a person."""
        self.findings.append(
            Finding.of(
                self.exchange,
                at,
                expected=expected,
                actual=actual,
                next_step=next_step,
                advice=advice,
            )
        )

    def that(
        self,
        holds: bool,
        at: str,
        expected: str,
        actual: str,
        *,
        next_step: str = REPORT_IT,
        advice: bool = False,
    ) -> None:
        """Add a finding unless the condition holds."""
        if not holds:
            self.violated(at, expected, actual, next_step=next_step, advice=advice)

    def status(self, *allowed: int, advice: bool = False) -> None:
        """The status is one of these."""
        self.that(
            self.exchange.status in allowed,
            "status",
            " or ".join(map(str, allowed)),
            str(self.exchange.status),
            advice=advice,
        )

    def header(self, name: str, *, advice: bool = False) -> str | None:
        """The header is there and not empty; returns its value."""
        value = self.exchange.header(name)
        shown = "absent" if value is None else "empty"
        self.that(bool(value), f"header:{name}", "present", shown, advice=advice)
        return value

    def header_matches(
        self, name: str, form: re.Pattern[str], what: str, *, advice: bool = False
    ) -> None:
        """The header's whole value has this form; `what` names it for a person."""
        value = self.exchange.header(name)
        if value is None or form.fullmatch(value) is None:
            self.violated(f"header:{name}", what, _shown(value), advice=advice)

    def header_has(self, name: str, word: str, *, advice: bool = False) -> None:
        """The header's comma-separated list has this word, whatever its case."""
        value = self.exchange.header(name)
        words = {part.strip().lower() for part in (value or "").split(",")}
        if word.lower() not in words:
            self.violated(f"header:{name}", word, _shown(value), advice=advice)

    def media_type(self, wanted: str = "application/json", *, advice: bool = False) -> None:
        """The body's media type is this one."""
        actual = self.exchange.media_type
        if actual != wanted:
            self.violated("header:Content-Type", wanted, _shown(actual or None), advice=advice)

    def keeps_secrets(self) -> None:
        """No credential and no token that was sent comes back."""
        self.that(
            not self.exchange.repeats_a_secret,
            "relation:nothing-secret-comes-back",
            "an answer without the credential or the token",
            "the answer repeats a secret that was sent",
            next_step="Treat the secret as leaked: replace it, and report this to Oracle.",
        )

    def json(self, *, advice: bool = False) -> Any:
        """The body is JSON; returns it, or None with a finding."""
        try:
            return self.exchange.json
        except NotJsonError as error:
            self.violated("body", "a JSON text (RFC 8259)", str(error), advice=advice)
            return None

    def schema(
        self,
        contract: Contract,
        name: str,
        instance: object = ...,
        *,
        below: str = "",
        advice: bool = False,
    ) -> None:
        """The body, or the given instance, keeps the schema; what is only inferred is advice.

        `below` is the JSON pointer at which the instance stands in the answer.
        """
        if instance is ...:
            before = len(self.findings)
            instance = self.json(advice=advice)
            if len(self.findings) > before:
                return
        found = contract.violations(name, instance)
        if binds_the_standard_alone(self.exchange):
            found = [one for one in found if one.basis is Basis.STANDARD]
        # What decides comes first, so that no long row of advice can push it out.
        found = sorted(told_once(found), key=lambda one: one.basis is Basis.INFERRED)
        for violation in found[:MOST_SHOWN]:
            self.violated(
                f"{below}{violation.at}" or "body",
                violation.expected,
                violation.actual,
                advice=advice or violation.basis is Basis.INFERRED,
            )


def expect(exchange: Exchange) -> Expect:
    """Start collecting findings about an exchange."""
    return Expect(exchange)
