"""`golive init`: five questions, options instead of them, and what it wrote at work."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import forked
import pytest

from .conftest import tree

ROOT = Path(__file__).parents[2]
BOTH = ("sandbox", "production", "twin")


def test_yes_writes_everything_and_says_what_comes_next(golive, folder):
    outcome = golive("init", "--yes")
    assert (outcome.code, outcome.err) == (0, "")
    files = tree(folder)
    assert {f"environments/{name}.yaml" for name in BOTH} < set(files)
    assert {".env.example", ".gitignore"} < set(files)
    for name in files:
        assert name in outcome.out
    for step in ("golive run twin", "cp .env.example .env", "golive doctor sandbox --offline"):
        assert step in outcome.out


def test_five_questions_are_asked_and_no_secret_is_among_them(golive, folder, typed):
    left = typed("both", "customer-1", "key", "y", "gitlab")
    outcome = golive("init")
    assert outcome.code == 0, outcome.err
    assert next(left, None) is None
    questions = outcome.out.partition("written into")[0]
    assert questions.count("?") == 4
    assert questions.count("tenant id of production (empty: a variable names it)") == 1
    files = tree(folder)
    assert 'tenant: "customer-1"' in files["environments/production.yaml"]
    assert "private_key_jwt" in files["environments/sandbox.yaml"]
    assert files["environments/sandbox.yaml"].endswith("data: synthetic\n")
    assert ".gitlab-ci.yml" in files
    assert "masked CI/CD variables" in outcome.out


def test_what_the_pipeline_installs_is_said_with_how_it_gets_there(golive, folder):
    wheel = "wheels/golive-0.1.0-py3-none-any.whl"
    said = golive("init", "--yes").out
    assert f"The pipeline installs golive from {wheel}, which is not there yet." in said
    assert "python -m pip wheel --no-deps --wheel-dir wheels CHECKOUT" in said
    (folder / "wheels").mkdir()
    (folder / wheel).touch()
    assert "not there yet" not in golive("init", "--yes").out
    url = "git+https://git.example.org/golive"
    assert f"The pipeline installs golive from {url} (GOLIVE_SOURCE)." in (
        golive("init", "--yes", "--source", url).out
    )


def test_the_proposals_are_taken_with_enter(golive, folder, typed):
    typed("", "", "", "", "")
    assert golive("init").code == 0
    asked = tree(folder)
    other = folder / "other"
    other.mkdir()
    assert golive("init", other, "--yes").code == 0
    assert tree(other) == {name: text for name, text in asked.items() if "other/" not in name}


def test_an_option_answers_its_question(golive, folder, typed):
    left = typed("", "")
    options = ("--for", "production", "--credential", "secret", "--pipeline", "none")
    assert golive("init", *options).code == 0
    assert next(left, None) == ""  # production's data is never taken for invented
    assert set(tree(folder)) == {
        "environments/production.yaml",
        "environments/twin.yaml",
        ".env.example",
        ".gitignore",
        "suites/own/test_example.py",
        ".vscode/settings.json",
    }


def test_a_tenant_that_cannot_be_one_is_asked_for_again(golive, folder, typed):
    typed("both", "a b", "ec2458f2-1e24-41c8-b71b-0e701af7583d", "t-1", "", "", "none")
    outcome = golive("init")
    assert outcome.code == 0
    assert "a tenant's id has only letters" in outcome.err
    assert "this is Oracle's public developer sandbox" in outcome.err
    assert 'tenant: "t-1"' in tree(folder)["environments/production.yaml"]


def test_who_ends_the_questions_gets_130_and_no_file(golive, folder, typed):
    typed("both")
    assert golive("init").code == 130
    assert tree(folder) == {}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "asks its questions on a terminal. Say --yes"),
        (("--yes", "--tenant", "a b"), "--tenant: a tenant's id has only letters"),
        (("--yes", "--source", 'x" && rm -rf "'), "--source: pip can't be given this safely"),
        (("--yes", "--source", "${{ secrets.X }}"), "--source: pip can't be given this safely"),
        (("--yes", "--pipeline", "travis"), "'travis' is not one of"),
        (("nosuch", "--yes"), "nosuch: there is no such folder"),
    ],
)
def test_what_is_wrong_gives_4_and_no_file(golive, folder, monkeypatch, options, said):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    outcome = golive("init", *options)
    assert (outcome.code, outcome.out) == (4, "")
    assert said in " ".join(outcome.err.split())
    assert tree(folder) == {}


def data(folder):
    """The bytes of every file below a folder."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_second_time_keeps_every_byte_and_says_so(golive, folder):
    assert golive("init", "--yes").code == 0
    (folder / "environments" / "sandbox.yaml").write_bytes(b"mine\r\n")
    before = data(folder)
    outcome = golive("init", "--yes")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("nothing is missing in .\n\nkept as it was\n")
    assert "  environments/sandbox.yaml\n" in outcome.out
    assert data(folder) == before


