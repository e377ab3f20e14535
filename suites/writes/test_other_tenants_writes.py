"""What an account of another tenant writes, under that one's path, stays there."""

from __future__ import annotations

import json

from golive import Steps, check, expect
from suites.messages.citations import TENANTS
from suites.messages.recognise import listed_as
from suites.messages.status_steps import shown_status

AREA = "other tenants"
"""The area of the checks that read what another tenant has."""


@check("send-stays-in-its-tenant", level="must", basis="documented", source=TENANTS, area=AREA)
def test_a_message_of_another_tenant_is_not_sent_here(after_another_tenants_writes: Steps) -> None:
    """A message that an account of another tenant sends there is not among the sent items of this tenant's patient."""
    sent, listed = after_another_tenants_writes["sent"], after_another_tenants_writes["listed"]
    with expect(listed) as it:
        it.status(200)
        found = len(listed_as(sent, listed))
        wanted, actual = "none with the subject of that message", f"{found} with its subject"
        it.that(not found, "/items", wanted, actual)


@check(
    "status-change-stays-in-its-tenant", level="must", basis="documented", source=TENANTS, area=AREA
)
def test_a_change_of_another_tenant_is_not_made_here(after_another_tenants_writes: Steps) -> None:
    """A status that an account of another tenant sets there is not that of this tenant's message of the same id."""
    changed, inbox = after_another_tenants_writes["changed"], after_another_tenants_writes["inbox"]
    with expect(inbox) as it:
        it.status(200)
        if not changed.succeeded:
            return
        body = json.loads(changed.request.body)
        status = shown_status(inbox, body["messages"][0]["id"])
        moved = status == body["status"]
        it.that(not moved, "relation:others-unchanged", "the status that it had", "the other one")
