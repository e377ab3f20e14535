"""Where variables come from, and what becomes of references to them."""

import pytest

from golive.environment import load
from golive.environment import variables as module
from golive.environment.variables import variables_now
from golive.kit.problems import ConfigurationProblem

FILE = """\
title: %s
tenant: t-1
token:
  url: https://authorization.cerner.com/tenants/{tenant}/protocols/oauth2/profiles/smart-v1/token
  credential: {client_id: a-client, client_secret: "${GOLIVE_SECRET}"}
api:
  base_url: https://api.cernermillennium.com/{tenant}/message
"""
VARIABLES = {"GOLIVE_A": "one", "GOLIVE_B": "two", "GOLIVE_EMPTY": ""}


@pytest.fixture
def loaded(tmp_path):
    """Loads a file with this title; what is given is set besides."""

    def load_with(title="Mine", **more):
        (tmp_path / "mine.yaml").write_text(FILE.replace("%s", f"'{title}'"), encoding="utf-8")
        known = {**VARIABLES, "GOLIVE_SECRET": "a-secret-of-some-length", **more}
        return load(tmp_path / "mine.yaml", variables=known)

    return load_with


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("plain", "plain"),
        ("${GOLIVE_A}", "one"),
        ("x-${GOLIVE_A}-${GOLIVE_B}-y", "x-one-two-y"),
        ("${GOLIVE_NONE:-three}", "three"),
        ("${GOLIVE_EMPTY:-three}", "three"),
        ("${GOLIVE_NONE:-}", "mine"),  # as good as absent
        ("${GOLIVE_A:-three}", "one"),
        ("${GOLIVE_NONE:-https://host/{tenant}/message}", "https://host/{tenant}/message"),
        ("5 $ and a{b}", "5 $ and a{b}"),
        ("$lower", "$lower"),
        ("${GOLIVE_C}", "${GOLIVE_B}"),  # a value is not searched again
    ],
)
def test_references_are_filled_in(loaded, text, becomes):
    assert loaded(text, GOLIVE_C="${GOLIVE_B}").title == becomes


def test_every_missing_variable_is_named(loaded):
    with pytest.raises(ConfigurationProblem) as caught:
        loaded("${GOLIVE_NONE}/${GOLIVE_A}/${GOLIVE_EMPTY}")
    assert [one.variable for one in caught.value.problems] == ["GOLIVE_NONE", "GOLIVE_EMPTY"]


@pytest.mark.parametrize("name", ["{A", "{}", "{A-b}", "{A:b}", "{1A}", "A", "{A:-${GOLIVE_B}}"])
def test_what_only_looks_like_a_reference_is_a_problem(loaded, name):
    with pytest.raises(ConfigurationProblem, match="begins something here that is not a reference"):
        loaded(f"${name}")


def test_a_secret_prefers_its_variable_to_its_file(loaded, tmp_path):
    (tmp_path / "secret").write_text("another-secret-as-long\n", encoding="utf-8")
    file = str(tmp_path / "secret")
    assert loaded(GOLIVE_SECRET_FILE=file).secrets() == ("a-secret-of-some-length",)
    by_file = loaded(GOLIVE_SECRET="", GOLIVE_SECRET_FILE=file)
    assert by_file.secrets() == ("another-secret-as-long",)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"\xff\xfe", "can't be used: this line is not UTF-8 text."),
        (b"\n", "is empty."),
        (b"x" * 70000, "can't be used: the file is larger than 64 KiB."),
    ],
)
def test_a_file_unfit_for_a_secret_is_a_problem(loaded, tmp_path, content, fault):
    (tmp_path / "secret").write_bytes(content)
    with pytest.raises(ConfigurationProblem) as caught:
        loaded(GOLIVE_SECRET="", GOLIVE_SECRET_FILE=str(tmp_path / "secret"))
    (problem,) = caught.value.problems
    assert problem.message == f"the file that GOLIVE_SECRET_FILE names {fault}"


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
