"""What a right file becomes."""

import json
import pickle
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

import pytest

from golive.environment import (
    KeyCredential,
    Recipient,
    Secret,
    SecretCredential,
    TwinCredential,
    TwinToken,
    find,
    load,
)
from golive.environment.sections import TwinAccount
from golive.kit.problems import ConfigurationProblem
from golive.twin import Twin

KEY = '{"kty": "EC", "crv": "P-384", "x": "eA", "y": "eQ", "d": "ZGQ"}'
VARIABLES = {
    "GOLIVE_ID": "a-client",
    "GOLIVE_SECRET": "a-secret-of-some-length",
    "GOLIVE_KEY": KEY,
    "GOLIVE_OTHER": "another-secret-as-long",
    "GOLIVE_EXPIRED": "eyJh.eyJi.c2ln",
    "HTTPS_PROXY": "http://me:pass%2Fword-1@proxy.example.org:3128",
    "GOLIVE_RATE": "0.5",
    "GOLIVE_BUDGET": "20",
    "GOLIVE_SUMMARY": "False",
}
SMALL = """\
tenant: t-1
token:
  url: https://authorization.cerner.com/tenants/{tenant}/protocols/oauth2/profiles/smart-v1/token
  credential: {client_id: "${GOLIVE_ID}", client_secret: "${GOLIVE_SECRET}"}
api:
  base_url: https://api.cernermillennium.com/{tenant}/message/
"""
LARGE = """\
title: Everything at once
tenant: t-1
token:
  url: https://authorization.cerner.com/tenants/{tenant}/protocols/oauth2/profiles/smart-v1/token
  scopes: [oraclehealth:millennium:message, oraclehealth:millennium:recipient]
  client_authentication: private_key_jwt
  credential:
    client_id: ${GOLIVE_ID}
    private_key: ${GOLIVE_KEY}
    key_id: k-1
    algorithm: ES384
api:
  base_url: https://api.cernermillennium.com/{tenant}/message
  version: "20241001"
test_data:
  patient: "1"
  recipient: {id: "2", type: EMAIL}
  copy_recipient: {id: "3", type: GROUPINBOX}
claims:
  operations: [listInboxItems]
  generation: new
  organization_summary: ${GOLIVE_SUMMARY}
  expired_token: ${GOLIVE_EXPIRED}
  accounts:
    other_tenant:
      tenant: t-2
      credential: {client_id: other, client_secret: "${GOLIVE_OTHER}"}
    other_cloud:
      token_url: https://authorization.sandboxcerner.com/tenants/{tenant}/protocols/oauth2/profiles/smart-v1/token
      tenant: t-3
      scopes: [oraclehealth:millennium:recipient]
      credential: {client_id: third, private_key: "${GOLIVE_KEY}", key_id: k, algorithm: RS384}
safety:
  writes: allowed
  test_tenants: [t-1]
  attack_credential: allowed
  rate: ${GOLIVE_RATE}
  concurrency: 2
  budget: ${GOLIVE_BUDGET}
  connect_timeout: 1.5
  read_timeout: 9
  proxy: ${HTTPS_PROXY}
data: synthetic
"""


@pytest.fixture
def small(tmp_path):
    return loaded(tmp_path, SMALL)


@pytest.fixture
def large(tmp_path):
    return loaded(tmp_path, LARGE)


def loaded(folder: Path, text: str, **variables: str):
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path, variables={**VARIABLES, **variables})


def test_what_is_left_out_has_safe_defaults(small):
    assert (small.name, small.title, small.data) == ("mine", "mine", "phi")
    assert small.token.scopes == ("oraclehealth:millennium:message",)
    assert small.token.client_authentication == "client_secret_basic"
    assert small.api.version == "20241001"
    assert small.claims.operations == ("listInboxItems", "listSentItems", "getMessage")
    assert (small.claims.generation, small.claims.organization_summary) == (None, True)
    assert (small.safety.writes, small.safety.attack_credential) == ("forbidden", "forbidden")
    assert (small.safety.rate, small.safety.concurrency, small.safety.budget) == (4, 4, 250)
    assert (small.safety.connect_timeout, small.safety.read_timeout) == (5, 30)
    assert (small.safety.proxy, small.safety.ca_bundle) == (None, None)
    assert not small.may_write
    assert not small.needs_twin


def test_the_tenant_is_filled_in_and_the_last_slash_is_cut(small):
    assert "/tenants/t-1/" in small.token.url
    assert small.api.base_url == "https://api.cernermillennium.com/t-1/message"


