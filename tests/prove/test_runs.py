"""Many runs from one collection: what each came to, and that none outlives its parent's interest in it."""

import os
import time

import pytest

from golive.contract.outcomes import SuiteError
from golive.mutation.runs import run_all
from golive.pytest_plugin.state import RUN

pytestmark = [pytest.mark.whole_run, pytest.mark.measured]


def stop_before_anything_is_sent(asked, session):
    """Let the run end at once, or in a way that its parent must bear."""
    session.config.stash[RUN].interrupted = True
    if asked == "dies":
        os._exit(9)
    if asked == "waits":
        time.sleep(600)


def test_each_run_comes_back_with_what_it_came_to():
    ends = run_all(
        ["one", "two", "three"],
        stop_before_anything_is_sent,
        lambda asked, run, code: (asked, code, run.interrupted, os.getpid()),
        jobs=2,
    )
    found = list(ends)
    assert {one[:3] for one in found} == {(name, 130, True) for name in ("one", "two", "three")}
    assert len({pid for *_, pid in found} - {os.getpid()}) == 3


def test_a_run_whose_process_dies_is_missed():
    ends = run_all(["dies"], stop_before_anything_is_sent, lambda *_: None, jobs=1)
    with pytest.raises(SuiteError, match="ended before its run did"):
        next(ends)


def test_nobody_runs_on_once_nobody_listens():
    ends = run_all(["waits", "one"], stop_before_anything_is_sent, lambda *_: os.getpgrp(), jobs=2)
    group = next(ends)
    assert group != os.getpgrp()
    ends.close()
    assert ended(group)


def test_a_run_that_takes_too_long_is_ended_and_named():
    ends = run_all(
        ["waits", "one"],
        stop_before_anything_is_sent,
        lambda asked, *_: asked,
        jobs=1,
        late=lambda asked: f"{asked} too long",
        limit=8.0,
    )
    assert list(ends) == ["waits too long", "one"]


def ended(group):
    """Whether no process of the group is left; init takes a moment to fetch one that has lost its parent."""
    for _ in range(50):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
