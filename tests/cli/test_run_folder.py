from __future__ import annotations

import click
import pytest

from golive.cli.run_folder import RunFolder


def finished(run):
    (run.path / "summary.json").write_text("{}")
    run.finish()
    return run


def test_the_folder_is_named_by_the_environment_and_the_time(tmp_path):
    run = RunFolder.make(tmp_path / "reports", "sandbox")
    assert run.path.parent == tmp_path / "reports"
    assert run.path.match("sandbox-????????T??????Z") or run.path.match(
        "sandbox-????????T??????Z-2"
    )
    assert run.path.is_dir()


def test_two_runs_in_one_second_have_two_folders(tmp_path):
    made = {RunFolder.make(tmp_path, "twin").path for _ in range(5)}
    assert len(made) == 5


def test_latest_points_to_the_run_that_ended_last(tmp_path):
    finished(RunFolder.make(tmp_path, "twin"))
    last = finished(RunFolder.make(tmp_path, "twin"))
    assert (tmp_path / "latest").resolve() == last.path.resolve()
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_a_run_without_a_summary_leaves_nothing(tmp_path):
    kept = finished(RunFolder.make(tmp_path, "twin"))
    run = RunFolder.make(tmp_path, "twin")
    (run.path / "allure-results").mkdir()
    run.finish()
    assert not run.path.exists()
    assert (tmp_path / "latest").resolve() == kept.path.resolve()


def test_latest_that_is_a_folder_stays_and_harms_nothing(tmp_path):
    (tmp_path / "latest").mkdir()
    (tmp_path / "latest" / "mine.txt").write_text("kept")
    run = finished(RunFolder.make(tmp_path, "twin"))
    assert run.path.is_dir()
    assert (tmp_path / "latest" / "mine.txt").read_text() == "kept"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_file_in_the_way_is_told(tmp_path):
    (tmp_path / "reports").write_text("")
    with pytest.raises(click.ClickException, match=r"can't be made|is in the way"):
        RunFolder.make(tmp_path / "reports", "twin")


def test_reports_that_is_in_the_way_itself_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("pathlib.Path.mkdir", raising(FileExistsError()))
    (tmp_path / "reports").write_text("")
    with pytest.raises(click.ClickException, match="is in the way: it is no folder"):
        RunFolder.make(tmp_path / "reports", "twin")


def test_a_folder_without_the_right_to_write_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("pathlib.Path.mkdir", raising(PermissionError(13, "Permission denied")))
    with pytest.raises(click.ClickException, match=r"Permission denied. Start golive in a folder"):
        RunFolder.make(tmp_path / "reports", "twin")


def raising(error):
    def fail(*_arguments, **_options):
        raise error

    return fail
