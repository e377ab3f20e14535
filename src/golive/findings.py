"""What a check may raise: findings, «could not tell», «not claimed»; nothing else.

A finding is redacted when it is made, so whatever prints it later can't leak.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from golive.redaction import redact, show_pointer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from golive.exchange import Exchange


@dataclass(frozen=True)
class Finding:
    """One violation.

    `at` is `status`, `body`, `header:NAME`, a JSON pointer or `relation:NAME`; `advice` marks a violation
    that does not decide; `exchange` is the exchange's summary.
    """

    at: str
    expected: str
    actual: str
    next_step: str
    exchange: dict[str, object]
    advice: bool = False

    @classmethod
    def of(
        cls,
        exchange: Exchange,
        at: str,
        *,
        expected: str,
        actual: str,
        next_step: str,
        advice: bool = False,
    ) -> Finding:
        """Make a finding of an exchange, with everything secret replaced."""
        return cls(
            at=redact(show_pointer(at)),
            expected=redact(expected),
            actual=redact(actual),
            next_step=redact(next_step),
            exchange=exchange.summary(),
            advice=advice,
        )

    def as_dict(self) -> dict[str, object]:
        """Return the finding as it stands in `summary.json`."""
        return asdict(self)


class FindingsError(AssertionError):
    """The statement of a check is false; carries every finding of the check."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(
            "\n".join(f"{f.at}: expected {f.expected}, got {f.actual}" for f in self.findings)
        )

    @property
    def advice(self) -> bool:
        """Whether no finding decides."""
        return all(finding.advice for finding in self.findings)


class CouldNotTellError(Exception):
    """The question could not be asked or answered.

    `cause` is one sentence; checks with the same cause are reported once. `unsettled_shape` says that an
    inferred member is absent, or that the test data is too thin, so that the rule can't be read; that accuses
    nobody and leaves the verdict to the other checks. `configuration` says that the set-up is to blame.
    """

    def __init__(
        self,
        cause: str,
        *,
        next_step: str = "",
        unsettled_shape: bool = False,
        configuration: bool = False,
    ) -> None:
        self.cause = redact(cause)
        self.next_step = redact(next_step)
        self.unsettled_shape = unsettled_shape
        self.configuration = configuration
        super().__init__(self.cause)

    def __reduce__(self) -> tuple[object, ...]:
        given = self.cause, self.next_step, self.unsettled_shape, self.configuration
        return (_could_not_tell, given)


def _could_not_tell(
    cause: str, next_step: str, unsettled_shape: bool, configuration: bool
) -> CouldNotTellError:
    return CouldNotTellError(
        cause,
        next_step=next_step,
        unsettled_shape=unsettled_shape,
        configuration=configuration,
    )


class ThinDataError(CouldNotTellError):
    """The test data holds nothing to judge by (an empty inbox, one priority only): accuses nobody."""

    def __init__(self, cause: str, *, next_step: str = "Choose test data that has more.") -> None:
        super().__init__(cause, next_step=next_step, unsettled_shape=True)


class NotClaimedError(Exception):
    """The environment does not claim what the check is about; `key` is the YAML key that would."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


class SuiteError(Exception):
    """The suite itself is wrong (its own request is invalid, a fixture is misused): exit 3."""
