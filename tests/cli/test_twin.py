from __future__ import annotations

import re
import signal
import socket
import subprocess
import urllib.request

import pytest

from golive.cli.commands.twin import as_list
from golive.twin import DEFECTS, SCENARIOS

from .conftest import command, environment

pytestmark = pytest.mark.whole_run


@pytest.fixture
def sigterm():
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.measured
def test_it_serves_until_a_signal_ends_it_with_0(number, folder):
    process = subprocess.Popen(
        command("twin", "--token-lifetime", "60", "--token-form", "jwe"),
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    said = ""
    for line in process.stdout:
        said += line
        if line.startswith("Press Ctrl-C"):
            break
    address = re.search(r"http://127\.0\.0\.1:\d+", said)[0]
    with urllib.request.urlopen(f"{address}/authorization.cerner.com/jwk") as answer:
        assert answer.status == 200
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert "The twin has stopped." in out


@pytest.mark.usefixtures("sigterm")
def test_a_port_that_is_taken_is_reported(golive):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        outcome = golive("twin", "--port", port)
    assert outcome.code == 4
    assert f"port {port} can't be used: Address already in use." in outcome.err


@pytest.mark.usefixtures("sigterm")
def test_an_unknown_defect_is_reported_with_the_nearest(golive):
    outcome = golive("twin", "--defect", "inbox-ignores-order")
    assert outcome.code == 4
    assert 'Did you mean "inbox-ignores-sort-order"?' in outcome.err


def test_the_defects_can_be_listed(golive):
    outcome = golive("twin", "--list-defects")
    assert outcome.code == 0
    assert outcome.out == as_list(DEFECTS) + "\n"
    assert all(name in outcome.out and text in outcome.out for name, text in DEFECTS.items())


def test_it_lists_the_scenarios(golive):
    outcome = golive("twin", "--scenarios")
    assert outcome.code == 0
    assert outcome.out == as_list(SCENARIOS) + "\n"


def test_an_unknown_scenario_is_reported(golive):
    outcome = golive("twin", "--scenario", "trotled")
    assert outcome.code == 4
    assert 'The twin knows no scenario "trotled". Did you mean "throttled"?' in outcome.err
