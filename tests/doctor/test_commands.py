"""What somebody copies into a shell holds words from outside as words, never as commands."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.diagnosis.causes import entries, in_shell

HOSTILE = "a$(id)`id`\";id;'b\n.example"
COMMANDS = sorted(
    {e["change"]["command"] for e in entries() if "command" in (e.get("change") or {})}
)


def test_a_host_of_odd_letters_is_one_word():
    assert shlex.split(in_shell("getent hosts {host}", {"host": HOSTILE})) == [
        "getent",
        "hosts",
        HOSTILE,
    ]
    assert in_shell("getent hosts {host}", {"host": "a.example"}) == "getent hosts a.example"


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_puts_a_word_from_outside_between_quotation_marks_of_its_own(command):
    """Between double quotes a shell would still expand what single quotes around it were to hold."""
    words = ("host", "file", "right_token_url", "message_scope_name")
    shown = in_shell(command, dict.fromkeys(words, "$(id)"))
    assert "$(id)" not in shown.replace("'$(id)'", "")
    assert "\"'$(id)" not in shown


@given(st.text(alphabet="ab $`'\"\\;&|<>(){}*?!#~-%", min_size=1, max_size=20))
def test_any_word_comes_out_as_it_went_in(word):
    assert shlex.split(in_shell("x {host}", {"host": word})) == ["x", word]