def test_everything_that_is_written_arrives(large):
    assert large.title == "Everything at once"
    assert large.token.credential == KeyCredential("a-client", Secret(KEY), "k-1", "ES384")
    assert large.test_data.recipient == Recipient("2", "EMAIL")
    assert large.test_data.copy_recipient == Recipient("3", "GROUPINBOX")
    assert large.claims.organization_summary is False
    assert large.claims.expired_token == Secret(VARIABLES["GOLIVE_EXPIRED"])
    assert (large.safety.rate, large.safety.budget) == (0.5, 20)
    assert large.safety.connect_timeout == 1.5
    assert large.may_write


def test_an_account_takes_what_it_leaves_out_from_the_environment(large):
    account = large.account("other_tenant")
    assert account.token_url == large.token.url.replace("t-1", "t-2")
    assert account.scopes == large.token.scopes
    assert account.credential == SecretCredential("other", Secret(VARIABLES["GOLIVE_OTHER"]))
    assert account.client_authentication == "client_secret_basic"


def test_an_account_keeps_what_it_states(large):
    account = large.account("other_cloud")
    assert account.token_url == large.token.url.replace("cerner.com", "sandboxcerner.com").replace(
        "t-1", "t-3"
    )
    assert account.scopes == ("oraclehealth:millennium:recipient",)
    assert account.client_authentication == "private_key_jwt"


def test_the_account_without_a_name_is_the_environments_own(large):
    own = large.account("")
    assert own == large.main_account
    assert (own.name, own.tenant, own.token_url) == ("", "t-1", large.token.url)
    with pytest.raises(KeyError):
        large.account("private_key_jwt")


def test_get_follows_the_keys_of_the_file(large, small):
    assert large.get("claims.accounts.other_cloud") == large.account("other_cloud")
    assert large.get("claims.accounts.other_cloud.tenant") == "t-3"
    assert large.get("safety.writes") == "allowed"
    assert large.get("test_data.recipient.type") == "EMAIL"
    assert small.get("claims.accounts.other_cloud") is None
    assert small.get("test_data.patient") is None
    assert small.get("test_data.recipient.type") is None


@pytest.mark.parametrize("key", ["", "lines", "nothing", "claims.acounts", "claims.accounts.no"])
def test_get_refuses_a_key_that_no_environment_has(small, key):
    with pytest.raises(KeyError, match="no environment has the key"):
        small.get(key)


def test_a_key_has_the_line_it_stands_on_or_that_of_its_section(large):
    assert large.line_of("safety.writes") == 34
    assert large.line_of("claims.accounts.without_message_scope") == 24
    assert large.line_of("twin.seed") is None


def test_every_secret_is_known_for_redaction_and_none_twice(large):
    assert dict(large.keyed_secrets()) == {
        "token.credential.private_key": KEY,
        "claims.accounts.other_tenant.credential.client_secret": VARIABLES["GOLIVE_OTHER"],
        "claims.accounts.other_cloud.credential.private_key": KEY,
        "claims.expired_token": VARIABLES["GOLIVE_EXPIRED"],
        "safety.proxy": "pass/word-1",
    }
    named = (KEY, VARIABLES["GOLIVE_OTHER"], VARIABLES["GOLIVE_EXPIRED"])
    assert sorted(large.secrets()) == sorted([*named, "pass%2Fword-1", "pass/word-1"])


def test_nothing_that_can_be_printed_of_an_environment_shows_a_secret(large):
    shown = f"{large!r}{large}{json.dumps(large.redacted())}{large.main_account!r}"
    assert not [secret for secret in large.secrets() if secret in shown]


def test_redacted_keeps_client_ids_and_synthetic_data(large):
    redacted = large.redacted()
    assert redacted["token"]["credential"]["client_id"] == "a-client"
    assert redacted["claims"]["accounts"]["other_tenant"]["credential"] == {
        "client_id": "other",
        "client_secret": "***",
    }
    assert redacted["claims"]["expired_token"] is True
    assert redacted["safety"]["proxy"] == "http://proxy.example.org:3128"
    assert redacted["test_data"] == {
        "patient": "1",
        "recipient": {"id": "2", "type": "EMAIL"},
        "copy_recipient": {"id": "3", "type": "GROUPINBOX"},
    }


def test_redacted_hides_test_data_where_patients_may_be_real(large):
    redacted = replace(large, data="phi").redacted()
    assert redacted["test_data"] == dict.fromkeys(("patient", "recipient", "copy_recipient"), "***")


def test_an_environment_can_be_handed_to_another_process(large):
    assert pickle.loads(pickle.dumps(large)) == large


