"""The end of a run where files can't be written, and hooks that come when there is no run."""

import errno
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from golive.environment import find, load
from golive.pytest_plugin import finish as ending
from golive.pytest_plugin import results
from golive.pytest_plugin.state import CONTROLLER, RUN, Run

FULL = OSError(errno.ENOSPC, "No space left on device", "/somewhere/junit.xml")
RESULT = {"id": "a", "nodeid": "x::a", "outcome": "failed", "deciding": True, "findings": []}
RESULT |= {
    "against_success": True,
    "unsettled_shape": False,
    "configuration": False,
    "area": "inbox",
}
RESULT |= {"statement": "It is so.", "level": "must", "basis": "standard", "source": "RFC 9110"}
FINDING = {
    "advice": False,
    "level": "must",
    "basis": "documented",
    "source": "s",
    "at": "status",
    "expected": "200",
    "actual": "500",
    "next_step": "Report it.",
}
FINDING["exchange"] = {
    "method": "GET",
    "url": "x",
    "status": 500,
    "sent_at": "",
    "milliseconds": 5,
    "correlation": {},
}


@pytest.fixture
def run(tmp_path):
    environment = load(find("twin"), variables={})
    run = Run(environment=environment, started=datetime.now(UTC), folder=tmp_path)
    before = CONTROLLER.get("run")
    CONTROLLER["run"] = run
    yield run
    CONTROLLER.clear()
    if before:
        CONTROLLER["run"] = before


def report_of(result):
    return SimpleNamespace(golive=result)


def finish(run, *, error=None, reporter=None, propose=False):
    """Lead the last hook through its two halves; give the exit code."""
    run.update_deviations = propose
    plugins = SimpleNamespace(getplugin=lambda name: reporter)
    option = SimpleNamespace(collectonly=False)
    config = SimpleNamespace(stash={RUN: run}, option=option, pluginmanager=plugins)
    session = SimpleNamespace(config=config, exitstatus=0, shouldfail=False, testscollected=0)
    hook = ending.pytest_sessionfinish(session, 0)
    next(hook)
    with pytest.raises(StopIteration):
        hook.throw(error) if error else hook.send(None)
    return session.exitstatus


def test_a_result_replaces_an_earlier_one_of_the_same_check(run) -> None:
    results.pytest_runtest_logreport(report_of(RESULT))
    results.pytest_runtest_logreport(report_of({**RESULT, "outcome": "internal error"}))
    results.pytest_runtest_logreport(report_of(None))
    assert [one["outcome"] for one in run.results] == ["internal error"]
    assert len((run.folder / "results.jsonl").read_text().splitlines()) == 2


def test_a_result_that_can_not_be_written_is_kept_in_memory_and_reported(run, tmp_path) -> None:
    run.folder = tmp_path / "gone"
    results.pytest_runtest_logreport(report_of(RESULT))
    assert run.results == [RESULT]
    assert run.faults == [
        "results.jsonl can't be written: No such file or directory. "
        "Choose a folder in which you may write and run again."
    ]


def test_a_crash_on_a_full_disk_names_the_file_and_the_cure(run) -> None:
    results.pytest_internalerror("", SimpleNamespace(value=FULL))
    results.pytest_internalerror("", SimpleNamespace(value=KeyError("x")))
    assert run.faults == [
        "junit.xml can't be written: No space left on device. Make room on the disk and run again.",
        "KeyError: 'x'",
    ]


def test_a_report_that_can_not_be_written_makes_the_run_an_internal_error(run) -> None:
    run.results = [{**RESULT, "findings": [FINDING]}]
    assert finish(run) == 1
    assert finish(run, error=FULL) == 3
    assert '"exit_code": 3' in (run.folder / "summary.json").read_text()


def test_a_summary_that_can_not_be_written_makes_the_run_an_internal_error(run, tmp_path) -> None:
    (tmp_path / "file").write_text("")
    run.folder = tmp_path / "file" / "below"
    assert finish(run) == 3
    assert run.faults[0].startswith("below can't be written: Not a directory.")


def test_a_page_that_can_not_be_written_is_reported_by_its_name(run) -> None:
    (run.folder / "summary.md").mkdir()
    assert finish(run) == 3
    assert run.faults[0].startswith("summary.md can't be written: ")
    assert not list(run.folder.glob("*.part"))


def test_a_proposal_that_can_not_be_written_is_shown_all_the_same(run, tmp_path) -> None:
    said: list[str] = []
    terminal = SimpleNamespace(fullwidth=80)
    reporter = SimpleNamespace(
        _tw=terminal, hasmarkup=False, ensure_newline=lambda: None, write_line=said.append
    )
    run.results = [{**RESULT, "findings": [FINDING]}]
    (run.folder / ending.PROPOSAL).mkdir()
    assert finish(run, reporter=reporter, propose=True) == 1
    assert "  - check: a\n    reason:\n    ticket:\n" in said[0]
    assert said[-1].endswith("exit code 1")


def test_hooks_that_come_without_a_run_do_nothing() -> None:
    known = CONTROLLER.pop("run", None)
    try:
        results.pytest_runtest_logreport(report_of(RESULT))
        results.pytest_handlecrashitem("x")
        results.pytest_testnodedown("x")
        results.pytest_keyboard_interrupt(SimpleNamespace(value=KeyboardInterrupt()))
        assert results.pytest_internalerror("", SimpleNamespace(value=FULL)) is None
        assert CONTROLLER == {}
    finally:
        if known:
            CONTROLLER["run"] = known


def test_what_stops_a_run_is_remembered(run) -> None:
    results.pytest_keyboard_interrupt(SimpleNamespace(value=KeyboardInterrupt()))
    results.pytest_handlecrashitem("suites/x.py::a")
    results.pytest_testnodedown(None)
    results.pytest_testnodedown("gone")
    results.pytest_collectreport(SimpleNamespace(failed=True, nodeid="", longreprtext="broken"))
    assert run.interrupted
    assert run.stopped
    assert run.faults == [
        "a worker crashed in suites/x.py::a",
        "a worker process ended before its work was done",
        "the suites can't be collected",
    ]
