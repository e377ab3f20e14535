"""Files that can't be read, and files that look odd and are right."""

from pathlib import Path

import pytest

from golive.environment import load
from golive.kit.problems import ConfigurationProblem

VARIABLES = {
    "GOLIVE_ID": "a-client",
    "GOLIVE_SECRET": "a-secret-of-some-length",
    "GOLIVE_EMPTY": "",
}
TEXT = """\
tenant: t-1
token:
  url: https://authorization.cerner.com/tenants/{tenant}/protocols/oauth2/profiles/smart-v1/token
  credential:
    client_id: ${GOLIVE_ID}
    client_secret: ${GOLIVE_SECRET}
api:
  base_url: https://api.cernermillennium.com/{tenant}/message
"""


def written(folder: Path, text: str | bytes, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def said_of(path: Path, **variables: str) -> str:
    with pytest.raises(ConfigurationProblem) as caught:
        load(path, variables={**VARIABLES, **variables})
    return str(caught.value).replace(f"{path}", "FILE")


def test_a_file_that_is_missing_is_a_problem(tmp_path):
    assert said_of(tmp_path / "none.yaml") == "FILE: there is no such file."


def test_a_folder_is_no_environment(tmp_path):
    assert said_of(tmp_path) == "FILE: this is a folder, not a file."


def test_a_file_that_the_system_refuses_is_a_problem_with_its_reason(tmp_path):
    path = tmp_path / ("x" * 300 + ".yaml")
    assert said_of(path) == "FILE: the file can't be read (File name too long)."


def test_a_file_larger_than_any_environment_is_not_parsed(tmp_path):
    path = written(tmp_path, TEXT + "# " + "x" * 257 * 1024)
    assert said_of(path) == "FILE: the file is larger than 256 KiB. Shorten it."


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode(),
        b"%YAML 1.1\n---\n" + TEXT.encode() + b"...\n",
    ],
    ids=["byte-order-mark", "windows-line-ends", "yaml-directive"],
)
def test_marks_of_some_editors_are_no_problem(tmp_path, text):
    assert load(written(tmp_path, text), variables=VARIABLES).tenant == "t-1"


def test_windows_line_ends_do_not_change_the_line_of_a_problem(tmp_path):
    path = written(tmp_path, (TEXT + "safety:\n  wirtes: allowed\n").replace("\n", "\r\n"))
    assert said_of(path) == 'FILE:10: safety.wirtes: unknown key. Did you mean "writes"?'


def test_an_empty_section_is_as_good_as_absent(tmp_path):
    path = written(tmp_path, TEXT + "safety:\nclaims: ~\ntwin: null\ntest_data:\n  patient: ''\n")
    environment = load(path, variables=VARIABLES)
    assert environment.safety.writes == "forbidden"
    assert environment.test_data.patient is None


def test_texts_that_yaml_1_1_would_change_stay_texts(tmp_path):
    text = (
        TEXT + "test_data:\n  patient: 12_700\n  message: 12:30:45\n  other_patient: 2024-10-01\n"
    )
    data = load(written(tmp_path, text), variables=VARIABLES).test_data
    assert (data.patient, data.message, data.other_patient) == ("12_700", "12:30:45", "2024-10-01")


def test_an_empty_item_of_a_list_is_left_out(tmp_path):
    text = TEXT.replace("  credential:", '  scopes: ["${GOLIVE_EMPTY:-}", openid]\n  credential:')
    assert load(written(tmp_path, text), variables=VARIABLES).token.scopes == ("openid",)


def test_a_recipient_whose_id_is_empty_is_no_recipient(tmp_path):
    text = TEXT + "test_data:\n  recipient:\n    id: ${GOLIVE_EMPTY:-}\n    type: PERSONNEL\n"
    assert load(written(tmp_path, text), variables=VARIABLES).test_data.recipient is None


