"""The rows of errors.yaml, and what is wrong with a wrong one."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from golive.contract.catalogue import load
from golive.contract.label import Basis, Level
from golive.contract.outcomes import SuiteError
from golive.kit.files import resources

ROW: dict[str, Any] = {
    "id": "a-case",
    "statement": "A request without a token is refused.",
    "area": "access",
    "base": "inbox",
    "change": {"token": "none"},
    "expect": {"status": 401},
    "level": "must",
    "basis": "standard",
    "source": "RFC 6750 §3",
}


@pytest.fixture
def folder(tmp_path: Path):
    def make(content: Any) -> Path:
        shutil.copytree(resources() / "schemas", tmp_path, dirs_exist_ok=True)
        text = content if isinstance(content, str) else yaml.safe_dump(content)
        (tmp_path / "errors.yaml").write_text(text)
        return tmp_path

    return make


def test_a_row_is_kept_as_it_stands(folder) -> None:
    case, *_ = load(
        folder({"cases": [{**ROW, "inferred": ["status"], "claims": ["accounts.other_cloud"]}]})
    )
    assert case.change == ("token", "none")
    assert (case.level, case.basis) == (Level.MUST, Basis.STANDARD)
    assert case.inferred == {"status"}
    assert case.claims == ("accounts.other_cloud",)


def test_the_real_rows_load() -> None:
    cases = load(resources() / "schemas")
    assert len(cases) >= 130
    assert {case.base for case in cases} == {
        "token",
        "token-jwt",
        "inbox",
        "sent",
        "message",
        "send",
        "status",
        "group-inboxes",
        "validation",
        "code-values",
        "code-value",
    }


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("cases: [", r"errors\.yaml:1: what opens here with \[ or { is not closed"),
        ("", r"errors\.yaml: the file is not a mapping"),
        ({"cases": []}, r"errors\.yaml:1: cases: \[\] should be non-empty"),
        (
            {"cases": [ROW, {**ROW, "level": "may"}]},
            r'errors\.yaml:\d+: cases\[1\]\.level: it must be "must" or "should"',
        ),
        ({"cases": [{"id": 5}]}, r"errors\.yaml:\d+: cases\[0\]"),
        ({"cases": [{}]}, r"cases\[0\]: "),
        (
            {"cases": [{**ROW, "change": {"token": "none", "method": "GET"}}]},
            r"cases\[0\]\.change: ",
        ),
        ({"cases": [{**ROW, "surprise": 1}]}, r"cases\[0\].*surprise"),
        ({"cases": [ROW, {**ROW, "change": {"token": "garbage"}}]}, "two rows have the id a-case"),
        ({"cases": [ROW, {**ROW, "id": "another"}]}, "a-case and another make the same request"),
        (
            "cases:\n  - id: one\n    level: must\n    level: should\n",
            r"errors\.yaml:4: level: this key stands twice",
        ),
        ("a: b\n--- \nc: d\n", r"errors\.yaml:2: another document begins here"),
    ],
)
def test_a_wrong_row_is_named(folder, content: Any, words: str) -> None:
    with pytest.raises(SuiteError, match=words):
        load(folder(content))


def test_a_file_that_is_not_there_is_reported(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match=r"errors\.yaml: the file can't be read"):
        load(tmp_path)
