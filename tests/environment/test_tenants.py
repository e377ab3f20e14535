"""A file of tenants: an environment for many, with what differs; a mistake has file, line, key and cure."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from golive.environment import chosen, read_tenants, run_words
from golive.kit.files import resources
from golive.kit.problems import ConfigurationProblem

VARIABLES = {
    "GOLIVE_CLIENT_ID": "a-client",
    "GOLIVE_RIVER_SECRET": "the-secret-of-river",
    "GOLIVE_CLIENT_SECRET": "the-secret-of-all",
    "GOLIVE_PRODUCTION_PATIENT_ID": "12724066",
    "GOLIVE_HILL_TENANT": "22222222-2222-4222-8222-222222222222",
}
FILE = """\
environment: production
tenants:
  - name: river
    tenant: 11111111-1111-4111-8111-111111111111
    variables: {GOLIVE_CLIENT_SECRET: GOLIVE_RIVER_SECRET}
    claims: {operations: [listInboxItems]}
  - name: hill
    tenant: ${GOLIVE_HILL_TENANT}
"""
TABLE = """\
name,tenant,environment,variables.GOLIVE_CLIENT_SECRET,claims.operations
river,11111111-1111-4111-8111-111111111111,production,GOLIVE_RIVER_SECRET,listInboxItems

hill,${GOLIVE_HILL_TENANT},production,,
"""


@pytest.fixture
def given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(text, name="tenants.yaml"):
        Path(name).write_text(text, encoding="utf-8")
        return Path(name)

    return write


def said_of(file):
    with pytest.raises(ConfigurationProblem) as wrong:
        read_tenants(file)
    return str(wrong.value).splitlines()


@pytest.mark.parametrize(("text", "name"), [(FILE, "tenants.yaml"), (TABLE, "tenants.csv")])
def test_each_tenant_is_its_environment_with_what_differs(given, text, name):
    river, hill = read_tenants(given(text, name))
    one = river.environment_now(variables=VARIABLES)
    other = hill.environment_now(variables=VARIABLES)
    assert (one.name, other.name) == ("production@river", "production@hill")
    assert one.tenant == "11111111-1111-4111-8111-111111111111"
    assert other.tenant == VARIABLES["GOLIVE_HILL_TENANT"]
    assert one.tenant in one.api.base_url
    assert one.token.credential.client_secret.reveal() == "the-secret-of-river"
    assert other.token.credential.client_secret.reveal() == "the-secret-of-all"
    assert one.claims.operations == ("listInboxItems",)
    assert len(other.claims.operations) == 3
    assert one.path == other.path
    assert run_words(one) == ["--tenants", name, "--only", "river"]


def test_a_table_with_semicolons_reads_the_same(given):
    rows = read_tenants(given(TABLE.replace(",", ";"), "tenants.csv"))
    assert [one.key for one in rows] == ["production@river", "production@hill"]
    assert [one.line for one in rows] == [2, 4]


def test_the_file_keeps_the_schema_that_editors_use(given):
    schema = json.loads((resources() / "schemas" / "tenants.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(yaml.safe_load(FILE), schema)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("tennant: x", 'tenants.yaml:4: tenants[0].tennant: unknown key. Did you mean "tenant"?'),
        ("tenant: 12", "tenants.yaml:4: tenants[0].tenant: it must be a text. Write it in quotes."),
        (
            "tenant: x\n    variables: {GOLIVE_A: hunter-2-secret}",
            "tenants.yaml:5: tenants[0].variables.GOLIVE_A: it must have the form ^GOLIVE_[A-Za-z0-9_]+$.",
        ),
        ("tenant: &a x", "tenants.yaml:4: YAML anchors and aliases (& and *) are not accepted. "),
    ],
)
def test_a_mistake_has_file_line_key_and_cure(given, wrong, message):
    (said,) = said_of(given(f"environment: production\ntenants:\n  - name: river\n    {wrong}\n"))
    assert said.startswith(message)
    assert "hunter" not in said


def test_a_tenant_without_an_environment_is_a_mistake(given):
    (said,) = said_of(given("tenants:\n  - name: river\n    tenant: x\n"))
    assert said == (
        "tenants.yaml:2: tenants[0].environment: the tenant's environment is missing. "
        "Name it here, or once for all as `environment:` at the top of the file."
    )


def test_two_tenants_of_one_name_or_of_one_id_are_a_mistake(given):
    more = "  - {name: River, tenant: other}\n  - {name: lake, tenant: '${GOLIVE_HILL_TENANT}'}\n"
    assert said_of(given(FILE + more)) == [
        "tenants.yaml:9: tenants[2].name: the tenant river on line 3 has the same name in production. "
        "Keep one of the two.",
        "tenants.yaml:10: tenants[3].tenant: the tenant hill on line 7 has the same tenant in production. "
        "Keep one of the two.",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tenant\nx\n", "tenants.csv:1: the columns name and tenant are not both there."),
        ("name,tenant,name\n", "tenants.csv:1: name: the column is there twice."),
        ("name,tenant\n", "tenants.csv: the file has no tenants."),
        ("name,tenant\na,b,c\n", "tenants.csv:2: the line has 3 cells, and there are 2 columns."),
        ('name,tenant\n"a,b\n', "tenants.csv:2: from here on this is not CSV"),
        ("name,tenant,town\na,b,c\n", "tenants.csv:2: tenants[0].town: unknown key."),
    ],
)
def test_a_mistake_in_a_table_has_its_line(given, text, message):
    assert said_of(given(text, "tenants.csv"))[0].startswith(message)


def test_what_a_tenant_puts_in_wrong_names_the_file_of_tenants(given):
    text = FILE.replace("listInboxItems", "listInboxItemz").replace("11111111-1", "a b")
    river, _ = read_tenants(given(text))
    with pytest.raises(ConfigurationProblem) as wrong:
        river.environment_now(variables=VARIABLES)
    places = [str(one).partition(": it")[0][:40] for one in wrong.value.problems]
    assert places[0].startswith("tenants.yaml:4: tenant: a tenant's id")
    assert places[1] == "tenants.yaml:6: claims.operations[0]"


def test_a_variable_that_is_not_set_is_asked_for_by_the_tenant_s_own_name(given):
    river, _ = read_tenants(given(FILE))
    known = {name: value for name, value in VARIABLES.items() if "RIVER" not in name}
    with pytest.raises(ConfigurationProblem) as wrong:
        river.environment_now(variables=known)
    assert [one.variable for one in wrong.value.problems] == ["GOLIVE_RIVER_SECRET"]


def test_an_environment_that_is_not_there_is_named_where_the_tenant_names_it(given):
    (one,) = read_tenants(given("name,tenant,environment\na,b,prodction\n", "tenants.csv"))
    with pytest.raises(
        ConfigurationProblem, match=r"tenants.csv:2: a: its environment prodction"
    ) as wrong:
        one.environment_now(variables={})
    assert 'Did you mean "production"?' in str(wrong.value)


def test_no_tenant_opens_the_lock_on_writing(given):
    """The environment's own list of test tenants decides, and a tenant has no say in it."""
    said = said_of(given(f"{FILE}    safety: {{writes: allowed}}\n"))
    assert said[0].startswith("tenants.yaml:9: tenants[1].safety: unknown key.")


