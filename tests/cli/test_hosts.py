"""`golive hosts`, and what a file that nobody has vouched for is told by every command."""

import json
import os
import re
import stat

import pytest

GATEWAY = """\
tenant: 7c1f5d6e-3b0a-4f5c-9d27-6a2e8b41c903
token:
  url: https://authorization.cerner.com/tenants/{tenant}/protocols/oauth2/profiles/smart-v1/token
  credential:
    client_id: ${GOLIVE_CLIENT_ID}
    client_secret: ${GOLIVE_CLIENT_SECRET}
api:
  base_url: https://gateway.example.org/{tenant}/message
safety:
  proxy: ${HTTPS_PROXY:-}
"""


@pytest.fixture
def mine(folder, monkeypatch):
    """An environment behind a company's gateway, and a configuration folder of the user's own."""
    for name in [*os.environ]:
        if name.lower().endswith("_proxy") or name.startswith("GOLIVE_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    monkeypatch.setenv("GOLIVE_CLIENT_ID", "a-client")
    monkeypatch.setenv("GOLIVE_CLIENT_SECRET", "a-secret-that-nobody-may-see")
    (folder / "environments").mkdir()
    (folder / "environments" / "mine.yaml").write_text(GATEWAY)
    return folder


@pytest.mark.parametrize("words", [("run", "mine"), ("doctor", "mine"), ("checks", "mine")])
def test_a_host_that_nobody_vouched_for_is_4_with_the_line_that_does(golive, mine, words):
    outcome = golive(*words)
    assert outcome.code == 4
    said = " ".join((outcome.out + outcome.err).split())
    assert "run `golive hosts add gateway.example.org`" in said


def test_the_line_helps_and_is_shown_afterwards(golive, mine):
    added = golive("hosts", "add", "gateway.example.org")
    assert (added.code, added.out) == (0, "added gateway.example.org\nin config/golive/hosts\n")
    assert stat.S_IMODE((mine / "config" / "golive").stat().st_mode) == 0o700
    assert golive("doctor", "mine", "--offline").code == 0
    shown = golive("hosts").out
    assert "gateway.example.org" in shown
    assert "api.cernermillennium.com" in shown
    assert "was there already" in golive("hosts", "add", "Gateway.Example.org").out
    assert (mine / "config/golive/hosts").read_text() == "gateway.example.org\n"


@pytest.mark.parametrize(
    "word",
    ["https://x.example/", "*.example", "*", "a b", "$(id)", "-x.example", "x;y", "", "\x1b[2J"],
)
def test_what_is_no_host_is_not_added(golive, mine, word):
    outcome = golive("hosts", "add", "--", word)
    assert outcome.code == 4
    assert "\x1b" not in outcome.err
    assert not (mine / "config").exists()


def test_the_proxy_is_named_by_envs_without_its_password(golive, mine, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://me:a-password-1@proxy.example:3128")
    monkeypatch.setenv("GOLIVE_ALLOWED_HOSTS", "gateway.example.org")
    for outcome in (golive("envs"), golive("hosts")):
        assert "http://proxy.example:3128" in outcome.out
        assert "a-password-1" not in outcome.out


@pytest.mark.parametrize(
    "name",
    ["x;touch PWNED;", "a b", "$(id)", "x\n::error::y", "\x1b]0;x\x07", "-k", "é", "a" * 101],
)
@pytest.mark.parametrize("command", ["run", "doctor", "checks", "envs"])
def test_an_environment_has_a_plain_name_or_is_not_used(golive, mine, monkeypatch, name, command):
    monkeypatch.setenv("COLUMNS", "400")
    (mine / "environments" / f"{name}.yaml").write_text(GATEWAY)
    words = ("envs",) if command == "envs" else (command, f"environments/{name}.yaml")
    outcome = golive(*words)
    shown = outcome.out + outcome.err
    assert outcome.code == (0 if command == "envs" else 4)
    assert not [sign for sign in shown if sign in "\x1b\x07"]
    assert not [line for line in shown.splitlines() if line.lstrip().startswith("::")]
    if "::" not in name or command != "run":  # that is a node id of pytest's
        assert "only letters, digits, hyphens, dots and underscores" in " ".join(shown.split())
    # A run that was refused leaves its summary, below names that hold nothing of the odd one's signs.
    left = [json.loads(file.read_text()) for file in mine.glob("reports/*/summary.json")]
    assert bool(left) is (command == "run")
    assert {(one["exit_code"], one["requests"]) for one in left} <= {(4, 0)}
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", path.name) for path in mine.glob("reports/*"))
