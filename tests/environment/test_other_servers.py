"""What an environment can say of an authorization server that is not Oracle's, and what is assumed without it."""

from urllib.parse import parse_qs

import pytest

from golive.environment import load
from golive.kit.problems import ConfigurationProblem
from golive.transport.token import TokenClient

VARIABLES = {
    "GOLIVE_CLIENT_ID": "a-client",
    "GOLIVE_CLIENT_SECRET": "a-secret-of-some-length",
    "GOLIVE_AUDIENCE": "https://messages.example.org",
    "GOLIVE_ALLOWED_HOSTS": "gateway.example.org login.example.org",
}
FILE = """\
tenant: t-1
token:
  url: {url}
  credential: {{client_id: "${{GOLIVE_CLIENT_ID}}", client_secret: "${{GOLIVE_CLIENT_SECRET}}"}}
{more}
api:
  base_url: https://gateway.example.org/health/{{tenant}}/message
"""
ACCOUNTS = """\
claims:
  accounts:
    other_tenant:
      tenant: t-2
      credential: {client_id: "${GOLIVE_CLIENT_ID}", client_secret: "${GOLIVE_CLIENT_SECRET}"}
    without_message_scope:
      scopes: [other]
      credential: {client_id: "${GOLIVE_CLIENT_ID}", client_secret: "${GOLIVE_CLIENT_SECRET}"}
      parameters: {audience: another}
"""
ORACLE = (
    "https://authorization.cerner.com/tenants/{tenant}/protocols/oauth2/profiles/smart-v1/token"
)
GATEWAY = "https://gateway.example.org/oauth/token"


@pytest.fixture
def loaded(tmp_path):
    def make(url=GATEWAY, more=""):
        file = tmp_path / "other.yaml"
        file.write_text(FILE.format(url=url, more=more))
        return load(file, variables=VARIABLES)

    return make


@pytest.mark.parametrize(
    "url",
    [
        GATEWAY,
        "https://login.example.org/{tenant}/oauth2/v2.0/token",
        "https://login.example.org/oauth2/aus1/v1/token",
        "https://gateway.example.org/tenants/team-a/token",
    ],
)
def test_a_token_url_may_have_any_form_where_the_host_is_not_oracle_s(loaded, url) -> None:
    assert loaded(url).token.url == url.replace("{tenant}", "t-1")


def test_of_another_host_nothing_is_assumed(loaded) -> None:
    token = loaded().token
    assert (token.key_set, token.issuer, token.form, token.parameters) == (None, None, None, {})
    assert not token.is_oracles


def test_oracle_s_key_set_stands_beside_its_token_endpoint(loaded) -> None:
    token = loaded(ORACLE).token
    assert token.is_oracles
    assert token.key_set == "https://authorization.cerner.com/jwk"


def test_what_the_file_says_counts(loaded) -> None:
    more = """\
  key_set_url: https://login.example.org/{tenant}/keys?app=1
  issuer: https://login.example.org/{tenant}/
  form: opaque
  parameters: {audience: "${GOLIVE_AUDIENCE}", resource: "${GOLIVE_ABSENT:-}"}"""
    token = loaded(more=more).token
    assert token.key_set == "https://login.example.org/t-1/keys?app=1"
    assert token.issuer == "https://login.example.org/t-1/"
    assert token.form == "opaque"
    assert token.parameters == {"audience": "https://messages.example.org"}


def test_each_token_request_carries_the_parameters_and_an_account_may_have_its_own(
    loaded, tmp_path
) -> None:
    loaded(more='  parameters: {audience: "${GOLIVE_AUDIENCE}"}')
    with (tmp_path / "other.yaml").open("a") as file:
        file.write(ACCOUNTS)
    environment = load(tmp_path / "other.yaml", variables=VARIABLES)
    tokens = TokenClient(None)  # type: ignore[arg-type]
    sent = [
        parse_qs(tokens.request(environment.account(name)).body.decode())
        for name in ("", "other_tenant", "without_message_scope")
    ]
    assert [form["audience"] for form in sent] == [
        [VARIABLES["GOLIVE_AUDIENCE"]],
        [VARIABLES["GOLIVE_AUDIENCE"]],
        ["another"],
    ]
    assert {form["grant_type"][0] for form in sent} == {"client_credentials"}


def test_the_redacted_environment_names_parameters_without_their_values(loaded) -> None:
    shown = loaded(more='  parameters: {audience: "${GOLIVE_AUDIENCE}"}').redacted()["token"]
    assert shown["parameters"] == ["audience"]
    assert "messages.example.org" not in str(shown)


@pytest.mark.parametrize(
    "url",
    [
        "https://API.cernermillennium.com/{tenant}/message/20241001/patientMessages/sentItems",
        "https://api.cernermillennium.com:443/{tenant}/message/x",
        "https://api.cernermillennium.com./{tenant}/message/x",
        "https://api.cernermillennium.com/{tenant}/Message/x",
        "https://api.cernermillennium.com/{tenant}/messages/x",
        "http://localhost:80/{tenant}/MESSAGE/x",
        "https://[::1].evil.test/{tenant}/t",
        "https://[::1]evil.test/{tenant}/t",
    ],
)
def test_no_spelling_of_a_token_url_leads_to_the_api(url, tmp_path) -> None:
    base = "http://localhost/{tenant}/message" if "localhost" in url else ORACLES_API
    text = (
        f'title: x\ntenant: t-1\ntoken:\n  url: "{url}"\n  scopes: [a]\n  credential:\n'
        "    client_id: ${GOLIVE_X_ID}\n    client_secret: ${GOLIVE_X_SECRET}\n"
        f'api:\n  base_url: "{base}"\n  version: "20241001"\n'
    )
    file = tmp_path / "astray.yaml"
    file.write_text(text, encoding="utf-8")
    variables = {"GOLIVE_X_ID": "an-id-0001", "GOLIVE_X_SECRET": "a-secret-0001"}
    with pytest.raises(ConfigurationProblem) as caught:
        load(file, variables=variables)
    assert "astray.yaml:4: token.url:" in str(caught.value)


ORACLES_API = "https://api.cernermillennium.com/{tenant}/message"
