"""What `forked.run` starts is a process like any other: the same in everything that a caller can see."""

import os
import signal
import subprocess
import sys

import forked
import pytest

TELLING = """
import os, sys
print(sys.argv, __name__, os.getcwd(), os.environ.get("GIVEN"), sys.path[0], sys.stdin.read())
print("to stderr", file=sys.stderr)
sys.exit(int(os.environ["CODE"]))
"""


@pytest.mark.parametrize("code", ["0", "7"])
def test_it_gives_what_subprocess_gives(tmp_path, code):
    words = [sys.executable, "-c", TELLING, "one", "--two"]
    given = {
        "cwd": tmp_path,
        "env": {**os.environ, "GIVEN": "ü", "CODE": code},
        "input": "line\n",
        "capture_output": True,
        "text": True,
    }
    assert forked.can_fork(words, given["env"]) is (sys.platform == "linux")
    assert vars(forked.run(words, **given)) == vars(subprocess.run(words, check=False, **given))


def test_each_call_is_a_process_of_its_own_with_golive_loaded():
    code = "import os, sys; print(os.getpid(), 'golive.cli' in sys.modules)"
    words = [sys.executable, "-c", code]
    first, second = (
        forked.run(words, capture_output=True, text=True).stdout.split() for _ in range(2)
    )
    assert first[0] != second[0]
    assert first[1] == str(sys.platform == "linux")


def test_a_signal_shows_in_the_code():
    words = [sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"]
    assert forked.run(words).returncode == -signal.SIGTERM


def test_a_process_that_takes_too_long_is_killed_and_the_next_one_starts():
    with pytest.raises(subprocess.TimeoutExpired):
        forked.run([sys.executable, "-c", "import time; time.sleep(600)"], timeout=0.5)
    assert forked.run([sys.executable, "-c", "raise SystemExit(3)"]).returncode == 3


def test_what_python_reads_when_it_starts_is_not_forked(tmp_path):
    words = [sys.executable, "-c", "print('ü')"]
    variables = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    assert not forked.can_fork(words, variables)
    assert forked.run(words, env=variables, capture_output=True).stdout == b"\xfc\n"
