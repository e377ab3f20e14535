from __future__ import annotations

import re
import signal
import socket
import subprocess
import urllib.request

import pytest

from golive.cli.commands.twin import as_list
from golive.twin import DEFECTS, SCENARIOS

from .conftest import ROOT, command, environment

pytestmark = pytest.mark.whole_run


@pytest.fixture
def sigterm():
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def standing_alone(folder, *options):
    """Start a twin by itself; return its process, its address and what it printed."""
    process = subprocess.Popen(
        command("twin", *options),
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
    return process, re.search(r"http://127\.0\.0\.1:\d+", said)[0], said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.measured
def test_it_serves_until_a_signal_ends_it_with_0(number, folder):
    process, address, _ = standing_alone(folder, "--token-lifetime", "60", "--token-form", "jwe")
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


def test_its_tenants_run_in_the_environment_that_its_page_gives(folder, golive, golive_process):
    files = ("--variables", ".env", "--list", "tenants.csv")
    process, address, said = standing_alone(folder, "--tenants", "40", *files)
    try:
        page = (ROOT / "docs" / "twin.md").read_text(encoding="utf-8")
        (block,) = re.findall(r"(?s)```yaml\n(title: A twin that.*?)```", page)
        (folder / "environments").mkdir()
        text = block.replace("http://127.0.0.1:8700", address)
        (folder / "environments" / "standalone.yaml").write_text(text, encoding="utf-8")
        listed = golive("tenants", "tenants.csv")
        ended = golive_process("run", "--tenants", "tenants.csv", "--shard", "40/40")
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert (listed.code, "40 tenants, 40 of them can be run" in listed.out) == (0, True), listed.out
    assert ended.code == 0, ended.out + ended.err
    assert "reports/standalone@tenant-040-2" in ended.out
    assert "it proves that the suite works, not that the API does" in " ".join(ended.out.split())
    # 40 accounts more would push what people look for off the page.
    assert "40 more in the production cloud, tenant-001 and so on" in said
    assert "\n  tenant-001" not in said
    assert (folder / ".env").stat().st_mode & 0o077 == 0
