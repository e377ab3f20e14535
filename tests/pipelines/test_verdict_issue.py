"""The issue that follows the verdict: opened, updated and closed when it changes, and only then."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from golive.scaffold.pipelines import template

GH = """#!{python}
import json, os, pathlib, sys
words = sys.argv[1:]
state = pathlib.Path(os.environ["GH_STATE"])
known = json.loads(state.read_text())
if words[:2] == ["issue", "list"]:
    assert words[words.index("--app") + 1] == "github-actions"
    assert words[words.index("--json") + 1] == "number,title"
    for one in known["issues"]:
        print(one["number"], one["title"])
    sys.exit()
option = lambda name: words[words.index(name) + 1] if name in words else None
body = option("--body-file")
known["calls"].append([words[1], *(w for w in words[2:] if w != body and w != "--body-file")])
known["bodies"].append(pathlib.Path(body).read_text() if body else "")
state.write_text(json.dumps(known))
sys.exit(known["code"])
"""


@pytest.fixture
def tell(tmp_path):
    binaries = tmp_path / "bin"
    binaries.mkdir()
    fake = binaries / "gh"
    fake.write_text(GH.replace("{python}", sys.executable))
    fake.chmod(0o755)
    script = tmp_path / "tell-verdict.sh"
    script.write_text(template("tell-verdict.sh"))
    state = tmp_path / "state.json"

    def call(*words, issues=(), code=0, **variables):
        known = {"issues": list(issues), "calls": [], "bodies": [], "code": code}
        state.write_text(json.dumps(known))
        done = subprocess.run(
            ["bash", str(script), *words],
            cwd=tmp_path,
            env={
                "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
                "GH_STATE": str(state),
                **variables,
            },
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        return done, json.loads(state.read_text())

    return call


def issue(number, title):
    return {"number": number, "title": title}


OPEN = issue(7, "golive sandbox: NO-GO")


def test_the_first_bad_night_opens_an_issue_with_the_page(tell, tmp_path):
    (tmp_path / "summary.md").write_text("# the page")
    done, told = tell("sandbox", "NO-GO", "summary.md")
    assert done.returncode == 0, done.stderr
    assert told["calls"] == [["create", "--title", "golive sandbox: NO-GO"]]
    assert told["bodies"] == ["# the page"]


@pytest.mark.parametrize("verdict", ["GO", "INTERRUPTED"])
def test_where_nothing_was_wrong_there_is_nothing_to_open(tell, verdict):
    done, told = tell("sandbox", verdict)
    assert (done.returncode, told["calls"]) == (0, [])


def test_the_same_verdict_as_last_night_says_nothing(tell):
    done, told = tell("sandbox", "NO-GO", issues=[OPEN])
    assert (done.returncode, told["calls"]) == (0, [])
    assert "issue 7 says so" in done.stdout


def test_another_verdict_is_a_comment_and_a_new_title(tell):
    _, told = tell("sandbox", "COULD NOT TELL", issues=[OPEN])
    assert told["calls"] == [
        ["comment", "7"],
        ["edit", "7", "--title", "golive sandbox: COULD NOT TELL"],
    ]


def test_a_go_is_a_last_comment_and_closes_the_issue(tell):
    _, told = tell("sandbox", "GO", issues=[OPEN])
    assert told["calls"] == [["comment", "7"], ["close", "7", "--reason", "completed"]]


def test_an_interrupted_run_leaves_the_issue_alone(tell):
    assert tell("sandbox", "INTERRUPTED", issues=[OPEN])[1]["calls"] == []


def test_the_issues_of_other_environments_are_left_alone(tell):
    others = [issue(3, "golive sandbox-2: NO-GO"), issue(4, "about golive sandbox: NO-GO")]
    _, told = tell("sandbox", "NO-GO", issues=others)
    assert told["calls"] == [["create", "--title", "golive sandbox: NO-GO"]]


def test_the_page_is_cut_to_what_an_issue_takes_and_names_the_run(tell, tmp_path):
    (tmp_path / "summary.md").write_text("x" * 200_000)
    _, told = tell(
        "sandbox",
        "NO-GO",
        "summary.md",
        GITHUB_RUN_ID="42",
        GITHUB_SERVER_URL="https://github.example",
        GITHUB_REPOSITORY="o/r",
    )
    (body,) = told["bodies"]
    assert len(body) < 65_536
    assert body.endswith("\nhttps://github.example/o/r/actions/runs/42\n")


def test_without_a_page_it_says_where_to_look(tell):
    _, told = tell("production", "CONFIGURATION", "/summary.md")
    assert told["bodies"] == ["The run left no summary; its log says why.\n"]


@pytest.mark.parametrize("words", [(), ("sandbox",), ("sandbox", ""), ("", "GO")])
def test_too_few_words_are_4(tell, words):
    done, told = tell(*words)
    assert (done.returncode, told["calls"]) == (4, [])
    assert "usage: tell-verdict.sh" in done.stderr


def test_where_gh_fails_the_step_fails(tell):
    assert tell("sandbox", "NO-GO", code=1)[0].returncode == 1


@pytest.mark.skipif(not shutil.which("jq"), reason="jq, whose language gh speaks, is not installed")
def test_the_filter_gives_a_line_an_issue():
    text = template("tell-verdict.sh")
    query = text.partition("--jq '")[2].partition("'")[0]
    issues = json.dumps([OPEN, issue(8, 'a "b" \\ c')])
    done = subprocess.run(
        ["jq", "-r", query], input=issues, capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout.splitlines() == ["7 golive sandbox: NO-GO", '8 a "b" \\ c']
