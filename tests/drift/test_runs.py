"""Finding runs by what people say."""

from __future__ import annotations

import shutil

import pytest

from golive.drift.fingerprint import FILE
from golive.drift.runs import Runs, fingerprint_of
from golive.kit.problems import ConfigurationProblem


@pytest.fixture
def reports(drift, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "reports"
    for hour, environment in ((1, "sandbox"), (2, "sandbox"), (3, "production"), (0, "my-own")):
        one = drift.looked(drift.answer(body={}), hour=hour, environment=environment)
        drift.kept(folder, one)
    (folder / "latest").symlink_to("sandbox-20261124T140000Z")
    (folder / "sandbox-20261124T170000Z").mkdir()  # a run that got no answer
    return folder


def names(paths):
    return [path.name for path in paths]


def test_the_runs_of_an_environment_come_in_their_order(reports):
    runs = Runs(reports)
    assert names(runs.of("sandbox")) == ["sandbox-20261124T130000Z", "sandbox-20261124T140000Z"]
    assert names(runs.last("sandbox")) == ["sandbox-20261124T140000Z"]
    assert runs.environments() == ["my-own", "production", "sandbox"]
    assert runs.latest() == "production"


def test_runs_of_one_second_come_in_their_order(reports):
    first = reports / "sandbox-20261124T140000Z"
    for number in (2, 10):
        shutil.copytree(first, reports / f"{first.name}-{number}")
    assert names(Runs(reports).of("sandbox"))[1:] == [
        first.name,
        f"{first.name}-2",
        f"{first.name}-10",
    ]


def test_the_runs_before_one_are_of_its_environment(reports):
    folder = reports / "sandbox-20261124T140000Z"
    assert names(Runs(reports).before(fingerprint_of(folder), folder)) == [
        "sandbox-20261124T130000Z"
    ]
    moved = folder.rename(reports / "elsewhere")
    assert Runs(reports).before(fingerprint_of(moved), moved) == []


@pytest.mark.parametrize(
    "word",
    [
        "sandbox-20261124T140000Z",
        "reports/sandbox-20261124T140000Z",
        f"reports/sandbox-20261124T140000Z/{FILE}",
        "reports/latest",
    ],
)
def test_a_run_is_named_by_its_path_its_name_or_its_fingerprint(reports, word):
    found = Runs(reports).named(word)
    assert found == (reports / "sandbox-20261124T140000Z").resolve()


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("sandbox-20261124T140001Z", 'no such run. Did you mean "sandbox-20261124T140000Z"?'),
        ("sandbox", "no such run. sandbox is an environment: say `--env sandbox`"),
        ("xyz", "no such run. Give the path of a run's folder"),
        ("sandbox-20261124T170000Z", f"the run has no {FILE}: it got no answer"),
    ],
)
def test_a_run_that_is_not_there_is_reported_with_a_cure(reports, word, message):
    with pytest.raises(ConfigurationProblem) as problem:
        Runs(reports).named(word)
    assert message in str(problem.value)


def test_too_few_runs_are_reported(reports, tmp_path):
    with pytest.raises(ConfigurationProblem, match="only one run of production"):
        Runs(reports).last("production", 2)
    with pytest.raises(ConfigurationProblem, match='Did you mean "sandbox"'):
        Runs(reports).last("sandbx")
    with pytest.raises(ConfigurationProblem, match="Make one with `golive run`"):
        Runs(tmp_path / "none").latest()
    with pytest.raises(ConfigurationProblem, match="there is no run of x"):
        Runs(tmp_path / "none").last("x")
