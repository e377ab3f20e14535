"""Writes with a token that has the scope of Messages and no other."""

from __future__ import annotations

from golive import Environment, NotClaimedError, Steps
from suites.common.other_tokens import judge_taken, scope_alone_check


@scope_alone_check("send-needs-no-other-scope")
def test_a_message_is_sent_with_the_scope_of_messages_alone(
    sending_of_text: Steps, environment: Environment
) -> None:
    """A message is sent with a token that has the scope of Messages and no other."""
    _is_taken(sending_of_text, "again", environment)


@scope_alone_check("status-needs-no-other-scope")
def test_a_status_is_changed_with_the_scope_of_messages_alone(
    lasting_change_at_the_end: Steps, environment: Environment
) -> None:
    """A status is changed with a token that has the scope of Messages and no other."""
    _is_taken(lasting_change_at_the_end, "back", environment)


def _is_taken(steps: Steps, step: str, environment: Environment) -> None:
    if step not in steps:
        raise NotClaimedError("token.scopes")
    judge_taken(steps, step, environment, "token.scopes")
