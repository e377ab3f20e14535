"""Where the data files are found."""

import pytest

from golive.kit import files as module
from golive.kit.files import resources


def with_data(folder):
    (folder / "schemas").mkdir(parents=True)
    (folder / "conftest.py").touch()
    return folder


def test_in_a_checkout_the_data_files_are_at_its_root():
    assert (resources() / "environments" / "twin.yaml").is_file()
    assert (resources() / "schemas" / "environment.schema.json").is_file()


def test_in_an_installed_wheel_they_are_in_the_bundle(tmp_path):
    package = tmp_path / "lib" / "site-packages" / "golive"
    bundle = with_data(package / "bundle")
    assert module._resources_of(package) == bundle


def test_a_checkout_wins_over_a_bundle(tmp_path):
    package = tmp_path / "src" / "golive"
    with_data(package / "bundle")
    assert module._resources_of(with_data(tmp_path) / "src/golive") == tmp_path


def test_without_data_files_the_message_says_so(tmp_path):
    with pytest.raises(FileNotFoundError, match="data files are neither in"):
        module._resources_of(tmp_path / "src" / "golive")
