"""The history: one line a run, compact, in order, and readable after a mistake of somebody's."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from golive.drift import history
from golive.drift.compare import compare
from golive.kit.problems import ConfigurationProblem


@pytest.fixture
def file(tmp_path):
    return tmp_path / "drift" / "history.jsonl"


@pytest.fixture
def add(drift, file):
    def one(body, hour, environment="sandbox", name="inbox_items", status=200):
        run = drift.looked(
            drift.answer(name, body=body, status=status), hour=hour, environment=environment
        )
        run = replace(run, run=f"{environment} {hour}")
        last = history.last_before(history.read(file), run)
        found = compare(last, run, drift.CONTRACT) if last else None
        history.append(file, history.new_line(last, run, found))
        return found.changes if found else None

    return one


def lines(file):
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_a_shape_is_written_once_for_many_runs(add, file):
    assert add({"items": [], "hasMore": True}, 0) is None
    for hour in (1, 2, 3):
        assert add({"items": [], "hasMore": False}, hour) == ()
    first, *rest = lines(file)
    assert list(first) == [
        *("environment", "started", "run", "golive_version", "digest", "changes", "situations"),
    ]
    assert all("situations" not in line and line["digest"] == first["digest"] for line in rest)


def test_what_data_show_settles_and_a_change_is_reported_once(add, file):
    add({"items": []}, 0)
    assert add({"items": [], "hasMore": True}, 1) == ()
    assert add({"items": []}, 2) == ()
    assert len(add({"items": 1}, 3)) == 1
    assert add({"items": 1}, 4) == ()
    assert ["situations" in line for line in lines(file)] == [True, True, False, True, False]
    assert lines(file)[3]["changes"] == {"breaking": 1, "visible": 0, "cosmetic": 0}


def test_only_situations_that_are_new_are_written(add, file):
    add({"items": []}, 0)
    add({"items": []}, 1, name="other_inbox")
    assert [sorted(line["situations"]) for line in lines(file)] == [
        ["inbox_items"],
        ["other_inbox"],
    ]
    known = history.read(file)[-1]
    assert sorted(known.situations) == ["inbox_items", "other_inbox"]


def test_environments_have_lines_of_their_own(add, file):
    add({"items": []}, 0)
    assert add({"items": 1}, 1, environment="production") is None
    assert add({"items": []}, 2) == ()
    assert history.read(file)[1].environment == "production"


def test_a_run_is_found_in_the_history_and_not_compared_with_itself(add, file, drift):
    add({"items": []}, 0)
    add({"items": []}, 1)
    run = replace(drift.looked(drift.answer(body={}), hour=1), run="sandbox 1")
    read = history.read(file)
    assert history.holds(read, run)
    assert not history.holds(read, replace(run, run="x"))
    last = history.last_before(read, run)
    assert last is not None
    assert last.run == "sandbox 0"


def test_an_older_run_can_t_follow_a_newer_one(add, file, drift):
    add({"items": []}, 5)
    with pytest.raises(ValueError, match="sandbox 5"):
        history.last_before(history.read(file), drift.looked(drift.answer(body={}), hour=1))


def test_without_a_file_there_is_no_history(file):
    assert history.read(file) == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda line: line[:-1],
        lambda line: "[]",
        lambda line: line.replace('"digest":"sha256:', '"digest":"sha256:0'),
        lambda line: line.replace("inbox_items", "inbox_itemz"),
        lambda line: line.replace('"run":"sandbox 1"', '"run":1'),
        lambda line: line.replace("2026-11-24T13", "yesterday"),
        lambda line: "",
    ],
)
def test_a_damaged_line_is_named(add, file, damage):
    add({"items": []}, 0)
    add({"items": 1}, 1)
    first, second = file.read_text("utf-8").splitlines()
    file.write_text(f"{first}\n{damage(second)}\n", "utf-8")
    with pytest.raises(
        ConfigurationProblem, match=r"history\.jsonl:2: this is not a line of a history"
    ):
        history.read(file)


def test_a_history_that_can_t_be_read_or_written_is_reported(tmp_path):
    with pytest.raises(ConfigurationProblem, match="can't be read"):
        history.read(tmp_path)
    with pytest.raises(ConfigurationProblem, match="can't be written"):
        history.append(tmp_path, "{}")
    (tmp_path / "x").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationProblem, match="it is not UTF-8"):
        history.read(tmp_path / "x")