def test_a_second_time_adds_what_is_missing_and_tells_the_one_from_the_other(golive, folder):
    assert golive("init", "--yes", "--for", "sandbox", "--pipeline", "none").code == 0
    (folder / "suites" / "own" / "test_example.py").unlink()
    before = data(folder)
    outcome = golive("init", "--yes", "--for", "both", "--pipeline", "gitlab")
    assert outcome.code == 0
    written, _, rest = outcome.out.partition("kept as it was")
    kept, _, lacking = rest.partition("lacks, for these answers")
    for name in ("environments/production.yaml", "suites/own/test_example.py", ".gitlab-ci.yml"):
        assert name in written
        assert name not in kept
    for name in ("environments/sandbox.yaml", "environments/twin.yaml", ".env.example"):
        assert name in kept
        assert name not in written
    assert "  GOLIVE_PRODUCTION_TENANT=\n" in lacking
    assert "GOLIVE_CLIENT_ID=" not in lacking
    assert {path: text for path, text in data(folder).items() if path in before} == before


def test_a_repository_s_own_list_of_variables_is_kept_and_golive_s_lies_beside_it(golive, folder):
    (folder / ".env.example").write_bytes(b"DATABASE=\r\n")
    (folder / ".env").write_text("DATABASE=1\n")
    outcome = golive("init", "--yes")
    assert outcome.code == 0
    assert (folder / ".env.example").read_bytes() == b"DATABASE=\r\n"
    assert "GOLIVE_CLIENT_ID=" in (folder / ".env.golive.example").read_text()
    assert "cat .env.golive.example >> .env" in outcome.out
    before = data(folder)
    assert "  .env.golive.example" in golive("init", "--yes").out.partition("kept as it was")[2]
    assert data(folder) == before


def test_the_example_check_is_a_check_of_the_project_s_own(golive):
    golive("init", "--yes")
    listed = golive("checks", "-k", "own-inbox-answers-in-time", "--json")
    assert listed.code == 0
    assert '"basis": "own"' in listed.out


def test_another_folder_is_named_in_the_first_step(golive, folder):
    (folder / "there").mkdir()
    assert "  cd there\n" in golive("init", "there", "--yes").out


def test_what_it_wrote_is_found_listed_and_lacks_only_variables(golive, folder):
    golive("init", "--yes")
    listed = golive("envs")
    assert listed.code == 0
    assert "GOLIVE_PRODUCTION_TENANT" in listed.out
    outcome = golive("run", "sandbox")
    assert (outcome.code, outcome.out) == (4, "")
    first = outcome.err.splitlines()[0]
    assert first.startswith("environments/sandbox.yaml:")
    assert "the variable GOLIVE_CLIENT_ID is not set. Export it, or put it into .env" in first
    assert golive("doctor", "production", "--offline").code == 4


@pytest.mark.whole_run
def test_what_it_wrote_runs(golive, folder):
    golive("init", "--yes")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GOLIVE_", "PYTEST_"))}
    done = forked.run(
        [sys.executable, "-m", "golive", "run", "twin", "-k", "inbox", "-m", "messages"],
        env={**kept, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert (folder / "reports" / "latest" / "summary.md").is_file()
