"""`golive openapi`: the contract as one file."""

from __future__ import annotations

import json

import pytest
import yaml


def test_without_a_file_it_prints_yaml_and_nothing_else(golive):
    outcome = golive("openapi")
    assert (outcome.code, outcome.err) == (0, "")
    assert yaml.safe_load(outcome.out)["openapi"].startswith("3.1.")


@pytest.mark.parametrize(
    ("name", "read"),
    [("m.yaml", yaml.safe_load), ("m.yml", yaml.safe_load), ("m.json", json.loads)],
)
def test_the_ending_of_the_file_says_how_it_is_written(golive, folder, name, read):
    outcome = golive("openapi", name)
    assert outcome.code == 0
    assert outcome.out.startswith(f"{name}: OpenAPI 3.1.")
    assert "PatientMessage" in read((folder / name).read_text("utf-8"))["components"]["schemas"]


def test_another_ending_is_refused_with_the_endings_that_do(golive, folder):
    outcome = golive("openapi", "m.txt")
    assert outcome.code == 4
    assert "m.txt: the name has to end in .yaml, .yml, .json." in outcome.err
    assert list(folder.iterdir()) == []


def test_a_file_that_can_not_be_written_is_reported_with_its_cure(golive):
    outcome = golive("openapi", "nosuch/m.yaml")
    assert outcome.code == 4
    assert "nosuch/m.yaml can't be written: No such file or directory." in outcome.err
    assert "Name a file that you may write." in outcome.err
