"""Environments by name and by path."""

import pytest

from golive.environment import available, find
from golive.environment import find as find_function
from golive.kit.files import resources
from golive.kit.problems import ConfigurationProblem

OWN = resources() / "environments"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said_of(name: str) -> str:
    with pytest.raises(ConfigurationProblem) as caught:
        find_function(name)
    return str(caught.value)


def test_a_folder_is_called_one(here):
    (here / "mine.yaml").mkdir()
    assert said_of("mine.yaml").startswith("mine.yaml: this is a folder. ")


def test_golives_own_environments_are_found_by_name_from_anywhere(here):
    assert find("sandbox") == OWN / "sandbox.yaml"
    assert [path.stem for path in available()] == ["production", "sandbox", "smoke", "twin"]


def test_an_environment_of_the_current_folder_wins_over_golives_own(here):
    (here / "environments").mkdir()
    for name in ("sandbox.yaml", "mine.yml", "notes.txt"):
        (here / "environments" / name).touch()
    assert find("sandbox") == here / "environments" / "sandbox.yaml"
    assert [path.stem for path in available()] == ["mine", "production", "sandbox", "smoke", "twin"]


def test_an_environment_is_found_by_its_path(here):
    (here / "mine.yaml").touch()
    assert find("mine.yaml").name == "mine.yaml"
    assert find(str(here / "mine.yaml")) == here / "mine.yaml"


def test_an_unknown_name_gets_a_hint_and_the_list(here):
    assert said_of("sandbx") == (
        'sandbx: there is no such environment. Did you mean "sandbox"? '
        "There are production, sandbox, smoke, twin; a path to a file will do as well."
    )
    assert said_of("").startswith('"": there is no such environment.')


def test_an_unknown_path_is_called_a_file(here):
    assert said_of("mine/zzz.yaml").startswith("mine/zzz.yaml: there is no such file. There are ")
