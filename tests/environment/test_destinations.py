"""Where a real credential may go, and who may say so."""

import hashlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golive.environment import find, load
from golive.environment.operator import is_entry
from golive.kit.problems import ConfigurationProblem

VARIABLES = {"GOLIVE_CLIENT_ID": "a", "GOLIVE_CLIENT_SECRET": "a-secret-of-some-length"}
TOKEN = "https://authorization.cerner.com/tenants/{tenant}/protocols/oauth2/profiles/smart-v1/token"
API = "https://api.cernermillennium.com/{tenant}/message"


def written(folder, token=TOKEN, api=API, more=""):
    path = folder / "mine.yaml"
    path.write_text(
        f"tenant: t-1\ntoken:\n  url: '{token}'\n  credential:\n"
        "    client_id: ${GOLIVE_CLIENT_ID}\n    client_secret: ${GOLIVE_CLIENT_SECRET}\n"
        f"api:\n  base_url: '{api}'\n{more}"
    )
    return path


def refused(path, **variables) -> str:
    with pytest.raises(ConfigurationProblem) as caught:
        load(path, variables={**VARIABLES, **variables})
    return str(caught.value)


def passes(path, **variables) -> bool:
    return load(path, variables={**VARIABLES, **variables}) is not None


def test_oracle_s_hosts_need_nobody_s_word(tmp_path):
    assert passes(written(tmp_path))
    assert passes(find("sandbox"))
    assert passes(
        find("production"), GOLIVE_PRODUCTION_TENANT="t-1", GOLIVE_PRODUCTION_PATIENT_ID="1"
    )


@pytest.mark.parametrize("host", ["127.0.0.1:8443", "localhost:1", "[::1]:9", "127.9.9.9"])
def test_this_machine_is_free_on_any_port_and_with_a_private_ca(tmp_path, host, certificate):
    bundle, _ = certificate()
    more = f"safety:\n  ca_bundle: {bundle}\n  proxy: http://evil.example:1\n"
    token, api = f"https://{host}/{{tenant}}/token", f"https://{host}/{{tenant}}/message"
    here = written(tmp_path, token, api, more)
    assert passes(here)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "authorization.cerner.com.evil.example",
        "api.cernermillennium.com:443.evil.example",
        "xauthorization.cerner.com",
        "sandboxcerner.com.evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "0x7f000001",
        "2130706433",
        "127.1",
        "[::ffff:10.0.0.1]",
        "10.0.0.1",
        "api.cernermillennium.com@evil.example",
        "evil.example;api.cernermillennium.com",
    ],
)
@pytest.mark.parametrize("which", ["token", "api"])
def test_no_other_host_gets_a_credential_by_the_file_s_word_alone(tmp_path, host, which):
    token = TOKEN.replace("authorization.cerner.com", host) if which == "token" else TOKEN
    api = API.replace("api.cernermillennium.com", host) if which == "api" else API
    said = refused(written(tmp_path, token, api))
    key = "token.url" if which == "token" else "api.base_url"
    assert all(f": {key}: " in line for line in said.splitlines())


def test_a_key_set_elsewhere_is_asked_for_by_the_operator_s_word_alone(tmp_path):
    path = written(tmp_path)
    keys = "  key_set_url: https://evil.example/keys?patient=${GOLIVE_PATIENT_ID}\n"
    path.write_text(path.read_text().replace("  credential:\n", f"{keys}  credential:\n"))
    said = refused(path, GOLIVE_PATIENT_ID="12700100")
    assert "evil.example is not a host of Oracle's, and would be asked for the keys." in said
    assert "12700100" not in said
    assert passes(path, GOLIVE_PATIENT_ID="12700100", GOLIVE_ALLOWED_HOSTS="evil.example")


def test_one_line_of_the_operator_s_lets_a_company_s_gateway_pass(tmp_path):
    gateway = written(tmp_path, api="https://gateway.example.org:8443/{tenant}/message")
    (line,) = re.findall(r"`golive hosts add (\S+)`", refused(gateway))
    assert line == "gateway.example.org"
    assert passes(gateway, GOLIVE_ALLOWED_HOSTS=line)
    assert passes(gateway, GOLIVE_ALLOWED_HOSTS="other.example, Gateway.Example.org:8443")
    assert "golive hosts add" in refused(gateway, GOLIVE_ALLOWED_HOSTS="gateway.example.org:443")


@pytest.mark.parametrize(
    "host",
    [
        "api.cernermillenium.com",
        "api.cernermillennnium.com",
        "api.cernermilelnnium.com",
        "api.cernermillennium.con",
    ],
)
def test_a_host_that_is_one_letter_off_from_oracle_s_is_a_slip_whoever_trusts_it(tmp_path, host):
    slip = written(tmp_path, api=f"https://{host}/{{tenant}}/message")
    for trusted in ("", host):
        said = refused(slip, GOLIVE_ALLOWED_HOSTS=trusted)
        assert "Write api.cernermillennium.com in its place." in said
        assert "golive hosts add" not in said


