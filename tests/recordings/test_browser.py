"""What Chromium records of a page that calls the twin is judged; what its developer tools leave out is not guessed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from browser import BROWSER, har_of
from har_files import TENANT, golive, granted

from golive.twin import Twin

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.skipif(BROWSER is None, reason="no browser: apt-get install chromium"),
    pytest.mark.whole_run,
]
PAGE = """
(async () => {
  const base = "BASE", headers = {Authorization: "Bearer TOKEN", Accept: "application/json"};
  const call = async path => (await fetch(base + path, {headers})).json();
  const inbox = await call("/patientMessages/inboxItems?patientId=12700100");
  await call("/patientMessages/" + inbox.items[0].id);
  await call("/patientMessages/inboxItems?patientId=12700100&limit=0");
  await fetch(base + "/patientMessages/inboxItems?patientId=12700100");
})()
"""


@pytest.mark.parametrize(
    ("defects", "code"), [((), 0), (("detail-disagrees-with-list",), 1)], ids=["right", "wrong"]
)
def test_calls_of_a_page_are_judged_as_the_browser_recorded_them(
    tmp_path: Path, defects: tuple[str, ...], code: int
):
    twin = Twin(defects=defects).start()
    try:
        base = f"{twin.address}/api.cernermillennium.com/{TENANT}/message/20241001"
        script = PAGE.replace("BASE", base).replace("TOKEN", granted(twin))
        archive = har_of(
            script, f"{twin.address}/authorization.cerner.com/jwk", tmp_path / "profile"
        )
    finally:
        twin.stop()
    file = tmp_path / "calls.har"
    file.write_text(json.dumps(archive), "utf-8")
    assert len(archive["log"]["entries"]) >= 4
    judged = golive(tmp_path, "judge", file, "--env", "twin")
    outcomes = {one["id"]: one["outcome"] for one in judged.summary["checks"]}
    assert judged.code == code, judged.out[-3000:]
    assert outcomes["inbox-newest-first"] == "passed"
    assert outcomes["message-agrees-with-list-on-priority"] == "passed"
    failed = {name for name, outcome in outcomes.items() if outcome == "failed"}
    assert failed == ({"message-agrees-with-list-on-subject"} if defects else set())
    assert sum(outcome == "passed" for outcome in outcomes.values()) > 30
    causes = {
        one.get("cause") for one in judged.summary["checks"] if one["outcome"] == "could not tell"
    }
    assert "not in the recording: such a request (listSentItems)" in causes