def test_a_token_in_a_file_loses_one_line_break(tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(b"a secret with a space in it\r\n")
    environment = loaded(tmp_path, SMALL, GOLIVE_SECRET="", GOLIVE_SECRET_FILE=str(secret))
    assert environment.secrets() == ("a secret with a space in it",)


def test_a_private_key_may_be_pem_text_with_a_line_break_at_its_end(tmp_path):
    pem = "-----BEGIN PRIVATE KEY-----\nMIGf\n-----END PRIVATE KEY-----\n"
    assert loaded(tmp_path, LARGE, GOLIVE_KEY=pem).secrets()[0] == pem


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII\n-----END", "encrypted with a passphrase"),
        ("-----BEGIN PRIVATE KEY-----\nMIIE", "not complete"),
        ('{"kty": "EC", "x": "eA"}', "not a private one"),
        ("[" * 10000, "neither PEM nor JWK"),
        ("[1]", "neither PEM nor JWK"),
    ],
)
def test_a_private_key_that_can_not_be_one_is_refused(tmp_path, key, said):
    with pytest.raises(ConfigurationProblem, match=said):
        loaded(tmp_path, LARGE, GOLIVE_KEY=key)


@dataclass(frozen=True)
class Account:
    client_id: str = "made-anew"
    client_secret: str | None = "made-anew-as-well"
    private_key_pem: str | None = None
    key_id: str | None = None
    algorithm: str | None = None


BASIC = Account()
KEYED = Account("keyed", None, "-----BEGIN PRIVATE KEY-----", "k-9", "ES384")
ACCOUNTS = {
    "system": BASIC,
    "system-es384": KEYED,
    "system-rs384": replace(KEYED, algorithm="RS384"),
    "without-message-scope": BASIC,
    "customer": BASIC,
    "sandbox-cloud": BASIC,
}
ADDRESS = "http://127.0.0.1:8700"


def test_a_started_twin_replaces_all_that_names_it():
    environment = load(find("twin"), variables={})
    assert environment.needs_twin
    assert environment.secrets() == ()
    assert environment.claims.expired_token == TwinToken("expired-token")
    assert environment.redacted()["token"]["credential"] == {"twin": "system"}
    twinned = environment.with_twin(ADDRESS + "/", ACCOUNTS, {"expired-token": "eyJh.eyJi.c2ln"})
    assert not twinned.needs_twin
    assert twinned.token.url.startswith(f"{ADDRESS}/authorization.cerner.com/tenants/ec2458f2")
    assert twinned.api.base_url.startswith(f"{ADDRESS}/api.cernermillennium.com/ec2458f2")
    assert twinned.token.credential == SecretCredential("made-anew", Secret("made-anew-as-well"))
    assert twinned.claims.expired_token == Secret("eyJh.eyJi.c2ln")
    assert twinned.account("private_key_jwt_rsa").credential == KeyCredential(
        "keyed", Secret("-----BEGIN PRIVATE KEY-----"), "k-9", "RS384"
    )
    assert "{twin}" not in twinned.account("other_cloud").token_url
    assert "made-anew-as-well" in twinned.secrets()
    assert environment.token.credential == TwinCredential("system")


def test_real_credentials_and_tokens_stay_when_a_twin_is_put_in(large):
    assert large.with_twin(ADDRESS, {}, {}) == large


def test_an_account_that_a_twin_authenticates_otherwise_is_a_problem_on_its_line():
    environment = load(find("twin"), variables={})
    with pytest.raises(ConfigurationProblem) as caught:
        environment.with_twin(
            ADDRESS, {**ACCOUNTS, "system-es384": BASIC}, {"expired-token": "eyJh.eyJi.c2ln"}
        )
    (problem,) = caught.value.problems
    assert (problem.key, problem.line) == (
        key := "claims.accounts.private_key_jwt.credential.twin",
        environment.line_of(key),
    )
    assert problem.message == "this account of the twin can't authenticate with private_key_jwt."


def test_the_accounts_and_the_token_that_a_file_may_name_are_those_of_a_twin():
    with Twin() as twin:
        assert set(get_args(TwinAccount)) == twin.accounts.keys()
        assert set(get_args(TwinToken.__annotations__["twin"])) == twin.tokens.keys()


def test_a_secret_shows_three_stars_and_compares_by_its_text():
    secret = Secret("hunter2hunter2")
    assert f"{secret} {secret!r} {secret!s}" == "*** *** ***"
    assert secret == Secret("hunter2hunter2")
    assert secret != Secret("another")
    assert secret != "hunter2hunter2"
    assert len({secret, Secret("hunter2hunter2")}) == 1
