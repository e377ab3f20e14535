"""Which scope opens which namespace, and where a defect opens one without it, or without any token.

A scope grants every action of its service (contract-facts §1). A path of no namespace asks for none: there is nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.twin.names import CODE_SYSTEM_SCOPE, MESSAGE_SCOPE, RECIPIENT_SCOPE

if TYPE_CHECKING:
    from golive.twin.http import Ask
    from golive.twin.world import World

SCOPES = {"message": MESSAGE_SCOPE, "recipient": RECIPIENT_SCOPE, "codeSystem": CODE_SYSTEM_SCOPE}
"""Namespace -> scope."""


def opened_by(world: World, ask: Ask, granted: list[str]) -> bool:
    """Whether a token with these scopes opens what a request to one of the namespaces asks for."""
    namespace = ask.segments[1]
    if _is_shut(world, namespace, reads=ask.method == "GET"):
        return False
    return SCOPES[namespace] in granted or _is_open(world, namespace)


def _is_open(world: World, namespace: str) -> bool:
    """Whether a defect opens this API to tokens without its scope."""
    match namespace:
        case "recipient":
            return world.injects("recipient-scope-not-enforced")
        case "codeSystem":
            return world.injects("code-system-scope-not-enforced")
    return world.injects("scope-not-enforced")


def _is_shut(world: World, namespace: str, *, reads: bool) -> bool:
    """Whether a defect refuses this request although its token has the scope."""
    match namespace:
        case "recipient":
            return world.injects("recipient-scope-not-honoured")
        case "codeSystem":
            return world.injects("code-system-scope-not-honoured")
    return world.injects("granted-scope-not-honoured") or (
        not reads and world.injects("scope-opens-reading-only")
    )


def opens_without_token(world: World, ask: Ask) -> bool:
    """Whether a careless gateway has left this operation open to everybody."""
    if "authorization" in ask.headers:
        return False
    match ask.segments[1:2], ask.method, ask.segments[-1]:
        case ("recipient",), "GET", _:
            return world.injects("group-inboxes-open-without-token")
        case ("codeSystem",), "GET", "codeValues":
            return world.injects("code-values-open-without-token")
        case ("codeSystem",), "GET", _:
            return world.injects("code-value-opens-without-token")
        case _, "GET", "inboxItems":
            return world.injects("inbox-opens-without-token")
        case _, "GET", "sentItems":
            return world.injects("sent-items-open-without-token")
        case _, "GET", _:
            return world.injects("message-opens-without-token")
        case _, "POST", "sentItems":
            return world.injects("send-works-without-token")
        case _, "POST", "updatePatientMessageStatus":
            return world.injects("status-changes-without-token")
        case _, "POST", "validateRecipients":
            return world.injects("validation-works-without-token")
    return False