def test_a_relative_ca_bundle_starts_at_the_folder_of_the_file(tmp_path, certificate):
    bundle = written(tmp_path, certificate()[0].read_bytes(), "ca.pem")
    path = written(tmp_path, TEXT + "safety:\n  ca_bundle: ca.pem\n")
    environment = load(path, variables={**VARIABLES, "SSL_CERT_FILE": str(bundle)})
    assert environment.safety.ca_bundle == bundle
    assert environment.redacted()["safety"]["ca_bundle"] == "ca.pem"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://localhost:8700/t-1/message", None),
        ("http://127.0.0.1:8700/api.cernermillennium.com/t-1/message", None),
        ("http://[::1]:8700/t-1/message", None),
        ("https://gateway.example.org/oracle/t-1/message", None),
        ("https://fhir-ehr.cerner.com/r4/t-1", None),
        ("http://127.0.0.2.example.org/t-1/message", "plain http"),
        ("ftp://api.cernermillennium.com/t-1/message", "does not begin with https://"),
        ("https://api.cernermillennium.com/other/message/t-1", "names another tenant"),
        ("https://api.cernermillennium.com./other/message/t-1", "names another tenant"),
        ("https://api.cernermillennium.com/t-1/%2e%2e/other", "character"),
        ("https://api.cernermillennium.com\\t-1", "character"),
        ("https://[::1/t-1/message", "host or port"),
        ("https://api.cernermillennium.com", "names no tenant"),
        ("http://127.0.0.1:8700/api.cernermillennium.com/other/t-1", "names another tenant"),
    ],
)
def test_a_base_url_is_judged_by_its_host_and_tenant(tmp_path, url, said):
    path = written(tmp_path, TEXT.replace("https://api.cernermillennium.com/{tenant}/message", url))
    if said is None:
        operators = {**VARIABLES, "GOLIVE_ALLOWED_HOSTS": "gateway.example.org"}
        assert load(path, variables=operators).api.base_url == url
    else:
        assert said_of(path).startswith("FILE:8: api.base_url: ")
        assert said in said_of(path)


def test_two_keys_that_miss_the_same_variable_are_reported_once(tmp_path):
    path = written(
        tmp_path, TEXT.replace("t-1", "${GOLIVE_NONE}") + "test_data:\n  patient: ${GOLIVE_NONE}\n"
    )
    assert said_of(path).count("NONE is not set") == 1


def test_a_list_is_no_secret_and_a_mapping_is_no_expired_token_unless_of_the_twin(tmp_path):
    path = written(tmp_path, TEXT + "claims:\n  expired_token: [hunter2hunter2]\n")
    assert said_of(path) == "FILE:10: claims.expired_token: it must be a text."
    path = written(tmp_path, TEXT + "claims:\n  expired_token: {twn: expired-token}\n")
    assert 'claims.expired_token.twn: unknown key. Did you mean "twin"?' in said_of(path)


def test_a_key_account_that_says_basic_is_a_problem(tmp_path):
    account = "      client_authentication: client_secret_basic\n      credential: {twin: system}\n"
    text = TEXT + "claims:\n  accounts:\n    private_key_jwt:\n" + account
    text = text.replace(": https://", ': "{twin}/').replace("/token\n", '/token"\n')
    text = text.replace("/message\n", '/message"\n')
    assert "claimed to authenticate with a private key, and has none" in said_of(
        written(tmp_path, text)
    )


def test_a_proxy_whose_port_is_none_is_a_problem(tmp_path):
    path = written(tmp_path, TEXT + "safety:\n  proxy: http://proxy.example.org:port\n")
    assert "this is not a proxy's URL" in said_of(path)


def test_a_misspelt_credential_is_not_also_called_incomplete(tmp_path):
    path = written(tmp_path, TEXT.replace("client_id:", "cliend_id:"))
    assert said_of(path) == (
        'FILE:5: token.credential.cliend_id: unknown key. Did you mean "client_id"?'
    )
