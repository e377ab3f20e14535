"""Who asks a run to end gets its end, even where the interrupt is lost on the way."""

import signal
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.whole_run

ENDING = """
import os, sys, time
from golive.kit.signals import end_within, treat_endings_as_interrupt

def leave():
    os.write(1, b"left")
    os._exit(130)

end_within(float(sys.argv[1]), leave)
treat_endings_as_interrupt()
try:
    print("ready", flush=True)  # inside: the signal may come as soon as this is read
    time.sleep(60)
except KeyboardInterrupt:
    print("asked", flush=True)
"""
DEAF = f"{ENDING}while True:\n    time.sleep(60)\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_does_not_listen_is_left(number):
    with subprocess.Popen(
        [sys.executable, "-c", DEAF, "0.5"], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout.readline() == "ready\n"
            process.send_signal(number)
            out, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 130
    assert out == "asked\nleft"


def test_a_run_that_ends_in_time_is_not_cut_off():
    ending = f"{ENDING}time.sleep(0.2)\nprint('wrapped up')\n"
    with subprocess.Popen(
        [sys.executable, "-c", ending, "50"], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            process.stdout.readline()
            process.send_signal(signal.SIGINT)
            started = time.monotonic()
            out, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0
    assert out == "asked\nwrapped up\n"
    assert time.monotonic() - started < 40  # the watch does not keep the process


SETTLED = """
import os, signal, sys, time
from golive.kit.signals import end_within, finish_undisturbed, stand_by, was_asked

def leave():
    os.write(1, b"left")
    os._exit(130)

end_within(0.5, leave)
finish_undisturbed()
os.kill(os.getpid(), signal.SIGINT)
print("undisturbed", was_asked(), flush=True)
stand_by(5)
time.sleep(60)
"""


def test_a_run_that_has_given_its_verdict_is_left_with_that_and_says_nothing_more():
    ended = subprocess.run(
        [sys.executable, "-c", SETTLED], stdout=subprocess.PIPE, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stdout) == (5, "undisturbed False\n")
