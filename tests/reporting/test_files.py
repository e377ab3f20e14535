"""The files of a run folder, and what is said where they can't be written."""

from __future__ import annotations

import errno
import json
import os

import pytest

from golive.redaction import REDACTOR
from golive.report.files import RESULTS, append, begin, named, unwritable

from .conftest import result


def test_each_result_is_a_line_without_a_secret(tmp_path):
    REDACTOR.protect("a-secret-in-a-result")
    for name in ("one", "two"):
        append(tmp_path, result(name, cause="it said a-secret-in-a-result", unsettled_shape=True))
    first, second = (tmp_path / RESULTS).read_text().splitlines()
    assert (json.loads(first)["id"], json.loads(second)["id"]) == ("one", "two")
    assert "a-secret" not in first
    assert "unsettled_shape" not in json.loads(first)


def test_a_folder_is_made_when_it_begins(tmp_path):
    begin(tmp_path / "a" / "b", "twin", {"name": "twin"})
    assert [file.name for file in (tmp_path / "a" / "b").iterdir()] == ["summary.json"]
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="exists"):
        begin(tmp_path / "file", "twin")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "x can't be written: No space left on device. Make room on the disk"),
        (errno.EROFS, "x can't be written: Read-only file system. Choose a folder in which"),
    ],
)
def test_what_can_not_be_written_is_reported_with_the_cure(number, said):
    import os

    assert unwritable("x", OSError(number, os.strerror(number))).startswith(said)


def test_an_error_names_its_file_where_it_knows_it():
    assert named(OSError(errno.ENOSPC, "no", "/a/junit.xml")) == "junit.xml"
    assert named(OSError(errno.ENOSPC, "no")) == "a report"


@pytest.mark.parametrize("planted", ["a pipe", "a link"])
def test_what_was_planted_in_a_run_folder_neither_holds_up_nor_leads_elsewhere(
    tmp_path, planted
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("as it was")
    folder = tmp_path / "run"
    folder.mkdir()
    if planted == "a pipe":
        os.mkfifo(folder / RESULTS)
    else:
        (folder / RESULTS).symlink_to(elsewhere)
    with pytest.raises(OSError, match=r"."):
        append(folder, {"id": "x"})
    assert elsewhere.read_text() == "as it was"
