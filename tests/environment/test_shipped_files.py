"""The files that golive brings along, and the schema that editors check them by."""

import json
import re
from pathlib import Path

import pytest
import yaml
from dotenv import dotenv_values
from jsonschema import Draft202012Validator

from golive.contract.document import Contract
from golive.environment import ACCOUNT_NAMES, cloud_of, load, real_host
from golive.environment.schema import editor_schema
from golive.kit.files import resources

ROOT = resources()
TESTS = Path(__file__).parents[1]
SCHEMA = json.loads((ROOT / "schemas" / "environment.schema.json").read_text(encoding="utf-8"))
FILES = [
    *sorted((ROOT / "environments").glob("*.yaml")),
    *sorted((TESTS / "environments").glob("*.yaml")),
]
ACCOUNT = {"GOLIVE_CLIENT_ID": "a", "GOLIVE_CLIENT_SECRET": "a-secret-of-some-length"}
CUSTOMER = {**ACCOUNT, "GOLIVE_PRODUCTION_TENANT": "t-1", "GOLIVE_PRODUCTION_PATIENT_ID": "1"}


def shipped(name: str, **variables: str):
    return load(ROOT / "environments" / f"{name}.yaml", variables=variables)


def test_the_schema_is_valid():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_shipped_file_is_right_as_editors_see_it(path):
    Draft202012Validator(SCHEMA).validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_shipped_file_names_its_schema_for_editors(path):
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    place = first.removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / place).resolve() == ROOT / "schemas" / "environment.schema.json"


USABLE = [path for path in FILES if path.stem != "production-without-tenant"]  # wrong on purpose


@pytest.mark.parametrize("path", USABLE, ids=lambda path: path.name)
def test_a_shipped_file_is_usable_with_the_variables_it_names(path):
    assert load(path, variables=CUSTOMER).tenant


@pytest.mark.parametrize(
    "credential",
    [
        {},
        {"client_id": "a"},
        {"client_id": "a", "client_secret": "literal"},
        {"client_id": "a", "client_secret": "${A:-literal}"},
        {"client_id": "a", "client_secret": "${A}", "private_key": "${B}"},
        {"client_id": "a", "client_secret": "${A}", "key_id": "k"},
        {"client_id": "a", "private_key": "${B}"},
        {"twin": "system", "client_id": "a"},
        {"twin": "sistem"},
    ],
)
def test_editors_refuse_the_credentials_that_golive_refuses(credential):
    data = yaml.safe_load((ROOT / "environments" / "twin.yaml").read_text(encoding="utf-8"))
    data["token"]["credential"] = credential
    assert not Draft202012Validator(SCHEMA).is_valid(data)


def test_the_twin_claims_everything_and_may_be_written_to():
    twin = shipped("twin")
    assert twin.needs_twin
    assert twin.may_write
    assert twin.data == "synthetic"
    assert set(twin.claims.accounts) == set(ACCOUNT_NAMES)
    assert set(twin.claims.operations) == set(Contract(ROOT / "schemas").operations)


def test_the_sandbox_needs_an_account_only():
    sandbox = shipped("sandbox", **ACCOUNT)
    assert sandbox.tenant == "ec2458f2-1e24-41c8-b71b-0e701af7583d"
    assert sandbox.test_data.patient is None


def test_no_variable_leads_a_run_of_the_sandbox_to_a_customer_s_tenant_or_patient():
    """One `.env` serves both, and the hosts are the same: only the tenant says whose data is read."""
    variables = {**CUSTOMER, "GOLIVE_TENANT": "t-1", "GOLIVE_PATIENT_ID": "2"}
    sandbox, production = shipped("sandbox", **variables), shipped("production", **variables)
    assert sandbox.tenant == "ec2458f2-1e24-41c8-b71b-0e701af7583d"
    assert (production.tenant, shipped("smoke", **variables).tenant) == ("t-1", "t-1")
    assert (sandbox.test_data.patient, production.test_data.patient) == ("2", "1")


def test_sandbox_and_production_differ_by_the_tenant_alone_and_neither_is_written_to():
    sandbox, production = shipped("sandbox", **CUSTOMER), shipped("production", **CUSTOMER)
    whom, other = sandbox.tenant, production.tenant
    assert sandbox.token.url.replace(whom, other) == production.token.url
    assert sandbox.token.credential == production.token.credential
    assert sandbox.api.base_url.replace(whom, other) == production.api.base_url
    assert not sandbox.may_write
    assert not production.may_write
    assert (sandbox.data, production.data) == ("phi", "phi")


def test_the_forum_posts_file_is_right_and_takes_its_token_from_the_other_cloud():
    forum = load(TESTS / "environments" / "forum-7979.yaml", variables={})
    clouds = (cloud_of(real_host(forum.token.url)), cloud_of(real_host(forum.api.base_url)))
    assert clouds == ("sandbox", "production")


def test_the_schema_for_editors_is_up_to_date():
    text = (ROOT / "schemas" / "environment.schema.json").read_text(encoding="utf-8")
    assert text == editor_schema(), "run `make schemas`"


def test_editors_get_the_versions_operations_and_records_of_the_contract():
    places = SCHEMA["properties"]
    version = places["api"]["properties"]["version"]
    folders = {path.name.removeprefix("messages-") for path in ROOT.glob("schemas/messages-*")}
    assert set(version["anyOf"][0]["enum"]) == folders
    assert places["apis"]["properties"]["messages"]["properties"]["version"] == version
    operations = places["claims"]["properties"]["operations"]["items"]["anyOf"][0]["enum"]
    assert (
        {"listInboxItems", "updateMessageStatus"}
        <= set(operations)
        == set(places["demands"]["properties"]) - {"reach"}
    )
    assert {"patient", "message", "copy_recipient"} <= set(places["test_data"]["properties"])


def test_editors_accept_what_only_a_projects_own_contract_knows():
    data = yaml.safe_load((ROOT / "environments" / "twin.yaml").read_text(encoding="utf-8"))
    url = "{twin}/api.cernermillennium.com/{tenant}/condition"
    data["apis"]["condition"] = {"base_url": url}
    data["claims"]["operations"].append("listConditions")
    data["test_data"]["condition"] = "1"
    Draft202012Validator(SCHEMA).validate(data)


def test_editors_want_one_of_both_places_of_the_api():
    data = yaml.safe_load((ROOT / "environments" / "twin.yaml").read_text(encoding="utf-8"))
    editors = Draft202012Validator(SCHEMA)
    assert not editors.is_valid({**data, "api": data["apis"]["messages"]})
    del data["apis"]
    assert not editors.is_valid(data)


def test_the_example_of_a_dotenv_names_every_variable_of_the_shipped_files():
    text = "".join(
        (ROOT / "environments" / f"{name}.yaml").read_text(encoding="utf-8")
        for name in ("sandbox", "production", "smoke")
    )
    code = "\n".join(line.partition("# ")[0] for line in text.splitlines())
    used = set(re.findall(r"\$\{([A-Za-z_]+)", code))
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert used == set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE)) - {
        "GOLIVE_CLIENT_SECRET_FILE"
    }
    assert set(dotenv_values(ROOT / ".env.example").values()) == {""}


def test_no_shipped_file_holds_a_secret():
    literal = re.compile(r"\s*(client_secret|private_key|expired_token): (?![$]{|{twin)")
    for path in (ROOT / "environments").glob("*.yaml"):
        assert not [line for line in path.read_text("utf-8").splitlines() if literal.match(line)]
