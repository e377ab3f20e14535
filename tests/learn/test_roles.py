"""A role may be anywhere: with its place in the mapping, the verdict is that of the usual place."""

from __future__ import annotations

import pytest

from .elsewhere import ROLES, Project, renamed

pytestmark = [pytest.mark.whole_run, pytest.mark.xdist_group("roles")]


def all_at_once():
    rows = {name: renamed(name) for name in ROLES}
    for row in rows.values():
        for operation, place in row.get("places", {}).items():
            inner = place.removeprefix(ROLES["message-list"].places.get(operation, "-"))
            if inner.startswith("/*"):
                row["places"][operation] = rows["message-list"]["places"][operation] + inner
    return rows


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    project = Project(tmp_path_factory.mktemp("usual"))
    project.serve({"next-page": {"header": "opc-next-page"}})
    return project.run()[0]


def verdict_with(project, rows):
    project.serve(rows)
    project.know(rows)
    return project.run()


def test_all_roles_elsewhere_at_once_change_no_outcome(project, usual):
    outcomes, summary = verdict_with(project, all_at_once())
    assert summary["exit_code"] == 0
    assert outcomes == usual


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.night if number % 8 else pytest.mark.exhaustive)
        for number, name in enumerate(ROLES)
    ],
)
def test_one_role_elsewhere_changes_no_outcome(project, usual, name):
    outcomes, _ = verdict_with(project, {name: renamed(name)})
    assert outcomes == usual


@pytest.mark.measured
def test_a_finding_names_the_real_place(project):
    rows = all_at_once()
    project.serve(rows, defects=["detail-disagrees-with-list"])
    project.know(rows)
    chosen = ("suites/messages", "-k", "agrees-with-list or has-the-subject")
    _, summary = project.run(*chosen, measured=True)
    assert summary["exit_code"] == 1
    places = [
        finding["at"]
        for check in summary["checks"]
        if check["outcome"] == "failed"
        for finding in check["findings"]
    ]
    assert places
    assert all("other" in place for place in places if place.startswith("/")), places
