"""Where variables come from, and what becomes of references to them."""

import pytest

from golive.environment import variables as module
from golive.environment.variables import fill, secret_name, secret_value, variables_now
from golive.kit.problems import ConfigurationProblem

VARIABLES = {"A": "one", "B": "two", "EMPTY": ""}


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("plain", "plain"),
        ("${A}", "one"),
        ("x-${A}-${B}-y", "x-one-two-y"),
        ("${NONE:-three}", "three"),
        ("${EMPTY:-three}", "three"),
        ("${NONE:-}", ""),
        ("${A:-three}", "one"),
        ("${NONE:-https://host/{tenant}/message}", "https://host/{tenant}/message"),
        ("5 $ and a{b}", "5 $ and a{b}"),
        ("$lower", "$lower"),
    ],
)
def test_references_are_filled_in(text, becomes):
    filled = fill(text, VARIABLES)
    assert (filled.text, filled.missing, filled.malformed) == (becomes, (), "")


def test_a_value_is_not_searched_for_references_again():
    assert fill("${A}", {"A": "${B}", "B": "two"}).text == "${B}"


def test_every_missing_variable_is_named():
    assert fill("${NONE}/${A}/${EMPTY}", VARIABLES).missing == ("NONE", "EMPTY")


@pytest.mark.parametrize("text", ["${A", "${}", "${A-b}", "${A:b}", "${1A}", "$A", "${A:-${B}}"])
def test_what_only_looks_like_a_reference_is_malformed(text):
    assert fill(text, VARIABLES).malformed


def test_only_a_bare_reference_names_a_secret():
    assert secret_name("${A}") == "A"
    assert [secret_name(text) for text in ("A", "${A:-}", " ${A}", "${A}${B}")] == [None] * 4


def test_a_secret_prefers_its_variable_to_its_file(tmp_path):
    file = tmp_path / "secret"
    file.write_text("from-file\n\n", encoding="utf-8")
    both = {"A": "from-variable", "A_FILE": str(file)}
    assert secret_value("A", both).value == "from-variable"
    assert secret_value("A", {"A_FILE": str(file)}).value == "from-file\n"
    assert secret_value("A", {"A_FILE": ""}).value is None


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"\xff\xfe", "can't be used: this line is not UTF-8 text."),
        (b"\n", "is empty."),
        (b"x" * 70000, "can't be used: the file is larger than 64 KiB."),
    ],
)
def test_a_file_unfit_for_a_secret_is_a_fault(tmp_path, content, fault):
    file = tmp_path / "secret"
    file.write_bytes(content)
    said = secret_value("A", {"A_FILE": str(file)})
    assert (said.value, said.fault) == (None, f"the file that A_FILE names {fault}")


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """A project's root and a current folder below it, both empty."""
    root, here = tmp_path, tmp_path / "here"
    here.mkdir()
    monkeypatch.setattr(module, "resources", lambda: root)
    monkeypatch.chdir(here)
    for name in ("GOLIVE_ONE", "GOLIVE_TWO", "GOLIVE_THREE"):
        monkeypatch.delenv(name, raising=False)
    return root, here


def test_real_variables_win_over_the_current_folder_and_that_over_the_root(folders, monkeypatch):
    root, here = folders
    text = "GOLIVE_ONE={0}\nGOLIVE_TWO={0}\nGOLIVE_THREE={0}\n"
    (root / ".env").write_text(text.format("root"), encoding="utf-8")
    (here / ".env").write_text("GOLIVE_ONE=here\nGOLIVE_TWO=here\n", encoding="utf-8")
    monkeypatch.setenv("GOLIVE_ONE", "real")
    found = variables_now()
    assert [found[f"GOLIVE_{name}"] for name in ("ONE", "TWO", "THREE")] == ["real", "here", "root"]


def test_dotenv_is_read_without_interpolation_and_forgives_odd_lines(folders, caplog):
    _, here = folders
    content = "\ufeffGOLIVE_ONE='a $GOLIVE_TWO ${GOLIVE_TWO}'\nGOLIVE_TWO\nno sense at all: [\n"
    (here / ".env").write_text(content, encoding="utf-8")
    found = variables_now()
    assert found["GOLIVE_ONE"] == "a $GOLIVE_TWO ${GOLIVE_TWO}"
    assert "GOLIVE_TWO" not in found
    assert not caplog.records


def test_without_a_dotenv_the_process_alone_counts(folders, monkeypatch):
    monkeypatch.setenv("GOLIVE_ONE", "real")
    assert variables_now()["GOLIVE_ONE"] == "real"


def test_a_dotenv_that_is_not_utf_8_is_a_problem(folders):
    _, here = folders
    (here / ".env").write_bytes(b"GOLIVE_ONE=M\xfcnchen\n")
    with pytest.raises(ConfigurationProblem) as caught:
        variables_now()
    assert str(caught.value) == ".env:1: this line is not UTF-8 text. Save it as UTF-8."
