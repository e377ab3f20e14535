"""How a problem reads."""

import pickle
from pathlib import Path

import pytest

from golive.kit.problems import (
    ConfigurationProblem,
    Problem,
    any_of,
    did_you_mean,
    in_line_order,
    plain_word,
    shown_path,
)

PROBLEM = Problem("a.yaml", 12, "safety.writess", "unknown key.", 'Did you mean "writes"?')


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (PROBLEM, 'a.yaml:12: safety.writess: unknown key. Did you mean "writes"?'),
        (Problem("a.yaml", None, "", "it is empty."), "a.yaml: it is empty."),
        (Problem("a.yaml", None, "tenant", "it is missing."), "a.yaml: tenant: it is missing."),
        (Problem("a.yaml", 3, "", "no.", "Mend it."), "a.yaml:3: no. Mend it."),
    ],
)
def test_a_problem_is_one_line(problem, text):
    assert str(problem) == text


def test_a_configuration_problem_says_all_and_has_the_exit_code_of_configuration():
    wrong = ConfigurationProblem([PROBLEM, Problem("a.yaml", 13, "x", "no.")])
    assert str(wrong) == f"{PROBLEM}\na.yaml:13: x: no."
    assert wrong.exit_code == 4
    assert pickle.loads(pickle.dumps(wrong)).problems == wrong.problems


def test_problems_are_sorted_by_line_and_reported_once():
    first, whole = Problem("a", 2, "x", "no."), Problem("a", None, "", "no.")
    assert in_line_order([PROBLEM, first, PROBLEM, whole]) == (whole, first, PROBLEM)


def test_a_path_below_the_current_folder_is_shown_relative_to_it(tmp_path, monkeypatch):
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    assert shown_path(here / "environments" / "a.yaml") == "environments/a.yaml"
    assert shown_path(Path("a.yaml")) == "a.yaml"
    assert shown_path(tmp_path / "a.yaml") == str(tmp_path / "a.yaml")


def test_a_close_word_is_suggested_whatever_its_case():
    assert did_you_mean("es384", ("ES384", "RS384")) == 'Did you mean "ES384"?'
    assert did_you_mean("zzz", ("writes",)) == ""


def test_only_plain_words_are_shown():
    assert plain_word("client_secret") == "client_secret"
    assert [plain_word(word) for word in ("a b", "", "x" * 50, "a=b", 7, None)] == [None] * 6


def test_words_are_joined_as_people_join_them():
    assert any_of(["a"]) == '"a"'
    assert any_of(["a", "b", "c"]) == '"a", "b" or "c"'
