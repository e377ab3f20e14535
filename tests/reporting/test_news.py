"""`golive tell`: a message when a verdict is news, in the form of its reader, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from golive.checks.verdict import ExitCode
from golive.cli import exit_code_of
from golive.report.overview import Row
from golive.report.overview.news import FORMS, Kind, Message, news

from .test_gather import LIST, write_run

BAD, GO = ExitCode.NO_GO, ExitCode.GO
OPEN = ExitCode.COULD_NOT_TELL
EVIL = "</script>\x1b[31m @everyone <!channel> [a](http://evil.example) `x` | *b*"


def kinds(codes, after=None):
    """What is said of each night of one tenant."""
    known, found = {}, []
    for number, code in enumerate(codes):
        said, known = news([Row("production", code, run=f"run-{number}")], known, after)
        found.append([str(one.kind) for one in said])
    return found


def test_it_speaks_at_the_first_failure_and_at_the_first_success():
    assert kinds([GO, BAD, BAD, BAD, GO, GO]) == [
        [],
        ["first failure"],
        [],
        [],
        ["first success"],
        [],
    ]


def test_a_failure_that_lasts_is_news_once_more_after_so_many_runs():
    said = kinds([BAD, BAD, BAD, BAD], after=3)
    assert said == [["first failure"], [], ["still failing"], []]


def test_another_failure_is_news_and_begins_to_count_anew():
    assert kinds([BAD, OPEN, OPEN], after=2) == [
        ["first failure"],
        ["another verdict"],
        ["still failing"],
    ]


def test_a_run_that_was_interrupted_says_nothing():
    assert kinds([BAD, ExitCode.INTERRUPTED, BAD, ExitCode.INTERRUPTED, GO]) == [
        ["first failure"],
        *[[]] * 3,
        ["first success"],
    ]


def test_the_same_run_is_looked_at_once():
    row = Row("production", BAD, run="run-1")
    said, known = news([row], {})
    assert [one.kind for one in said] == [Kind.FIRST_FAILURE]
    assert news([row], known, after=2) == ([], known)


@pytest.fixture
def tell(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def call(*words, form="json"):
        code = exit_code_of(["tell", *map(str, words), "--for", form, "--state", "deep/state.json"])
        said = capsys.readouterr()
        return code, json.loads(said.out) if said.out else None, said.err

    return call


def test_the_nights_of_an_environment(tell, tmp_path):
    reports = tmp_path / "reports"
    nights = [
        write_run(reports, "production", night, code)
        for night, code in enumerate((GO, BAD, BAD, GO))
    ]
    assert tell(nights[0]) == (0, None, "")
    code, message, _ = tell(nights[1].name, form="github")  # by its name below reports
    assert (code, message["title"], message["state"]) == (0, "golive production: NO-GO", "open")
    assert "production fails: NO-GO. access broken: Every item has an id" in message["body"]
    assert tell(nights[2]) == (0, None, "")
    message = tell(nights[3], "--link", "https://ci.example/1", form="gitlab")[1]
    assert (message["title"], message["state_event"]) == ("golive production: GO", "close")
    assert message["description"].endswith("https://ci.example/1\n")


def test_an_overview_of_many_tenants_is_one_message(tell, tmp_path, capsys):
    Path("tenants.csv").write_text(LIST)
    write_run(tmp_path / "r", "production@river", 0, BAD)
    assert exit_code_of(["gather", "r", "--tenants", "tenants.csv", "--out", "o"]) == 1
    capsys.readouterr()
    code, message, _ = tell("o")
    assert (code, message["title"], message["exit_code"]) == (0, "golive: NO-GO", 1)
    assert [(one["key"], one["kind"]) for one in message["news"]] == [
        ("production@river", "first failure"),
        ("production@hill", "first failure"),
    ]
    assert tell("o")[1] is None


@pytest.mark.parametrize("form", FORMS)
def test_what_an_api_answered_is_text_in_every_form(form):
    row = Row("production", BAD, reason=EVIL, harm="access broken", run="r")
    said, known = news([row], {})
    text = json.dumps(FORMS[form](Message(said, known, "", "https://ci.example/1")))
    assert "\\u001b" not in text or form == "json"  # a program gets what there is, escaped
    if form == "slack":
        body = json.loads(text)
        assert {block["text"]["type"] for block in body["blocks"]} == {"plain_text"}
        assert "<!" not in body["text"]
    if form == "teams":
        (one,) = json.loads(text)["attachments"]
        assert {block["type"] for block in one["content"]["body"]} == {"RichTextBlock"}
    if form in ("github", "gitlab"):
        assert "[a](http" not in text
        assert "@everyone" not in text


def test_a_message_about_many_is_of_bearable_length():
    rows = [Row(f"production@{number}", BAD, reason="x" * 1000, run="r") for number in range(500)]
    said, known = news(rows, {})
    message = Message(said, known, "y" * 100_000)
    assert message.lines[-1] == "and 480 more"
    assert len(FORMS["github"](message)["body"]) < 65_536
    assert all(len(one["text"]["text"]) <= 3000 for one in FORMS["slack"](message)["blocks"])


@pytest.mark.parametrize(
    "state", ["[]", "{", '{"schema_version": 1, "tenants": {"x": {}}}', '{"schema_version": 2}']
)
def test_a_state_that_is_none_is_4_and_stays_as_it_is(tell, tmp_path, state):
    run = write_run(tmp_path / "reports", "production", 0, BAD)
    Path("deep").mkdir()
    Path("deep/state.json").write_text(state)
    code, message, err = tell(run)
    assert (code, message) == (4, None)
    assert "deep/state.json: this is not a state" in err
    assert Path("deep/state.json").read_text() == state


def test_a_run_that_is_not_there_is_4(tell, tmp_path):
    assert "there is no such run or overview" in tell("nowhere")[2]
    (tmp_path / "empty").mkdir()
    assert tell("empty")[0] == 4