def test_a_host_two_letters_off_gets_the_right_name_for_its_cure_and_can_be_trusted(tmp_path):
    near = written(tmp_path, api="https://api.cernermilleniumm.com/{tenant}/message")
    said = refused(near)
    assert "Write api.cernermillennium.com in its place." in said
    assert "golive hosts add" not in said
    assert passes(near, GOLIVE_ALLOWED_HOSTS="api.cernermilleniumm.com")


def test_an_id_in_a_token_url_of_a_company_s_is_no_second_tenant(tmp_path):
    directory = "https://login.example.org/0b8a1c5e-6f1d-4a53-9d0e-3d3f6a0c2b11/{tenant}/token"
    assert passes(written(tmp_path, directory), GOLIVE_ALLOWED_HOSTS="login.example.org")


def test_the_user_s_list_allows_as_well_and_only_where_no_repository_is(tmp_path, monkeypatch):
    gateway = written(tmp_path, api="https://gateway.example.org/{tenant}/message")
    home = tmp_path / "home"
    lists = {
        "XDG_CONFIG_HOME": home / "config" / "golive" / "hosts",
        "HOME": home / ".config" / "golive" / "hosts",
    }
    for name, path in lists.items():
        path.parent.mkdir(parents=True)
        value = str(home / "config") if name == "XDG_CONFIG_HOME" else str(home)
        assert "golive hosts add" in refused(gateway, **{name: value})
        path.write_text("# the network team's\ngateway.example.org # since May\n\n")
        assert passes(gateway, **{name: value})
    monkeypatch.chdir(home)
    assert "golive hosts add" in refused(gateway, XDG_CONFIG_HOME="config", HOME=str(tmp_path))


def test_a_user_without_a_home_has_no_list(tmp_path, monkeypatch):
    monkeypatch.delenv("HOME", raising=False)
    assert passes(written(tmp_path))
    assert passes(written(tmp_path), HOME="", XDG_CONFIG_HOME="/dev/null")


def test_a_list_that_holds_nonsense_is_reported_with_its_line(tmp_path):
    folder = tmp_path / "golive"
    folder.mkdir()
    (folder / "hosts").write_text("fine.example\nhttps://gateway.example.org/x\n")
    said = refused(written(tmp_path), XDG_CONFIG_HOME=str(tmp_path))
    assert "golive/hosts:2: this is not a host." in said
    assert "the variable holds something that is not a host" in refused(
        written(tmp_path), GOLIVE_ALLOWED_HOSTS="*"
    )


@pytest.mark.parametrize(
    ("proxy", "own", "said"),
    [
        ("http://proxy.example.org:3128", "http://proxy.example.org:3128", None),
        ("http://proxy.example.org:3128", "http://u:password-1@proxy.example.org:3128/", None),
        ("http://proxy.example.org", "proxy.example.org:80", None),
        ("http://127.0.0.1:3128", "", None),
        ("http://proxy.example.org:3129", "http://proxy.example.org:3128", "not the proxy of this"),
        ("http://evil.example", "", "golive hosts add evil.example"),
    ],
)
def test_a_proxy_is_the_process_s_own_or_allowed(tmp_path, proxy, own, said):
    path = written(tmp_path, more=f"safety:\n  proxy: {proxy}\n")
    if said is None:
        assert passes(path, HTTPS_PROXY=own)
    else:
        assert said in refused(path, HTTPS_PROXY=own)
        assert passes(path, GOLIVE_ALLOWED_HOSTS=proxy.removeprefix("http://"))


def test_a_private_ca_is_the_process_s_own_or_allowed_by_its_digest(tmp_path, certificate):
    bundle, _ = certificate()
    path = written(tmp_path, more=f"safety:\n  ca_bundle: {bundle}\n")
    entry = f"sha256:{hashlib.sha256(bundle.read_bytes()).hexdigest()}"
    assert f"golive hosts add {entry}" in refused(path)
    assert passes(path, GOLIVE_ALLOWED_HOSTS=entry.upper().replace("SHA", "sha"))
    assert passes(path, SSL_CERT_FILE=str(bundle))
    bundle.write_bytes(bundle.read_bytes() * 2)
    assert "golive hosts add" in refused(path, GOLIVE_ALLOWED_HOSTS=entry)


def test_an_account_of_the_twin_s_needs_no_list():
    assert load(find("twin"), variables={}).needs_twin


@pytest.mark.unmeasured
@given(st.text(max_size=30))
@settings(max_examples=300)
def test_an_entry_holds_nothing_that_a_shell_would_read(text):
    if is_entry(text):
        assert re.fullmatch(r"[A-Za-z0-9.:\[\]-]+", text)
