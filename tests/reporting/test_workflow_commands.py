"""Workflow commands as a runner reads them."""

from __future__ import annotations

import re

from golive.report.workflow_commands import Annotation, Severity, commands, silence

COMMAND = re.compile(r"::(?P<level>\w+) (?P<properties>[^:]*)::(?P<message>.*)")


def read(line):
    """Take a command apart as GitHub's runner does."""
    match = COMMAND.fullmatch(line)
    properties = dict(one.split("=", 1) for one in match["properties"].split(","))
    told = {name: unescaped(value) for name, value in properties.items()}
    return match["level"], told, unescaped(match["message"])


def unescaped(text):
    for sign, code in ((":", "%3A"), (",", "%2C"), ("\r", "%0D"), ("\n", "%0A"), ("%", "%25")):
        text = text.replace(code, sign)
    return text


def test_a_place_and_every_special_sign_arrive_as_they_were():
    made = Annotation(Severity.ERROR, "a: b, 100 %", "one: two, 100 %\nthree", "a,b:c/x.yaml", 7)
    assert read(str(made)) == (
        "error",
        {"file": "a,b:c/x.yaml", "line": "7", "title": "a: b, 100 %"},
        "one: two, 100 %\nthree",
    )


def test_without_a_file_there_is_no_line():
    made = read(str(Annotation(Severity.NOTICE, "title", "message", line=7)))
    assert made == ("notice", {"title": "title"}, "message")


def test_a_hostile_text_stays_one_command():
    hostile = "x::\r\n::set-output name=y::z%0A::error::no"
    lines = commands([Annotation(Severity.WARNING, hostile, hostile)], more="")
    assert len(lines) == len("".join(lines).splitlines()) == 1
    assert lines[0].startswith("::warning title=x%3A%3A %3A%3Aset-output")


def test_errors_come_first_and_one_is_said_once():
    said = [Annotation(severity, "t", "m") for severity in reversed(Severity)] * 2
    assert [line[2:4] for line in commands(said, more="")] == ["er", "wa", "no"]


def test_ten_of_a_level_are_shown_and_the_last_says_how_many_are_left():
    def levels(number):
        said = [Annotation(Severity.ERROR, f"t{n}", "m") for n in range(number)]
        return commands([*said, Annotation(Severity.NOTICE, "n", "m")], more="in summary.md")

    assert len(levels(10)) == 11
    lines = levels(40)
    assert len(lines) == 11
    assert read(lines[8])[1]["title"] == "t8"
    assert read(lines[9])[2] == "31 more are in summary.md."


def test_the_word_that_ends_the_silence_cannot_be_guessed():
    (begin, end), (_, other) = silence(), silence()
    assert len(end) == 36
    assert begin == f"::stop-commands::{end.strip(':')}"
    assert end != other
