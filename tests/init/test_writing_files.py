"""All or nothing, and never over a file that is there."""

from __future__ import annotations

import pytest

from golive.kit.problems import ConfigurationProblem
from golive.scaffold import write

from .conftest import tree

TEXTS = {"environments/a.yaml": "a: 1\n", ".github/x.sh": "#!/bin/sh\n", ".env.example": "A=\n"}


def test_files_and_their_folders_are_made(folder):
    written = write(folder, TEXTS)
    assert written.files == tuple(TEXTS)
    assert tree(folder) == {**TEXTS, ".gitignore": ".env\n.venv/\nreports/\n"}


@pytest.mark.parametrize(
    ("before", "after", "added"),
    [
        ("*.pyc\n", "*.pyc\n.env\n.venv/\nreports/\n", (".env", ".venv/", "reports/")),
        ("*.pyc", "*.pyc\n.env\n.venv/\nreports/\n", (".env", ".venv/", "reports/")),
        ("/.env\n.venv\n", "/.env\n.venv\nreports/\n", ("reports/",)),
        (".env\n.venv/\nreports/\n", ".env\n.venv/\nreports/\n", ()),
    ],
)
def test_gitignore_keeps_what_it_has_and_gets_what_it_lacks(folder, before, after, added):
    (folder / ".gitignore").write_text(before)
    assert write(folder, TEXTS).ignored == added
    assert (folder / ".gitignore").read_text() == after


def test_what_is_there_is_kept_be_it_a_link_that_leads_nowhere(folder):
    (folder / "environments").mkdir()
    (folder / "environments" / "a.yaml").write_text("mine")
    (folder / ".env.example").symlink_to("nowhere")
    written = write(folder, TEXTS)
    assert written.kept == ("environments/a.yaml",)
    assert written.example == ".env.golive.example"
    assert (folder / "environments" / "a.yaml").read_text() == "mine"
    assert not (folder / ".env.example").exists()


def test_a_file_where_a_folder_should_be_leaves_nothing_behind(folder):
    (folder / ".github").write_text("a file")
    with pytest.raises(ConfigurationProblem, match=r"x\.sh: this can't be written"):
        write(folder, TEXTS)
    assert tree(folder) == {".github": "a file"}
    assert not (folder / "environments").exists()


def test_a_gitignore_that_is_no_text_is_reported_before_anything_is_written(folder):
    (folder / ".gitignore").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationProblem, match="this can't be written"):
        write(folder, TEXTS)
    assert not (folder / "environments").exists()
