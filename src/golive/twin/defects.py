"""Every lie that the twin can be told to tell: a name and one sentence each.

The table is data. The lie itself is a branch in the twin's own logic that asks ``world.lies(...)``
for its name at the place where a faulty deployment would go wrong. A test holds the two together: a
name that nothing asks for, or one that is asked for and not listed, fails it.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

DEFECTS: dict[str, str] = {
    # the token endpoint
    "token-endpoint-answers-503": "The token endpoint answers 503 to every request.",
    "token-endpoint-refuses-every-client": "Every client's credential is refused as wrong.",
    "token-response-is-not-json": "A granted token comes inside an HTML page.",
    "token-response-may-be-cached": "Token answers carry neither Cache-Control nor Pragma.",
    "correlation-id-differs-from-error-uri": "The correlation id of a token error names another "
    "instance than its error_uri.",
    "wrong-secret-accepted": "A known client is let in with any secret.",
    "scope-silently-dropped": "The message scope is left out of the grant although it was asked "
    "for and is registered.",
    # the key set
    "private-key-in-key-set": "The key set publishes the private half of its keys.",
    "signing-key-missing-from-key-set": "The key that signs tokens is not in the key set.",
    # the gateway in front of the API
    "api-refuses-every-token-as-unknown-kid": "The API refuses every token as signed by an "
    "unknown key.",
    "expired-token-accepted": "The API does not look at a token's expiry.",
    "unsigned-token-accepted": "The API accepts a token whose algorithm is none.",
    "other-clouds-token-accepted": "The API trusts tokens that the sandbox cloud signed.",
    "other-tenants-token-accepted": "The API does not compare the token's tenant with the path's.",
    "error-echoes-the-token": "An error answer of the API repeats the bearer token.",
    # the API as a whole
    "api-answers-503-to-everything": "The API answers 503 to every request.",
    "api-answers-500-with-a-stack-trace": "The API answers 500 with a stack trace to every "
    "admitted request.",
    "redirect-to-another-host": "The API redirects every request to another host.",
    # reading
    "inbox-answers-html": "The inbox is an HTML page with status 200.",
    "inbox-body-is-truncated": "The inbox promises more bytes than it sends, then hangs up.",
    "inbox-ignores-sort-order": "The inbox comes newest first whatever sortBy and sortOrder say.",
    "inbox-window-is-30-days": "Without dates, the inbox reaches back 30 days instead of 90.",
    "future-bound-is-not-clamped": "An upper bound in the future is used as it is, so items "
    "dated in the future are listed.",
    "inbox-lacks-request-id": "The inbox answers without opc-request-id.",
    "deleted-message-vanishes": "Deleted messages are missing from the inbox.",
    "detail-disagrees-with-list": "A message's detail has another subject than its list item.",
    "item-of-another-patient": "The inbox lists a message of another patient.",
    "duplicate-item": "The first item of the inbox is listed twice.",
    # writing
    "status-change-does-not-stick": "A status update is answered with 200 and changes nothing.",
    "sent-item-never-appears": "A message that was sent never shows up in sent items.",
}


def chosen(names: Iterable[str]) -> frozenset[str]:
    """Return ``names`` as a set; raise ValueError, with a suggestion, for an unknown one."""
    wanted = frozenset(names)
    for name in sorted(wanted - DEFECTS.keys()):
        near = get_close_matches(name, DEFECTS, n=1)
        hint = f' Did you mean "{near[0]}"?' if near else f" Known are: {', '.join(DEFECTS)}."
        raise ValueError(f'The twin knows no defect "{name}".{hint}')
    return wanted
