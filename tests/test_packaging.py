"""What a wheel carries and what is pinned, read from the files that say so."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PIN = re.compile(r"([A-Za-z0-9._-]+)==[0-9][^\s;]*")


def pins():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def test_everything_that_is_required_is_pinned():
    project = PROJECT["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    names = {plain(re.match(r"[A-Za-z0-9._-]+", each)[0]) for each in wanted}
    assert names <= {plain(PIN.fullmatch(line)[1]) for line in pins()}


def test_every_pin_is_one_version_and_names_no_place():
    assert all(PIN.fullmatch(line) for line in pins())
    assert pins() == sorted(pins(), key=lambda line: line.lower().replace("_", "-"))


def test_the_wheel_carries_all_that_a_run_reads():
    carried = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for name in ("conftest.py", "pyproject.toml", "suites", "schemas", "environments"):
        assert (ROOT / name).exists()
        assert carried[name] == f"golive/bundle/{name}"


def test_the_version_is_said_once_for_people_and_once_for_pip():
    from golive import __version__

    assert PROJECT["project"]["version"] == __version__


def test_every_classifier_is_one_and_the_pythons_are_those_that_are_required():
    from trove_classifiers import classifiers

    given = PROJECT["project"]["classifiers"]
    assert set(given) <= set(classifiers)
    pythons = {each.rpartition(" :: ")[2] for each in given if " :: 3." in each}
    assert pythons == {"3.11", "3.12", "3.13", "3.14"}
    assert PROJECT["project"]["requires-python"] == ">=3.11"


def test_the_metadata_names_no_place_and_the_changelog_its_version():
    assert "urls" not in PROJECT["project"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"(?m)^## (\S+)", changes)
    assert versions[0] == "Unreleased"
    assert versions[1] == PROJECT["project"]["version"]


def test_the_image_is_made_of_what_the_wheel_is_made_of_and_runs_as_nobody_s_root():
    steps = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    words = [line.split(maxsplit=1) for line in steps if line and not line.startswith("#")]
    last = [row for row in words if row[0] in ("USER", "ENTRYPOINT")]
    assert last == [["USER", "10001"], ["ENTRYPOINT", '["golive"]']]
    assert not {"ARG", "ENV", "ADD"} & {row[0] for row in words}  # no place for a secret in a layer
    sent = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in sent
    wanted = {line[1:] for line in sent if line.startswith("!")}
    carried = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert {*carried, "src", "README.md", "constraints.txt"} <= wanted
    assert all((ROOT / name).exists() for name in wanted)
