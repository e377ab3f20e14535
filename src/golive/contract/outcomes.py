"""How a check ends without a finding: could not tell, not claimed, or a mistake of the suite itself."""

from __future__ import annotations

from golive.redaction import redact


class BrokenError(AssertionError):
    """What was read is not as it should be; the findings say where (`golive.checks.findings`)."""


class CouldNotTellError(Exception):
    """The question could not be asked or answered.

    `cause` is one sentence; checks with the same cause are reported once. `unsettled_shape` says that an
    inferred member is absent, or that the test data is too thin, so that the rule can't be read;
    that is no finding and leaves the verdict to the other checks. `configuration` says that the set-up is to blame.
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
        # Workers get it from the controller; a subclass may be made of what can't travel.
        return CouldNotTellError, (self.cause,), self.__dict__


class ThinDataError(CouldNotTellError):
    """The test data holds nothing to judge by (an empty inbox, one priority only): not a finding."""

    def __init__(self, cause: str, *, next_step: str = "Choose test data that has more.") -> None:
        super().__init__(cause, next_step=next_step, unsettled_shape=True)


class NotRecordedError(CouldNotTellError):
    """A recording does not hold what a check would have to read; that leaves the verdict to the other checks."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"not in the recording: {what}",
            next_step="Nothing; a recording that has it, or a run, answers this.",
            unsettled_shape=True,
        )


NOT_CLAIMED = "not claimed by the environment: "
"""How the reason of a skipped check begins, before the key of the environment that would make it possible."""


class NotClaimedError(Exception):
    """The environment does not claim what the check is about; `key` is the YAML key that would.

    `operation` is the operationId that is claimed and could not be asked for want of that key, if one is.
    """

    def __init__(self, key: str, *, operation: str = "") -> None:
        self.key = key
        self.operation = operation
        super().__init__(key)


NOT_SEEN = "not seen: "
"""How the reason begins where a client did not do what the check is about."""


class NotSeenError(NotClaimedError):
    """The client never did what the check is about; `what` says in words what it did not do."""

    def __init__(self, what: str) -> None:
        super().__init__(what)


class SuiteError(Exception):
    """The suite itself is wrong (its own request is invalid, a fixture is misused): exit 3."""


class InvalidRequestError(SuiteError):
    """An exchange asks for what the contract does not have, or does not allow: exit 3, of a project's own suites 4."""
