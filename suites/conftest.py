"""The exchanges that several suites read: those of the walk before the checks, and the base of each refusal."""

from __future__ import annotations

from golive import first, writing
from golive.pytest_plugin import exchange

key_set = exchange(first.key_set)
token_granted = exchange(first.token_granted)
granted_by_assertion = exchange(first.granted_by_assertion)
inbox_items = exchange(first.inbox_items)
sent_items = exchange(first.sent_items)
one_message = exchange(first.one_message)
sent_message = exchange(writing.sent_message)
status_tour = exchange(writing.status_tour)
status_changed = exchange(writing.status_changed)
write_inbox = exchange(writing.write_inbox)
