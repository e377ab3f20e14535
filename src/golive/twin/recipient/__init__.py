"""The Recipients API: group inboxes, and the validation of recipients that the Messages API offers beside it."""

from golive.twin.recipient.group_inboxes import Directory, group_inboxes
from golive.twin.recipient.validation import validate_recipients

__all__ = ["Directory", "group_inboxes", "validate_recipients"]
