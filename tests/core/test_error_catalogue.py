"""The rows of errors.yaml, and what is wrong with a wrong one."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from golive.contract.catalogue import load
from golive.contract.document import Contract
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
        "token-jwt-rsa",
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
        ({"cases": []}, r"errors\.yaml:1: cases: it must hold at least one item"),
        (
            {"cases": [ROW, {**ROW, "level": "may"}]},
            r'errors\.yaml:\d+: cases\[1\]\.level: it must be "must" or "should"',
        ),
        ({"cases": [{"id": 5}]}, r"errors\.yaml:\d+: cases\[0\]"),
        ({"cases": [{}]}, r"cases\[0\]\.id: this key is missing"),
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


RULE: dict[str, Any] = {
    "rule": "garbage-token",
    "who": "for text that is not a token",
    "change": {"token": "garbage"},
    "expect": {"status": 401},
    "level": "must",
    "basis": "standard",
    "source": "RFC 6750 §3",
}


def test_an_access_rule_is_a_row_at_each_operation_but_where_there_is_one(folder) -> None:
    own = {**ROW, "id": "a-row-of-its-own", "change": {"token": "garbage"}}
    cases = load(folder({"access": [RULE], "cases": [own]}))
    asked = {case.base: case.id for case in cases if case.change == ("token", "garbage")}
    assert asked["inbox"] == "a-row-of-its-own"
    assert asked["code-values"] == "code-values-garbage-token"
    assert set(asked) == {one.name for one in Contract(resources() / "schemas").operations.values()}
    sentence = next(case.statement for case in cases if case.id == "message-garbage-token")
    assert sentence == "A single message is not given for text that is not a token."


def test_where_the_rules_are_spread_each_operation_meets_some_and_each_rule_is_met() -> None:
    made = [case for case in load(resources() / "schemas") if case.area == "access"]
    of_rules = [case for case in made if case.change[0] == "token"]
    kept = [case for case in of_rules if not case.thorough]
    operations = {case.base for case in of_rules}
    for name in operations:
        assert 2 <= sum(case.base == name for case in kept) <= 15
    for change in {case.change for case in of_rules}:
        assert any(case.change == change for case in kept)
    assert len(kept) < 0.3 * len(of_rules)


def test_what_each_operation_decides_by_itself_is_tried_at_each_of_them_or_of_the_apis() -> None:
    operations = {one.name: one for one in Contract(resources() / "schemas").operations.values()}

    def kept(credential: str) -> set[str]:
        cases = load(resources() / "schemas")
        change = ("token", credential)
        return {case.base for case in cases if case.change == change and not case.thorough}

    assert kept("none") == set(operations)
    for credential in ("other-tenant", "without-scope"):
        apis = {operations[name].folder for name in kept(credential)}
        assert apis == {one.folder for one in operations.values()}
    assert "message" in kept("other-tenant")  # it is found by its id alone
    assert any(operations[name].writes for name in kept("without-scope"))


def test_a_rule_that_names_its_operations_is_tried_there_and_nowhere_else(folder) -> None:
    named = {**RULE, "at": ["message", "sent"]}
    cases = load(folder({"access": [named], "cases": [ROW]}))
    kept = {case.base for case in cases if case.change == ("token", "garbage")} - {
        case.base for case in cases if case.thorough
    }
    assert kept == {"message", "sent"} | {ROW["base"]}


def test_the_operation_with_most_rules_names_where_else_each_is_tried() -> None:
    cases = {case.id: case for case in load(resources() / "schemas")}

    def elsewhere(row: str) -> set[str]:
        return {one.name for one in cases[row].elsewhere}

    assert elsewhere("token-tampered") == {"status"}
    assert elsewhere("inbox-token-signed-with-public-key") == {"sent"}
    # What was seen at the inbox, what each operation decides by itself, and what is tried nowhere else.
    for row in (
        "token-garbage",
        "inbox-without-token",
        "token-of-other-tenant",
        "api-unknown-tenant",
    ):
        assert elsewhere(row) == set()
    assert not any(case.elsewhere for case in cases.values() if case.base != "inbox")


def test_nothing_is_posted_to_a_tenant_that_nobody_knows() -> None:
    cases = load(resources() / "schemas")
    asked = [case.operation for case in cases if case.change == ("tenant", "unknown")]
    assert any(asked)
    assert not any(operation.writes for operation in asked if operation)


def test_where_the_rules_are_spread_reading_the_messages_alone_meets_each_of_them() -> None:
    reading = [
        case
        for case in load(resources() / "schemas")
        if case.area == "access" and case.base in ("inbox", "sent", "message")
    ]
    kept = {case.change for case in reading if not case.thorough}
    assert kept == {case.change for case in reading}
