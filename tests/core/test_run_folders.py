"""Folders of runs, by their names."""

from __future__ import annotations

import pytest

from golive.kit.problems import ConfigurationProblem
from golive.kit.run_folders import named, run_folders

NAMES = [
    "sandbox-20261124T140000Z",
    "sandbox-20261124T140000Z-2",
    "sandbox-20261124T140000Z-10",
    "sandbox-2-20261125T140000Z",
    "sandbox@hill-20261126T140000Z",
]


@pytest.fixture
def reports(tmp_path):
    for name in (*reversed(NAMES), "overview", "sandbox-kept"):
        (tmp_path / name).mkdir()
    (tmp_path / "sandbox-20261127T140000Z").write_text("no folder")
    (tmp_path / "sandbox-20261128T140000Z").symlink_to(NAMES[0])
    return tmp_path


def test_only_folders_with_the_name_of_a_run_are_runs_the_oldest_first(reports) -> None:
    assert [one.name for one in run_folders(reports)] == NAMES
    assert run_folders(reports / "none") == []


def test_an_environment_whose_name_begins_with_another_s_is_another(reports) -> None:
    assert [one.name for one in run_folders(reports, "sandbox")] == NAMES[:3]
    assert [one.name for one in run_folders(reports, "sandbox-2")] == NAMES[3:4]


def test_a_folder_is_named_by_its_path_or_its_name_and_else_by_what_was_meant(reports) -> None:
    assert named(NAMES[0], reports) == named(str(reports / NAMES[0]), reports / "x")
    with pytest.raises(ConfigurationProblem, match=f'no such run. Did you mean "{NAMES[3]}"'):
        named(NAMES[3][:-1], reports)
    with pytest.raises(ConfigurationProblem, match="Give the path of a run's folder"):
        named("xyz", reports)
