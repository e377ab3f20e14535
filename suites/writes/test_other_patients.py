"""What is written for one patient leaves the messages of another as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.expect import expect
from golive.list_rules import for_each
from golive.listing import member, message, same_json
from golive.pytest_plugin import check
from golive.showing import show
from golive.sources import STATUS_UPDATE

if TYPE_CHECKING:
    from golive.exchange import Steps


@check(
    "status-change-leaves-other-patients-alone",
    level="must",
    basis="documented",
    source=STATUS_UPDATE,
)
def test_a_message_of_another_patient_keeps_its_status(around_changes: Steps) -> None:
    """A message of another patient has the status that it had before all changes; the rest is advice."""
    earlier, later = around_changes["before"], around_changes["after"]
    for_each(lambda it: it.status(200), earlier, later)
    with expect(later) as it:
        before, after = message(earlier), message(later)
        expected, status = member(earlier, before, "status"), member(later, after, "status")
        it.that(status == expected, "/status", f"{show(expected)}, as before", show(status))
        for name in sorted((before.keys() | after.keys()) - {"status"}):
            same = same_json(before.get(name), after.get(name))
            it.that(same, f"/{name}", "as before", "another value", advice=True)
