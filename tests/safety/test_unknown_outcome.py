"""A write that got no answer: it may have happened, so it is never sent again."""

import asyncio
from pathlib import Path

import pytest

from golive.twin import Twin

pytestmark = pytest.mark.whole_run


def test_a_send_that_got_no_answer_is_not_repeated_and_is_listed_as_unknown(
    tmp_path: Path, safety, monkeypatch
) -> None:
    from golive.twin import application as served

    honest = served.application
    subjects: list[bytes] = []

    def mute(*given):
        inner = honest(*given)

        async def answer(scope, receive, send):
            sends = scope["method"] == "POST" and scope["path"].endswith("/sentItems")
            if not sends:
                await inner(scope, receive, send)
                return
            body = (await receive())["body"]
            subjects.append(body)
            await asyncio.sleep(30)  # longer than anybody waits

        return answer

    monkeypatch.setattr(served, "application", mute)
    with Twin() as twin:
        made = safety.deployment(twin, tmp_path / "mute.yaml", safety={"read_timeout": 1})
        words = ("run", str(made.file), "suites/writes/test_reply.py", "--keep-going")
        ran = safety.process(tmp_path, "-m", "golive", *words, **made.variables)
    assert subjects
    assert len(set(subjects)) == len(subjects)
    assert ran.code != 0
    written = ran.summary["written"]
    assert {one["status"] for one in written if "subject" in one} == {"unknown"}
    assert len([one for one in written if "subject" in one]) <= len(subjects)
