from __future__ import annotations

import click
import pytest

from golive.cli.targets import RunFolder


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


def test_a_run_in_which_nothing_was_to_be_run_leaves_everything_as_it_was(tmp_path):
    kept = finished(RunFolder.make(tmp_path, "twin"))
    for name in ("twin", "sandbox"):
        run = RunFolder.make(tmp_path, name)
        (run.path / "allure-results").mkdir()
        run.discard()
        assert not run.path.exists()
        assert (tmp_path / "latest").resolve() == kept.path.resolve()
    assert (tmp_path / "latest-twin").resolve() == kept.path.resolve()
    assert not (tmp_path / "latest-sandbox").is_symlink()


def test_each_environment_has_a_latest_of_its_own_from_the_first_moment_on(tmp_path):
    twin = RunFolder.make(tmp_path, "twin")
    sandbox = RunFolder.make(tmp_path, "sandbox")
    assert (tmp_path / "latest").resolve() == sandbox.path.resolve()
    assert (tmp_path / "latest-twin").resolve() == twin.path.resolve()
    assert (tmp_path / "latest-sandbox").resolve() == sandbox.path.resolve()


def test_latest_that_is_a_folder_stays_and_harms_nothing(tmp_path):
    (tmp_path / "latest").mkdir()
    (tmp_path / "latest" / "mine.txt").write_text("kept")
    run = finished(RunFolder.make(tmp_path, "twin"))
    assert run.path.is_dir()
    assert (tmp_path / "latest" / "mine.txt").read_text() == "kept"
    [told] = run.in_the_way
    assert told.endswith("latest is not golive's link, so it does not show this run: move it away.")
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_file_in_the_way_is_reported(tmp_path):
    (tmp_path / "reports").write_text("")
    with pytest.raises(click.ClickException, match=r"can't be made|is in the way"):
        RunFolder.make(tmp_path / "reports", "twin")


def test_reports_that_is_in_the_way_itself_is_reported(tmp_path, monkeypatch):
    monkeypatch.setattr("pathlib.Path.mkdir", raising(FileExistsError()))
    (tmp_path / "reports").write_text("")
    with pytest.raises(click.ClickException, match="is in the way: it is not a folder"):
        RunFolder.make(tmp_path / "reports", "twin")


def test_a_folder_without_the_right_to_write_is_reported(tmp_path, monkeypatch):
    monkeypatch.setattr("pathlib.Path.mkdir", raising(PermissionError(13, "Permission denied")))
    with pytest.raises(click.ClickException, match=r"Permission denied. Start golive in a folder"):
        RunFolder.make(tmp_path / "reports", "twin")


def raising(error):
    def fail(*_arguments, **_options):
        raise error

    return fail
