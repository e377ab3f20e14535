"""Writes with a token that has the scope of Messages and no other."""

from __future__ import annotations

from functools import partial

from golive import Environment, NotClaimedError, Steps, check
from suites.common.other_tokens import SCOPES, judge_taken

scope_check = partial(check, level="must", basis="documented", source=SCOPES, area="API access")


@scope_check("send-needs-no-other-scope")
def test_a_message_is_sent_with_the_scope_of_messages_alone(
    sending_of_text: Steps, environment: Environment
) -> None:
    """A message is sent with a token that has the scope of Messages and no other."""
    if "again" not in sending_of_text:
        raise NotClaimedError("token.scopes")
    judge_taken(sending_of_text, sending_of_text["again"], environment, "token.scopes")


@scope_check("status-needs-no-other-scope")
def test_a_status_is_changed_with_the_scope_of_messages_alone(
    lasting_change_at_the_end: Steps, environment: Environment
) -> None:
    """A status is changed with a token that has the scope of Messages and no other."""
    if "back" not in lasting_change_at_the_end:
        raise NotClaimedError("token.scopes")
    judge_taken(
        lasting_change_at_the_end, lasting_change_at_the_end["back"], environment, "token.scopes"
    )
