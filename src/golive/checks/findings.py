"""What a check may raise: findings, «could not tell», «not claimed»; nothing else.

A finding is redacted when it is made, so whatever prints it later can't leak.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from golive.checks.authority import is_of_oracle
from golive.contract.label import ORACLES, Basis, Label, Level
from golive.contract.outcomes import BrokenError
from golive.environment.urls import cloud_of, real_host
from golive.exchanges.excerpt import excerpt
from golive.redaction import redact
from golive.redaction.rendering import show_pointer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from golive.exchanges.model import Exchange

INFERRED_STEP = (
    "golive infers this, and no public text promises it. Check whether your client relies on it; there is "
    "nothing to report."
)
OWN_STEP = (
    "Your own project demands this, and no standard and no page of Oracle's does. Compare the exchange with the "
    "source, then mend the deployment or the demand; there is nothing to report to Oracle."
)


@dataclass(frozen=True)
class Finding:
    """One violation.

    `at` is `status`, `body`, `header:NAME`, a JSON pointer or `relation:NAME`, of a client's request as in
    `golive.checks.requests`; `label` says how binding the
    violated demand is and how it is known, as far as it differs from the check's; an empty `next_step` is filled
    by what the label is. `exchange` is the exchange's summary. `host` is the real host that answered; `of_oracle`
    says that Oracle's facts hold for it. `origin` is the exchange itself and `place` the place in it, to show the part
    that matters.
    """

    at: str
    expected: str
    actual: str
    next_step: str
    exchange: dict[str, object]
    label: Label = field(default_factory=Label)
    host: str = ""
    of_oracle: bool = True
    origin: Exchange | None = field(default=None, repr=False, compare=False)
    place: str = field(default="", repr=False, compare=False)

    @classmethod
    def of(
        cls,
        exchange: Exchange,
        at: str,
        *,
        expected: str,
        actual: str,
        next_step: str = "",
        label: Label | None = None,
    ) -> Finding:
        """Make a finding of an exchange, with everything secret replaced."""
        host = real_host(exchange.request.url)
        place = exchange.places.real(at) if exchange.places else at
        return cls(
            at=redact(show_pointer(place)),
            expected=redact(expected),
            actual=redact(actual),
            next_step=redact(next_step),
            exchange=exchange.summary(),
            label=label or Label(),
            host=redact(host),
            # Behind a company's gateway the API is still Oracle's; another authorization server is not.
            of_oracle=is_of_oracle(exchange),
            origin=exchange,
            place=place,
        )

    def under(self, check: Label) -> Finding:
        """Return the finding as one of a check with this label: nothing in it is left open.

        What is known of Oracle's servers only is no more than a guess about anybody else's.
        """
        label = self.label.over(check)
        if label.basis in ORACLES and not self.of_oracle:
            label = replace(label, basis=Basis.INFERRED)
        step = self.next_step or next_step(label, self.host)
        return replace(self, label=label, next_step=step)

    @property
    def advice(self) -> bool:
        """Whether the violation decides nothing by what its label says; the check's is asked with `under`."""
        return self.label.basis is Basis.INFERRED or self.label.level is Level.SHOULD

    def as_dict(self, *, advisory: bool = False) -> dict[str, object]:
        """Return the finding as it stands in `summary.json`; `advisory`: nothing of its check decides."""
        return {
            "at": self.at,
            "expected": self.expected,
            "actual": self.actual,
            "level": str(self.label.level),
            "basis": str(self.label.basis),
            "source": str(self.label.source),
            "advice": advisory or self.advice,
            "next_step": self.next_step,
            "exchange": self.exchange,
            "excerpt": excerpt(self.origin, self.place, self.expected) if self.origin else [],
        }


def next_step(label: Label, host: str) -> str:
    """Return what to do about a violation for which its check names nothing better."""
    if label.basis is Basis.INFERRED:
        return INFERRED_STEP
    if label.basis is Basis.OWN:
        return OWN_STEP
    oracles = label.basis in ORACLES and cloud_of(host) is not None
    whom = "Oracle" if oracles else f"the operator of {host or 'the host'}"
    return (
        f"Compare the exchange with the source. If they differ, report it to {whom} with the time and the "
        "correlation ids shown."
    )


class FindingsError(BrokenError):
    """The statement of a check is false; carries every finding of the check."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        lines = (f"{one.at}: expected {one.expected}, got {one.actual}" for one in self.findings)
        super().__init__("\n".join(lines))

    @property
    def advice(self) -> bool:
        """Whether no finding decides."""
        return all(finding.advice for finding in self.findings)

    def under(self, check: Label) -> tuple[Finding, ...]:
        """Return the findings as those of a check with this label."""
        return tuple(finding.under(check) for finding in self.findings)
