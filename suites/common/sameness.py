"""Whether two readings of one thing say the same of it, in what public text says of it.

Only a few members inside of a participant, a priority, a time or an attachment are documented (contract-facts §2.3,
§2.4, §9). What a server adds beside them may be made for each answer: when it was read, links, a presence. So may an
address be, since a link that is signed for some minutes is another one each time. Neither is a loss where it differs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from suites.common.lists import same_json

if TYPE_CHECKING:
    from collections.abc import Mapping

PARTS = frozenset({"id", "type", "display", "value", "dateTime", "timeZone"})
"""Members of the objects in a message that say which one it is."""

OF_A_MESSAGE = ("id", "subject", "priority", "createDateTime", "notificationType", "sender")
"""Members of a message that no operation changes, and no option adds."""

SHOWN_ONCE = ("conversationId", "recipients", "encounter", "dueDateTime", "remindDateTime")
SHOWN_ONCE += ("carbonCopyRecipients", "attachments")
"""Members that a list need not show, and that are the same at each reading of one message."""

ADDRESS = re.compile(r"https?://[^/\s]", re.IGNORECASE)
LASTING = frozenset({*OF_A_MESSAGE, *SHOWN_ONCE})


def is_lost(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Return whether two views of one message differ in a member, and in what makes it another one."""
    return name in LASTING and not same_json(
        substance(before.get(name)), substance(after.get(name))
    )


def substance(value: Any) -> Any:
    """Return what a value says of the thing itself, without addresses and what is added beside its known members."""
    if isinstance(value, list):
        return [substance(one) for one in value]
    if isinstance(value, dict):
        names = value.keys() & PARTS or value.keys()
        return {name: substance(value[name]) for name in names if not _is_address(value[name])}
    return None if _is_address(value) else value


def _is_address(value: Any) -> bool:
    """Return whether a value is an absolute URL."""
    return isinstance(value, str) and ADDRESS.match(value) is not None