def test_shards_are_all_tenants_each_once(given):
    rows = [f"t{number},id-{number},production" for number in range(25)]
    tenants = read_tenants(given("\n".join(["name,tenant,environment", *rows]), "t.csv"))
    shards = [chosen(tenants, shard=f"{number}/10") for number in range(1, 11)]
    assert sorted(one.key for shard in shards for one in shard) == sorted(
        one.key for one in tenants
    )
    assert {len(shard) for shard in shards} == {2, 3}
    assert [one.name for one in chosen(tenants, ["t7", "production@t3"])] == ["t3", "t7"]


@pytest.mark.parametrize("shard", ["0/3", "4/3", "3", "a/b", "1/0", "-1/3", "1/"])
def test_what_is_no_shard_is_refused(given, shard):
    tenants = read_tenants(given(FILE))
    with pytest.raises(ConfigurationProblem, match="a shard is written I/N"):
        chosen(tenants, shard=shard)


def test_a_variable_that_its_environment_does_not_have_is_refused(given):
    """A slip in the name would ask with the credential of all."""
    file = given(FILE.replace("{GOLIVE_CLIENT_SECRET:", "{GOLIVE_CLIENT_SECRT:"))
    river, _ = read_tenants(file)
    with pytest.raises(ConfigurationProblem) as wrong:
        river.environment_now(variables=VARIABLES)
    said = str(wrong.value)
    assert "tenants.yaml:5: variables.GOLIVE_CLIENT_SECRT: " in said
    assert 'production.yaml has no such variable. Did you mean "GOLIVE_CLIENT_SECRET"?' in said


def test_what_a_tenant_says_itself_has_its_place_in_the_file_of_tenants(given):
    river, _ = read_tenants(given(FILE))
    one = river.environment_now(variables=VARIABLES)
    assert one.place_of("tenant") == (Path("tenants.yaml"), 4)
    assert one.place_of("claims.operations") == (Path("tenants.yaml"), 6)
    assert one.place_of("claims.accounts") == (one.path, one.line_of("claims.accounts"))
    assert one.place_of("token.url") == (one.path, one.line_of("token.url"))
