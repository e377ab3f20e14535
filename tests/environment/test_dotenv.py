"""A `.env` may be a stranger's: what it can't do to whoever runs golive beside it."""

import os

import pytest

from golive.environment import github_actions, load
from golive.environment import variables as module
from golive.environment.variables import variables_now
from golive.kit.problems import ConfigurationProblem

FILE = """\
tenant: t-1
token:
  url: https://authorization.cerner.com/tenants/{tenant}/protocols/oauth2/profiles/smart-v1/token
  credential:
    client_id: ${GOLIVE_X}
    client_secret: ${GOLIVE_X_SECRET}
api:
  base_url: https://api.cernermillennium.com/{tenant}/message
safety:
  proxy: ${HTTPS_PROXY:-}
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder of somebody else's, in which golive is run, and one beside it that is the reader's own."""
    folder = tmp_path / "theirs"
    folder.mkdir()
    (tmp_path / "mine").mkdir()
    monkeypatch.setattr(module, "resources", lambda: folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in [*os.environ]:
        if name.startswith(("GOLIVE_", "GITHUB_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    return folder


def said() -> str:
    with pytest.raises(ConfigurationProblem) as caught:
        variables_now()
    return str(caught.value)


def test_it_sets_values_of_golive_and_of_proxies_and_nothing_else(here):
    lines = ("GOLIVE_A=1", "HTTPS_PROXY=http://p:1", "PATH=/evil", "SSL_CERT_FILE=x", "HOME=/evil")
    (here / ".env").write_text("\n".join(lines))
    found = variables_now()
    assert (found["GOLIVE_A"], found["HTTPS_PROXY"]) == ("1", "http://p:1")
    assert found["PATH"] == os.environ["PATH"]
    assert found["HOME"] == os.environ["HOME"]
    assert found.get("SSL_CERT_FILE") == os.environ.get("SSL_CERT_FILE")


@pytest.mark.parametrize("way", ["absolute", "upwards", "link", "home"])
def test_it_can_not_make_a_credential_of_a_file_elsewhere(here, way):
    key = here.parent / "mine" / "id_rsa"
    key.write_text("a private key of the reader's")
    (here / "link").symlink_to(key)
    named = {"absolute": key, "upwards": "../mine/id_rsa", "link": "link", "home": "~/.ssh/id_rsa"}
    (here / ".env").write_text(f"# theirs\nGOLIVE_X=a\nGOLIVE_X_SECRET_FILE={named[way]}\n")
    assert said() == (
        ".env:3: GOLIVE_X_SECRET_FILE: a .env can't name a file outside of its own folder. "
        "Export GOLIVE_X_SECRET_FILE instead, or put the file beside the .env."
    )


def test_a_file_of_its_own_folder_is_read_wherever_golive_is_run(here, monkeypatch):
    (here / ".env").write_text("GOLIVE_X=a\nGOLIVE_X_SECRET_FILE=secret.txt\n")
    (here / "secret.txt").write_text("a-secret-of-some-length\n")
    (here / "mine.yaml").write_text(FILE)
    (here / "below").mkdir()
    monkeypatch.chdir(here / "below")
    assert load(here / "mine.yaml").secrets() == ("a-secret-of-some-length",)


@pytest.mark.parametrize(("real", "theirs"), [("", "_FILE"), ("_FILE", "")])
def test_what_is_set_for_real_wins_in_either_form(here, monkeypatch, real, theirs):
    mine = here.parent / "mine" / "secret"
    mine.write_text("the-reader-s-own-secret")
    (here / "theirs.txt").write_text("another-secret-of-theirs")
    value = {"": "the-reader-s-own-secret", "_FILE": str(mine)}
    monkeypatch.setenv("GOLIVE_X_SECRET" + real, value[real])
    (here / ".env").write_text(f"GOLIVE_X=a\nGOLIVE_X_SECRET{theirs}=theirs.txt\n")
    (here / "mine.yaml").write_text(FILE)
    assert load(here / "mine.yaml").secrets() == ("the-reader-s-own-secret",)


def test_it_decides_of_no_file_that_a_runner_reads(here, monkeypatch):
    out = here.parent / "mine" / ".bashrc"
    (here / ".env").write_text(
        f"GITHUB_ACTIONS=true\nGITHUB_OUTPUT={out}\nGITHUB_STEP_SUMMARY={out}\nGITHUB_WORKSPACE=/\n"
    )
    assert github_actions() is None
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    job = github_actions()
    assert job is not None
    assert (job.output, job.step_summary, job.workspace) == (None, None, here)


def test_it_can_not_say_whom_to_trust(here):
    (here / ".env").write_text("GOLIVE_X=a\n\nexport GOLIVE_ALLOWED_HOSTS=evil.example\n")
    assert said().startswith(".env:3: GOLIVE_ALLOWED_HOSTS: a .env can't say whom to trust")


def test_its_proxy_is_not_the_process_s_own(here, monkeypatch):
    (here / ".env").write_text(
        "GOLIVE_X=a\nGOLIVE_X_SECRET=a-secret-of-some-length\nHTTPS_PROXY=http://evil.example:3128\n"
    )
    (here / "mine.yaml").write_text(FILE)
    with pytest.raises(ConfigurationProblem, match=r"run `golive hosts add evil\.example`"):
        load(here / "mine.yaml")
    monkeypatch.setenv("HTTPS_PROXY", "http://user:password-1@evil.example:3128/")
    assert load(here / "mine.yaml").redacted()["safety"]["proxy"] == "http://evil.example:3128"


@pytest.mark.parametrize("kind", ["pipe", "device", "large"])
def test_what_is_no_regular_file_of_a_sensible_size_holds_nobody_up(here, kind):
    if kind == "pipe":
        os.mkfifo(here / ".env")
    elif kind == "device":
        (here / ".env").symlink_to("/dev/zero")
    else:
        (here / ".env").write_text("# " + "x" * 300_000)
    wanted = "larger than 256 KiB" if kind == "large" else "not a regular file"
    assert wanted in said()


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_a_secret_s_file_that_never_ends_holds_nobody_up(here, monkeypatch, kind):
    file = here / "pipe"
    os.mkfifo(file)
    monkeypatch.setenv("GOLIVE_X", "a")
    monkeypatch.setenv("GOLIVE_X_SECRET_FILE", str(file) if kind == "pipe" else "/dev/zero")
    (here / "mine.yaml").write_text(FILE)
    with pytest.raises(ConfigurationProblem, match="this is not a regular file"):
        load(here / "mine.yaml")


def test_an_environment_that_is_a_pipe_holds_nobody_up(here):
    os.mkfifo(here / "mine.yaml")
    with pytest.raises(ConfigurationProblem, match="not a regular file"):
        load(here / "mine.yaml", variables={})


def test_a_line_that_sets_nothing_or_less_than_stands_in_it_is_named_by_its_line(here):
    lines = (
        "GOLIVE_CLIENT_ID=abc # a comment of an id",
        "",
        "GOLIVE_CLIENT_SECRET=first-part #second",
        "GOLIVE_OTHER_SECRET='whole #secret'",
        "what is this",
    )
    (here / ".env").write_text("\n".join(lines))
    odd = module.dotenv_remarks()
    assert [one.line for one in odd] == [3, 5]
    assert "ends before ` #`" in odd[0].message
    assert "7 characters" in odd[0].message
    assert "can't be read" in odd[1].message
    assert "part" not in str(odd)  # no character of the value


def test_a_host_with_a_slip_is_met_with_the_one_that_was_meant(here):
    (here / "e.yaml").write_text(FILE.replace("//authorization", "//authorisation"))
    with pytest.raises(ConfigurationProblem) as caught:
        load(here / "e.yaml")
    assert 'Did you mean "authorization.cerner.com"?' in str(caught.value)


@pytest.mark.parametrize(
    ("sets", "words"),
    [
        ({"GOLIVE_X_SECERT": "s" * 20}, '"GOLIVE_X_SECERT" is: did you mean that?'),
        ({"GOLIVE_X_SECRET": ""}, "GOLIVE_X_SECRET is set, but empty."),
        ({"GOLIVE_OTHER": "s" * 20}, "GOLIVE_X_SECRET is not set. Export"),
    ],
)
def test_a_missing_variable_is_met_with_what_is_set_instead(here, monkeypatch, sets, words):
    for name, value in {"GOLIVE_X": "an-id", **sets}.items():
        monkeypatch.setenv(name, value)
    (here / "e.yaml").write_text(FILE)
    with pytest.raises(ConfigurationProblem) as caught:
        load(here / "e.yaml")
    assert words in str(caught.value)
